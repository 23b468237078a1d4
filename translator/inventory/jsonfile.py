"""JSON read into the tables of the YAML reader: every value keeps its line, nothing recurses.

The standard library's reader forgets the lines, and keeps the last of two equal keys.
"""

from __future__ import annotations

import json
import re
from typing import Final

from translator.errors import InventoryError
from translator.inventory.source import MAX_HOSTS, Source, too_many_hosts
from translator.inventory.yamlfile import Listing, Table, Value

__all__ = ["parse_json"]

_MAX_DEPTH: Final = 64
_DECODER: Final = json.JSONDecoder()
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def parse_json(source: Source) -> Table | Listing:
    """Return the object or array that a text holds.

    Fractions stay text: no value of an inventory of ours is one.

    Raises:
        InventoryError: not JSON (a truncated file is told by its last line), a key given twice,
            nested deeper than 64, or a list longer than hosts can be.
    """
    return _Reader(source).document()


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._line = 1
        self._open: list[Table | Listing] = []

    def document(self) -> Table | Listing:
        root = self._value()
        if not isinstance(root, Table | Listing):
            raise self._error("neither an object nor an array", hint="write { or [ first")
        self._skip()
        while self._open:
            self._next(self._open[-1])
            self._skip()
        if self._at < len(self._text):
            raise self._error("something follows the end", hint="keep one JSON value per file")
        return root

    def _next(self, container: Table | Listing) -> None:
        """Read one entry of the innermost container, or its end."""
        closing = "}" if isinstance(container, Table) else "]"
        if self._peek() == closing:
            self._at += 1
            self._open.pop()
            return
        if container:
            self._expect(",")
        if isinstance(container, Listing):
            if len(container) >= MAX_HOSTS:
                raise too_many_hosts(self._source.file, self._line)  # no other list is so long
            line = self._line
            container.append(self._value())
            container.lines.append(line)
            return
        line = self._line
        key = self._string()
        if key in container.lines:
            raise self._error(
                f"key {key!r} is given twice (first on line {container.lines[key]})",
                hint="remove one of them",
            )
        container.lines[key] = line
        self._skip()
        self._expect(":")
        container[key] = self._value()

    def _value(self) -> Value:
        self._skip()
        char = self._peek()
        if char in ("{", "["):
            if len(self._open) >= _MAX_DEPTH:
                raise self._error(
                    f"nested deeper than {_MAX_DEPTH}", hint="an inventory needs few levels"
                )
            self._at += 1
            found: Table | Listing = Table(self._line) if char == "{" else Listing()
            self._open.append(found)
            return found
        if char == '"':
            return self._string()
        for word, value in _WORD.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        return self._number()

    def _number(self) -> Value:
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            raise self._error(
                "the file ends before the JSON does"
                if self._at >= len(self._text)
                else f"{self._text[self._at : self._at + 20]!r} is no JSON value",
                hint="export it again; is it complete?",
            )
        self._at = number.end()
        text = number[0]
        return text if number[1] or number[2] or len(text) > 18 else int(text)

    def _string(self) -> str:
        if self._peek() != '"':
            raise self._error(
                "a key is no string, or the file ends here", hint='write "name": value'
            )
        try:
            text, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise self._error(
                f"a string is wrong: {error.msg}", hint="export it again; is it complete?"
            ) from None
        return str(text)

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._error(
                f"{sign!r} is missing, or the file ends here",
                hint="export it again; is it complete?",
            )
        self._at += 1
        self._skip()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        end = self._at
        blank = _BLANK.match(self._text, self._at)
        if blank is not None and blank.end() > end:
            self._line += self._text.count("\n", self._at, blank.end())
            self._at = blank.end()

    def _error(self, problem: str, *, hint: str) -> InventoryError:
        return self._source.error(f"not readable as JSON: {problem}", self._line, hint=hint)
