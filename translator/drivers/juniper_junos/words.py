"""How Junos writes words: quotes, lists in brackets, prompts, and the headings of hierarchies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from translator.drivers.juniper_junos.tree import Path

__all__ = ["COMMAND", "HEADING", "PROMPT", "TOKEN", "path_of", "quoted", "spoken", "words_of_line"]

# A word may hold brackets, as in `ge-0/0/[0-3]`; those of a list stand by themselves.
_WORD: Final = r"[^\s{}\[\];\"]+(?:\[[^\s{}\[\];\"]*\][^\s{}\[\];\"]*)*"
TOKEN: Final = re.compile(rf'"(?:\\.|[^"\\])*"?|/\*|\*/|{_WORD}|[{{}}\[\];]')
# A line that begins with "#" is a comment, whatever is written in it.
PROMPT: Final = r"[^\s#]\S{0,79}[>#%][ \t]*"
COMMAND: Final = r"(?:set|deactivate|delete)[ \t]+\S[^;{}]*\r?$"
# The heading that a session prints: the hierarchy that it stands in, behind the state of the
# routing engine where there are several.
HEADING: Final = re.compile(r"^\s*(?:\{[\w:.-]{1,40}\})?\[edit([^\]]*)\]\s*$")
_NEEDS_QUOTES: Final = re.compile(r'[\s;{}\[\]"]')


def words_of_line(line: str) -> list[str]:
    """Return the words of a `set` line; those in quotes keep them."""
    return TOKEN.findall(line) if '"' in line else line.split()


def spoken(text: str) -> list[str]:
    """Return the words of a hierarchy as it is typed or printed, without their quotes."""
    return [_unquoted(word) for word in words_of_line(text)]


def path_of(pieces: Sequence[str]) -> Path:
    """Return the path that tokens make; signs of the brace form are left out."""
    path: Path = []
    values: list[str] | None = None
    for piece in pieces:
        if piece == "[":
            values = []
        elif piece == "]":
            path.append(values or [])
            values = None
        elif values is not None:
            values.append(_unquoted(piece))
        elif piece not in "{};":
            path.append(_unquoted(piece))
    if values:
        path.append(values)
    return path


@cache
def quoted(word: str) -> str:
    """Return a word as the command line takes it."""
    return f'"{word}"' if not word or _NEEDS_QUOTES.search(word) else word


def _unquoted(piece: str) -> str:
    if piece.startswith('"'):
        return piece[1:].removesuffix('"').replace('\\"', '"')
    return piece
