"""What the commands that look at devices have in common: which hosts, and for how long."""

from __future__ import annotations

import re
from typing import Final

from translator.cli.output import note
from translator.errors import InventoryError, UsageError
from translator.inventory.load import load_inventory
from translator.inventory.model import Host
from translator.inventory.select import select
from translator.inventory.targets import read_as

__all__ = ["hosts_of", "seconds_of"]

_DURATION: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(s|m|h|)", re.ASCII)
_UNITS_S: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


def hosts_of(folder: str | None, limit: str | None) -> tuple[Host, ...]:
    """Return the hosts of an inventory that are meant, those without interfaces too.

    Raises:
        UsageError: no inventory is named.
        InventoryError: it cannot be read, or no host is left.
    """
    if folder is None:
        raise UsageError("no device is named", hint="name an inventory with -i PATH")
    inventory = load_inventory(folder)
    for sentence in read_as(inventory):
        note(sentence)
    hosts = inventory.hosts if limit is None else select(inventory, limit)
    if not hosts:
        raise InventoryError(f"no host of {folder} is left", hint="widen --limit")
    return tuple(hosts)


def seconds_of(text: str) -> float:
    """Return the seconds of `90`, `90s`, `5m` or `1h`.

    Raises:
        UsageError: it has another form.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no time", hint="write 60s, 5m or 1h")
    return float(found[1]) * _UNITS_S[found[2]]
