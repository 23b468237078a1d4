"""`plan diff`: what changes from one plan to another, in words and over all packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.options import Address, Format, OneFormat
from translator.errors import UsageError

if TYPE_CHECKING:
    from translator.intents.model import Role

__all__ = ["run"]


def _role(name: str) -> Role:
    from translator.intents.model import Role

    if name not in list(Role):
        raise UsageError(f"unknown role {name[:40]!a}", hint="roles: " + ", ".join(Role))
    return Role(name)


def _roles(incomplete: str) -> list[str]:
    from translator.intents.model import Role

    return [name for name in Role if name.startswith(incomplete)]


def run(
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
