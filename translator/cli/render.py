"""`render`: the configuration of one device or of an inventory, proven before it is printed."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import Address, Folder, Interface, Limit, PlanName, Platform

__all__ = ["run"]


def run(
    *,
    plan: PlanName = "lync-2013",
    folder: Folder = None,
    limit: Limit = None,
    platform: Platform = None,
    interface: Interface = None,
    address: Address = None,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="DIR", help="Write files into DIR instead."),
    ] = None,
    removal: Annotated[
        bool, typer.Option("--removal", help="Print what takes the configuration away again.")
    ] = False,
) -> int:
    """Print the proven text of a device, or of every host of an inventory."""
    from translator.cli.folder import write_all
    from translator.cli.output import emit, note
    from translator.cli.report import Notes, files_of, section
    from translator.inventory.job import Job
    from translator.inventory.targets import Target
    from translator.plan.load import load_plan

    chosen = Target(folder, limit, platform, tuple(interface or ()), tuple(address or ())).choose()
    job = Job(load_plan(plan))
    notes = Notes(chosen.notes)
    done = notes.following(job.translate(host) for host in chosen.hosts)
    if out is not None:
        # Ten thousand hosts do not fit into memory at once; they go to disk one by one.
        count = write_all(out, (file for item in done for file in files_of(item).items()))
        notes.tell()
        note(f"wrote {count} files into {out}")
        return 0
    proven = list(done)  # nothing is printed before every host is proven
    notes.tell()
    for item in proven:
        for step in item.rendered.instructions:
            note(f"{item.host.name}: by hand: {step}")
        text = item.rendered.removal if removal else item.rendered.config
        emit(section(item, text) if len(proven) > 1 else text)
    return 0
