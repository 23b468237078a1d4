"""Tables in text, Markdown or CSV, as lists of cells with their line numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.errors import PlanError, Where
from translator.plan.text import MAX_BYTES

__all__ = ["MAX_TABLE_ROWS", "Cells", "is_markdown", "read_cells"]

MAX_TABLE_ROWS: Final = 2000
_RULE: Final = re.compile(r"[\s|:\-\u2013\u2014]+")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DELIMITERS: Final = ",;\t"


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row of a table."""

    values: tuple[str, ...]
    where: Where


def is_markdown(text: str) -> bool:
    """Whether the first line that could be a table row is one of Markdown."""
    for line in text.splitlines():
        if line.count("|") >= 2:
            return True
        if any(line.count(mark) >= 2 for mark in _DELIMITERS):
            return False
    return False


def read_cells(text: str, file: str) -> list[Cells]:
    """Return the rows of the table, header included; rows without any text are left out.

    Raises:
        PlanError: larger than 4 MiB, more than `MAX_TABLE_ROWS` rows, broken quoting, no table.
    """
    if len(text) > MAX_BYTES:
        raise PlanError("larger than 4 MiB", where=Where(file), hint="a plan has tens of rows")
    reader = _markdown if is_markdown(text) else _csv
    found: list[Cells] = []
    for row in reader(text, file):
        if any(row.values):
            found.append(row)
        if len(found) > MAX_TABLE_ROWS + 1:
            raise PlanError(
                f"more than {MAX_TABLE_ROWS} rows", where=row.where, hint="a plan has tens of rows"
            )
    if not found:
        raise PlanError(
            "there is no table",
            where=Where(file),
            hint="give a Markdown table or CSV with a header",
        )
    return found


def _markdown(text: str, file: str) -> Iterator[Cells]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        stripped = line.strip()
        if "|" not in stripped or _RULE.fullmatch(stripped):
            continue
        inner = stripped.removeprefix("|")
        cells = re.split(r"(?<!\\)\|", inner.removesuffix("|") if inner.endswith("|") else inner)
        yield Cells(tuple(_cleaned(cell) for cell in cells), Where(file, number))


def _cleaned(cell: str) -> str:
    """A cell without emphasis marks; a line break separates two ranges."""
    return _BREAK.sub(" ; ", cell).replace("\\|", "|").strip().strip("*`").strip()


def _csv(text: str, file: str) -> Iterator[Cells]:
    lines = text.splitlines(keepends=True)
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        first = number + 1
        try:
            values = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise PlanError(
                f"broken CSV: {error}",
                where=Where(file, first),
                hint="a cell that begins with a quote must end with one",
            ) from None
        number = rows.line_num
        yield Cells(tuple(value.strip() for value in values), Where(file, first))
