"""Finds the next line of a text that can matter, without a look at each line between.

A running configuration has thousands of lines that no reader asks for. One expression, tried at
each line's start, steps over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

__all__ = ["Scan", "headers", "section_ends"]

_BLANKS: Final = r"[^\S\n]"
_SERVICE_POLICY: Final = "service-policy"


@lru_cache(maxsize=64)
def headers(kinds: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of lines that begin with one of the keywords, indented or not."""
    return re.compile(rf"\n{_BLANKS}*(?:{_any_of(kinds)})")


@lru_cache(maxsize=64)
def section_ends(openings: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of lines that may end a section: at the margin, or begun as a header."""
    return re.compile(rf"\n(?:[^ \t\n!]|[ \t]{_BLANKS}*(?:{_any_of(openings)}))")


@lru_cache(maxsize=64)
def _bearing_lines(words: frozenset[str], *, policies: bool) -> re.Pattern[str]:
    """Return the pattern of indented lines that begin with one of the words (with `policies`,
    also those that name a service-policy anywhere), and of what is deeper below them.
    """
    line = rf"{_BLANKS}*(?:{_any_of(words)})(?!\S)[^\n]*"
    if policies:
        line = rf"(?:{line}|[^\n]*{_SERVICE_POLICY}[^\n]*)"
    return re.compile(rf"\n[ \t]{line}(?:\n(?:[ \t]{{2}}|[ \t]?!|(?=\n))[^\n]*)*")


def _any_of(keywords: Iterable[str]) -> str:
    return "|".join(rf"{_BLANKS}+".join(map(re.escape, item.split())) for item in sorted(keywords))


class Scan:
    """A position in the lines of a text, which only moves on."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._text = "\n" + _lowered("\n".join(lines))
        self._line = 0
        self._offset = 0  # of the line feed before that line
        self._passed = 0, 0  # the same for the first of the lines that were passed last

    def next(self, line: int, pattern: re.Pattern[str]) -> int:
        """Return the first line from `line` on that the pattern fits; their count when none does.

        Args:
            line: lines that have gone by, no fewer than at the last call.
        """
        start = self._offset
        for passed in self._lines[self._line : line]:
            start += len(passed) + 1
        found = pattern.search(self._text, start)
        self._offset = len(self._text) if found is None else found.start()
        self._passed = line, start
        self._line = line + self._text.count("\n", start, self._offset)
        return self._line

    def bearing(self, words: frozenset[str]) -> list[int]:
        """Return those of the lines passed last that begin with one of the words, with what is
        deeper below them, and all that name a service-policy.
        """
        line, start = self._passed
        text, end = self._text, self._offset
        spans = [
            found.span()
            for found in _bearing_lines(words, policies=False).finditer(text, start, end)
        ]
        policies = text.count(_SERVICE_POLICY, start, end)
        if policies and sum(text.count(_SERVICE_POLICY, *span) for span in spans) < policies:
            pattern = _bearing_lines(words, policies=True)
            spans = [found.span() for found in pattern.finditer(text, start, end)]
        chosen: list[int] = []
        for first, last in spans:
            line += text.count("\n", start, first)
            start = first
            chosen += range(line, line + text.count("\n", first, last))
        return chosen


def _lowered(text: str) -> str:
    """Return the text in lower case, each character at its place."""
    lower = text.lower()
    if len(lower) != len(text):  # some letters become two
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lower
