"""What a Junos configuration says of its units beside QoS.

Only the sections that can say something are read; a unit is a port, an interface without units
is one by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from translator.drivers.capture import cleaned
from translator.drivers.juniper_junos.forms import read_tree
from translator.drivers.juniper_junos.groups import apply_groups
from translator.drivers.juniper_junos.ranges import expand_ranges
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.room import Room
from translator.drivers.juniper_junos.tree import Node
from translator.drivers.juniper_junos.values import words
from translator.intents.port import Port, PortMode

__all__ = ["WITH_VOICE", "bundle_of", "has_voice", "read_ports", "switching_of"]

WITH_VOICE: Final = words("switch-options ethernet-switching-options")
"""Top-level words of what names the ports where phones have a VLAN of their own."""

_SECTIONS: Final = words("interfaces groups apply-groups security") | WITH_VOICE
_MEGABIT: Final = 10**6
_RATES: Final = {"k": 10**3, "m": 10**6, "g": 10**9}
_MODES: Final = {"access": PortMode.ACCESS, "trunk": PortMode.TRUNK}
_PORT_OPTIONS: Final = ("gigether-options", "ether-options", "fastether-options")
_SPEAKING: Final = ("speed", *_PORT_OPTIONS)
# Source: Junos interface naming overview. `et` ports have several rates, so none is told.
_LINE_BPS: Final = {
    "fe": 100 * _MEGABIT,
    "ge": 1_000 * _MEGABIT,
    "xe": 10_000 * _MEGABIT,
    "t1": 1_544_000,
    "e1": 2_048_000,
    "t3": 44_736_000,
    "e3": 34_368_000,
}
_LEASED: Final = words("t1 e1 t3 e3 so ds at se ls mlppp dl cl")
# Their packets leave by another interface, or stay in the box; fxp, em, me and vme are the
# management ports, through which no traffic is forwarded.
_TUNNEL: Final = words("st gr ip lt pp si vt")
_VIRTUAL: Final = words("lo irb vlan fxp em me vme jsrv dsc mtun pime pimd esi bme fab swfab")
_MANY: Final = words("all access-ports")


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What other sections say of units: names of units, interfaces, or a word for many."""

    voice: frozenset[str]
    outside: frozenset[str]

    def has_voice(self, name: str, mode: PortMode) -> bool:
        """Whether a phone has a VLAN of its own on a unit."""
        return bool(self.voice) and (
            not self.voice.isdisjoint({name, name.partition(".")[0]})
            or (mode is PortMode.ACCESS and not self.voice.isdisjoint(_MANY))
        )


def read_ports(text: str) -> tuple[Port, ...]:
    """Return the units of a text in its order; never raises."""
    tree = read_tree(cleaned(text).replace("\0", " "), file="", kept=_SECTIONS)
    root, room = tree.root, Room.of(text)
    apply_groups(root, room, applied_below=tree.applies_below)
    expand_ranges(root, room, Report())
    interfaces = root.get("interfaces")
    elsewhere = _Elsewhere(frozenset(_voice(root)), frozenset(_outside(root)))
    known: dict[Node, _Unit] = {}
    return tuple(
        port
        for item in (() if interfaces is None else interfaces.children.values())
        if item.word not in ("traceoptions", "interface-set")
        for port in _ports(item, elsewhere, known)
    )


class _Whole(NamedTuple):
    """What an interface says of all its units."""

    lines: list[int]
    shutdown: bool
    virtual: bool
    bundle: str
    line_bps: int | None
    distant: bool


class _Unit(NamedTuple):
    """What a unit says of itself, without its name: members of a range share it."""

    lines: list[int]
    shutdown: bool
    mode: PortMode
    circuit_bps: int | None


def _ports(item: Node, elsewhere: _Elsewhere, known: dict[Node, _Unit]) -> Iterator[Port]:
    units, whole = item.children.get("unit"), _whole(item)
    if units is None:
        yield _port(item.word, whole, _unit(item), elsewhere)
        return
    for unit in units.children.values():
        said = known.get(unit)
        if said is None:
            said = known[unit] = _unit(unit)
        yield _port(f"{item.word}.{unit.word}", whole, said, elsewhere)


def _whole(item: Node) -> _Whole:
    # `ge-0/0/1` and `t1-0/0/1`, but `ae0`
    kind, dash, _ = item.word.partition("-")
    kind = kind if dash else kind.rstrip("0123456789")
    return _Whole(
        item.lines[:1],
        "disable" in item.children,
        virtual=kind in _TUNNEL or kind in _VIRTUAL,
        bundle=bundle_of(item),
        line_bps=_speed(item) or _LINE_BPS.get(kind),
        distant=kind in _LEASED or kind in _TUNNEL,
    )


