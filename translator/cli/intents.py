"""`intents`: what the plan wants of each interface, free of any vendor's words."""

from __future__ import annotations

from translator.cli.option_groups import grouped
from translator.cli.options import Format, OneFormat
from translator.cli.wanted_options import Wanted

__all__ = ["run"]


@grouped
def run(
    *,
    wanted: Wanted,
    output: OneFormat = Format.TEXT,
) -> int:
    """Show what the plan wants of each interface.

    Classes, code points and queues in the form that the platform can express exactly.

    \b
    Example:
      qos-translator intents --platform cisco_ios --interface Gi0/1=client
    """
    from translator.cli.intents_view import show_intents
    from translator.cli.output import emit_json
    from translator.cli.report import Notes

    chosen = wanted.target.choose()
    job = wanted.job()
    found = list(job.for_each(chosen.hosts, job.intents))
    notes = Notes(chosen.notes)
    for item in found:
        notes.about(item)
    notes.tell(job.contradictions(chosen.hosts))
    if output is Format.JSON:
        emit_json(found)
    else:
        for item in found:
            show_intents(item)
    return 0
