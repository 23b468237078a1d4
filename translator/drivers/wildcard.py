"""Patterns with `*`, `?` and `[...]` for names, as shells and Junos write them.

`fnmatch` says the same and compiles each pattern first: a text of nothing but patterns then takes
a hundred times as long.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

__all__ = ["Wildcard"]

# Source: fnmatch of Python: `]` behind `[` or `[!` is one of the characters, and a `[` that
# nothing closes stands for itself.
_PART: Final = re.compile(r"\[(!?+\]?+[^\]]*)\]|\*|.", re.DOTALL)
_SPECIAL: Final = re.compile(r"[?\[]")
_LONGEST: Final = 32  # characters of a name for which no expression is worth compiling
_SIGN: Final = re.compile(r"[*?\[]")


class Wildcard:
    """One pattern; names are compared as they are written."""

    __slots__ = ("_first", "_last", "_parts", "_pattern", "_words")

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._parts = tuple(_PART.finditer(pattern)) if _SPECIAL.search(pattern) else ()
        # How each such name begins and ends, and the words between the stars.
        self._words = pattern.split("*")[1:-1]
        self._first = _SIGN.split(pattern, 1)[0]
        ends = "*?]" if self._parts else "*"
        self._last = pattern[max(map(pattern.rfind, ends)) + 1 :]

    def fits(self, name: str) -> bool:
        """Whether a name is one of those that the pattern stands for."""
        if not (name.startswith(self._first) and name.endswith(self._last)):
            return False
        if self._parts:
            short = len(name) <= _LONGEST
            return self._fits_parts(name) if short else fnmatchcase(name, self._pattern)
        if "*" not in self._pattern:
            return name == self._pattern
        at, end = len(self._first), len(name) - len(self._last)
        for word in self._words:
            found = name.find(word, at, end)
            if found < 0:
                return False
            at = found + len(word)
        return at <= end

    def _fits_parts(self, name: str) -> bool:
        """Walk along both; where they part, the last star takes one character more."""
        parts = self._parts
        at = place = taken = 0
        star = -1
        while at < len(name):
            part = parts[place] if place < len(parts) else None
            if part is not None and part[0] == "*":
                star, taken = place, at
                place += 1
            elif part is not None and _is_one_of(name[at], part):
                place += 1
                at += 1
            elif star >= 0:
                taken += 1
                place, at = star + 1, taken
            else:
                return False
        return all(part[0] == "*" for part in parts[place:])


def _is_one_of(character: str, part: re.Match[str]) -> bool:
    """Whether a character is what one part of a pattern, no star, stands for."""
    listed = part[1]
    if listed is None:
        return part[0] in ("?", character)
    without = listed.startswith("!")
    at, found = int(without), False
    while at < len(listed) and not found:
        if listed[at + 1 : at + 2] == "-" and at + 2 < len(listed):
            found = listed[at] <= character <= listed[at + 2]
            at += 3
        else:
            found = listed[at] == character
            at += 1
    return found is not without
