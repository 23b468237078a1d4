"""Hosts as an inventory names them: platform, interfaces with roles, and address bindings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from translator.errors import InventoryError, Where
from translator.intents.compile import InterfaceSpec
from translator.intents.match import Prefix
from translator.inventory.fields import (
    ADDRESS,
    GROUP,
    HOST_NAME,
    PLATFORM,
    SERIAL,
    USERNAME,
    check_port,
)
from translator.inventory.transport import NO_NAPALM, NapalmOptions, Transport

__all__ = ["Host", "Inventory"]


@lru_cache(maxsize=1024)  # a fleet has few combinations of groups
def _check_groups(groups: tuple[str, ...]) -> None:
    for group in groups:
        GROUP.check(group)


@dataclass(frozen=True, slots=True)
class Host:
    """One device.

    Attributes:
        platform: the platform as the inventory spells it.
        driver: the name of the driver that reads and writes it; "" where none is known, which only
            a host without interfaces may be.
        hostname: where to reach it; None: by its name.
        port: TCP port of its management session, 1-65535; None: what the protocol has.
        username: who logs in; None: whoever the session says. Passwords never stand here.
        serial: the serial number that the device must show; None: any.
        interfaces: the interfaces that take part in QoS; none: the host is left alone.
        addresses: (address group of the plan, prefixes) pairs bound for this host.
        groups: all its groups, nearest first, inherited ones included.
        transport: the library that its sessions are carried by.
        napalm: what is told to NAPALM, where that is the library.
    """

    name: str
    platform: str
    driver: str
    hostname: str | None = None
    interfaces: tuple[InterfaceSpec, ...] = ()
    addresses: tuple[tuple[str, tuple[Prefix, ...]], ...] = ()
    groups: tuple[str, ...] = ()
    where: Where | None = None
    port: int | None = None
    username: str | None = None
    serial: str | None = None
    transport: Transport = Transport.NETMIKO
    napalm: NapalmOptions = NO_NAPALM

    def __post_init__(self) -> None:
        try:
            HOST_NAME.check(self.name)
            for form, text in (
                (PLATFORM, self.platform or None),
                (ADDRESS, self.hostname),
                (USERNAME, self.username),
                (SERIAL, self.serial),
            ):
                if text is not None:
                    form.check(text)
            _check_groups(self.groups)
            if self.port is not None:
                check_port(self.port)
        except InventoryError as error:
            raise InventoryError(error.problem, where=self.where, hint=error.hint) from None

    @property
    def address(self) -> str:
        """Where to reach it."""
        return self.hostname or self.name

    @property
    def bindings(self) -> dict[str, tuple[Prefix, ...]]:
        """The bound addresses by group, as `compile_intents` takes them."""
        return dict(self.addresses)


@dataclass(frozen=True, slots=True)
class Inventory:
    """All hosts of an inventory, in its order.

    Attributes:
        folder: the file or folder that it was read from.
        group_names: all groups, with those that have no host.
        members: (group, its hosts in the order in which they count) pairs, where that is not
            the order of all hosts.
        listed: host names in the order in which the source lists them, where that is not the
            order of `hosts`.
        kind: what it was taken for, such as "Ansible INI file".
        notes: sentences on what was left aside.
    """

    hosts: tuple[Host, ...]
    folder: str = ""
    group_names: tuple[str, ...] = ()
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    listed: tuple[str, ...] = ()
    kind: str = "Nornir SimpleInventory"
    notes: tuple[str, ...] = ()
    _by_name: dict[str, Host] = field(init=False, repr=False, compare=False)
    _by_group: dict[str, tuple[Host, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {host.name: host for host in self.hosts}
        by_group: dict[str, list[Host]] = {name: [] for name in self.group_names}
        for host in self.hosts:
            for group in host.groups:
                by_group.setdefault(group, []).append(host)
        found = {name: tuple(hosts) for name, hosts in by_group.items()}
        found.update((name, tuple(by_name[host] for host in hosts)) for name, hosts in self.members)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_by_group", found)

    def host(self, name: str) -> Host:
        """Return the host of that name.

        Raises:
            InventoryError: there is none.
        """
        if name not in self._by_name:
            raise InventoryError(
                f"inventory {self.folder or 'given'} has no host {name!r}",
                hint="host names are the keys of hosts.yaml, or what the inventory calls its hosts",
            )
        return self._by_name[name]

    def has_host(self, name: str) -> bool:
        """Return whether a host has that name."""
        return name in self._by_name

    @property
    def listed_hosts(self) -> tuple[Host, ...]:
        """The hosts in the order in which the source lists them."""
        return tuple(self._by_name[name] for name in self.listed) or self.hosts

    def hosts_of(self, group: str) -> tuple[Host, ...]:
        """Return the hosts of a group, those of its subgroups included; none of an unknown one."""
        return self._by_group.get(group, ())
