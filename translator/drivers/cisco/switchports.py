"""What an IOS configuration says of its interfaces beside QoS, in one pass over the text.

Only lines of `interface` sections are looked at, each distinct line once for a whole fleet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from translator.drivers.capture import cleaned
from translator.drivers.cisco.hardware import NUMBERING, hardware_of
from translator.drivers.cisco.pasted import Pasted, pasted
from translator.drivers.cisco.places import Opener, is_unknown_range
from translator.drivers.cisco.port_facts import facts_of, telling_lines
from translator.drivers.cisco.printed import HEADER, Likeness, printed_interfaces
from translator.drivers.cisco.reader import line_of, read_sections
from translator.intents.port import Port, PortMode

__all__ = ["MEMBERS", "read_ports"]

MEMBERS: Final = "its members"
_INTERFACE: Final = frozenset({"interface"})
_TYPED_HEADER: Final = re.compile(r"\n(?: int|int(?!erface ))")
_ACCESS_VLAN: Final = re.compile(r"\n[ \t]switchport +access +vlan +\S", re.IGNORECASE)
_VOICE_VLAN: Final = re.compile(r"\n[ \t]switchport +voice +vlan +\S", re.IGNORECASE)
_BANNER: Final = "\nbanner "


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


class _Section(NamedTuple):
    """An interface's lines from a header on: the number of the header's, those that tell something,
    and what counts of others that are alike; a later section adds to an earlier.
    """

    line: int
    telling: str
    access_vlan: str
    voice_vlan: str


def read_ports(text: str, *, qos_on_members: bool, qos_on_vlans: bool) -> tuple[Port, ...]:
    """Return the interfaces of a text in its order; never raises.

    Args:
        qos_on_members: whether the QoS of a Port-channel stands on its members (else on itself).
        qos_on_vlans: whether a policy of the VLAN's interface meets packets of its access ports.
    """
    shown = pasted(text)
    found: dict[str, list[_Section]] = {}
    for name, section in _printed(shown) if _is_printed(shown) else _typed(text):
        if name in found:
            found[name].append(section)
        else:
            found[name] = [section]
    return tuple(
        [
            _port(name, _joined(sections), qos_on_members=qos_on_members, qos_on_vlans=qos_on_vlans)
            for name, sections in found.items()
        ]
    )


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


def _port(name: str, section: _Section, *, qos_on_members: bool, qos_on_vlans: bool) -> Port:
    line, telling, access_vlan, voice_vlan = section
    alike = _unnamed(telling, name.rstrip(NUMBERING), qos_on_members)
    vlans = "", ""
    if qos_on_vlans and alike.mode is PortMode.ACCESS:
        vlans = facts_of(telling).vlan_interfaces(access_vlan, voice_vlan)
    # Fields by their places: a copy with other fields, asked for by name, takes five times as long.
    port: Port = _new(Port, (name, line, *alike[2:-2], *vlans))
    return port


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


def _is_printed(shown: Pasted) -> bool:
    """Whether a device wrote the text: typed text shortens headers or lacks indentation."""
    return shown.plain and "\n " in shown.text and _TYPED_HEADER.search(shown.text) is None


def _printed(shown: Pasted) -> Iterator[tuple[str, _Section]]:
    """Yield the name and the lines of every interface of a text that a device printed."""
    opener, lines = Opener(), shown.lines
    banners = tuple(_banners(shown))
    for number, like in printed_interfaces(shown):
        if banners and any(number in banner for banner in banners):
            continue
        told = None if like.is_long else _told(like)
        if told is None:
            section = _by_itself(number, lines[number + 1 : number + 1 + like.own])
        else:
            telling, access, voice = told
            access_vlan = _vlan(lines[number + access]) if access else ""
            voice_vlan = _vlan(lines[number + voice]) if voice else ""
            section = _new(_Section, (number + 1, telling, access_vlan, voice_vlan))
        header = lines[number][_NAME]
        if like.is_single:
            yield header.strip(), section
            continue
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
        return _new(_Section, (number + 1, "", "", ""))
    below = _shifted(lines)
    vlans = []
    for line in (_ACCESS_VLAN, _VOICE_VLAN):
        at = _last(line, below)
        vlans.append(_vlan(lines[at - 1]) if at else "")
    return _Section(number + 1, telling_lines(below), *vlans)


def _banners(shown: Pasted) -> Iterator[range]:
    """Yield the lines of banners, from 0; a banner that does not end hides nothing."""
    text, end_of_text = shown.text, len(shown.lines)
    at = text.find(_BANNER)
    while at >= 0:
        words = text[at : at + 200].split(None, 2)
        if len(words) == 3:
            # Source: IOS command reference, banner: the delimiter is the message's first
            # character; a running configuration shows ^C as two.
            mark = "^C" if words[2].startswith("^C") else words[2][0]
            end = text.find(mark, text.index(words[2][:20], at) + len(mark))
            if end > 0:
                first = end_of_text - text.count("\n", at)
                yield range(first, first + text.count("\n", at, end))
                at = end
        at = text.find(_BANNER, at + 1)


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
