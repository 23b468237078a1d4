"""`plan show|check`: look at a plan, find its traps; the other commands of `plan` join here."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from translator.cli.options import STANDARD, Address, Format, OneFormat, PlanName
from translator.errors import UsageError

__all__ = ["Named", "app", "one_of"]

app = typer.Typer(
    help="Look at a plan, find its traps, compare two, make one, set hosts by one.",
    rich_markup_mode=None,
)


Named = Annotated[
    str | None,
    typer.Argument(metavar="PLAN", help="A plan file or a preset; the same as --plan."),
]


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"


def one_of(named: str | None, option: str) -> str:
    """Return the plan that a command line names, with --plan or without.

    Raises:
        UsageError: it names two.
    """
    if named is None:
        return option
    if option not in (STANDARD, named):
        raise UsageError("two plans are given", hint="name the plan once, with --plan or without")
    return named


@app.command("show")
def show(
    named: Named = None,
    plan: PlanName = STANDARD,
    output: Annotated[
        PlanFormat, typer.Option("--format", help="How to print the plan.")
    ] = PlanFormat.TEXT,
) -> int:
    """Show the rows, queues and address groups of a plan.

    \b
    Examples:
      qos-translator plan show lync-2013
      qos-translator plan show plan.yaml --format yaml
    """
    from translator.cli.output import emit, emit_json
    from translator.cli.plan_view import show_plan
    from translator.plan.dump import dump_plan
    from translator.plan.load import load_plan

    found = load_plan(one_of(named, plan))
    if output is PlanFormat.JSON:
        emit_json(found)
    elif output is PlanFormat.YAML:
        emit(dump_plan(found))
    else:
        show_plan(found)
    return 0


@app.command("check")
def check(
    named: Named = None,
    plan: PlanName = STANDARD,
    address: Address = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Find the traps of a plan.

    The exit code is 1 if there are errors or warnings.

    \b
    Example:
      qos-translator plan check plan.yaml --address conference_servers=10.1.10.0/28
    """
    from translator.cli.output import emit_json
    from translator.cli.plan_view import show_findings
    from translator.inventory.adhoc import read_bindings
    from translator.plan.check import Severity, check_plan
    from translator.plan.load import load_plan

    found = check_plan(load_plan(one_of(named, plan)), read_bindings(address or ()))
    if output is Format.JSON:
        emit_json(found)
    else:
        show_findings(found)
    return int(any(item.severity is not Severity.INFO for item in found))
