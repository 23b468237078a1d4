"""`inventory`: what was understood of each host of an inventory, or the same as a Nornir folder."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.counted import counted
from translator.cli.options import InventoryPath, Limit

if TYPE_CHECKING:
    from translator.inventory.model import Host, Inventory

__all__ = ["run"]


class InventoryFormat(StrEnum):
    """How the hosts are printed."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


class Target(StrEnum):
    """The form in which an inventory is written."""

    NORNIR = "nornir"


def run(
    *,
    path: InventoryPath,
    limit: Limit = None,
    to: Annotated[
        tuple[Target, str] | None,
        typer.Option(
            "--to",
            metavar="nornir DIR",
            help="Write hosts.yaml, groups.yaml and defaults.yaml into DIR instead.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --to: replace files that are there.")
    ] = False,
    output: Annotated[
        InventoryFormat, typer.Option("--format", help="How to print the hosts.")
    ] = InventoryFormat.TABLE,
) -> int:
    """Show what was understood of each host of an inventory.

    \b
    Examples:
      qos-translator inventory -i inventories/example --limit branch
      qos-translator inventory -i hosts.ini --format json
      qos-translator inventory -i netbox.json --to nornir inventory
    """
    from translator.cli.inventory_view import show_hosts
    from translator.cli.output import note
    from translator.errors import UsageError
    from translator.inventory.load import load_inventory
    from translator.inventory.select import select
    from translator.inventory.targets import read_as

    if force and to is None:
        raise UsageError("--force replaces files", hint="add --to nornir DIR")
    inventory = load_inventory(path)
    hosts = inventory.hosts if limit is None else select(inventory, limit)
    for sentence in read_as(inventory):
        note(sentence)
    if to is None:
        show_hosts(hosts, output.value)
    else:
        _write(inventory, hosts, path, to[1], force)
    return 0


def _write(
    inventory: Inventory, hosts: Sequence[Host], path: str, folder: str, force: bool
) -> None:
    from translator.cli.folder import write_all
    from translator.cli.output import note
    from translator.inventory.dump import nornir_files, without_driver

    left_out = without_driver(hosts)
    if left_out:
        note(f"left out, no platform that we know: {', '.join(left_out)}")
    files = nornir_files(inventory, hosts).items()
    write_all(folder, files, replace=force, inputs=lambda: (path,))
    note(f"wrote {counted(len(hosts) - len(left_out), 'host')} into {folder}")
