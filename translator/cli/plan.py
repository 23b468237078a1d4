"""`plan show|check|diff|import`: look at a plan, find its traps, compare two, make one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.options import STANDARD, Address, Format, OneFormat, PlanName
from translator.errors import UsageError

if TYPE_CHECKING:
    from translator.intents.model import Role

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


def _role(name: str) -> Role:
    from translator.intents.model import Role

    if name not in list(Role):
        raise UsageError(f"unknown role {name[:40]!a}", hint="roles: " + ", ".join(Role))
    return Role(name)


def _roles(incomplete: str) -> list[str]:
    from translator.intents.model import Role

    return [name for name in Role if name.startswith(incomplete)]


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


@app.command("diff")
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The plan of today: a file or a preset.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The plan to come.")],
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="Interfaces to compare over all packets; repeat for more. "
            "Without it: client, server, wan.",
            autocompletion=_roles,
        ),
    ] = None,
    address: Address = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Show what changes when plan B takes the place of plan A.

    In words, rows by their meaning, and over all packets, by role of interface: which packets are
    treated otherwise, from what to what. Names of rows make no difference. The exit code is 1 if
    anything differs, 6 if a role cannot be compared because rows lack addresses.

    \b
    Examples:
      qos-translator plan diff lync-2013 microsoft-teams --address clients=10.1.0.0/16
      qos-translator plan diff lync-2013 site.yaml --role client --role phone
    """
    from translator.audit.plandiff import ROLES, plan_diff
    from translator.cli.output import emit_json
    from translator.cli.plan_diff_view import plan_diff_json, show_plan_diff
    from translator.errors import UndecidedError
    from translator.inventory.adhoc import read_bindings
    from translator.plan.load import load_plan
    from translator.verify.compare import Verdict

    roles = [_role(name) for name in role] if role else ROLES
    found = plan_diff(load_plan(a), load_plan(b), read_bindings(address or ()), roles)
    if output is Format.JSON:
        emit_json(plan_diff_json(found))
    else:
        show_plan_diff(found)
    if found.verdict is Verdict.EQUAL:
        return 0
    return 1 if found.verdict is Verdict.DIFFERENT else UndecidedError.exit_code


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A Markdown or CSV table.")],
) -> int:
    """Print the plan of a table as YAML.

    Each repair of the table is told on stderr.

    \b
    Example:
      qos-translator plan import table.md > plan.yaml
    """
    from translator.cli.output import emit, note
    from translator.plan.dump import dump_plan
    from translator.plan.importer import import_table
    from translator.plan.text import read_text

    found = import_table(read_text(Path(file)), file)
    for repair in found.repairs:
        note(f"repaired: {repair}")
    emit(dump_plan(found.plan))
    return 0
