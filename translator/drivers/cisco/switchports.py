"""What an IOS configuration says of its interfaces beside QoS, in one pass over the text.

Only lines of `interface` sections are looked at, each distinct line once for a whole fleet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from translator.drivers.capture import cleaned
from translator.drivers.cisco.hardware import hardware_of
from translator.drivers.cisco.places import Opener, is_unknown_range
from translator.drivers.cisco.printed import LONGEST, own_lines, printed_interfaces
from translator.drivers.cisco.reader import line_of, read_sections
from translator.intents.port import Port, PortMode

__all__ = ["MEMBERS", "read_ports"]

MEMBERS: Final = "its members"
_KBIT: Final = 1_000
_MEGABIT: Final = 10**6
_MODES: Final = {"access": PortMode.ACCESS, "trunk": PortMode.TRUNK}
_DEFAULT_VLAN: Final = "1"
_UNTAGGED: Final = frozenset({"dot1p", "untagged"})
_VLAN: Final = re.compile(r"[0-9]{1,4}")
_UNTOLD: Final = "untold"
_ACCESS_VLAN: Final = re.compile(r"\n[ \t]switchport +access +vlan +(\S+)", re.IGNORECASE)
_VOICE_VLAN: Final = re.compile(r"\n[ \t]switchport +voice +vlan +(\S+)", re.IGNORECASE)
_DESCRIPTION: Final = "\n description "


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


class _Fact(NamedTuple):
    """What one line says: the name of a field below and its value."""

    field: str
    value: str | int | bool | PortMode


class _Section(NamedTuple):
    """An interface's lines from a header on: their numbers, and those of them that tell something;
    a later section adds to an earlier.
    """

    lines: tuple[int, ...]
    telling: str
    description: str
    access_vlan: str
    voice_vlan: str


class _Facts:
    """What the telling lines of one interface say; never changed when read."""

    __slots__ = (
        "access_vlan",
        "address",
        "bundle",
        "circuit_bps",
        "line_bps",
        "mode",
        "outside",
        "shutdown",
        "switched",
        "trunk",
        "voice_vlan",
    )

    def __init__(self, telling: str) -> None:
        self.shutdown = False
        self.mode: PortMode | None = None
        self.access_vlan = ""
        self.trunk = False
        self.switched: bool | None = None
        self.address = False
        self.voice_vlan = ""
        self.outside = False
        self.bundle = ""
        self.circuit_bps: int | None = None
        self.line_bps: int | None = None
        for raw in telling.split("\n"):
            fact = _fact(raw)
            if fact is not None:
                setattr(self, fact.field, fact.value)
        self.mode = self._mode()

    def _mode(self) -> PortMode:
        if self.mode is not None:
            return self.mode
        if self.address or self.switched is False:
            return PortMode.ROUTED
        # Source: LAN switching command reference, `switchport access vlan`: the VLAN of the port
        # while it is no trunk. Printed without a mode where access is the default.
        if self.access_vlan and not self.trunk:
            return PortMode.ACCESS
        return PortMode.UNSTATED

    def vlan_interfaces(self, section: _Section) -> tuple[str, str]:
        """Return the interfaces of the access VLAN and of the voice VLAN, "" of none.

        Lines that are alike share these facts; which VLANs it is, only the section itself tells.

        Source: LAN switching command reference, `switchport access vlan`: VLAN 1 is the default;
        `switchport voice vlan`: with `dot1p` and `untagged` phones are in the access VLAN.
        """
        if self.mode is not PortMode.ACCESS:
            return "", ""
        access, voice = (
            (said or _UNTOLD) if told not in ("", _UNTOLD) else told
            for told, said in (
                (self.access_vlan, section.access_vlan),
                (self.voice_vlan, section.voice_vlan),
            )
        )
        own = _vlan_interface(access or _DEFAULT_VLAN)
        return own, own if voice in _UNTAGGED else _vlan_interface(voice)


# The sections of a fleet are few once the lines that tell nothing are left out.
@lru_cache(maxsize=32768)
def _facts(telling: str) -> _Facts:
    return _Facts(telling)


def read_ports(text: str, *, qos_on_members: bool, qos_on_vlans: bool) -> tuple[Port, ...]:
    """Return the interfaces of a text in its order; never raises.

    Args:
        qos_on_members: whether the QoS of a Port-channel stands on its members (else on itself).
        qos_on_vlans: whether a policy of the VLAN's interface meets packets of its access ports.
    """
    opener = Opener()
    found: dict[str, list[_Section]] = {}
    for header, section in _printed(text) if _is_printed(text) else _typed(text):
        for name in _opened(header, len(section.lines), opener):
            found.setdefault(name, []).append(section)
    return tuple(
        _port(name, _joined(sections), qos_on_members=qos_on_members, qos_on_vlans=qos_on_vlans)
        for name, sections in found.items()
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
    facts, hardware = _facts(section.telling), hardware_of(name)
    qos_at = facts.bundle
    if qos_on_members:
        qos_at = MEMBERS if hardware.bundle else ""
    vlans = facts.vlan_interfaces(section) if qos_on_vlans else ("", "")
    port: Port = _new(
        Port,
        (
            name,
            section.lines,
            facts.shutdown,
            facts.mode or PortMode.UNSTATED,
            bool(facts.voice_vlan),
            facts.outside,
            hardware.virtual,
            facts.bundle,
            facts.circuit_bps,
            facts.line_bps or hardware.line_bps,
            section.description,
            hardware.distant,
            qos_at,
            *vlans,
        ),
    )
    return port


def _opened(header: str, lines: int, opener: Opener) -> tuple[str, ...]:
    """Return the interfaces of a header, without its first word; none for a range that is not
    understood.
    """
    words = header.split()
    if len(words) == 1:
        return (words[0],)
    names = opener.opened(line_of(f"interface {header}"), lines)
    return tuple(name for name in names if name and not is_unknown_range(name))


def _is_printed(text: str) -> bool:
    """Whether a device wrote the text: typed text shortens headers or lacks indentation."""
    return (
        "\n " in text
        and "\n int" not in text
        and "(conf" not in text
        and "\b" not in text
        and "More--" not in text
        and text.count("\nint") == text.count("\ninterface ")
    )


def _printed(text: str) -> Iterator[tuple[str, _Section]]:
    """Yield the header and the lines of every interface of a text that a device printed."""
    text = "\n" + text.removeprefix("\ufeff")
    banners = tuple(_banners(text))
    for item in printed_interfaces(text):
        if not item.header or any(start <= item.at < end for start, end in banners):
            continue
        said, alike = item.said, item.alike
        if len(said) > LONGEST:
            said, alike = own_lines(said), own_lines(alike)
        if said[1:3].isspace() and said[1] != "\n":
            said = alike = _shifted(own_lines(said)[1:].split("\n"))
        told = _told(alike)
        description = item.description
        if told.exact or said is alike:
            told = _told(said)
            description = description or told.description
        first = item.number + 1
        lines = tuple(range(first, first + 1 + told.own))
        section = (lines, told.telling, description, said[told.access_vlan], said[told.voice_vlan])
        yield item.header, _new(_Section, section)


class _Told(NamedTuple):
    """How many lines are an interface's own, and which of them tell something, in lower case.

    Attributes:
        exact: they have to be read as they are, because their numbers count.
        access_vlan, voice_vlan: where in the text these VLANs stand.
    """

    own: int
    telling: str
    description: str
    exact: bool
    access_vlan: slice
    voice_vlan: slice


@lru_cache(maxsize=8192)
def _told(said: str) -> _Told:
    below = own_lines(said)
    telling = "".join(_TELLING.findall(below.lower()))
    facts = _facts(telling)
    numbers = facts.circuit_bps is not None or facts.line_bps is not None or bool(facts.bundle)
    return _Told(
        below.count("\n"),
        telling,
        _description(below),
        numbers or "ipv0" in telling,
        _place(below, _ACCESS_VLAN),
        _place(below, _VOICE_VLAN),
    )


def _place(text: str, line: re.Pattern[str]) -> slice:
    """Return where the last such line has its word; an empty slice where there is none."""
    place = (0, 0)
    for found in line.finditer(text):
        place = found.span(1)
    return slice(*place)


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
        lines = tuple(range(section.head.number, section.head.number + 1 + len(section.body)))
        header = " ".join(section.head.words[1:])
        told = _told(below)
        vlans = below[told.access_vlan], below[told.voice_vlan]
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


@lru_cache(maxsize=16384)
def _fact(raw: str) -> _Fact | None:
    """Return what a line in lower case says; one of a service instance or circuit below does not
    count.
    """
    if raw[1:2].isspace():
        return None
    words = raw.split()
    negated = words[:1] == ["no"]
    read = _READ.get(words[negated]) if len(words) > negated else None
    return None if read is None else read(words[negated + 1 :], not negated)


def _vlan_interface(vlan: str) -> str:
    """Return the interface that routes a VLAN, "" where its number is not told."""
    return f"Vlan{int(vlan)}" if _VLAN.fullmatch(vlan) else ""


def _switchport(rest: list[str], said: bool) -> _Fact | None:
    if not rest:
        return _Fact("switched", said)
    if rest[0] == "mode" and len(rest) > 1:
        return _Fact("mode", _MODES.get(rest[1], PortMode.UNSTATED)) if said else None
    vlan = rest[2] if len(rest) == 3 else _UNTOLD
    if rest[:2] == ["voice", "vlan"]:
        # Source: LAN switching command reference, `switchport voice vlan`: `none` has no VLAN.
        return _Fact("voice_vlan", vlan if said and vlan != "none" else "")
    if rest[:2] == ["access", "vlan"]:
        return _Fact("access_vlan", vlan if said else "")
    return _Fact("trunk", said) if rest[0] == "trunk" else None


def _ip(rest: list[str], said: bool) -> _Fact | None:
    if rest[:2] == ["nat", "outside"]:
        return _Fact("outside", said)
    return _Fact("address", said) if rest[:1] in (["address"], ["unnumbered"]) else None


def _bandwidth(rest: list[str], said: bool) -> _Fact | None:
    # Source: interface command reference, `bandwidth`: kbit/s.
    if len(rest) != 1 or not rest[0].isdecimal() or len(rest[0]) > 10 or not said:
        return None
    return _Fact("circuit_bps", int(rest[0]) * _KBIT)


def _speed(rest: list[str], said: bool) -> _Fact | None:
    if len(rest) != 1 or not rest[0].isdecimal() or len(rest[0]) > 6 or not said:
        return None
    return _Fact("line_bps", int(rest[0]) * _MEGABIT)


def _channel_group(rest: list[str], said: bool) -> _Fact | None:
    return _Fact("bundle", f"Port-channel{rest[0]}" if said else "") if rest else None


def _ppp(rest: list[str], said: bool) -> _Fact | None:
    if rest[:2] != ["multilink", "group"] or len(rest) != 3:
        return None
    return _Fact("bundle", f"Multilink{rest[2]}" if said else "")


_READ: Final[dict[str, Callable[[list[str], bool], _Fact | None]]] = {
    "switchport": _switchport,
    "ip": _ip,
    "ipv6": lambda rest, said: _Fact("address", said) if rest[:1] == ["address"] else None,
    "bandwidth": _bandwidth,
    "speed": _speed,
    "channel-group": _channel_group,
    "ppp": _ppp,
    "shutdown": lambda rest, said: None if rest else _Fact("shutdown", said),
}
# What begins otherwise tells nothing; of lines that begin so, `_fact` sees whether they do.
_TELLING: Final = re.compile(rf"\n[ \t](?:no|{'|'.join(map(re.escape, _READ))})[^\n]*")
