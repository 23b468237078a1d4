"""Banners and macros: lines in the middle of a configuration that are none of it."""

from __future__ import annotations

from typing import Final

__all__ = ["BEGINNING", "FREE_TEXTS", "FreeTexts", "may_begin_free_text"]

_ACCOUNTS: Final = "aaa"  # `aaa authentication banner ^C`, among many others
FREE_TEXTS: Final = frozenset({_ACCOUNTS, "ban", "mac"})
"""How a line begins behind which free text may follow."""

BEGINNING: Final = "aaa[^\\n]*banner|ban|mac"
"""The same as an expression, for printed text, without the lines that are not worth a look."""

_MACRO: Final = "macro name "
_MACRO_END: Final = "@"  # a line of its own
_SHOWN: Final = "^C"
_NEVER: Final = -1


def may_begin_free_text(line: str) -> bool:
    """Whether a line at the margin is worth a look for what it begins."""
    start = line[:3].lower()
    return start in FREE_TEXTS and (start != _ACCOUNTS or "banner" in line)


class FreeTexts:
    """Where the free texts of one configuration end.

    A text may hold thousands whose end never comes: the first such costs one look at all lines,
    and what it finds answers for all others.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._last_signs: dict[str, int] | None = None
        self._last_macro_end: int | None = None

    def end(self, number: int) -> int | None:
        """Return the number of the line that ends a banner or macro begun on line `number`, from 1.

        Returns `number` itself when nothing is left open, None when the end never comes.
        """
        text = self._lines[number - 1].strip()
        if text.lower().startswith(_MACRO):
            return self._end_of_macro(number)
        words = text.split(None, 3)
        at = 2 if words[0].lower() == "banner" else 3  # `aaa authentication banner ^C`
        if at == 3 and (words[0].lower() != "aaa" or words[2:3] != ["banner"]):
            return number
        message = text.split(None, at)[at:]
        if not message:
            return number
        # The delimiter is the first character of the message; a running configuration shows it as
        # the two characters ^C. Source: IOS command reference, banner.
        mark = _SHOWN if message[0].startswith(_SHOWN) else message[0][0]
        if mark in message[0][len(mark) :]:
            return number
        return self._end_of_banner(number, mark)

    def _end_of_banner(self, number: int, mark: str) -> int | None:
        if self._last_signs is not None and self._last_signs.get(mark, _NEVER) <= number:
            return None
        lines = self._lines
        end = next((at + 1 for at in range(number, len(lines)) if mark in lines[at]), None)
        if end is None and self._last_signs is None:
            self._last_signs = {sign: at for at, line in enumerate(lines, 1) for sign in set(line)}
            shown = (at for at in range(len(lines), 0, -1) if _SHOWN in lines[at - 1])
            self._last_signs[_SHOWN] = next(shown, _NEVER)
        return end

    def _end_of_macro(self, number: int) -> int | None:
        """Return the line of a single @ behind a line: with it the commands of a macro end."""
        if self._last_macro_end is not None and self._last_macro_end <= number:
            return None
        lines = self._lines
        ends = (at for at in range(number, len(lines)) if lines[at].strip() == _MACRO_END)
        end = next(ends, None)
        if end is None:
            self._last_macro_end = number
        return None if end is None else end + 1
