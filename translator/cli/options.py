"""Options that several commands share, stated once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import typer

__all__ = [
    "STANDARD",
    "Address",
    "CaptureFormat",
    "DeviceFile",
    "Folder",
    "Format",
    "Interface",
    "InventoryPath",
    "Limit",
    "OneFormat",
    "OnePlatform",
    "OnePolicy",
    "OutFolder",
    "PlanName",
    "Platform",
    "Removal",
]


STANDARD: Final = "lync-2013"  # as in the plan's reader, which `--help` does not import


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class CaptureFormat(StrEnum):
    """How a check of captures is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def _platforms(incomplete: str) -> list[str]:
    from translator.drivers.registry import driver_names

    return [name for name in driver_names() if name.startswith(incomplete)]


def _platforms_of_texts(incomplete: str) -> list[str]:
    from translator.drivers.detect import AUTO

    return [name for name in (AUTO, *_platforms("")) if name.startswith(incomplete)]


def _presets(incomplete: str) -> list[str]:
    from translator.plan.load import preset_names

    return [name for name in preset_names() if name.startswith(incomplete)]


def _roles(incomplete: str) -> list[str]:
    from translator.intents.model import Role

    name, equals, _ = incomplete.partition("=")
    return [f"{name}={role}" for role in Role] if equals else []


def _option(*names: str, help: str, **settings: Any) -> Any:
    return typer.Option(*names, help=help, show_default=False, **settings)


PlanName = Annotated[
    str,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help="A plan file, or the name of a preset.",
        autocompletion=_presets,
    ),
]
Platform = Annotated[
    str | None,
    _option(
        "--platform",
        metavar="NAME",
        help="Platform: our name, or Netmiko's, NAPALM's or Ansible's.",
        autocompletion=_platforms,
    ),
]
OnePlatform = Annotated[
    str,
    _option(
        "--platform",
        metavar="NAME",
        help="Platform: our name, or Netmiko's, NAPALM's or Ansible's; `auto` asks the text.",
        autocompletion=_platforms_of_texts,
    ),
]
Interface = Annotated[
    list[str] | None,
    _option(
        "--interface",
        metavar="NAME=ROLE[:RATE]",
        help="An interface and what is behind it; repeat for more. "
        "Roles: client, phone, server, uplink, wan, internet.",
        autocompletion=_roles,
    ),
]
Address = Annotated[
    list[str] | None,
    _option(
        "--address",
        metavar="GROUP=PREFIX",
        help="Bind an address group of the plan; repeat for more.",
    ),
]
_INVENTORY: Final = _option(
    "-i",
    "--inventory",
    metavar="PATH",
    help="Inventory: a Nornir or Ansible folder or file, a CSV table, a NetBox export.",
)
InventoryPath = Annotated[str, _INVENTORY]
Folder = Annotated[str | None, _INVENTORY]
Limit = Annotated[
    str | None,
    _option("--limit", metavar="PATTERN", help="Hosts to take, as Ansible's --limit: 'branch,!r7'"),
]
DeviceFile = Annotated[
    str,
    typer.Argument(metavar="FILE", help="Configuration text of a device; - reads stdin."),
]
OnePolicy = Annotated[
    str | None,
    typer.Option("--policy", metavar="NAME", help="One policy of a text without interfaces."),
]
Removal = Annotated[
    bool, typer.Option("--removal", help="Print what takes the configuration away again.")
]
OutFolder = Annotated[
    str | None,
    typer.Option("-o", "--out", metavar="DIR", help="Write files into DIR instead."),
]
OneFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
