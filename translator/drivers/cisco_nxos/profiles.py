"""Configuration profiles of NX-OS: lines that hold where the profile is applied, and nowhere else.

Source: Nexus 9000 VXLAN guide, configuration profiles: `configure profile P` collects commands,
which `apply profile P` carries out; Nexus 9000 system management guide: those of a maintenance
profile are carried out when the switch enters or leaves maintenance mode. Unverified: how a
listing shows what an applied profile has carried out, so what its lines do is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from translator.drivers.cisco.reader import TextLine, line_of

__all__ = ["Profiles", "without_profiles"]

_PROFILE: Final = "configure "
_OPENS: Final = re.compile(
    r"(?m)^configure (maintenance )?profile (\S+)[^\n]*\n((?:[ \t!][^\n]*+\n?|\n)*+)"
)
_APPLIED: Final = re.compile(r"(?m)^[ \t]*apply profile (\S+)")
_DEFINES: Final = re.compile(r"(?:class-map|policy-map|(?:ip|ipv6|mac) access-list|system qos)\b")


class _Line(NamedTuple):
    """A line about QoS of an applied profile, and the header of its interface if it has one."""

    line: TextLine
    interface: TextLine | None


class Profiles(NamedTuple):
    """What the profiles of a text say about QoS.

    Attributes:
        applied: lines that may hold.
        idle: names of profiles with lines that hold nowhere, as the text shows them.
    """

    applied: tuple[_Line, ...] = ()
    idle: tuple[str, ...] = ()


def without_profiles(text: str) -> tuple[str, Profiles]:
    """Return the text with empty lines in place of its profiles, and what they say."""
    if _PROFILE not in text:
        return text, Profiles()
    names = frozenset(_APPLIED.findall(text))
    applied: list[_Line] = []
    idle: list[str] = []
    parts: list[str] = []
    at = line = 0
    for found in _OPENS.finditer(text):
        line += text.count("\n", at, found.start())
        parts += [text[at : found.start()], "\n" * found[0].count("\n")]
        lines = list(_about_qos(found[3], line + 2))
        line += found[0].count("\n")
        at = found.end()
        if not found[1] and found[2] in names:
            applied += lines
        elif lines:
            idle.append(found[2])
    return "".join((*parts, text[at:])), Profiles(tuple(applied), tuple(idle))


def _about_qos(body: str, first: int) -> Iterator[_Line]:
    """Yield the lines of a profile that bear on QoS; `first` is the number of its first line."""
    interface: TextLine | None = None
    for number, raw in enumerate(body.split("\n"), first):
        words = raw.strip()
        if words.startswith("interface "):
            interface = line_of(raw, number)
        elif interface is not None and len(raw) - len(raw.lstrip()) <= interface.indent:
            interface = None
        if _DEFINES.match(words) or "service-policy" in words:
            yield _Line(line_of(raw, number), interface)
