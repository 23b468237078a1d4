"""A bound on what a regular expression may cost, so that none that a user types can hang us.

Python's engine backtracks: it may try as many ways as the repetitions and alternatives of an
expression multiply to. They are counted here from the text alone; where a part is not understood,
the count errs upwards.
"""

from __future__ import annotations

import re
from typing import Final

from translator.errors import InventoryError

__all__ = ["LONGEST", "bounded"]

LONGEST: Final = 200
_NAME: Final = 64  # names are rarely longer, and the count is a bound on the work, not on time
_MOST_WAYS: Final = 1_000_000
_REPEAT: Final = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def bounded(expression: str) -> re.Pattern[str]:
    """Return the compiled expression.

    Raises:
        InventoryError: longer than 200 characters, no regular expression, or one that could try
            more than a million ways to match one name.
    """
    if len(expression) > LONGEST:
        raise InventoryError(
            f"a regular expression of {len(expression)} characters is longer than {LONGEST}",
            hint="name groups instead, or use @FILE",
        )
    try:
        compiled = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise InventoryError(
            f"{expression!r} is no regular expression: {error}", hint="write ~branch-[0-9]+"
        ) from None
    # A comment could hide a bracket from the count.
    if "(?#" in expression or _Counter(expression).ways() > _MOST_WAYS:
        raise InventoryError(
            f"{expression!r} repeats what repeats: it could take for ever to match",
            hint="use fewer * and +, none of them around another",
        )
    return compiled


class _Counter:
    """Reads a valid expression once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def ways(self) -> int:
        """Return how many ways there are up to the end or to the bracket that closes this part."""
        total, branch = 0, 1
        while self._at < len(self._text) and self._text[self._at] != ")":
            if self._text[self._at] == "|":
                self._at += 1
                total, branch = total + branch, 1
            else:
                branch = _capped(branch * self._item())
        return _capped(total + branch)

    def _item(self) -> int:
        """One sign, class or group with its repetitions."""
        ways = self._atom()
        while (repeat := _REPEAT.match(self._text, self._at)) is not None:
            self._at = repeat.end()
            if self._text[self._at : self._at + 1] in ("?", "+"):
                self._at += 1  # lazy or possessive: not more ways
            ways = _repeated(ways, repeat)
        return ways

    def _atom(self) -> int:
        sign = self._text[self._at]
        if sign == "[":
            found = _CLASS.match(self._text, self._at)
            if found is None:
                self._at = len(self._text)
                return _MOST_WAYS + 1
            self._at = found.end()
            return 1
        if sign == "(":
            self._at += 1
            if self._text.startswith("?", self._at):
                self._at += 1  # what kind of group makes no difference
            ways = self.ways()
            self._at += 1
            return ways
        self._at += 2 if sign == "\\" else 1
        return 1


def _repeated(ways: int, repeat: re.Match[str]) -> int:
    """The ways of a repeated part: one for each number of rounds, and those of every round."""
    sign = repeat[0]
    if sign in ("*", "+"):
        low, high = 0, _NAME
    elif sign == "?":
        low, high = 0, 1
    else:
        low = min(int(repeat[1] or 0), _NAME)
        high = low if not repeat[2] else min(int(repeat[3] or _NAME), _NAME)
    rounds = high - low + 1
    # `{}` is text, not a repetition of nothing: what was counted stays counted.
    return _capped(max(ways, rounds * ways ** min(high, 24)))


def _capped(ways: int) -> int:
    return min(ways, _MOST_WAYS + 1)
