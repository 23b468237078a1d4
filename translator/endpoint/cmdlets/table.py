"""Format-Table of PowerShell: a header, a line of dashes below it, one row for each object.

The dashes are as long as the names, not as the columns: text begins where its dashes begin,
numbers end where they end. Every word of a row must do one or the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.endpoint.cmdlets.printed import Printed, Property, object_of
from translator.errors import PlanError, Where

__all__ = ["is_rule", "table_objects"]

_RULE: Final = re.compile(r"\s*-{2,}( +-{2,})*\s*")
_WORD: Final = re.compile(r"\S+")
_HINT: Final = "print a list instead of a table: ... | Format-List"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column by its name and where its dashes begin and end."""

    name: str
    start: int
    end: int


def is_rule(line: str) -> bool:
    """Whether the line is the one of dashes below a header."""
    return _RULE.fullmatch(line) is not None


def table_objects(lines: Sequence[str], first: int, file: str) -> Iterator[Printed]:
    """Yield one object for each row of a table whose first line is the header.

    Raises:
        PlanError: header and dashes do not agree, or a word stands under no column.
    """
    columns = _columns(lines[0], lines[1], Where(file, first))
    for number, line in enumerate(lines[2:], first + 2):
        where = Where(file, number)
        cells = _cells(line, columns, where)
        yield object_of((Property(name, text, where) for name, text in cells.items()), where)


def _columns(header: str, rule: str, where: Where) -> list[_Column]:
    names = header.split()
    dashes = list(re.finditer(r"-+", rule))
    if len(names) != len(dashes):
        raise PlanError(
            f"the header has {len(names)} names above {len(dashes)} columns",
            where=where,
            hint=_HINT,
        )
    if cut := next((name for name in names if name.endswith(("...", "\u2026"))), None):
        raise PlanError(f"column {cut[:40]!a} was cut off", where=where, hint=_HINT)
    return [_Column(n, d.start(), d.end()) for n, d in zip(names, dashes, strict=True)]


def _cells(line: str, columns: Sequence[_Column], where: Where) -> dict[str, str]:
    cells = {column.name: "" for column in columns}
    current = ""
    for word in _WORD.finditer(line):
        column = next((c for c in columns if word.start() == c.start or word.end() == c.end), None)
        if column is not None and not cells[column.name]:
            current = column.name
            cells[current] = word[0]
        elif current and line[word.start() - 2 : word.start()].strip():
            # One blank before it: the value of the column has several words.
            cells[current] += f" {word[0]}"
        else:
            raise PlanError(f"{word[0][:40]!a} stands under no column", where=where, hint=_HINT)
    return cells
