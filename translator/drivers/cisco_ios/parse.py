"""Reads the text of an IOS or IOS-XE configuration into what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from translator.drivers.cisco.classmap import ClassMaps
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.kinds import RESETS
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.lists import LIST_KINDS, AccessLists
from translator.drivers.cisco.reader import Reading, Section, TextLine, read_sections
from translator.drivers.cisco.removed import REMOVALS, settled, with_removals
from translator.drivers.cisco.shared import Shared
from translator.drivers.cisco.switchports import read_ports
from translator.drivers.cisco.tablemap import TableMaps
from translator.drivers.cisco.whole import why_incomplete
from translator.drivers.cisco_ios.bearing import BEARING
from translator.drivers.cisco_ios.crypto import CryptoMaps
from translator.drivers.cisco_ios.interfaces import Interfaces, Surroundings
from translator.drivers.cisco_ios.nat import Translation
from translator.drivers.cisco_ios.policy import PolicyMaps
from translator.drivers.cisco_ios.routemap import RouteMaps
from translator.drivers.doubt import Doubt
from translator.errors import ParseError, Where
from translator.intents.device import SHARED_NUMBERS, DeviceQos, InterfaceQos, PolicyQos
from translator.intents.pipeline import Stage

__all__ = ["parse", "parse_shared"]

_WANTED: Final = LIST_KINDS | frozenset(
    {
        "class-map",
        "policy-map",
        "table-map",
        "object-group",
        "interface",
        "mls qos",
        "route-map",
        "template",
        "vlan",
        "map-class",
        "service-group",
        "crypto map",
        "ip nat",
        *RESETS,
        *REMOVALS,
    }
)
_LISTS: Final = with_removals(*LIST_KINDS)
_GROUPS: Final = with_removals("object-group")
_CLASSES: Final = with_removals("class-map")
_TABLES: Final = with_removals("table-map")
_POLICIES: Final = with_removals("policy-map")
_OF_INTERFACES: Final = RESETS | {"interface"}
_QUEUING: Final = "queuing"
_BINDS_TOO: Final = frozenset({"template", "vlan", "map-class", "service-group"})
_BEARING: Final = MappingProxyType(
    {
        "interface": BEARING,
        "route-map": frozenset({"set ip", "set ipv6"}),
        **dict.fromkeys(_BINDS_TOO, frozenset({"service-policy"})),
    }
)


def parse(platform: str, text: str, *, file: str) -> DeviceQos:
    """Return what the configuration does.

    Raises:
        ParseError: the text is binary or of another format (XML, JSON).
    """
    _check(text, file)
    reading = read_sections(text, _WANTED, _BEARING)
    return _understood(platform, text, reading, None)


def parse_shared(
    platform: str, text: str, *, file: str, shared: Shared
) -> tuple[DeviceQos, dict[int, int]]:
    """Return the same in numbers that texts have in common, and the text's own number of each.

    A text in which something hangs on the number of a line is read in its own numbers.
    """
    _check(text, file)
    own = shared.text()
    reading = read_sections(text, _WANTED, _BEARING, own)
    sections = own.sections(reading.sections)
    if sections is not None:
        found = _understood(platform, text, replace(reading, sections=sections), shared)
        if not _names_shared_lines(found):
            return found, own.numbers
    return parse(platform, text, file=file), {}


def _names_shared_lines(found: DeviceQos) -> bool:
    """Whether predicates are named after lines in shared numbers: those that were not understood,
    and policies that queue on input. What comes first in a diagram hangs on such a name, and what
    a line's number is, on the texts before.
    """
    if any(item.line >= SHARED_NUMBERS for item in found.unread):
        return True
    queuing = (item.bound for item in found.policies if item.kind == _QUEUING)
    return any(direction == "in" for bound in queuing for _, direction in bound)


def _understood(platform: str, text: str, reading: Reading, shared: Shared | None) -> DeviceQos:
    # Interfaces are by far the most: what asks for others does not look at each of them again.
    bindings: list[Section] = []
    others: list[Section] = []
    for section in reading.sections:
        (bindings if section.kind in _OF_INTERFACES else others).append(section)
    idle: tuple[TextLine, ...] = ()
    if not REMOVALS.isdisjoint([section.kind for section in others]):
        sections, idle = settled(reading.sections)
        bindings = [section for section in sections if section.kind in _OF_INTERFACES]
        others = [section for section in sections if section.kind not in _OF_INTERFACES]
    reading = Reading(tuple(others), reading.notes, reading.typed)
    policies, ledger = _policies(reading, shared)
    for line in idle:
        ledger.read(line)
    ledger.add_notes(reading.notes)
    around = Surroundings(
        RouteMaps(_of(reading, "route-map"), ledger),
        CryptoMaps(_of(reading, "crypto map"), lambda: _lists(reading, Ledger())),
        Translation(_of(reading, "ip nat")),
        lambda: read_ports(text, qos_on_members=False, qos_on_vlans=True),
    )
    interfaces = Interfaces(bindings, policies, around, ledger, typed=reading.typed)
    doubt = _doubted((*_not_of_routers(reading, ledger), *interfaces.unknown_ranges()))
    return DeviceQos(
        platform=platform,
        interfaces=tuple(interfaces.all(doubt)),
        other_interface=InterfaceQos("*", doubt, doubt),
        policies=tuple(_policy(name, policies, interfaces) for name in policies.names),
        qos_lines=ledger.qos_lines,
        understood=ledger.understood,
        unread=ledger.unread_lines,
        notes=ledger.notes,
        incomplete=why_incomplete(text, reading.notes),
    )


def _policies(reading: Reading, shared: Shared | None) -> tuple[PolicyMaps, Ledger]:
    """Return the policies of a text and the account of the lines that define them."""
    if shared is None:
        return _defined(reading, None)
    known = shared.definitions(reading.sections, lambda: _complete(_defined(reading, shared)))
    if known is None:
        return _defined(reading, None)
    policies, ledger = known
    own = ledger.copy()
    return policies.with_ledger(own), own


def _complete(defined: tuple[PolicyMaps, Ledger]) -> tuple[PolicyMaps, Ledger] | None:
    """Return definitions that are read to the end, None where they lack something: what is said
    of that is said to each text anew.
    """
    policies, ledger = defined
    for name in policies.names:
        policies.stage(name)
        policies.stage(name, queues=False)
    return None if ledger.notes else defined


def _defined(reading: Reading, shared: Shared | None) -> tuple[PolicyMaps, Ledger]:
    ledger = Ledger()
    classes = ClassMaps(_of(reading, *_CLASSES), _lists(reading, ledger), ledger)
    classes.read_all()
    tables = TableMaps(_of(reading, *_TABLES), ledger)
    return PolicyMaps(_of(reading, *_POLICIES), classes, tables, ledger, shared), ledger


def _lists(reading: Reading, ledger: Ledger) -> AccessLists:
    return AccessLists(_of(reading, *_LISTS), Groups(_of(reading, *_GROUPS), ledger), ledger)


def _check(text: str, file: str) -> None:
    if "\0" in text:
        raise ParseError("the text is binary", where=Where(file), hint="save `show running-config`")
    start = text.lstrip()[:1]
    if start in ("<", "{", "["):
        raise ParseError(
            f"the text starts with {start!r} and is no IOS configuration",
            where=Where(file),
            hint="give the output of `show running-config`",
        )


def _of(reading: Reading, *kinds: str) -> Iterator[Section]:
    return (section for section in reading.sections if section.kind in kinds)


def _not_of_routers(reading: Reading, ledger: Ledger) -> Iterator[Doubt]:
    """Yield why every interface is unclear: switch-wide QoS that this platform does not have."""
    for section in _of(reading, "mls qos"):
        ledger.unread(section.head, "mls qos is the QoS of Catalyst switches, not of routers")
        yield Doubt.at(section.head.number, section.head.text)
    for section in _of(reading, *_BINDS_TOO):
        for line in section.body:
            if line.keys[0] == "service-policy" and line.keys[1:2] != ["type"]:
                ledger.unread(line, f"a policy bound in a {section.kind} is not followed")
                yield Doubt.at(line.number, line.text)


def _doubted(doubts: tuple[Doubt, ...]) -> tuple[Stage, ...]:
    """Return the stage that makes the treatment of every packet unknown, if there is a doubt."""
    if not doubts:
        return ()
    return (Stage("switch-wide", tuple(doubt.rule() for doubt in doubts)),)


def _policy(name: str, policies: PolicyMaps, interfaces: Interfaces) -> PolicyQos:
    return PolicyQos(
        name=name,
        kind=_QUEUING if policies.queues(name) else "marking",
        stages=(policies.stage(name),),
        queuing=policies.queuing(name),
        bound=interfaces.bound(name),
        lines=policies.lines_of(name),
    )
