"""Lines that take an earlier line back, as lists of typed commands have them: `no match dscp ef`.

A device finds the line that such a command means by its words. What a command does that means none
is not documented alike for all releases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from translator.drivers.cisco.police import OUTCOMES
from translator.drivers.cisco.reader import Section, TextLine

__all__ = [
    "IN_USE",
    "NOTHING",
    "NOT_SAME",
    "TakenBack",
    "has_negatives",
    "is_negative",
    "is_removal",
    "negated",
    "take_back",
    "taken_back",
]

IN_USE: Final = "whether a device takes away what is in use differs from release to release"
NOT_SAME: Final = "no line above it is the same, so what it takes back is not known"
_FREE: Final = "description"


class TakenBack(NamedTuple):
    """What the lines that begin with `no` do to those before them.

    Attributes:
        idle: numbers of the lines that say nothing in the end: those taken back, and what did it.
        lost: lines of which it is not known what they take back.
    """

    idle: frozenset[int] = frozenset()
    lost: tuple[TextLine, ...] = ()


NOTHING: Final = TakenBack()


def has_negatives(lines: Sequence[TextLine]) -> bool:
    """Whether any of the lines takes something back; hardly ever."""
    return "no" in [line.keys[0] for line in lines]


def is_negative(line: TextLine) -> bool:
    """Whether a line takes something back."""
    return line.keys[0] == "no" and len(line.keys) > 1


def is_removal(section: Section) -> bool:
    """Whether a section is a line that may have taken a whole definition away (`removed`)."""
    return section.kind.startswith("no ")


def negated(line: TextLine) -> TextLine:
    """Return a line without its first word: what it takes back, though its text stays whole."""
    return line._replace(words=line.words[1:], keys=line.keys[1:])


def taken_back(lines: Sequence[TextLine], meaning: Callable[[str], object]) -> TakenBack:
    """Return what becomes of lines, entered one by one, of which the order counts for nothing.

    Args:
        meaning: of the text of a line; equal lines have equal ones.
    """
    stands: list[tuple[object, int]] = []
    idle: set[int] = set()
    lost: list[TextLine] = []
    for line in lines:
        if not is_negative(line):
            stands.append((meaning(line.text), line.number))
            continue
        meant = meaning(line.text[2:].lstrip())
        same = {number for other, number in stands if other == meant}
        stands = [item for item in stands if item[1] not in same]
        if same or line.keys[1].startswith(_FREE):
            idle |= {line.number, *same}
        else:
            lost.append(line)
    return TakenBack(frozenset(idle), tuple(lost))


def take_back(known: list[TextLine], line: TextLine) -> bool:
    """Remove from the actions of a class the one that a line takes back, and what a policer does
    with its packets; False where none is the same.
    """
    words, found = line.words[1:], False
    for at in range(len(known) - 1, -1, -1):
        if known[at].words == words:
            end = at + 1
            while end < len(known) and known[end].keys[0] in OUTCOMES:
                end += 1
            del known[at:end]
            found = True
    return found
