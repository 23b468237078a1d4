"""Choose hosts by a pattern as Ansible's `--limit` does."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate

from translator.errors import InventoryError
from translator.inventory.model import Host, Inventory

__all__ = ["select"]


def select(inventory: Inventory, pattern: str) -> tuple[Host, ...]:
    """Return the hosts that a pattern names, in inventory order.

    Terms are separated by `,` or `:` and name hosts or groups, by name, glob (`branch-*`) or
    regular expression (`~sw\\d+`); `all` is every host. Plain terms add up, `&term` keeps only
    hosts that are also in it, `!term` takes its hosts away, wherever in the pattern they stand.

    Raises:
        InventoryError: a term is empty, no regular expression, or names nothing.
    """
    terms = [term.strip() for term in re.split(r"[,:]", pattern)]
    added = [term for term in terms if term[:1] not in ("!", "&")]
    chosen: set[str] = set()
    for term in added or ["all"]:
        chosen |= _named(inventory, term)
    for term in terms:
        if term.startswith("&"):
            chosen &= _named(inventory, term[1:])
    for term in terms:
        if term.startswith("!"):
            chosen -= _named(inventory, term[1:])
    return tuple(host for host in inventory.hosts if host.name in chosen)


def _named(inventory: Inventory, term: str) -> set[str]:
    """The names of the hosts that one term means."""
    if not term:
        raise InventoryError(
            "a term of the host pattern is empty", hint="write for example branch,!branch-lab"
        )
    if term in ("all", "*"):
        return {host.name for host in inventory.hosts}
    fits = _test(term)
    groups = {name for name in inventory.group_names if fits(name)}
    found = {
        host.name
        for host in inventory.hosts
        if fits(host.name) or not groups.isdisjoint(host.groups)
    }
    if not found and not groups:
        raise InventoryError(
            f"{term!r} names no host and no group of inventory {inventory.folder}",
            hint="names are those of hosts.yaml and groups.yaml; globs need quotes in a shell",
        )
    return found


def _test(term: str) -> Callable[[str], bool]:
    """The test that a host or group name must pass."""
    if not term.startswith("~") and not any(mark in term for mark in "*?["):
        return term.__eq__
    try:
        expression = re.compile(term[1:] if term.startswith("~") else translate(term))
    except re.error as error:
        raise InventoryError(
            f"{term!r} is no regular expression: {error}", hint="write ~branch-[0-9]+"
        ) from None
    return lambda name: expression.match(name) is not None
