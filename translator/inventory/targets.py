"""Which hosts a command works on: some of an inventory, or one from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from translator.errors import InventoryError, UsageError
from translator.inventory.adhoc import adhoc_host, read_bindings, with_bindings
from translator.inventory.load import load_inventory
from translator.inventory.model import Host, Inventory
from translator.inventory.select import select

__all__ = ["Chosen", "Target", "read_as"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hosts to work on, at least one, and sentences on how they were chosen."""

    hosts: tuple[Host, ...]
    notes: tuple[str, ...] = ()

    @property
    def only(self) -> Host:
        """The one host.

        Raises:
            UsageError: there are several.
        """
        if len(self.hosts) > 1:
            raise UsageError(
                f"one text is compared with one host, not {len(self.hosts)}",
                hint="use --limit NAME",
            )
        return self.hosts[0]


@dataclass(frozen=True, slots=True)
class Target:
    """The options that name hosts, as they were given."""

    folder: str | None = None
    limit: str | None = None
    platform: str | None = None
    interfaces: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def choose(self) -> Chosen:
        """Return the hosts.

        Raises:
            UsageError: neither or both ways are used, or a value has another form.
            InventoryError: the inventory is wrong, or nothing of it is left.
            DriverError: there is no driver for a platform.
        """
        if self.folder is None:
            host = self._adhoc()
            return Chosen((host,), _respelled((host,)))
        if self.platform or self.interfaces:
            raise UsageError(
                "an inventory says platform and interfaces itself",
                hint="use either -i PATH or --platform with --interface",
            )
        inventory = load_inventory(self.folder)
        named = inventory.hosts if self.limit is None else select(inventory, self.limit)
        hosts = tuple(host for host in named if host.interfaces)
        if not hosts:
            raise InventoryError(
                f"no host of {self.folder} with interfaces under data.qos is left",
                hint="widen --limit, or give hosts interfaces: data: {qos: {interfaces: ...}} in "
                "Nornir, a variable qos in Ansible, a column or custom field elsewhere",
            )
        bindings = read_bindings(self.addresses)
        bound = tuple(with_bindings(host, bindings) for host in hosts)
        notes = (*read_as(inventory), *_respelled(bound), *_left_alone(named))
        return Chosen(bound, notes)

    def _adhoc(self) -> Host:
        if self.limit is not None:
            raise UsageError("--limit chooses from an inventory", hint="add -i PATH")
        if self.platform is None:
            raise UsageError(
                "no device is given",
                hint="use -i PATH, or --platform NAME with --interface NAME=ROLE[:RATE]",
            )
        return adhoc_host(self.platform, self.interfaces, self.addresses)


def read_as(inventory: Inventory) -> tuple[str, ...]:
    """Return sentences on what an inventory was taken for, if not Nornir's, and what it lacks."""
    native = inventory.kind == Inventory(()).kind
    kind = () if native else (f"{inventory.folder}: read as {inventory.kind}",)
    return (*kind, *inventory.notes)


def _respelled(hosts: Iterable[Host]) -> tuple[str, ...]:
    """A sentence for each platform spelling that a driver of another name serves."""
    found: dict[tuple[str, str], list[str]] = {}
    for host in hosts:
        if host.platform != host.driver:
            # A host of the command line has no place, and needs no name either.
            names = found.setdefault((host.platform, host.driver), [])
            names += [host.name] if host.where is not None else []
    return tuple(
        f"platform {platform}: read and written as {name}"
        + (f" on {_shortened(hosts_of_it)}" if hosts_of_it else "")
        for (platform, name), hosts_of_it in found.items()
    )


def _left_alone(hosts: Iterable[Host]) -> tuple[str, ...]:
    names = [host.name for host in hosts if not host.interfaces]
    if not names:
        return ()
    return (f"left alone, no interfaces under data.qos: {_shortened(names)}",)


def _shortened(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
