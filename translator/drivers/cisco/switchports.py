"""What an IOS configuration says of its interfaces beside QoS, in one pass over the text.

Only lines of `interface` sections are looked at, each distinct line once for a whole fleet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from translator.drivers.capture import cleaned
from translator.drivers.cisco.freetext import BEGINNING, FreeTexts
from translator.drivers.cisco.hardware import NUMBERING, hardware_of
from translator.drivers.cisco.pasted import Pasted, pasted
from translator.drivers.cisco.places import Opener, is_unknown_range
from translator.drivers.cisco.port_facts import facts_of, telling_lines
from translator.drivers.cisco.printed import (
    HEADER,
    Likeness,
    PrintedInterface,
    printed_interfaces,
)
from translator.drivers.cisco.reader import line_of, read_sections
from translator.intents.port import Port, PortMode

__all__ = ["MEMBERS", "read_ports"]

MEMBERS: Final = "its members"
_INTERFACE: Final = frozenset({"interface"})
_ACCESS_VLAN: Final = re.compile(r"\n[ \t]switchport +access +vlan +\S", re.IGNORECASE)
_VOICE_VLAN: Final = re.compile(r"\n[ \t]switchport +voice +vlan +\S", re.IGNORECASE)
# What shows that a text was typed, and what may hide some of one that was not.
_TURN: Final = re.compile(rf"\n(?: int|int(?!erface )|{BEGINNING})")
_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


class _Section(NamedTuple):
    """An interface's lines from a header on: the number of the header's, those that tell something,
    and what counts of others that are alike; a later section adds to an earlier.
    """

    line: int
    telling: str
    access_vlan: str
    voice_vlan: str


class _Facing(NamedTuple):
    """Where a platform has the QoS of ports; as for `read_ports`."""

    qos_on_members: bool
    qos_on_vlans: bool


def read_ports(text: str, *, qos_on_members: bool, qos_on_vlans: bool) -> tuple[Port, ...]:
    """Return the interfaces of a text in its order; never raises.

    Args:
        qos_on_members: whether the QoS of a Port-channel stands on its members (else on itself).
        qos_on_vlans: whether a policy of the VLAN's interface meets packets of its access ports.
    """
    shown = pasted(text)
    facing = _Facing(qos_on_members, qos_on_vlans)
    printed = _printed(shown)
    if printed is not None:
        ports = _at_a_glance(shown, printed, facing)
        if len({port.name for port in ports}) == len(ports):
            return tuple(ports)
    found: dict[str, list[_Section]] = {}
    for name, section in _typed(text) if printed is None else _sections(shown, printed):
        found.setdefault(name, []).append(section)
    return tuple([_port(name, _joined(sections), facing) for name, sections in found.items()])


def _at_a_glance(shown: Pasted, printed: Iterable[PrintedInterface], facing: _Facing) -> list[Port]:
    """Return a port for each interface, as if none had two sections."""
    opener, lines = Opener(), shown.lines
    found: list[Port] = []
    for item in printed:
        number, like = item
        alike = None if like.is_long else _alike(like, facing)
        if alike is None:
            named = _named_sections(item, lines, opener)
            found += [_port(name, section, facing) for name, section in named]
            continue
        fields, vlans, access, voice, telling = alike
        if access or voice:
            access_vlan = _vlan(lines[number + access]) if access else ""
            voice_vlan = _vlan(lines[number + voice]) if voice else ""
            vlans = _vlan_interfaces(telling, access_vlan, voice_vlan)
        # Fields by their places: a copy with others, asked for by name, takes five times as long.
        found.append(_new(Port, (lines[number][_NAME].strip(), number + 1, *fields, *vlans)))
    return found


class _Alike(NamedTuple):
    """What ports have in common whose lines are alike.

    Attributes:
        fields: all but name and line, and but for the VLANs' interfaces.
        vlans: these, where no line names a VLAN.
        access_vlan, voice_vlan: which lines name them, counted from the header; 0 for none.
    """

    fields: tuple[object, ...]
    vlans: tuple[str, str]
    access_vlan: int
    voice_vlan: int
    telling: str


@lru_cache(maxsize=16384)
def _alike(like: Likeness, facing: _Facing) -> _Alike | None:
    """Return the same for all such interfaces; None where the lines of each have to be read."""
    told = _told(like) if like.name else None
    if told is None:
        return None
    telling, access, voice = told
    port = _unnamed(telling, like.name.rstrip(NUMBERING), facing.qos_on_members)
    if not (facing.qos_on_vlans and port.mode is PortMode.ACCESS):
        return _Alike(port[2:-2], ("", ""), 0, 0, telling)
    return _Alike(port[2:-2], _vlan_interfaces(telling, "", ""), access, voice, telling)


def _joined(sections: list[_Section]) -> _Section:
    """Return what all sections of one interface say; the last VLANs count."""
    if len(sections) == 1:
        return sections[0]
    backwards = sections[::-1]
    return _Section(
        sections[0].line,
        "".join(item.telling for item in sections),
        next((item.access_vlan for item in backwards if item.access_vlan), ""),
        next((item.voice_vlan for item in backwards if item.voice_vlan), ""),
    )


def _port(name: str, section: _Section, facing: _Facing) -> Port:
    line, telling, access_vlan, voice_vlan = section
    alike = _unnamed(telling, name.rstrip(NUMBERING), facing.qos_on_members)
    vlans = "", ""
    if facing.qos_on_vlans and alike.mode is PortMode.ACCESS:
        vlans = _vlan_interfaces(telling, access_vlan, voice_vlan)
    port: Port = _new(Port, (name, line, *alike[2:-2], *vlans))
    return port


@lru_cache(maxsize=16384)
def _vlan_interfaces(telling: str, access_vlan: str, voice_vlan: str) -> tuple[str, str]:
    return facts_of(telling).vlan_interfaces(access_vlan, voice_vlan)


@lru_cache(maxsize=8192)
def _unnamed(telling: str, letters: str, qos_on_members: bool) -> Port:
    """Return the port of some lines but for what is its own alone.

    Args:
        letters: the type in its name.
    """
    facts, hardware = facts_of(telling), hardware_of(letters)
    return Port(
        "",
        shutdown=facts.shutdown,
        mode=facts.mode or PortMode.UNSTATED,
        voice_vlan=bool(facts.voice_vlan),
        outside=facts.outside,
        virtual=hardware.virtual,
        bundle=facts.bundle,
        circuit_bps=facts.circuit_bps,
        line_bps=facts.line_bps or hardware.line_bps,
        distant=hardware.distant,
        qos_at=(MEMBERS if hardware.bundle else "") if qos_on_members else facts.bundle,
    )


def _printed(shown: Pasted) -> Sequence[PrintedInterface] | None:
    """Return the interfaces of a text that a device printed, but for words of banners and macros.

    None of typed text, which shortens headers or lacks indentation.
    """
    if not shown.plain or "\n " not in shown.text:
        return None
    starts: list[int] = []
    for found in _TURN.finditer(shown.text):
        if found[0].endswith("int"):
            return None
        starts.append(found.start())
    hidden = frozenset(chain.from_iterable(_hidden(shown, starts)))
    interfaces = printed_interfaces(shown)
    return [item for item in interfaces if item.number not in hidden] if hidden else interfaces


def _sections(shown: Pasted, printed: Iterable[PrintedInterface]) -> Iterator[tuple[str, _Section]]:
    """Yield the name and the lines of every interface."""
    opener = Opener()
    for item in printed:
        yield from _named_sections(item, shown.lines, opener)


def _named_sections(
    item: PrintedInterface, lines: list[str], opener: Opener
) -> Iterator[tuple[str, _Section]]:
    """Yield the names that a header opens, with the lines below it."""
    number, like = item
    told = None if like.is_long else _told(like)
    if told is None:
        section = _by_itself(number, lines[number + 1 : number + 1 + like.own])
    else:
        telling, access, voice = told
        access_vlan = _vlan(lines[number + access]) if access else ""
        voice_vlan = _vlan(lines[number + voice]) if voice else ""
        section = _Section(number + 1, telling, access_vlan, voice_vlan)
    header = lines[number][_NAME]
    if like.name:
        yield header.strip(), section
        return
    for name in _named(opener.opened(line_of(f"{HEADER}{header}"), 1 + like.own)):
        yield name, section


_NAME: Final = slice(len(HEADER), None)


class _Told(NamedTuple):
    """Those of an interface's lines that tell something, in lower case, and which lines name its
    VLANs, counted from the header; 0 for none.
    """

    telling: str
    access_vlan: int
    voice_vlan: int


@lru_cache(maxsize=16384)
def _told(like: Likeness) -> _Told | None:
    """Return what alike interfaces tell; None where the lines of each have to be read as they are,
    because digits or the indentation count.
    """
    below = "".join(f"\n{line}" for line in like.said.split("\n")[1 : 1 + like.own])
    telling = telling_lines(below)
    facts = facts_of(telling)
    if facts.circuit_bps is not None or facts.line_bps is not None or facts.bundle:
        return None
    if below[1:3].isspace() or "ipv0" in telling:
        return None
    return _Told(telling, _last(_ACCESS_VLAN, below), _last(_VOICE_VLAN, below))


def _last(line: re.Pattern[str], below: str) -> int:
    """Return which of the lines is the last such, counted from 1; 0 for none."""
    at = 0
    for found in line.finditer(below):
        at = below.count("\n", 0, found.start()) + 1
    return at


def _vlan(line: str) -> str:
    return line.split(None, 4)[3]  # `switchport access vlan 10`


def _by_itself(number: int, lines: Sequence[str]) -> _Section:
    """Return the section below line `number`, from 0, by its lines as they are."""
    if not lines:
        return _Section(number + 1, "", "", "")
    below = _shifted(lines)
    vlans = []
    for line in (_ACCESS_VLAN, _VOICE_VLAN):
        at = _last(line, below)
        vlans.append(_vlan(lines[at - 1]) if at else "")
    return _Section(number + 1, telling_lines(below), *vlans)


def _hidden(shown: Pasted, starts: Iterable[int]) -> Iterator[range]:
    """Yield the lines of banners and macros, from 0; one that does not end hides nothing.

    Args:
        starts: where lines begin that may begin one, in the text.
    """
    text, free_texts = shown.text, FreeTexts(shown.lines)
    at, counted = len(shown.lines), len(text)  # the first is mostly near the end
    behind = 0
    for start in starts:
        if start < counted:
            at -= text.count("\n", start, counted)
        else:
            at += text.count("\n", counted, start)
        counted = start
        end = free_texts.end(at + 1) if at >= behind else None
        if end is not None:
            yield range(at, end)
            behind = end


def _typed(text: str) -> Iterator[tuple[str, _Section]]:
    """Yield the same of a text whose indentation is lost or whose headers are shortened."""
    opener = Opener()
    for _, head, body in read_sections(cleaned(text), _INTERFACE).sections:
        section = _by_itself(head.number - 1, [" " * line.indent + line.text for line in body])
        for name in _named(opener.opened(head, 1 + len(body))):
            yield name, section


def _named(names: Iterable[str]) -> list[str]:
    """Return the names that stand for one interface, which a range that nobody understands does
    not.
    """
    return [name for name in names if name and not is_unknown_range(name)]


def _shifted(below: Sequence[str]) -> str:
    """Return lines with one blank before those of the interface, two before those below them."""
    base = min((len(raw) - len(raw.lstrip()) for raw in below), default=0)
    return "".join(f"\n {raw[base:]}" for raw in below)
