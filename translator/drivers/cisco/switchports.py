"""What an IOS configuration says of its interfaces beside QoS, in one pass over the text.

Only lines of `interface` sections are looked at, each distinct line once for a whole fleet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from translator.drivers.capture import cleaned
from translator.drivers.cisco.hardware import NUMBERING, hardware_of
from translator.drivers.cisco.pasted import Pasted, pasted
from translator.drivers.cisco.places import Opener, is_unknown_range
from translator.drivers.cisco.port_facts import facts_of, telling_lines
from translator.drivers.cisco.printed import (
    LONGEST,
    PrintedInterface,
    own_lines,
    printed_interfaces,
)
from translator.drivers.cisco.reader import line_of, read_sections
from translator.intents.port import Port, PortMode

__all__ = ["MEMBERS", "read_ports"]

MEMBERS: Final = "its members"
_TYPED_HEADER: Final = re.compile(r"\n(?: int|int(?!erface ))")
_ACCESS_VLAN: Final = re.compile(r"\n[ \t]switchport +access +vlan +(\S+)", re.IGNORECASE)
_VOICE_VLAN: Final = re.compile(r"\n[ \t]switchport +voice +vlan +(\S+)", re.IGNORECASE)
_DESCRIPTION: Final = "\n description "


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


class _Section(NamedTuple):
    """An interface's lines from a header on: their numbers, those of them that tell something, and
    what others that are alike say otherwise; a later section adds to an earlier.
    """

    lines: Sequence[int]
    telling: str
    description: str
    access_vlan: str
    voice_vlan: str


def read_ports(text: str, *, qos_on_members: bool, qos_on_vlans: bool) -> tuple[Port, ...]:
    """Return the interfaces of a text in its order; never raises.

    Args:
        qos_on_members: whether the QoS of a Port-channel stands on its members (else on itself).
        qos_on_vlans: whether a policy of the VLAN's interface meets packets of its access ports.
    """
    opener = Opener()
    found: dict[str, list[_Section]] = {}
    shown = pasted(text)
    for header, section in _printed(shown.text) if _is_printed(shown) else _typed(text):
        for name in _opened(header, len(section.lines), opener):
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
    """Return what all sections of one interface say; the last description and VLANs count."""
    if len(sections) == 1:
        return sections[0]
    backwards = sections[::-1]
    return _Section(
        tuple(chain.from_iterable(item.lines for item in sections)),
        "".join(item.telling for item in sections),
        next((item.description for item in backwards if item.description), ""),
        next((item.access_vlan for item in backwards if item.access_vlan), ""),
        next((item.voice_vlan for item in backwards if item.voice_vlan), ""),
    )


def _port(name: str, section: _Section, *, qos_on_members: bool, qos_on_vlans: bool) -> Port:
    letters = name.rstrip(NUMBERING)
    alike = _unnamed(section.telling, letters, qos_on_members)
    vlans = "", ""
    if qos_on_vlans and alike.mode is PortMode.ACCESS:
        vlans = facts_of(section.telling).vlan_interfaces(section.access_vlan, section.voice_vlan)
    # Fields by their places: a copy with other fields, asked for by name, takes five times as long.
    fields = (name, section.lines, *alike[2:10], section.description, *alike[11:13], *vlans)
    port: Port = _new(Port, fields)
    return port


@lru_cache(maxsize=32768)
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


def _opened(header: str, lines: int, opener: Opener) -> tuple[str, ...]:
    """Return the interfaces of a header, without its first word; none for a range that is not
    understood.
    """
    words = header.split()
    if len(words) == 1:
        return (words[0],)
    names = opener.opened(line_of(f"interface {header}"), lines)
    return tuple(name for name in names if name and not is_unknown_range(name))


def _is_printed(shown: Pasted) -> bool:
    """Whether a device wrote the text: typed text shortens headers or lacks indentation."""
    return shown.plain and "\n " in shown.text and _TYPED_HEADER.search(shown.text) is None


def _printed(text: str) -> Iterator[tuple[str, _Section]]:
    """Yield the header and the lines of every interface of a text that a device printed."""
    banners = tuple(_banners(text))
    for item in printed_interfaces(text):
        if not item.header or (banners and any(start <= item.at < end for start, end in banners)):
            continue
        told = _told(item.alike) if len(item.alike) < LONGEST else None
        yield item.header, _by_itself(item) if told is None or told.exact else _alike(item, told)


def _alike(item: PrintedInterface, told: _Told) -> _Section:
    """Return the section of an interface whose digits count in the names of its VLANs only."""
    _, number, _, _, below, described, _ = item
    own, telling, _, _, access, voice = told
    at = described.start
    words = described.stop - at  # in `below` they stand before what is behind that place
    access_vlan = (
        below[access[0] + words : access[1] + words] if access[0] > at else below[slice(*access)]
    )
    voice_vlan = (
        below[voice[0] + words : voice[1] + words] if voice[0] > at else below[slice(*voice)]
    )
    lines = range(number + 1, number + 2 + own)
    fields = (lines, telling, below[described].strip(), access_vlan, voice_vlan)
    section: _Section = _new(_Section, fields)
    return section


def _by_itself(item: PrintedInterface) -> _Section:
    """Return the section of an interface of which every character may count."""
    said = item.said
    if len(said) >= LONGEST:
        said = own_lines(said)
    if said[1:3].isspace() and said[1] != "\n":
        said = _shifted(own_lines(said)[1:].split("\n"))
    told = _told(said)
    lines = range(item.number + 1, item.number + 2 + told.own)
    vlans = (said[slice(*place)] for place in (told.access_vlan, told.voice_vlan))
    return _Section(lines, told.telling, item.description or told.description, *vlans)


class _Told(NamedTuple):
    """How many lines are an interface's own, and which of them tell something, in lower case.

    Attributes:
        exact: they have to be read as they are, because their numbers or their indentation count.
        access_vlan, voice_vlan: where in the text these VLANs begin and end.
    """

    own: int
    telling: str
    description: str
    exact: bool
    access_vlan: tuple[int, int]
    voice_vlan: tuple[int, int]


@lru_cache(maxsize=8192)
def _told(said: str) -> _Told:
    below = own_lines(said)
    telling = telling_lines(below)
    facts = facts_of(telling)
    numbers = facts.circuit_bps is not None or facts.line_bps is not None or bool(facts.bundle)
    shifted = said[1:3].isspace() and said[1] != "\n"
    return _Told(
        below.count("\n"),
        telling,
        _description(below),
        numbers or shifted or "ipv0" in telling,
        _place(below, _ACCESS_VLAN),
        _place(below, _VOICE_VLAN),
    )


def _place(text: str, line: re.Pattern[str]) -> tuple[int, int]:
    """Return where the last such line has its word; nowhere if there is none."""
    place = (0, 0)
    for found in line.finditer(text):
        place = found.span(1)
    return place


def _banners(text: str) -> Iterator[tuple[int, int]]:
    """Yield where banners begin and end; a banner that does not end hides nothing."""
    at = text.find("\nbanner ")
    while at >= 0:
        words = text[at : at + 200].split(None, 2)
        if len(words) == 3:
            # Source: IOS command reference, banner: the delimiter is the message's first
            # character; a running configuration shows ^C as two.
            mark = "^C" if words[2].startswith("^C") else words[2][0]
            end = text.find(mark, text.index(words[2][:20], at) + len(mark))
            if end > 0:
                yield at, end
                at = end
        at = text.find("\nbanner ", at + 1)


def _typed(text: str) -> Iterator[tuple[str, _Section]]:
    """Yield the same of a text whose indentation is lost or whose headers are shortened."""
    for section in read_sections(cleaned(text), frozenset({"interface"})).sections:
        # Lines may be left out between those of a section: its numbers are then too low.
        below = _shifted([" " * line.indent + line.text for line in section.body])
        lines = range(section.head.number, section.head.number + 1 + len(section.body))
        header = " ".join(section.head.words[1:])
        told = _told(below)
        vlans = (below[slice(*place)] for place in (told.access_vlan, told.voice_vlan))
        yield header, _Section(lines, told.telling, told.description, *vlans)


def _description(below: str) -> str:
    """Return the first description among the lines, "" without."""
    at = below.find(_DESCRIPTION)
    if at < 0:
        return ""
    start = at + len(_DESCRIPTION)
    end = below.find("\n", start)
    return below[start : end if end >= 0 else None].strip()


def _shifted(below: list[str]) -> str:
    """Return lines with one blank before those of the interface, two before those below them."""
    base = min((len(raw) - len(raw.lstrip()) for raw in below), default=0)
    return "".join("\n " + raw[base:] for raw in below)
