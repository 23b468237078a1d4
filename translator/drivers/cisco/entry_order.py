"""The order in which a device tries the lines of an access list: by number, not as written.

Source: Cisco IOS Security Configuration Guide, "IP Access List Entry Sequence Numbering". The
first entry without a number gets 10, others 10 more than the greatest; an entry that is there
already is not entered again; a number that is taken is refused. Unverified: that IPv6 and MAC
lists do likewise, and that no release lets the later of two entries with one number stand.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import Struct

from translator.drivers.cisco.reader import TextLine

__all__ = ["Placed", "Written", "number_at", "placed"]

_GREATEST: Final = 2_147_483_647
_STEP: Final = 10
_TAKEN: Final = "two entries have this number: which one stands is not known"
_RENUMBERED: Final = "its place depends on the numbers that `resequence` gave"
_NO_ENTRY: Final = "a number without an entry"
_NO_NUMBER: Final = f"the number of an entry is 1 to {_GREATEST}"


class Written(NamedTuple):
    """A line of a list as it is written; `skip` words of it (`access-list 101`) name the list."""

    line: TextLine
    skip: int = 0
    form: tuple[int, bool] = (4, False)


class Placed(Struct, frozen=True):
    """The lines of a list in the order in which their entries are tried.

    Attributes:
        idle: lines that are no entry in the end: remarks, what was removed, and what removes.
        doubts: by number of a line, why it is not known where, or whether, its entry stands.
    """

    order: tuple[Written, ...]
    idle: tuple[TextLine, ...] = ()
    doubts: dict[int, str] = {}


def placed(lines: Iterable[Written]) -> Placed:
    """Return the lines of a list, entered one by one, in the order of their numbers."""
    known = tuple(lines)
    if not any(map(_is_placed, known)):
        return Placed(known)
    order = _Order()
    for item in known:
        order.enter(item)
    return order.finish()


def number_at(keys: list[str], skip: int = 0) -> tuple[int | None, int]:
    """Return the number that an entry begins with, if any, and how many words come before the
    entry: `10 permit`, `sequence 10 permit`. One that is out of bounds is 0.
    """
    at = skip + 1 if keys[skip : skip + 1] == ["sequence"] else skip
    word = keys[at] if at < len(keys) else ""
    if not (word.isascii() and word.isdigit()):
        return None, skip
    number = int(word) if len(word) <= len(str(_GREATEST)) else 0
    return (number if number <= _GREATEST else 0), at + 1


def _is_placed(item: Written) -> bool:
    """Whether a line stands, or puts others, elsewhere than behind the lines before it."""
    keys = item.line.keys
    first = keys[item.skip] if item.skip < len(keys) else ""
    return first[:1].isdigit() or first == "no" or "sequence" in keys or "resequence" in keys[2:3]


class _Order:
    """A list while lines are entered.

    Attributes:
        _renumbered: whether numbers of ours are no longer those of the device.
    """

    def __init__(self) -> None:
        self._at: dict[int, Written] = {}
        self._numbers: dict[str, int] = {}  # of the entries, by their words
        self._last = 0
        self._greatest: list[int] = []  # a heap of the numbers, negated; some may be gone
        self._unplaced: list[Written] = []
        self._idle: list[TextLine] = []
        self._doubts: dict[int, str] = {}
        self._renumbered = False

    def finish(self) -> Placed:
        """Return what stands. An entry whose place is not known is tried first, in doubt."""
        order = (*self._unplaced, *(self._at[number] for number in sorted(self._at)))
        return Placed(order, tuple(self._idle), self._doubts)

    def enter(self, item: Written) -> None:
        """Take in one line."""
        keys = item.line.keys
        if _removes(keys):
            self._remove(keys[1:])
            self._idle.append(item.line)
        elif keys[2:3] == ["resequence"] and keys[1] == "access-list":
            self._renumbered = True
            self._idle.append(item.line)
        else:
            self._add(item)

    def _add(self, item: Written) -> None:
        number, words = _number_and_words(item.line.keys, item.skip)
        if words.startswith("remark"):
            self._last = max(self._last, number or 0)
            self._idle.append(item.line)
        elif not words:
            self._unplaced.append(item)
            self._doubts[item.line.number] = _NO_ENTRY
        elif words in self._numbers:
            self._idle.append(item.line)
        elif number == 0 or (number is not None and self._renumbered):
            self._unplaced.append(item)
            self._doubts[item.line.number] = _RENUMBERED if number else _NO_NUMBER
        elif number in self._at:
            self._unplaced.append(item)
            self._doubts[item.line.number] = _TAKEN
            self._doubts[self._at[number].line.number] = _TAKEN
        else:
            place = self._last + _STEP if number is None else number
            self._at[place] = item
            self._numbers[words] = place
            self._last = max(self._last, place)
            heapq.heappush(self._greatest, -place)

    def _remove(self, keys: list[str]) -> None:
        """Carry out `no 10`, or `no permit ...`; what is not there cannot be removed."""
        number, words = _number_and_words(keys, 0)
        if words:
            number = self._numbers.get(words)
        elif self._renumbered:  # any of them may be gone
            self._doubts.update((item.line.number, _RENUMBERED) for item in self._at.values())
            return
        if number is None or number not in self._at:
            return
        gone = self._at.pop(number)
        self._idle.append(gone.line)
        del self._numbers[_number_and_words(gone.line.keys, gone.skip)[1]]
        if number == self._last:
            while self._greatest and -self._greatest[0] not in self._at:
                heapq.heappop(self._greatest)
            self._last = -self._greatest[0] if self._greatest else 0


def _removes(keys: list[str]) -> bool:
    return keys[0] == "no" and (keys[1:2] == ["sequence"] or _is_entry(keys[1:]))


def _is_entry(keys: list[str]) -> bool:
    return bool(keys) and (keys[0].isdigit() or keys[0] in ("permit", "deny", "remark"))


def _number_and_words(keys: list[str], skip: int) -> tuple[int | None, str]:
    """Return the number of an entry and its words; an IPv6 list may have it at the end too.

    Source: IOS IPv6 command reference, permit: `[sequence value]` among the options.
    """
    number, start = number_at(keys, skip)
    words = keys[start:]
    if number is None and words[-2:-1] == ["sequence"]:
        number, _ = number_at(words, len(words) - 2)
        words = words[:-2]
    return number, " ".join(words)
