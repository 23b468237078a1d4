"""A web page with the plan's table: of all tables of the page, those with its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.errors import PlanError, Where
from translator.plan.cells import MAX_TABLE_ROWS, Cells
from translator.plan.columns import is_plan_header
from translator.plan.text import MAX_BYTES

__all__ = ["FORMAT"]

_TABLE: Final = re.compile(r"<table\b", re.IGNORECASE)
# Not the blanks of a word processor: those are repaired, and told.
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_BREAK: Final = " ; "
_BLOCKS: Final = frozenset({"br", "p", "div", "li"})
_MAX_COLUMNS: Final = 64
_LONGEST_TAG: Final = 20_000


@dataclass(slots=True)
class _Cell:
    """An open cell; its text is that outside of tables within it."""

    columns: int
    rows: int
    parts: list[str] = field(default_factory=list)

    def text(self) -> str:
        lines = "".join(self.parts).split(_BREAK)
        shown = (_BLANKS.sub(" ", line).strip(" ") for line in lines)
        return _BREAK.join(line for line in shown if line)


@dataclass(slots=True)
class _Table:
    """A table that is being read; `spans` has rows left and text of cells from rows above."""

    rows: list[Cells] = field(default_factory=list)
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)
    row: dict[int, str] | None = None
    cell: _Cell | None = None
    where: Where = field(default_factory=lambda: Where(""))

    def begin_row(self, where: Where) -> None:
        self.end_row()
        self.where = where
        self.row = {at: text for at, (_, text) in self.spans.items()}
        self.spans = {at: (n - 1, text) for at, (n, text) in self.spans.items() if n > 1}

    def begin_cell(self, cell: _Cell, where: Where) -> None:
        if self.row is None:
            self.begin_row(where)
        self.end_cell()
        self.cell = cell

    def end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        cell, text = self.cell, self.cell.text()
        for _ in range(cell.columns):
            at = next(n for n in range(len(self.row) + 1) if n not in self.row)
            self.row[at] = text
            if cell.rows > 1:
                self.spans[at] = (cell.rows - 1, text)
            if len(self.row) > _MAX_COLUMNS:
                raise PlanError(
                    f"a row of more than {_MAX_COLUMNS} columns",
                    where=self.where,
                    hint="is it a plan?",
                )
        self.cell = None

    def end_row(self) -> None:
        self.end_cell()
        if self.row and any(self.row.values()):
            width = max(self.row) + 1
            self.rows.append(Cells(tuple(self.row.get(n, "") for n in range(width)), self.where))
        if len(self.rows) > MAX_TABLE_ROWS + 1:
            raise PlanError(
                f"more than {MAX_TABLE_ROWS} rows", where=self.where, hint="a plan has tens of rows"
            )
        self.row = None


class _Page(HTMLParser):
    """Collects the tables of a page, inner ones on their own."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._file = file
        self._open: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        where = Where(self._file, self.getpos()[0])
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._open[-1].begin_row(where)
        elif tag in ("td", "th"):
            cell = _Cell(_span(attrs, "colspan", where), _span(attrs, "rowspan", where))
            self._open[-1].begin_cell(cell, where)
        elif tag in _BLOCKS:
            self.handle_data(_BREAK)

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        if tag == "table":
            self._open.pop().end_row()
        elif tag == "tr":
            self._open[-1].end_row()
        elif tag in ("td", "th"):
            self._open[-1].end_cell()
        elif tag in _BLOCKS:
            self.handle_data(_BREAK)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None:
            self._open[-1].cell.parts.append(data)

    def finish(self) -> None:
        """End the tables that the page, cut off or careless, leaves open."""
        self.close()
        while self._open:
            self._open.pop().end_row()


def _span(attrs: Sequence[tuple[str, str | None]], name: str, where: Where) -> int:
    text = (dict(attrs).get(name) or "1").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise PlanError(f"{name} {text[:20]!a} is no number", where=where, hint="such as 2")
    return max(1, int(text))


def _check_closed(text: str, where: Where) -> None:
    """Refuse what never ends: the parser would look for each end through the whole page."""
    parts = (part.partition("<")[2] for part in text.split(">"))
    is_endless = any(len(part) > _LONGEST_TAG for part in parts)
    for opening, closing in (("<!--", "-->"), ("<![", "]>")):
        is_endless = is_endless or text.rfind(opening) > text.rfind(closing)
    if is_endless:
        raise PlanError(
            "a tag or a comment that never ends", where=where, hint="save only the table"
        )


def _cells(source: Source) -> Sequence[Cells]:
    where = Where(source.file)
    if len(source.text) > MAX_BYTES:
        raise PlanError("larger than 4 MiB", where=where, hint="save only the table")
    _check_closed(source.text, where)
    page = _Page(source.file)
    page.feed(source.text)
    page.finish()
    found: list[Cells] = []
    for table in page.tables:
        at = next((n for n, row in enumerate(table.rows) if is_plan_header(row)), None)
        if at is None:
            continue
        if found and found[0].values != table.rows[at].values:
            raise PlanError(
                f"a second table with other columns than that on line {found[0].where.line}",
                where=table.rows[at].where,
                hint="save one table per file",
            )
        found += table.rows[at:]
    if not found:
        raise PlanError(
            f"none of {len(page.tables)} tables has the columns of a plan",
            where=where,
            hint="a header with component, media, executable, dscp, protocol, source ports",
        )
    return found


FORMAT: Final = EndpointFormat(
    name="html",
    title="web page",
    group="tables",
    fits=lambda source: _TABLE.search(source.text) is not None,
    read=None,
    write=None,
    holds=lambda _setting: False,
    extension=".html",
    cells=_cells,
)
