"""Lines by which a platform's text is known: those it alone writes and those it never writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

__all__ = ["Lines", "Sign", "Signs", "lines_like"]

_MOST: Final = 20  # more of the same say no more
# Longer texts are looked at in their beginning, middle and end.
_LOOKED_AT: Final = 96 * 1024
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of a text, by its number from 1, and how it begins."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Signs:
    """What a driver sees in a text.

    Attributes:
        own: lines that only its platform writes; empty where there are none.
        shared: lines that it and its siblings write, which do not tell these apart.
        foreign: lines that its platform never writes.
    """

    own: tuple[Sign, ...] = ()
    shared: tuple[Sign, ...] = ()
    foreign: tuple[Sign, ...] = ()


def lines_like(*forms: str, anywhere: tuple[str, ...] = ()) -> str:
    """Return the expression for `Lines.found` of lines that begin in one of these ways.

    Each is a regular expression; of those in `anywhere` the line may be indented. It is compiled
    when it is first looked for, so that drivers load quickly.
    """
    indented = (rf"[ \t]*(?:{'|'.join(anywhere)})",) if anywhere else ()
    return rf"\n(?:{'|'.join((*forms, *indented))})"


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.MULTILINE)


class Lines:
    """A text to look for signs in; long ones in three places only."""

    def __init__(self, text: str) -> None:
        self._text = "\n" + text

    def found(self, expression: str) -> tuple[Sign, ...]:
        """Return the lines that fit an expression of `lines_like`, at most twenty."""
        return tuple(map(self._sign, islice(self._found(expression), _MOST)))

    def kinds(self, expression: str) -> frozenset[str]:
        """Return the different beginnings of the lines that fit an expression."""
        return frozenset(found[0] for found in self._found(expression))

    def _found(self, expression: str) -> Iterator[re.Match[str]]:
        pattern = _pattern(expression)
        size = len(self._text)
        if size <= _LOOKED_AT:
            yield from pattern.finditer(self._text)
            return
        third = _LOOKED_AT // 3
        for start in (0, (size - third) // 2, size - third):
            yield from pattern.finditer(self._text, start, start + third)

    def _sign(self, found: re.Match[str]) -> Sign:
        at = found.start()
        end = self._text.find("\n", at + 1)
        shown = self._text[at + 1 : len(self._text) if end < 0 else end].strip()[:_SHOWN]
        return Sign(self._text.count("\n", 0, at) + 1, shown)
