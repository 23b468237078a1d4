"""What of a running configuration differs line by line, and which of it a change did not do.

A line is a path: the headers that it stands below, then itself. Where lines stand does not count:
devices print their blocks in an order of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Deviation", "Part", "Path", "deviations", "of_others"]

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A line that is there and should not be (`+`), or is not and should be (`-`)."""

    sign: str
    path: Path

    def __str__(self) -> str:
        return f"{self.sign} {' '.join(self.path)}"


def _any_kind(_: Path) -> Hashable:
    return ""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a configuration that a change is about.

    Attributes:
        lines: paths that it enters or takes away, those of its headers too.
        whole: lines of which everything below is the change's, and they themselves.
        kind: two lines below one header with equal kinds may be two spellings of one.
    """

    lines: tuple[Path, ...] = ()
    whole: tuple[Path, ...] = ()
    kind: Callable[[Path], Hashable] = _any_kind

    def place(self, path: Path) -> Hashable:
        """Return what lines that may be spellings of each other have in common."""
        return path[:-1], self.kind(path)


def deviations(expected: Sequence[Path], found: Sequence[Path]) -> tuple[Deviation, ...]:
    """Return how what was found deviates from what was expected, in the order of the texts."""
    more, less = Counter(found), Counter(expected)
    more.subtract(expected)
    less.subtract(found)
    return (
        *(Deviation("-", path) for path in dict.fromkeys(expected) if less[path] > 0),
        *(Deviation("+", path) for path in dict.fromkeys(found) if more[path] > 0),
    )


def of_others(
    part: Part, before: Iterable[Path], found: Sequence[Deviation]
) -> tuple[Deviation, ...]:
    """Return the deviations that a change neither made, nor a device that spells it otherwise.

    A line of the change that is missing, and one of the same place that nobody expected, are taken
    for two spellings: that they mean the same is for others to prove.

    Args:
        part: of the change.
        before: the lines of before the change.
        found: deviations from what the change was to make of them.
    """
    sent = frozenset(part.lines)
    known = frozenset(before)
    # A definition that is new with the change, and what a device itself prints below its lines.
    whole = {*part.whole, *(path for path in sent if path not in known)}
    places = {part.place(path) for path in sent}
    missing = {part.place(item.path) for item in found if item.sign == "-"}

    def is_ours(item: Deviation) -> bool:
        path = item.path
        if path in sent or any(path[:end] in whole for end in range(1, len(path) + 1)):
            return True
        place = part.place(path)
        return place in places and (item.sign == "-" or place in missing)

    return tuple(item for item in found if not is_ours(item))
