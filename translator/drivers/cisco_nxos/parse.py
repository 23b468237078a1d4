"""Reads the text of an NX-OS configuration into what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from translator.drivers.cisco.classmap import is_noise, name_of
from translator.drivers.cisco.kinds import RESETS
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.lists import LIST_KINDS
from translator.drivers.cisco.reader import Reading, Section, read_sections
from translator.drivers.cisco.removed import settled, with_removals
from translator.drivers.cisco_nxos.classes import NexusClasses
from translator.drivers.cisco_nxos.lists import NexusLists
from translator.drivers.cisco_nxos.places import BEARING, Places
from translator.drivers.cisco_nxos.policy import QosPolicies
from translator.drivers.cisco_nxos.profiles import without_profiles
from translator.drivers.cisco_nxos.queuing import QueuingPolicies
from translator.drivers.cisco_nxos.whole import why_incomplete
from translator.errors import ParseError, Where
from translator.intents.device import DeviceQos, PolicyQos

__all__ = ["parse"]

_BINDS: Final = ("interface", "system", "vlan", "port-profile", *RESETS)
_LISTS: Final = with_removals(*LIST_KINDS)
_CLASSES: Final = with_removals("class-map")
_POLICIES: Final = with_removals("policy-map")
_WANTED: Final = _LISTS | _CLASSES | _POLICIES | {*_BINDS}
_BEARING: Final = MappingProxyType(
    {
        "interface": BEARING,
        "vlan": frozenset({"service-policy"}),
        "port-profile": frozenset({"service-policy"}),
    }
)
_QUEUING: Final = "queuing "
# The same frames in other words: sizes and flow control of a class of the fabric.
_FABRIC: Final = "network-qos "


def parse(platform: str, text: str, *, file: str) -> DeviceQos:
    """Return what the configuration does.

    Raises:
        ParseError: the text is binary or of another format (XML, JSON).
    """
    _check(text, file)
    shown, profiles = without_profiles(text)
    reading = read_sections(shown, _WANTED, _BEARING)
    sections, idle = settled(reading.sections)
    reading = replace(reading, sections=sections)
    ledger = Ledger()
    for line in idle:
        ledger.read(line)
    lists = NexusLists(_of(reading, *_LISTS), ledger)
    classes = NexusClasses(_of(reading, *_CLASSES), lists, ledger)
    classes.read_all()
    named = list(_policies(_of(reading, *_POLICIES), ledger))
    qos = QosPolicies(((name, item) for name, item in named if " " not in name), classes, ledger)
    queuing = QueuingPolicies(_prefixed(named, _QUEUING), classes, ledger)
    for _, section in _prefixed(named, _FABRIC):
        for line in (section.head, *section.body):
            ledger.read(line)
    ledger.add_notes(reading.notes)
    places = Places(qos, queuing, ledger)
    places.read(_of(reading, *_BINDS))
    places.doubt_profiles(profiles)
    return DeviceQos(
        platform=platform,
        interfaces=tuple(places.interfaces()),
        other_interface=places.other,
        policies=tuple(_listed(qos, queuing, places)),
        qos_lines=ledger.qos_lines,
        understood=ledger.understood,
        unread=ledger.unread_lines,
        notes=ledger.notes,
        incomplete=why_incomplete(text, reading.notes),
    )


def _check(text: str, file: str) -> None:
    if "\0" in text:
        raise ParseError("the text is binary", where=Where(file), hint="save `show running-config`")
    start = text.lstrip()[:1]
    if start in ("<", "{", "["):
        raise ParseError(
            f"the text starts with {start!r} and is no NX-OS configuration",
            where=Where(file),
            hint="give the output of `show running-config`, not that of `| json` or `| xml`",
        )


def _of(reading: Reading, *kinds: str) -> Iterator[Section]:
    return (section for section in reading.sections if section.kind in kinds)


def _policies(sections: Iterable[Section], ledger: Ledger) -> Iterator[tuple[str, Section]]:
    """Yield policy-maps with their names; those of a type but qos have it before them."""
    for section in sections:
        if is_noise(section):
            continue
        name = name_of(section)
        if name is not None:
            yield name, section
            continue
        for line in (section.head, *section.body):
            ledger.unread(line, "a policy of this type is not known on this platform")


def _prefixed(named: Iterable[tuple[str, Section]], prefix: str) -> Iterator[tuple[str, Section]]:
    return ((name.removeprefix(prefix), x) for name, x in named if name.startswith(prefix))


def _listed(qos: QosPolicies, queuing: QueuingPolicies, places: Places) -> Iterator[PolicyQos]:
    for name in qos.names:
        bound = places.bound("qos", name)
        yield PolicyQos(name, "marking", (qos.stage(name),), None, bound, qos.lines_of(name))
    for name in queuing.names:
        yield PolicyQos(
            # Each type has names of its own.
            f"{_QUEUING}{name}" if name in qos.names else name,
            "queuing",
            (queuing.stage(name),),
            queuing.queuing(name),
            places.bound("queuing", name),
            queuing.lines_of(name),
        )
