"""Cuts the lines of a shell script at what joins its commands, and at its keywords.

Source: POSIX.1-2017, Shell Command Language, 2.2, 2.9 and 2.10.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

__all__ = ["MOST_PARTS", "USUAL_LENGTH", "Part", "Raw", "Source", "first_parts", "parts_of"]

# Commands and keywords of a script: four for each of the commands that are followed when it runs.
MOST_PARTS: Final = 16_000
USUAL_LENGTH: Final = 500
"""Characters of a command; a longer one counts for several where commands are counted."""

# What may matter next: outside of all quotes, inside a pair of them, inside `$( )`.
_SPECIAL: Final = re.compile(r"[\"'`#;&|\\]|(?<=\$)\(")
_QUOTED: Final = {
    "'": re.compile("'"),
    '"': re.compile(r'["\\]'),
    "`": re.compile(r"[`\\]"),
}
_SUBSTITUTED: Final = re.compile(r"[\"'`\\()]")
_CUTTING: Final = re.compile(r"[`#;&|\\({})]")
_KEYWORD: Final = re.compile(r"\s*(?:(if|then|elif|else|while|until|do|\{)(?:\s+|$)|(\()(?!\())")
_CLOSED: Final = re.compile(r"(?:(fi|esac|\})\s*|(done)\s+)(\).*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Raw:
    """Text in another language: what reads it, in doubt for a reason or not, and its lines."""

    read: Callable[[str], None]
    lines: int


Source = tuple[int, str | Raw]
Part = tuple[int, str, str | Raw]


def first_parts(lines: Iterable[Source]) -> tuple[list[Part], int | None]:
    """Return as many parts as are read, and the line where there are more of them."""
    found: list[Part] = []
    room = MOST_PARTS
    for line, text in lines:
        if not isinstance(text, str):  # is cut by what reads it
            found.append((line, ";", text))
            continue
        before = len(found)
        found.extend(islice(parts_of(line, text), room + 1))
        room -= len(found) - before
        if room < 0:
            found.pop()
            return found, line
    return found, None


def parts_of(line: int, text: str) -> Iterator[Part]:
    """Yield (line, operator before, fragment); keywords are fragments of their own."""
    for sign, fragment in _fragments(text) if _CUTTING.search(text) else ((";", text),):
        operator, at = sign, 0
        while (found := _KEYWORD.match(fragment, at)) is not None:
            yield line, operator, found[1] or found[2]
            operator, at = ";", found.end()
        rest = fragment[at:].strip()
        closed = _CLOSED.fullmatch(rest) if ")" in rest else None
        if closed is not None:
            yield line, operator, closed[1] or closed[2]
            yield line, ";", closed[3]
        elif rest:
            yield line, operator, rest
        elif operator == ";;":
            yield line, ";", ";;"


def _fragments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text between `;`, `&&`, `||`, `|`, `&` and comments outside quotes."""
    operator, start, at, quote, depth = ";", 0, 0, "", 0
    while at < len(text):
        if quote:
            special = _QUOTED[quote].search(text, at)
        else:
            special = (_SUBSTITUTED if depth else _SPECIAL).search(text, at)
        if special is None:
            break
        at = special.start()
        char = text[at]
        if char == "\\" and quote != "'":
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char == "#" and depth == 0 and (at == 0 or text[at - 1] in " \t;"):
            text = text[:at]
            break
        elif char == "(" and text[at - 1 : at] == "$":
            depth += 1
        elif depth and char in "()":
            depth += 1 if char == "(" else -1
        elif depth == 0 and (sign := _sign(text, at)):
            yield operator, text[start:at]
            if sign == ";;":
                yield ";;", ""
            operator = ";" if sign in (";;", "&") else sign
            start = at = at + len(sign)
            continue
        at += 1
    yield operator, text[start:]


def _sign(text: str, at: int) -> str:
    pair = text[at : at + 2]
    if pair in ("&&", "||", ";;"):
        return pair
    if text[at] == "&" and (text[at - 1 : at] in ("<", ">") or pair == "&>"):
        return ""  # a redirection
    return text[at] if text[at] in ";|&" else ""
