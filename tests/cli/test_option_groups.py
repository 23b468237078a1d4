"""Groups of options: a command takes the group, its user sees and gives each option by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from translator.cli.connection_options import Logins, StrictLogins
from translator.cli.option_groups import grouped


@dataclass(frozen=True, slots=True)
class Colours:
    """Two options."""

    front: Annotated[str, typer.Option("--front", help="In front.")] = "red"
    back: Annotated[int, typer.Option("--back", "-b")] = 7


def app() -> typer.Typer:
    made = typer.Typer()

    @made.command()
    @grouped
    def paint(
        *, name: Annotated[str, typer.Argument()], colours: Colours, last: bool = False
    ) -> int:
        """Paint it."""
        print(name, colours, last)
        return 0

    return made


def test_a_command_gets_its_group_from_single_options():
    run = CliRunner().invoke
    assert run(app(), ["wall"]).output == "wall Colours(front='red', back=7) False\n"
    given = run(app(), ["wall", "-b", "3", "--front", "blue", "--last"])
    assert given.output == "wall Colours(front='blue', back=3) True\n"
    assert run(app(), ["wall", "-b", "x"]).exit_code == 2


def test_help_shows_each_option_where_its_group_stands():
    shown = CliRunner().invoke(app(), ["--help"]).output
    assert "Paint it." in shown
    assert "In front." in shown
    assert shown.index("--front") < shown.index("--back") < shown.index("--last")


def test_keys_of_unknown_hosts_are_an_option_only_where_they_may_be_written_down():
    assert not hasattr(StrictLogins(), "host_key")
    assert Logins().host_key_policy == StrictLogins().host_key_policy == "strict"
