"""The text of a PowerShell script as tokens with line numbers.

Nothing is evaluated: what holds a variable or an expression is marked as not literal.

Source:
    Windows PowerShell language specification 3.0, section 2 (lexical structure): typographic
    quotes and dashes count as the plain ones (2.3.1, 2.3.5.2), a backtick escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from translator.errors import PlanError, Where

__all__ = ["DOUBLE_QUOTES", "SINGLE_QUOTES", "Kind", "Token", "tokens"]

SINGLE_QUOTES: Final = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES: Final = '"\u201c\u201d\u201e'
_DASHES: Final = "-\u2013\u2014\u2015"
_QUOTES: Final = SINGLE_QUOTES + DOUBLE_QUOTES
_BLANK: Final = re.compile(r"(?:[^\S\r\n]|`(?:\r\n|\r|\n))+")
_END: Final = re.compile(r"[\r\n]+|;|&&|\|\|")
_COMMENT: Final = re.compile(r"#[^\r\n]*")
_PARAMETER: Final = re.compile(rf"[{_DASHES}]([A-Za-z_?][^\s{{}}();,|&:.\[{_QUOTES}]*)(:?)")
_HERE: Final = re.compile(rf"@([{_QUOTES}])[^\S\r\n]*(?:\r\n|\r|\n)")
_PLAIN: Final = re.compile(rf"[^\s{{}}();,|&<>=$`{_QUOTES}]+")
_VARIABLE: Final = re.compile(r"\$(?:\{[^}\r\n]*\}|[\w:?^$]+)?(?:\.\w+|\[[^\]\r\n]*\])*")
_SINGLE: Final = re.compile(
    rf"[{SINGLE_QUOTES}]((?:[^{SINGLE_QUOTES}]++|[{SINGLE_QUOTES}]{{2}})*+)[{SINGLE_QUOTES}]"
)
_DOUBLED: Final = re.compile(rf"[{SINGLE_QUOTES}]([{SINGLE_QUOTES}])")
_STRING: Final = re.compile(rf"[^`${DOUBLE_QUOTES}]+")
_EXPANDS: Final = re.compile(r"\$[\w{:?^$]")
_NESTED: Final = re.compile(rf"[^(){_QUOTES}]+")
_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    PARAMETER = auto()
    END = auto()  # of a statement: a line end, a semicolon, && or ||
    PIPE = auto()
    OPEN = auto()
    CLOSE = auto()
    OTHER = auto()  # an operator


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` of a word is its value where it is literal.

    Attributes:
        literal: nothing in it has to be evaluated.
        quoted: it begins with a quote, so it is neither a command nor a parameter.
        joined: a parameter that is followed by a colon and its value.
    """

    kind: Kind
    text: str
    where: Where
    literal: bool = True
    quoted: bool = False
    joined: bool = False


def tokens(text: str, file: str) -> Iterator[Token]:
    """Yield the tokens of a script; comments and blanks are left out.

    Raises:
        PlanError: a string or comment does not end.
    """
    return _Lexer(text, file).run()


