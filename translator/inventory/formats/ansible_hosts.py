"""From Ansible's groups and variables to hosts.

A variable comes from the last of these places that gives it:

1. `all` in the inventory, then the groups of the host, parents first;
2. group_vars/all, then group_vars/GROUP in the same order;
3. the host in the inventory, then host_vars/HOST.

The entries inside `qos` are looked for one by one, each in the nearest place, as in a Nornir
inventory; Ansible itself would take `qos` as a whole from one place.

Source:
    Ansible, "Using variables", "Understanding variable precedence", numbers 3-10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from translator.inventory.draft import Draft
from translator.inventory.fields import (
    ADDRESS,
    PLATFORM,
    SERIAL,
    TRANSPORT,
    USERNAME,
    Form,
)
from translator.inventory.formats.ansible_tree import ALL, Tree
from translator.inventory.formats.ansible_values import Setting, is_readable, readable, structure
from translator.inventory.formats.ansible_vars import Variables, VarsFiles
from translator.inventory.formats.secrets import is_secret
from translator.inventory.model import Host
from translator.inventory.qos import Place, QosData, merge_qos, qos_data
from translator.inventory.short_qos import short_addresses, short_interfaces
from translator.inventory.yamlfile import Value

__all__ = ["HostMaker"]


_OF_HOSTS: Final = ("ansible_network_os", "ansible_host", "ansible_port", "ansible_user")
_OURS: Final = frozenset(
    {"qos", "qos_interfaces", "qos_addresses", "qos_driver", "qos_serial", "qos_transport"}
)


@dataclass(frozen=True, slots=True)
class _Given:
    """What some places give together."""

    variables: Variables
    qos: QosData
    secret: bool


class HostMaker:
    """Makes hosts of the variables that we need; of all others only the names are looked at."""

    def __init__(self, tree: Tree, files: VarsFiles) -> None:
        self._tree = tree
        self._files = files
        self._orders: dict[tuple[str, ...], tuple[str, ...]] = {}
        # Hosts of the same groups inherit the same.
        self._inherited: dict[tuple[str, ...], _Given] = {}
        self._open: list[str] = []
        self.secrets = False

    def host(self, name: str) -> Host:
        """Return the host of that name.

        Raises:
            InventoryError: a value that we need is wrong, encrypted or a template, or the host
                has interfaces but no platform.
        """
        member = self._tree.hosts[name]
        place = Place(member.where.file, f"host {name}")
        groups = self._groups(name)
        own = _given((member.variables, self._files.of_host(name)), place)
        inherited = self._inherit(groups, place)
        self.secrets = self.secrets or own.secret or inherited.secret
        qos = merge_qos((own.qos, inherited.qos))
        given: Variables = {**inherited.variables, **own.variables}
        if not qos.interfaces:
            given = self._told(name, given)
        draft = Draft(
            name=name,
            place=place,
            line=member.where.line or 1,
            platform=_word(given, "ansible_network_os", PLATFORM, place),
            hostname=_word(given, "ansible_host", ADDRESS, place),
            port=_port(given, place),
            username=_word(given, "ansible_user", USERNAME, place),
            groups=groups[::-1],
            qos=qos,
        )
        return draft.host(
            "set ansible_network_os, or driver under qos, for the host or a group", only_qos=True
        )

    def notes(self) -> tuple[str, ...]:
        """Return a sentence on the hosts of which something was left open."""
        if not self._open:
            return ()
        more = f" and {len(self._open) - 5} more" if len(self._open) > 5 else ""
        return (
            f"address or login left open, a template gives it: {', '.join(self._open[:5])}{more}",
        )

    def _told(self, name: str, given: Variables) -> Variables:
        """What is known of a host that takes no part in QoS; the rest only Ansible can tell."""
        kept = {
            key: given[key] for key in _OF_HOSTS if key in given and is_readable(key, given[key])
        }
        if any(key in given and key not in kept for key in _OF_HOSTS):
            self._open.append(name)
        return kept

    def variables(self, name: str) -> Variables:
        """Return all variables of a host, each from the place that decides."""
        place = Place("", f"host {name}")
        inherited = self._inherit(self._groups(name), place)
        own = (self._tree.hosts[name].variables, self._files.of_host(name))
        return {**inherited.variables, **own[0], **own[1]}

    def _groups(self, name: str) -> tuple[str, ...]:
        direct = tuple(self._tree.hosts[name].groups)
        if direct not in self._orders:
            self._orders[direct] = self._tree.merge_order(name)
        return self._orders[direct]

    def _inherit(self, groups: tuple[str, ...], place: Place) -> _Given:
        known = self._inherited.get(groups)
        if known is None:
            names = (ALL, *groups)
            layers = (
                *(self._tree.groups[group].variables for group in names),
                *(self._files.of_group(group) for group in names),
            )
            known = self._inherited[groups] = _given(layers, place)
        return known


def _given(layers: Sequence[Variables], place: Place) -> _Given:
    """What places give, the one that loses first."""
    variables: dict[str, Setting] = {}
    for layer in layers:
        variables.update(layer)
    return _Given(
        variables=variables,
        qos=merge_qos(part for layer in reversed(layers) for part in _qos_parts(layer, place)),
        secret=any(is_secret(name) for name in variables),
    )


def _qos_parts(layer: Variables, place: Place) -> Iterable[QosData]:
    """What one place says of QoS, in the long form and in the short ones."""
    if _OURS.isdisjoint(layer):
        return
    value, at, line = _needed(layer, "qos", place)
    if value is not None:
        yield qos_data(structure(value, line), at, line)
    value, at, line = _needed(layer, "qos_interfaces", place)
    yield short_interfaces(value, at, "qos_interfaces", line)
    value, at, line = _needed(layer, "qos_addresses", place)
    yield short_addresses(value, at, "qos_addresses", line)
    yield QosData(
        driver=_word(layer, "qos_driver", PLATFORM, place),
        serial=_word(layer, "qos_serial", SERIAL, place),
        transport=_word(layer, "qos_transport", TRANSPORT, place),
    )


def _word(given: Variables, key: str, form: Form, place: Place) -> str | None:
    value, at, line = _needed(given, key, place)
    return None if value is None else at.form(value, form, key, line)


def _port(given: Variables, place: Place) -> int | None:
    value, at, line = _needed(given, "ansible_port", place)
    return None if value is None else at.port(value, "ansible_port", line)


def _needed(given: Variables, key: str, place: Place) -> tuple[Value, Place, int]:
    setting = given.get(key)
    if setting is None:
        return None, place, 1
    found = Place(setting.where.file, place.owner)
    return readable(key, setting), found, setting.where.line or 1
