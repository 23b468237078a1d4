"""What else may treat the packets of a port: the interfaces of its VLANs, and its bundle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.juniper_junos.ports import bundle_of, has_voice, switching_of
from translator.drivers.juniper_junos.tree import Node

__all__ = ["Unit", "bundles_in", "routed_by"]

Unit = tuple[str, str]
"""An interface and the number of one of its units."""

_OF_VLANS: Final = frozenset({"irb", "vlan"})
_BUNDLES: Final = ("ae", "reth")
# Source: "Ethernet Switching User Guide": a port that names no VLAN is in the one of this name.
_DEFAULT_VLAN: Final = "default"
_MEMBERS: Final = (
    ("vlan", "members"),
    ("vlan-id",),
    ("vlan-id-list",),
    ("native-vlan-id",),
)


@dataclass(slots=True)
class _Vlans:
    """The units that route the packets of VLANs, by name and by id, of ports that VLANs list.

    Attributes:
        anywhere: those of VLANs that list something which is no unit of the text.
    """

    routed: dict[str, set[Unit]] = field(default_factory=dict)
    listed: dict[Unit, set[Unit]] = field(default_factory=dict)
    anywhere: set[Unit] = field(default_factory=set)


def bundles_in(root: Node, with_qos: Iterable[str]) -> dict[str, str]:
    """Return the bundle of each interface that is a member of one of these."""
    wanted = {name for name in with_qos if name.startswith(_BUNDLES)}
    if not wanted:
        return {}
    found = [(item.word, bundle_of(item)) for item in _items(root, "interfaces")]
    return {member: bundle for member, bundle in found if bundle in wanted}


def routed_by(
    root: Node, known: Mapping[str, list[str]], with_qos: Iterable[tuple[str, str | None]]
) -> dict[Unit, tuple[Unit, ...]]:
    """Return the interfaces of VLANs, of these, that may route the packets of switched units.

    Where it cannot be told which VLANs a unit is in, all of them may.
    """
    wanted = [(port, unit) for port, unit in with_qos if port in _OF_VLANS and unit is not None]
    if not wanted:
        return {}
    vlans = _vlans(root, known, frozenset(wanted))
    found: dict[Unit, tuple[Unit, ...]] = {}
    for item in _items(root, "interfaces"):
        for unit in () if item.word in _OF_VLANS else _items(item, "unit"):
            own = (item.word, unit.word)
            family = switching_of(unit)
            met = vlans.listed.get(own, set())
            if family is not None:
                named = _met(root, item, unit, family, vlans)
                met = set(wanted) if named is None else met | named | vlans.anywhere
            if met:
                found[own] = tuple([name for name in wanted if name in met])
    return found


def _met(root: Node, item: Node, unit: Node, family: Node, vlans: _Vlans) -> set[Unit] | None:
    """Return what routes the VLANs that a unit names; None if it cannot be told."""
    if has_voice(root, f"{item.word}.{unit.word}"):
        return None
    nodes = [family.get(*path) for path in _MEMBERS] + [item.get("native-vlan-id")]
    words = [word for node in nodes if node is not None for word in node.children]
    if not words:
        stated = family.get("interface-mode") or family.get("port-mode")
        if family.word != "ethernet-switching" or (stated and "trunk" in stated.children):
            return None
        return vlans.routed.get(_DEFAULT_VLAN, set())
    met: set[Unit] = set()
    for word in words:
        found = vlans.routed.get(word)
        if found is None:  # `all`, a range, or a VLAN that the text does not have
            return None
        met |= found
    return met


def _vlans(root: Node, known: Mapping[str, list[str]], wanted: frozenset[Unit]) -> _Vlans:
    vlans = _Vlans()
    for part in (root, *_items(root, "routing-instances")):
        for word in ("vlans", "bridge-domains"):
            for vlan in _items(part, word):
                routing = vlan.get("l3-interface") or vlan.get("routing-interface")
                names = () if routing is None else routing.children
                met = {_unit(name) for name in names} & wanted
                ids = vlan.get("vlan-id")
                for name in (vlan.word, *(() if ids is None else ids.children)):
                    vlans.routed.setdefault(name, set()).update(met)
                for listed in map(_unit, (node.word for node in _items(vlan, "interface"))):
                    if listed[1] in known.get(listed[0], ()):
                        vlans.listed.setdefault(listed, set()).update(met)
                    else:
                        vlans.anywhere |= met
    return vlans


def _unit(name: str) -> Unit:
    port, _, number = name.partition(".")
    return port, number or "0"


def _items(node: Node, word: str) -> Iterator[Node]:
    below = node.get(word)
    yield from () if below is None else below.children.values()
