"""Cuts nftables text into tokens and statements; knows quotes, comments, braces, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

__all__ = ["Token", "matching_brace", "statement_end", "tokens"]

_TOKEN: Final = re.compile(
    r"""(?P<newline>\n)|(?P<blank>[ \t\r\f\v]+|\\\n|\#[^\n]*)|"(?P<quoted>[^"\n]*)"?"""
    r"""|(?P<mark>[{};,()]|==|!=|<=|>=|<<|>>|[=<>&|^])|(?P<word>(?:!(?!=)|[^\s{};,()"\#=!<>&|^])+)"""
    r"""|(?P<odd>.)"""
)
# The same for a line without quotes and comments: what is found is the text of the tokens.
_PLAIN: Final = re.compile(
    r"[{};,()]|[=!<>]=|<<|>>|[=<>&|^]|(?:!(?!=)|[^\s{};,()=!<>&|^])+|[^ \t\r\f\v]"
)
_ODD: Final = frozenset('"#\n')
_ENDS: Final = frozenset({"\n", ";", "}"})
_MARKS: Final = frozenset({"\n", ";", "}", "{"})


class Token(NamedTuple):
    """A word, a punctuation mark or the end of a line ("\\n"), with its line number.

    A tuple, because they are made and hashed by the thousand.

    `quoted` tells `"drop"` (a name) from `drop` (a verdict).
    """

    text: str
    line: int
    quoted: bool = False


_new: Final = tuple.__new__  # half the time of a call of the class; there are many


def tokens(lines: Sequence[tuple[int, str]]) -> list[Token]:
    """Return the tokens of numbered lines, comments left out.

    Text behind a backslash at the end of a line goes on in the next one.
    """
    found: list[Token] = []
    for number, line in lines:
        continued = line.endswith("\\")
        text = line[:-1] if continued else line
        if _ODD.isdisjoint(text):
            found.extend([_new(Token, (piece, number, False)) for piece in _PLAIN.findall(text)])
            if not continued:
                found.append(_new(Token, ("\n", number, False)))
            continue
        for piece in _TOKEN.finditer(text):
            if piece.lastgroup == "quoted":
                found.append(Token(piece["quoted"], number, quoted=True))
            elif piece.lastgroup != "blank":
                found.append(Token(piece[0], number))
        if not continued:
            found.append(_new(Token, ("\n", number, False)))
    return found


def matching_brace(found: Sequence[Token], start: int) -> int:
    """Return the index of the `}` for the `{` at `start`, or the end of the text."""
    depth = 0
    for at in range(start, len(found)):
        text = found[at][0]
        if text == "{":
            depth += not found[at].quoted
        elif text == "}" and not found[at].quoted:
            depth -= 1
            if depth == 0:
                return at
    return len(found)


def statement_end(found: Sequence[Token], start: int, end: int) -> int:
    """Return the index of the newline, `;` or `}` that ends the statement at `start`."""
    at = start
    while at < end:
        text, _, quoted = found[at]
        if text in _MARKS and not quoted:
            if text != "{":
                return at
            at = matching_brace(found, at)
        at += 1
    return min(at, end)


def statements(found: Sequence[Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of each statement between two indices."""
    at = start
    while at < end:
        if found[at].text in _ENDS and not found[at].quoted:
            at += 1
            continue
        stop = statement_end(found, at, end)
        yield at, stop
        at = stop
