"""A Cisco configuration as sections, by keyword state; banners and comments are left out.

Indentation only says "below some header"; what a line belongs to is decided by keywords, because
devices print children of a class with one to five blanks and pasted text has none at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_letters
from types import MappingProxyType
from typing import Final, NamedTuple

from translator.drivers.cisco.pasted import pasted_lines

__all__ = ["Reading", "Section", "TextLine", "line_of", "read_sections"]


class TextLine(NamedTuple):
    """One line: its number (from 1), its indentation, its words as written and in lower case."""

    number: int
    indent: int
    text: str
    words: list[str]
    keys: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A header line and the lines below it. `kind` is the header's keyword(s) in lower case."""

    kind: str
    head: TextLine
    body: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The wanted sections of one text in their order, and what a reader of it should know."""

    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


_SECOND_WORD: Final = {
    "ip": frozenset({"access-list", "nbar"}),
    "ipv6": frozenset({"access-list"}),
    "mac": frozenset({"access-list"}),
    "mls": frozenset({"qos"}),
}
# Begin a section at any column: no line below another header starts with these words.
_ANYWHERE: Final = frozenset(
    {"class-map", "policy-map", "ip access-list", "ipv6 access-list", "mac access-list"}
)
_ENTRY_WORDS: Final = frozenset({"permit", "deny", "remark", "dynamic", "evaluate", "sequence"})
# How an indented header may begin; interfaces are indented where `conf t` is typed above them.
_OPENINGS: Final = frozenset(
    spelt(start)
    for start in (*(kind[:5] for kind in _ANYWHERE), "inter", *(f"int {c}" for c in ascii_letters))
    for spelt in (str.lower, str.upper, str.capitalize)
)
# Words that start a line below such a header even when pasted text lost its indentation.
_BODY_WORDS: Final[dict[str, frozenset[str]]] = {
    "class-map": frozenset({"match", "description"}),
    "policy-map": frozenset(
        [
            "class",
            "set",
            "police",
            "priority",
            "bandwidth",
            "shape",
            "fair-queue",
            "random-detect",
            "queue-limit",
            "trust",
            "service-policy",
            "description",
            "conform-action",
            "exceed-action",
            "violate-action",
            # A line that a terminal broke in two: named as unread, and the section goes on.
            "set-dscp-transmit",
            "set-prec-transmit",
            "transmit",
            "drop",
        ]
    ),
    "ip access-list": _ENTRY_WORDS,
    "ipv6 access-list": _ENTRY_WORDS,
    "mac access-list": _ENTRY_WORDS,
    "table-map": frozenset({"map", "default"}),
    "object-group": frozenset({"host", "range", "group-object", "tcp", "udp", "tcp-udp"}),
    "interface": frozenset({"service-policy"}),
}
# Never begin a line of a class-map or policy-map.
_GLOBAL: Final = frozenset(
    ["aaa", "auto", "banner", "cdp", "crypto", "dial-peer", "ip", "ipv6", "lldp", "logging", "mls",
     "no", "ntp", "service", "snmp-server", "spanning-tree", "username", "voice", "vtp"]
)  # fmt: skip
_NUMBERED: Final = frozenset({"ip access-list", "ipv6 access-list", "mac access-list"})
_NOTHING: Final = frozenset({"exit", "end"})
_NO_WORDS: Final[frozenset[str]] = frozenset()
_ALL_BEARS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})
_FREE_TEXTS: Final = frozenset({"ban", "aaa", "mac"})
# End an interface even where no line of the text is indented.
_STARTS: Final = _ANYWHERE | frozenset(
    ["access-list", "bba-group", "control-plane", "controller", "hostname", "interface", "key",
     "line", "map-class", "mls qos", "object-group", "parameter-map", "redundancy", "route-map",
     "router", "service-group", "table-map", "template", "version", "vlan", "vrf", "zone-pair"]
)  # fmt: skip


def line_of(text: str, number: int = 1) -> TextLine:
    """Return one line of text with its words."""
    stripped = text.strip()
    indent = len(text) - len(text.lstrip())
    return TextLine(number, indent, stripped, stripped.split(), stripped.lower().split())


def read_sections(
    text: str, wanted: frozenset[str], bearing: Mapping[str, frozenset[str]] = _ALL_BEARS
) -> Reading:
    """Return the sections whose kind is wanted, such as `class-map` or `ip access-list`.

    A header without lines below it (`mls qos`, `access-list 101 permit ...`) is a section with an
    empty body. Line numbers are those of the text; carriage returns are no part of a line.

    Args:
        bearing: for a kind of section, the first words (`mls`, `ip policy`) of the lines that
            matter in it; others are left out with what is deeper below them, unless they name a
            service-policy. Every line of other kinds is kept.
    """
    lines, flat = pasted_lines(text)
    builder = _Builder(wanted, bearing, flat=flat)
    notes: list[str] = []
    free_until = 0
    kept = False  # whether the line above was: what is deeper belongs to it
    for number, raw in enumerate(lines, 1):
        stripped = raw.strip()
        if not stripped or stripped[0] == "!" or number <= free_until:
            continue
        if raw[0] in " \t":
            only = builder.only
            kept = (
                only is None
                or (bool(only) and _bears(raw, stripped, only, below=kept))
                or stripped[:5] in _OPENINGS
            )
            if kept:
                builder.below(number, raw, stripped)
            continue
        if stripped[:3].lower() in _FREE_TEXTS:
            end = _end_of_free_text(lines, number, stripped)
            free_until = end or 0
            if end is None:
                notes.append(f"the text begun in line {number} does not end; it is read on")
        builder.top(number, stripped)
    return Reading(builder.finish(), tuple(notes))


def _bears(raw: str, text: str, only: frozenset[str], *, below: bool) -> bool:
    """Whether a line matters in its section: by its words, or as it stands below one that does."""
    first = text.partition(" ")[0].lower()
    if first == "ip":  # begins so many commands that the second word is looked at too
        first = " ".join(text.lower().split(None, 2)[:2])
    if first in only or "service-policy" in text:
        return True
    return below and raw[1] in " \t"


class _Builder:
    """Collects sections while lines go by.

    Attributes:
        only: first words of the lines that matter below the last header, in lower case; None
            where all of them do.
    """

    def __init__(
        self, wanted: frozenset[str], bearing: Mapping[str, frozenset[str]], *, flat: bool
    ) -> None:
        self._wanted = wanted
        self._bearing = bearing
        self._flat = flat
        self._done: list[Section] = []
        self._kind = ""
        self._head: TextLine | None = None
        self._body: list[TextLine] = []
        self.only: frozenset[str] | None = _NO_WORDS

    def below(self, number: int, raw: str, text: str) -> None:
        """Take in an indented line: it is below a header, unless it is one itself."""
        if text[:5] in _OPENINGS:
            kind = _kind_of(text)
            if kind in _ANYWHERE or (kind == "interface" and any(map(str.isdigit, text))):
                self._open(kind, number, text)
                return
        if self._head is not None:
            self._keep(number, len(raw) - len(raw.lstrip()), text)

    def top(self, number: int, text: str) -> None:
        """Take in a line at the margin: a header, unless pasted text lost its indentation."""
        kind = _kind_of(text)
        if kind in _ANYWHERE or not self._continues(kind, text):
            self._open(kind, number, text)
        else:
            self._keep(number, 0, text)

    def finish(self) -> tuple[Section, ...]:
        """Return the sections when all lines have gone by."""
        self._close()
        return tuple(self._done)

    def _keep(self, number: int, indent: int, text: str) -> None:
        """Keep a line below a wanted header; `exit` and `end` say nothing."""
        if text.lower() not in _NOTHING:
            self._body.append(_text_line(number, indent, text))

    def _continues(self, kind: str, text: str) -> bool:
        if self._head is None:
            return False
        first = kind.partition(" ")[0]
        if first in _BODY_WORDS.get(self._kind, ()):
            return True
        if self._flat and self._kind in ("interface", "class-map", "policy-map"):
            return kind not in _STARTS and (self._kind == "interface" or first not in _GLOBAL)
        return self._kind in _NUMBERED and text[0].isdigit()

    def _open(self, kind: str, number: int, text: str) -> None:
        if kind in _NOTHING:
            return
        self._close()
        if kind in self._wanted:
            self._kind = kind
            self.only = self._bearing.get(kind)
            self._head = _text_line(number, 0, text)

    def _close(self) -> None:
        if self._head is not None:
            self._done.append(Section(self._kind, self._head, tuple(self._body)))
        self._head = None
        self._body = []
        self.only = _NO_WORDS


def _kind_of(text: str) -> str:
    """Return the keyword(s) of a header line; `int` and the like are typed for `interface`."""
    words = text.split(None, 2)
    first = words[0].lower()
    seconds = _SECOND_WORD.get(first)
    if seconds and len(words) > 1 and words[1].lower() in seconds:
        return f"{first} {words[1].lower()}"
    return "interface" if first.startswith("int") and "interface".startswith(first) else first


def _text_line(number: int, indent: int, text: str) -> TextLine:
    if " !" in text:  # hand-written text explains itself behind such a mark
        text = text.partition(" !")[0].rstrip()
    lower = text.lower()
    keys = lower.split()
    return TextLine(number, indent, text, keys if lower == text else text.split(), keys)


def _end_of_free_text(lines: list[str], number: int, text: str) -> int | None:
    """Return the number of the line that ends a banner or macro begun on line `number`.

    Returns `number` itself when nothing is left open, None when the end never comes.
    """
    words = text.split(None, 3)
    if text.lower().startswith("macro name "):  # its commands end with a line of a single @
        ends = (at for at in range(number, len(lines)) if lines[at].strip() == "@")
        last = next(ends, None)
        return None if last is None else last + 1
    at = 2 if words[0].lower() == "banner" else 3  # `aaa authentication banner ^C`
    if at == 3 and (words[0].lower() != "aaa" or words[2:3] != ["banner"]):
        return number
    message = text.split(None, at)[at:]
    if not message:
        return number
    # The delimiter is the first character of the message; a running configuration shows it as
    # the two characters ^C. Source: IOS command reference, banner.
    mark = "^C" if message[0].startswith("^C") else message[0][0]
    if mark in message[0][len(mark) :]:
        return number
    return next((at + 1 for at in range(number, len(lines)) if mark in lines[at]), None)
