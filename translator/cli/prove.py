"""`prove`: does a device's text do what the plan wants? Over all packets, not by comparing text."""

from __future__ import annotations

from translator.cli.option_groups import grouped
from translator.cli.options import DeviceFile, Format, OneFormat
from translator.cli.wanted_options import Wanted

__all__ = ["run"]


@grouped
def run(
    *,
    file: DeviceFile,
    wanted: Wanted,
    output: OneFormat = Format.TEXT,
) -> int:
    """Compare a text with the plan, over all packets.

    The exit code is 1 if any packet is treated otherwise, 6 if that could not be decided.
    `--platform auto` takes the platform that the text shows.

    \b
    Examples:
      qos-translator prove running.conf --platform cisco_ios --interface Gi0/1=client
      qos-translator prove running.conf -i inventories/example --limit branch-router
    """
    from translator.cli.one_text import host_and_text
    from translator.cli.output import emit, emit_json
    from translator.cli.report import Notes, exit_code, proof_json, proof_text

    chosen, text = host_and_text(file, wanted.target)
    host = chosen.only
    job = wanted.job()
    proof = job.prove(host, text, file)
    notes = Notes(chosen.notes)
    notes.about(job.intents(host))
    notes.tell(job.contradictions(chosen.hosts))
    if output is Format.JSON:
        emit_json(proof_json(proof))
    else:
        emit(proof_text(proof))
    return exit_code(proof)
