"""`prove`: does a device's text do what the plan wants? Over all packets, not by comparing text."""

from __future__ import annotations

from translator.cli.options import (
    STANDARD,
    Address,
    DeviceFile,
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
    file: DeviceFile,
    plan: PlanName = STANDARD,
    folder: Folder = None,
    limit: Limit = None,
    platform: Platform = None,
    interface: Interface = None,
    address: Address = None,
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
    from translator.inventory.job import Job
    from translator.inventory.targets import Target
    from translator.plan.load import load_plan

    target = Target(folder, limit, platform, tuple(interface or ()), tuple(address or ()))
    chosen, text = host_and_text(file, target)
    host = chosen.only
    job = Job(load_plan(plan))
    proof = job.prove(host, text, file)
    notes = Notes(chosen.notes)
    notes.about(job.intents(host))
    notes.tell(job.contradictions(chosen.hosts))
    if output is Format.JSON:
        emit_json(proof_json(proof))
    else:
        emit(proof_text(proof))
    return exit_code(proof)
