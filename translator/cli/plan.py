"""`plan show|check|import`: look at a plan, find its traps, make one from what there is."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from translator.cli.options import STANDARD, Address, Format, OneFormat, PlanName
from translator.errors import UsageError

__all__ = ["app"]

app = typer.Typer(
    help="Look at a plan, find its traps, make one from what there is.", rich_markup_mode=None
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


def _one_of(named: str | None, option: str) -> str:
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

    found = load_plan(_one_of(named, plan))
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

    found = check_plan(load_plan(_one_of(named, plan)), read_bindings(address or ()))
    if output is Format.JSON:
        emit_json(found)
    else:
        show_findings(found)
    return int(any(item.severity is not Severity.INFO for item in found))


@app.command("import")
def import_(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files or folders; formats are seen from content."),
    ],
    base: Annotated[
        str,
        typer.Option(
            "--base", metavar="PLAN", help="The plan that gives the rows: a file or a preset."
        ),
    ] = STANDARD,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="The scope that is meant where several differ, such as Site:Branch1; "
            "one for each kind of configuration.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="How to print findings, on stderr.")
    ] = Format.TEXT,
) -> int:
    """Print one plan, as YAML, of what tables, cmdlets, sheets and hosts say.

    Reads Markdown and CSV tables, Excel sheets, web pages, and the output of Get-Cs... cmdlets and
    Get-NetQosPolicy, several of them in a file too. What had to be repaired and what is wrong is
    told on stderr. The exit code is 1 if there are errors or warnings.

    \b
    Examples:
      qos-translator plan import table.md > plan.yaml
      qos-translator plan import exports/ --scope Site:Branch1 > branch1.yaml
      qos-translator plan import conferencing.txt services.txt --format json > plan.yaml
    """
    from translator.cli.import_view import show_import_findings
    from translator.cli.output import emit
    from translator.endpoint.assemble import import_files
    from translator.plan.check import Severity
    from translator.plan.dump import dump_plan

    found = import_files(files, base, scope or ())
    emit(dump_plan(found.plan))
    show_import_findings(found.findings, as_json=output is Format.JSON)
    return int(any(item.severity is not Severity.INFO for item in found.findings))
