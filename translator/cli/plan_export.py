"""`plan export`: the endpoint side of a plan as files that servers and hosts take."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import STANDARD, Address, PlanName
from translator.cli.plan import Named, one_of

__all__ = ["run"]


def _formats(incomplete: str) -> list[str]:
    from translator.endpoint.formats.registry import all_formats

    return [item.name for item in all_formats() if item.write and item.name.startswith(incomplete)]


def run(
    named: Named = None,
    *,
    plan: PlanName = STANDARD,
    output: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="What to write: powershell-cs, netqospolicy, reg, psched, intune, teams-tenant.",
            autocompletion=_formats,
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Write every format that has something to say, what was left out, and the plan.",
        ),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            "-o",
            metavar="PATH",
            help="Where to write: a file, a folder, or - (stdout); with --all a folder.",
        ),
    ] = None,
    address: Address = None,
) -> int:
    """Write the endpoint side of a plan: port ranges, host policies, phones.

    Rows that have no place there are told on stderr, with the reason.

    \b
    Examples:
      qos-translator plan export --format powershell-cs
      qos-translator plan export plan.yaml --format reg -o clients.reg
      qos-translator plan export plan.yaml --all -o hosts --address edge_internal=192.0.2.10/32
    """
    from translator.cli.plan_export_output import write_all_formats, write_format
    from translator.endpoint.derive import derive
    from translator.inventory.adhoc import read_bindings
    from translator.plan.load import load_plan

    source = one_of(named, plan)
    found = load_plan(source)
    derived = derive(found, read_bindings(address or ()))
    if everything:
        write_all_formats(found, derived, output, out, read=source)
    else:
        write_format(found.name, derived, output, out, read=source)
    return 0
