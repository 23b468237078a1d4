"""A Cisco configuration as sections, by keyword state; banners and comments are left out.

Indentation only says "below some header"; what a line belongs to is decided by keywords, because
devices print children of a class with one to five blanks and pasted text has none at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

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
_OPENINGS: Final = frozenset(kind[:5] for kind in _ANYWHERE)
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
        ]
    ),
    "ip access-list": _ENTRY_WORDS,
    "ipv6 access-list": _ENTRY_WORDS,
    "mac access-list": _ENTRY_WORDS,
    "table-map": frozenset({"map", "default"}),
    "object-group": frozenset({"host", "range", "group-object", "tcp", "udp", "tcp-udp"}),
    "interface": frozenset({"service-policy"}),
}
_NUMBERED: Final = frozenset({"ip access-list", "ipv6 access-list", "mac access-list"})
_NOTHING: Final = frozenset({"exit", "end"})


def line_of(text: str, number: int = 1) -> TextLine:
    """Return one line of text with its words."""
    stripped = text.strip()
    indent = len(text) - len(text.lstrip())
    return TextLine(number, indent, stripped, stripped.split(), stripped.lower().split())


def read_sections(text: str, wanted: frozenset[str]) -> Reading:
    """Return the sections whose kind is wanted, such as `class-map` or `ip access-list`.

    A header without lines below it (`mls qos`, `access-list 101 permit ...`) is a section with an
    empty body. Line numbers are those of the text; carriage returns are no part of a line.
    """
    lines = text.split("\n")
    base = _base_indent(lines)
    builder = _Builder(wanted)
    notes: list[str] = []
    free_until = 0
    for number, raw in enumerate(lines, 1):
        stripped = raw.strip()
        if number <= free_until or not stripped or stripped[0] == "!":
            continue
        indent = len(raw) - len(raw.lstrip()) - base
        if indent <= 0 and stripped[:3].lower() in ("ban", "aaa", "mac"):
            end = _end_of_free_text(lines, number, stripped)
            free_until = end or 0
            if end is None:
                notes.append(f"the text begun in line {number} does not end; it is read on")
        builder.add(number, max(indent, 0), stripped)
    return Reading(builder.finish(), tuple(notes))


class _Builder:
    """Collects sections while lines go by."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._done: list[Section] = []
        self._kind = ""
        self._head: TextLine | None = None
        self._body: list[TextLine] = []

    def add(self, number: int, indent: int, text: str) -> None:
        if indent and text[:5].lower() not in _OPENINGS:
            self._keep(number, indent, text)
            return
        first, _, rest = text.partition(" ")
        kind = first = first.lower()
        if first in _SECOND_WORD:
            second = rest.split(None, 1)[0].lower() if rest.strip() else ""
            kind = f"{first} {second}" if second in _SECOND_WORD[first] else first
        if (indent == 0 and not self._continues(first)) or kind in _ANYWHERE:
            self._open(kind, number, indent, text)
        else:
            self._keep(number, indent, text)

    def _keep(self, number: int, indent: int, text: str) -> None:
        """Keep a line below a wanted header; `exit` and `end` say nothing."""
        if self._head is None:
            return
        lower = text.lower()
        if lower not in _NOTHING:
            self._body.append(TextLine(number, indent, text, text.split(), lower.split()))

    def finish(self) -> tuple[Section, ...]:
        self._close()
        return tuple(self._done)

    def _continues(self, first: str) -> bool:
        if self._head is None:
            return False
        return first in _BODY_WORDS.get(self._kind, ()) or (
            self._kind in _NUMBERED and first.isdigit()
        )

    def _open(self, kind: str, number: int, indent: int, text: str) -> None:
        if text.lower() in _NOTHING:
            return
        self._close()
        if kind in self._wanted:
            self._kind = kind
            self._head = TextLine(number, indent, text, text.split(), text.lower().split())

    def _close(self) -> None:
        if self._head is not None:
            self._done.append(Section(self._kind, self._head, tuple(self._body)))
        self._head = None
        self._body = []


def _base_indent(lines: list[str]) -> int:
    """Return the blanks that all lines share: text pasted from a document is often shifted."""
    smallest = 1000
    for line in lines:
        if line and not line[0].isspace():
            return 0
        stripped = line.lstrip()
        if stripped:
            smallest = min(smallest, len(line) - len(stripped))
    return 0 if smallest == 1000 else smallest


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
