"""A Cisco configuration as sections, by keyword state; banners and comments are left out.

Indentation only says "below some header"; what a line belongs to is decided by keywords, because
devices print children of a class with one to five blanks and pasted text has none at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from translator.drivers.cisco.freetext import FreeTexts, may_begin_free_text
from translator.drivers.cisco.interface_names import is_printed
from translator.drivers.cisco.kinds import RESETS, STARTS, continues, kind_of
from translator.drivers.cisco.pasted import pasted
from translator.drivers.cisco.printed import Part, Stretch, stretches
from translator.drivers.cisco.scan import (
    ANYWHERE,
    BEARING,
    HEADER,
    OPENINGS,
    OTHER,
    bearing_lines,
    is_deeper,
    landmarks,
    lowered,
    starts_in,
)

__all__ = ["Definitions", "Reading", "Section", "TextLine", "line_of", "read_sections"]


class TextLine(NamedTuple):
    """One line: its number (from 1), its indentation, its words as written and in lower case."""

    number: int
    indent: int
    text: str
    words: list[str]
    keys: list[str]


class Section(NamedTuple):
    """A header line and the lines below it. `kind` is the header's keyword(s) in lower case."""

    kind: str
    head: TextLine
    body: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The wanted sections of one text in their order, and what a reader of it should know.

    Attributes:
        typed: whether an interface is named otherwise than devices print it.
    """

    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    typed: bool = False


class Definitions(Protocol):
    """What remembers definitions that texts have in common."""

    def sections_of(
        self, text: str, first: int, make: Callable[[], list[Section]]
    ) -> Iterable[Section]:
        """Return the sections that such lines are, as they are remembered.

        Args:
            first: number of the first line in its text, from 0.
            make: reads them.
        """


_INTERFACE: Final = "interface"
_HEADERS: Final = ANYWHERE | {_INTERFACE}
_OF_INTERFACES: Final = RESETS | {_INTERFACE}
_NOTHING: Final = frozenset({"exit", "end"})
_ALL_BEARS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})

# There are hundreds in a text, and `TextLine(...)` takes six times as long.
_new: Final = tuple.__new__


def line_of(text: str, number: int = 1) -> TextLine:
    """Return one line of text with its words."""
    stripped = text.strip()
    indent = len(text) - len(text.lstrip())
    return TextLine(number, indent, stripped, stripped.split(), stripped.lower().split())


def read_sections(
    text: str,
    wanted: frozenset[str],
    bearing: Mapping[str, frozenset[str]] = _ALL_BEARS,
    definitions: Definitions | None = None,
) -> Reading:
    """Return the sections whose kind is wanted, such as `class-map` or `ip access-list`.

    A header without lines below it (`mls qos`, `access-list 101 permit ...`) is a section with an
    empty body. Line numbers are those of the text; carriage returns are no part of a line.

    Args:
        bearing: for a kind of section, the first words (`mls`, `ip policy`) of the lines that
            matter in it; others are left out with what is deeper below them, unless they name a
            service-policy. Every line of other kinds is kept. Of such a kind a section in which
            nothing matters is left out, unless it is an interface.
        definitions: knows definitions that stand one after the other from other texts.
    """
    shown = pasted(text)
    # The longest list of words serves to step over lines; other kinds look again at what is left.
    words = max(bearing.values(), key=len, default=frozenset())
    builder = _Builder(shown.lines, wanted, bearing, words, flat=shown.flat)
    number = 0  # of the first line that has not gone by
    at_a_glance = not shown.flat and _INTERFACE in wanted and bearing.get(_INTERFACE) is words
    whole = (Stretch(0, len(shown.lines)),)
    for stretch in stretches(shown, words) if at_a_glance else whole:
        if not stretch.parts or stretch.first < number:
            number = builder.read(stretch, number)
        elif stretch.are_definitions and len(stretch.parts) > 1 and definitions is not None:
            builder.definitions(stretch, definitions)
        else:
            builder.sections(stretch.parts)
    return Reading(builder.finish(), tuple(builder.notes), builder.typed)


class _Builder:
    """Collects sections while lines go by; lines are named by their number from 0.

    `_takes_rest`: of the section that is open, lines matter that are no landmarks.
    """

    def __init__(
        self,
        lines: list[str],
        wanted: frozenset[str],
        bearing: Mapping[str, frozenset[str]],
        words: frozenset[str],
        *,
        flat: bool,
    ) -> None:
        self._lines = lines
        self._wanted = wanted
        self._bearing = bearing
        self._words = words
        self._flat = flat
        self._only_bearing = {kind: only for kind, only in bearing.items() if kind != _INTERFACE}
        self._free_texts = FreeTexts(lines)
        self._done: list[Section] = []
        self._kind = ""
        self._head: TextLine | None = None
        self._body: list[TextLine] = []
        self._only: frozenset[str] | None = None
        self._takes_rest = False
        self.notes: list[str] = []
        self.typed = False

    def sections(self, parts: Iterable[tuple[int, Part]]) -> None:
        """Take in sections of which it is known which lines matter, and that they end with them."""
        if self._head is not None:
            self._close()
        self._done += self._at_a_glance(parts)

    def definitions(self, stretch: Stretch, known: Definitions) -> None:
        """Take in several such sections, that other texts may have, too."""
        if self._head is not None:
            self._close()
        text = "\n".join(self._lines[stretch.first : stretch.behind])
        self._done += known.sections_of(
            text, stretch.first, lambda: self._at_a_glance(stretch.parts)
        )

    def _at_a_glance(self, parts: Iterable[tuple[int, Part]]) -> list[Section]:
        lines, wanted = self._lines, self._wanted
        found: list[Section] = []
        for first, (kind, bearing) in parts:
            if kind not in wanted:
                continue
            head = _parts(lines[first])
            assert head is not None, "a header says something"
            body: list[TextLine] = []
            for below in bearing:
                number = first + below
                words = _parts(lines[number])
                if words is not None:
                    body.append(_new(TextLine, (number + 1, *words)))
            line = _new(TextLine, (first + 1, *head))
            found.append(_new(Section, (kind, line, tuple(body))))
        return found

    def read(self, stretch: Stretch, number: int) -> int:
        """Take in lines, but for those before a number, and return the number of the first that has
        not gone by: the text of a banner may go on behind the stretch.
        """
        first, behind = stretch.first, stretch.behind
        number = max(first, number)
        text = stretch.text or lowered(self._lines[first:behind])
        starts = starts_in(text, self._wanted, self._only_bearing)
        found = landmarks(
            text, starts, OPENINGS, self._words, is_open=lambda: self._head is not None
        )
        for index, sort, index_behind in found:
            at = first + index
            if at < number:
                continue
            if self._takes_rest:
                self._rest(range(number, at))
            number = first + index_behind
            if sort == BEARING:
                self._bear(range(at, number))
            elif sort == HEADER:
                self._below(at)
            elif sort == OTHER:
                number = self._others(at, number)
            else:
                number = self._top(at)
                if may_begin_free_text(self._lines[at]):
                    number = max(number, self._behind_free_text(at + 1))
        if self._takes_rest:
            self._rest(range(number, behind))
        return max(number, behind)

    def _behind_free_text(self, number: int) -> int:
        """Return how many lines have gone by when a banner or macro ends that line `number`, from
        1, begins.
        """
        end = self._free_texts.end(number)
        if end is None:
            self.notes.append(f"the text begun in line {number} does not end; it is read on")
        return end or number

    def _below(self, at: int) -> None:
        """Take in an indented line that begins as a header does."""
        text = self._lines[at].strip()
        kind = kind_of(text)
        if kind in ANYWHERE or (kind == _INTERFACE and any(map(str.isdigit, text))):
            self._open(kind, at, text)
        elif self._head is not None:
            self._keep(at, self._lines[at])

    def _top(self, at: int) -> int:
        """Take in a line at the margin; return the number of the first line behind that is open."""
        text = self._lines[at].strip()
        kind = kind_of(text)
        ends = self._head is None or kind in STARTS
        if ends or not continues(self._kind, kind, text, flat=self._flat):
            self._open(kind, at, text)
            return at + 1
        self._keep(at, text)
        return at + 1 if self._takes_rest else self._deeper(at + 1)

    def _others(self, at: int, behind: int) -> int:
        """Take in lines at the margin that begin no wanted section, and return the same."""
        while at < behind and self._head is not None:
            at = self._top(at) if self._lines[at].strip() else at + 1
        return max(at, behind)

    def _deeper(self, at: int) -> int:
        """Keep the lines from a number on that are below the one before it."""
        while at < len(self._lines) and is_deeper(self._lines[at]):
            text = self._lines[at].strip()
            if text and kind_of(text) in _HEADERS:
                break
            self._keep(at, self._lines[at])
            at += 1
        return at

    def finish(self) -> tuple[Section, ...]:
        """Return the sections when all lines have gone by."""
        self._close()
        return tuple(self._done)

    def _rest(self, chosen: range) -> None:
        """Take in lines between two landmarks."""
        only = self._only
        for at in chosen if only is None else bearing_lines(self._lines, chosen, only):
            self._keep(at, self._lines[at])

    def _bear(self, chosen: range) -> None:
        """Take in a line that begins with one of the words, and those below it."""
        if self._head is None:
            return
        if self._only is not self._words:
            self._rest(chosen)
            return
        for at in chosen:
            self._keep(at, self._lines[at])

    def _keep(self, at: int, raw: str) -> None:
        parts = _parts(raw)
        if parts is not None:
            self._body.append(_new(TextLine, (at + 1, *parts)))

    def _open(self, kind: str, at: int, text: str) -> None:
        if kind in _NOTHING:
            return
        self._close()
        if kind in self._wanted:
            self._kind = kind
            only = self._only = self._bearing.get(kind)
            self._takes_rest = only is None or not (only is self._words or only <= self._words)
            parts = _parts(text)
            assert parts is not None, "a header says something"
            self._head = _new(TextLine, (at + 1, *parts))
            if kind in _OF_INTERFACES:
                name = self._head.words[1 if kind == _INTERFACE else 2 :][:1]
                self.typed = self.typed or not all(map(is_printed, name))

    def _close(self) -> None:
        if self._head is not None:
            if self._body or self._kind not in self._only_bearing:
                self._done.append(_new(Section, (self._kind, self._head, tuple(self._body))))
            self._head = None
            self._body = []
            self._takes_rest = False


# The lines of a device repeat, and those of a fleet even more: each is taken apart once.
@lru_cache(maxsize=32768)
def _parts(raw: str) -> tuple[int, str, list[str], list[str]] | None:
    """Return indentation, text, words and keywords of a line, None where it says nothing."""
    text = raw.strip()
    if not text or text[0] == "!" or text.lower() in _NOTHING:
        return None
    indent = len(raw) - len(raw.lstrip())
    if " !" in text:  # hand-written text explains itself behind such a mark
        text = text.partition(" !")[0].rstrip()
    lower = text.lower()
    keys = lower.split()
    return indent, text, keys if lower == text else text.split(), keys