class _Lexer:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._at = 0
        self._line = 1
        self._counted = 0

    def run(self) -> Iterator[Token]:
        text = self._text
        while self._at < len(text):
            if blank := _BLANK.match(text, self._at):
                self._at = blank.end()
            elif end := _END.match(text, self._at):
                yield self._take(Kind.END, end.end())
            elif comment := _COMMENT.match(text, self._at):
                self._at = comment.end()
            elif text.startswith("<#", self._at):
                self._at = self._after("#>", "comment")
            else:
                yield self._token(text[self._at])

    def _token(self, char: str) -> Token:
        if char in "{(":
            return self._take(Kind.OPEN, self._at + 1)
        if char in "})":
            return self._take(Kind.CLOSE, self._at + 1)
        if char == "|":
            return self._take(Kind.PIPE, self._at + 1)
        if char in "&,<>=":
            return self._take(Kind.OTHER, self._at + 1)
        if parameter := _PARAMETER.match(self._text, self._at):
            where = self._where()
            self._at = parameter.end()
            return Token(Kind.PARAMETER, parameter[1], where, joined=bool(parameter[2]))
        if here := _HERE.match(self._text, self._at):
            where = self._where()
            closing = _closing_here(here[1])
            found = closing.search(self._text, here.end() - 1)
            if found is None:
                raise self._open(where, "here-string")
            self._at = found.end()
            return Token(Kind.WORD, "", where, literal=False, quoted=True)
        return self._word()

    def _word(self) -> Token:
        """A word: plain text, strings and variables that stand together without a blank."""
        where, start = self._where(), self._at
        quoted = self._text[start] in _QUOTES
        parts: list[str] = []
        literal = True
        while self._at < len(self._text):
            char = self._text[self._at]
            if plain := _PLAIN.match(self._text, self._at):
                self._at = plain.end()
                parts.append(plain[0])
            elif char in SINGLE_QUOTES:
                parts.append(self._single())
            elif char in DOUBLE_QUOTES:
                part, is_literal = self._double()
                parts.append(part)
                literal = literal and is_literal
            elif variable := _VARIABLE.match(self._text, self._at):
                self._at = variable.end()
                parts.append(variable[0])
                literal = False
            elif char == "`" and not _BLANK.match(self._text, self._at):
                parts.append(self._escaped())
            else:
                break
        text = "".join(parts)
        return Token(Kind.WORD, text, where, literal and (quoted or text[:1] != "@"), quoted)

    def _single(self) -> str:
        found = _SINGLE.match(self._text, self._at)
        if found is None:
            raise self._open(self._where(), "string")
        self._at = found.end()
        return _DOUBLED.sub(r"\1", found[1])

    def _double(self) -> tuple[str, bool]:
        """The text of a string that expands, and whether nothing in it does."""
        where = self._where()
        self._at += 1
        parts: list[str] = []
        literal = True
        while self._at < len(self._text):
            char = self._text[self._at]
            if run := _STRING.match(self._text, self._at):
                self._at = run.end()
                parts.append(run[0])
            elif char == "`":
                parts.append(self._escaped())
            elif char == "$":
                if self._text.startswith("$(", self._at):
                    self._subexpression(where)
                    literal = False
                    continue
                literal = literal and not _EXPANDS.match(self._text, self._at)
                parts.append("$")
                self._at += 1
            elif self._text[self._at + 1 : self._at + 2] in tuple(DOUBLE_QUOTES):
                parts.append(self._text[self._at + 1])
                self._at += 2
            else:
                self._at += 1
                return "".join(parts), literal
        raise self._open(where, "string")

    def _subexpression(self, where: Where) -> None:
        """Pass over `$( ... )` inside a string, with the strings that it holds in turn."""
        self._at += 2
        open_ones = ["("]
        while open_ones and self._at < len(self._text):
            char = self._text[self._at]
            inside = open_ones[-1] == '"'
            if inside and char == "`":
                self._at += 2
            elif inside and self._text.startswith("$(", self._at):
                open_ones.append("(")
                self._at += 2
            elif char in DOUBLE_QUOTES:
                open_ones.pop() if inside else open_ones.append('"')
                self._at += 1
            elif not inside and char in SINGLE_QUOTES:
                self._single()
            elif not inside and char in "()":
                open_ones.append("(") if char == "(" else open_ones.pop()
                self._at += 1
            elif not inside and (run := _NESTED.match(self._text, self._at)):
                self._at = run.end()
            else:
                self._at += 1
        if open_ones:
            raise self._open(where, "string")

    def _escaped(self) -> str:
        char = self._text[self._at + 1 : self._at + 2]
        self._at += 1 + len(char)
        return _ESCAPES.get(char, char)

    def _take(self, kind: Kind, end: int) -> Token:
        token = Token(kind, self._text[self._at : end], self._where())
        self._at = end
        return token

    def _after(self, closing: str, what: str) -> int:
        found = self._text.find(closing, self._at + 2)
        if found < 0:
            raise self._open(self._where(), what)
        return found + len(closing)

    def _where(self) -> Where:
        """The place here; lines are counted from where they were counted last."""
        part = self._text[self._counted : self._at]
        self._line += part.count("\n") + part.count("\r") - part.count("\r\n")
        self._counted = self._at
        return Where(self._file, self._line)

    def _open(self, where: Where, what: str) -> PlanError:
        return PlanError(
            f"a {what} begins here and does not end",
            where=where,
            hint="the file may be cut short; close it, or give the whole file",
        )


def _closing_here(quote: str) -> re.Pattern[str]:
    kinds = SINGLE_QUOTES if quote in SINGLE_QUOTES else DOUBLE_QUOTES
    return re.compile(rf"(?:\r\n|\r|\n)[{kinds}]@")
