"""The interfaces that a header line opens: one, or each of `interface range`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from translator.drivers.cisco.reader import TextLine

__all__ = ["Opener", "is_unknown_range", "listed_interfaces", "opened_interfaces"]

_MOST: Final = 4096  # more interfaces than any device has: no list, but a slip of the pen
_MOST_LINES: Final = 25_000
_ITEM: Final = re.compile(r"([a-z-]+)((?:\d+[/.:])*)(\d+)(?:-(?:[a-z-]*(?:\d+[/.:])*)(\d+))?", re.I)


class Opener:
    """Names the interfaces of the headers of one text, as far as their ranges can be meant.

    A line below a range is a line of each of its interfaces, so that a few pages could stand for
    millions of lines. Nine stacked switches with fifty lines for each port stay within the limit.
    """

    def __init__(self) -> None:
        self._left = _MOST_LINES

    def opened(self, head: TextLine, lines: int) -> tuple[str, ...]:
        """Return the interfaces that so many lines below a header are given to.

        As `opened_interfaces`; a range beyond the limit is one interface, named as it is written.
        """
        words = head.words
        if len(words) == 2:  # nearly all
            return (words[1],)
        if self._left > 0 or head.keys[1:2] != ["range"]:
            names = opened_interfaces(head)
            self._left -= len(names) * (1 + lines) if len(names) > 1 else 0
            if len(names) == 1 or self._left >= 0:
                return names
        return (" ".join(words[1:]),)

    def follows(self, interfaces: int, lines: int) -> bool:
        """Whether so many lines more of so many interfaces are within the limit: lines at the
        margin, behind the section of the header. Those of one interface always are.
        """
        if interfaces > 1:
            self._left -= interfaces * lines
        return interfaces <= 1 or self._left >= 0


def opened_interfaces(head: TextLine) -> tuple[str, ...]:
    """Return the names of the interfaces that the lines below a header are given to.

    `interface range Gi0/1 - 24 , Gi0/26` is each of them; a range that is not understood (a
    macro's name) is one interface of its own, named as it is written.
    """
    words = head.words[1:]
    if head.keys[1:2] != ["range"] or len(words) < 2:
        return (_one(words),)
    return listed_interfaces(words[1:]) or (" ".join(words),)


def is_unknown_range(name: str) -> bool:
    """Whether the name stands for interfaces that the text does not let us name."""
    return name[:6].lower() == "range "


def listed_interfaces(words: Iterable[str], most: int = _MOST) -> tuple[str, ...]:
    """Return the interfaces of a list such as `Gi0/1 - 24 , Gi0/26`; none if it is no list, or
    one of more than that many.
    """
    names: list[str] = []
    for part in "".join(words).split(","):
        found = _ITEM.fullmatch(part)
        if found is None:
            return ()
        low = int(found[3])
        numbers = range(low, int(found[4] or low) + 1)
        if len(names) + len(numbers) > most:
            return ()
        names.extend(f"{found[1]}{found[2]}{number}" for number in numbers)
    return tuple(dict.fromkeys(names))


def _one(words: list[str]) -> str:
    """Return the name without what may follow it (`Serial0/0.1 point-to-point`)."""
    if len(words) > 1 and words[1][0].isdigit() and not words[0][-1].isdigit():
        return words[0] + words[1]
    return words[0] if words else ""
