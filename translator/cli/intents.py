"""`intents`: what the plan wants of each interface, free of any vendor's words."""

from __future__ import annotations

from translator.cli.options import (
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
    plan: PlanName = "lync-2013",
    folder: Folder = None,
    limit: Limit = None,
    platform: Platform = None,
    interface: Interface = None,
    address: Address = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Show what the plan wants of each interface, as the platform can express it."""
    from translator.cli.intents_view import show_intents
    from translator.cli.output import emit_json
    from translator.cli.report import Notes
    from translator.inventory.job import Job
    from translator.inventory.targets import Target
    from translator.plan.load import load_plan

    chosen = Target(folder, limit, platform, tuple(interface or ()), tuple(address or ())).choose()
    job = Job(load_plan(plan))
    found = [job.intents(host) for host in chosen.hosts]
    notes = Notes(chosen.notes)
    for item in found:
        notes.about(item)
    notes.tell()
    if output is Format.JSON:
        emit_json(found)
    else:
        for item in found:
            show_intents(item)
    return 0
