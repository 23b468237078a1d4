"""`intents`: what the plan wants of each interface, free of any vendor's words."""

from __future__ import annotations

from translator.cli.options import (
    STANDARD,
    Address,
    Folder,
    Format,
    Interface,
    Limit,
    OneFormat,
    PlanName,
    Platform,
)

__all__ = ["run"]


def run(
    *,
    plan: PlanName = STANDARD,
    folder: Folder = None,
    limit: Limit = None,
    platform: Platform = None,
    interface: Interface = None,
    address: Address = None,
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
    from translator.inventory.job import Job
    from translator.inventory.targets import Target
    from translator.plan.load import load_plan

    chosen = Target(folder, limit, platform, tuple(interface or ()), tuple(address or ())).choose()
    job = Job(load_plan(plan))
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