def _unit(unit: Node) -> _Unit:
    return _Unit(
        unit.all_lines(),
        "disable" in unit.children,
        _mode(unit),
        _rate(unit.children.get("bandwidth")),
    )


def _port(name: str, whole: _Whole, unit: _Unit, elsewhere: _Elsewhere) -> Port:
    return Port(
        name,
        # Of the set form, each statement is a line of its port too: one is enough.
        min((*whole.lines, *unit.lines), default=0),
        shutdown=whole.shutdown or unit.shutdown,
        mode=unit.mode,
        voice_vlan=elsewhere.has_voice(name, unit.mode),
        outside=name in elsewhere.outside,
        virtual=whole.virtual,
        bundle=whole.bundle,
        circuit_bps=unit.circuit_bps,
        line_bps=whole.line_bps,
        distant=whole.distant,
        # Source: "Configuring Schedulers on Aggregated Interfaces": what is configured for the
        # aggregate applies to all member links, which cannot have QoS of their own.
        qos_at=whole.bundle,
    )


def _mode(unit: Node) -> PortMode:
    families = unit.children.get("family")
    if families is None:
        return PortMode.UNSTATED
    switching = switching_of(unit)
    if switching is not None:
        # `port-mode` is the word of switches before ELS.
        stated = switching.get("interface-mode") or switching.get("port-mode")
        if stated is not None:
            return _MODES.get(next(iter(stated.children), ""), PortMode.UNSTATED)
        # Source: Ethernet switching user guide, types of switch ports: access is the default.
        return PortMode.ACCESS if switching.word == "ethernet-switching" else PortMode.UNSTATED
    if "inet" in families.children or "inet6" in families.children:
        return PortMode.ROUTED
    return PortMode.UNSTATED


def switching_of(unit: Node) -> Node | None:
    """Return the family by which a unit is switched; None where it is not."""
    families = unit.children.get("family")
    if families is None:
        return None
    return families.children.get("ethernet-switching") or families.children.get("bridge")


def bundle_of(item: Node) -> str:
    """Return the aggregate that an interface is a member of, "" of none."""
    for word in () if item.children.keys().isdisjoint(_PORT_OPTIONS) else _PORT_OPTIONS:
        found = item.get(word, "802.3ad") or item.get(word, "redundant-parent")
        if found is not None:
            return next(iter(found.children), "")
    return ""


def _speed(item: Node) -> int | None:
    if item.children.keys().isdisjoint(_SPEAKING):
        return None
    for path in (("speed",), *((word, "speed") for word in _PORT_OPTIONS)):
        rate = _rate(item.get(*path))
        if rate is not None:
            return rate
    return None


def _rate(node: Node | None) -> int | None:
    """Return bit/s of `100m`, `1g`, `512k` or a number; None where it is something else."""
    value = "" if node is None else next(iter(node.children), "").lower()
    number, unit = (value[:-1], _RATES[value[-1]]) if value[-1:] in _RATES else (value, 1)
    return int(number) * unit if number.isdecimal() and len(number) <= 12 else None


def has_voice(root: Node, name: str) -> bool:
    """Whether phones may have a VLAN of their own on a switched unit."""
    names = {name, name.partition(".")[0], *_MANY}
    return not names.isdisjoint(_voice(root))


def _voice(root: Node) -> Iterator[str]:
    """Yield the interfaces with a VLAN for phones, ELS and older switches alike."""
    for section in sorted(WITH_VOICE):
        found = root.get(section, "voip", "interface")
        yield from () if found is None else found.children


def _outside(root: Node) -> Iterator[str]:
    """Yield the units by which packets leave whose source is translated (SRX).

    A rule set translates towards a zone or an interface. `untrust` is the zone of the Internet
    in the configuration that the box is delivered with.
    """
    rule_sets = root.get("security", "nat", "source", "rule-set")
    zones = {"untrust"}
    for item in () if rule_sets is None else rule_sets.children.values():
        to_zones, to_units = item.get("to", "zone"), item.get("to", "interface")
        zones.update(() if to_zones is None else to_zones.children)
        yield from () if to_units is None else to_units.children
    known = root.get("security", "zones", "security-zone")
    for zone in () if known is None else known.children.values():
        units = zone.get("interfaces")
        if zone.word in zones and units is not None:
            yield from units.children
