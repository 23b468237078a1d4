"""Hosts as an inventory names them: platform, interfaces with roles, and address bindings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from translator.errors import InventoryError, Where
from translator.intents.compile import InterfaceSpec
from translator.intents.match import Prefix

__all__ = ["Host", "Inventory"]

# A host name becomes a file name and a comment, so it is stricter than DNS: no leading dot or
# dash, no slash, and nothing that a shell or a terminal would interpret.
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True, slots=True)
class Host:
    """One device.

    Attributes:
        platform: the platform as the inventory spells it.
        driver: the name of the driver that reads and writes it.
        hostname: where to reach it; None: by its name.
        interfaces: the interfaces that take part in QoS; none: the host is left alone.
        addresses: (address group of the plan, prefixes) pairs bound for this host.
        groups: all its groups, nearest first, inherited ones included.
    """

    name: str
    platform: str
    driver: str
    hostname: str | None = None
    interfaces: tuple[InterfaceSpec, ...] = ()
    addresses: tuple[tuple[str, tuple[Prefix, ...]], ...] = ()
    groups: tuple[str, ...] = ()
    where: Where | None = None

    def __post_init__(self) -> None:
        if not _HOST_NAME.fullmatch(self.name):
            raise InventoryError(
                f"{self.name!r} is no host name",
                where=self.where,
                hint="letters, digits and . _ - only, starting with a letter or digit",
            )

    @property
    def bindings(self) -> dict[str, tuple[Prefix, ...]]:
        """The bound addresses by group, as `compile_intents` takes them."""
        return dict(self.addresses)


@dataclass(frozen=True, slots=True)
class Inventory:
    """All hosts of a folder, in file order."""

    hosts: tuple[Host, ...]
    folder: str = ""
    group_names: tuple[str, ...] = ()
    _by_name: dict[str, Host] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {host.name: host for host in self.hosts})

    def host(self, name: str) -> Host:
        """Return the host of that name.

        Raises:
            InventoryError: there is none.
        """
        if name not in self._by_name:
            raise InventoryError(
                f"inventory {self.folder or 'given'} has no host {name!r}",
                hint="host names are the keys of hosts.yaml",
            )
        return self._by_name[name]
