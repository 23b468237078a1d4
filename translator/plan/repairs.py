"""Repairs of rows that a web page, a mail or a word processor has damaged.

Each repair is one function from row to row that tells the log what it changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from translator.errors import PlanError, Where
from translator.plan.columns import TableRow
from translator.plan.components import MEDIA_WORDS, NO_EXECUTABLE, is_edge

__all__ = ["Repair", "RepairLog", "repair_row"]

_DASHED: Final = re.compile(r"(?<!\d)(\d++)\s*+([-:\u2010-\u2015\u2212])\s*(\d+)")
_TYPOGRAPHIC: Final = re.compile(r"[\u2010-\u2015\u2212\u00a0\u2007\u202f]")
_SPACES: Final = re.compile(r"[\u00a0\u2007\u202f]")
_PORT_COLUMNS: Final = ("source_ports", "destination_ports")


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was not as it should be, and what was made of it."""

    kind: str
    message: str
    where: Where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(slots=True)
class RepairLog:
    """Collects the repairs of one table."""

    repairs: list[Repair] = field(default_factory=list)

    def add(self, kind: str, message: str, where: Where) -> None:
        """Note one repair."""
        self.repairs.append(Repair(kind, message, where))

    def by_line(self) -> tuple[Repair, ...]:
        """Return the repairs in the order of the table's lines."""
        return tuple(sorted(self.repairs, key=lambda item: item.where.line or 0))


def repair_row(
    row: TableRow, columns: tuple[str, ...], above: TableRow | None, log: RepairLog
) -> TableRow:
    """Return the row as its author meant it.

    Args:
        above: the row before this one, already repaired; a blank component is that row's.

    Raises:
        PlanError: the row cannot be understood without guessing.
    """
    row = _shifted(row, columns, log)
    row = _component(row, above, log)
    for repair in _REPAIRS:
        row = repair(row, log)
    if row.extra:
        raise PlanError(
            f"a cell too many: {row.extra[0][:40]!a}",
            where=row.where,
            hint="the row has more cells than the header",
        )
    return row


def _shifted(row: TableRow, columns: tuple[str, ...], log: RepairLog) -> TableRow:
    """A row whose empty component cell was lost stands one column too far left."""
    at = columns.index("media")
    if at == 0 or columns[at - 1] != "component":
        return row
    is_shifted = row["component"].lower() in MEDIA_WORDS and row["media"].lower() not in MEDIA_WORDS
    if not is_shifted:
        return row
    texts = [row[name] for name in columns] + list(row.extra)
    texts.insert(at - 1, "")
    while texts and not texts[-1]:
        texts.pop()
    log.add("shifted-cells", "the empty component cell is missing; cells moved right", row.where)
    return TableRow(
        dict(zip(columns, texts, strict=False)), row.where, tuple(texts[len(columns) :])
    )


def _component(row: TableRow, above: TableRow | None, log: RepairLog) -> TableRow:
    if row["component"] or above is None:
        return row
    component = above["component"]
    log.add("blank-component", f"component taken from the row above: {component}", row.where)
    return _with(row, component=component)


def _typography(row: TableRow, log: RepairLog) -> TableRow:
    """Dashes and blanks of a word processor."""
    changed = {
        name: _SPACES.sub(" ", text) for name, text in row.values.items() if _SPACES.search(text)
    }
    row = _with(row, **changed)
    if any(_TYPOGRAPHIC.search(row[name]) for name in _PORT_COLUMNS) or changed:
        log.add("typography", "typographic dashes or blanks read as plain ones", row.where)
    return row


def _no_program(row: TableRow, log: RepairLog) -> TableRow:
    text = row["executable"]
    if not text or text.lower() not in NO_EXECUTABLE:
        return row
    log.add("no-executable", f"executable {text!r} read as none", row.where)
    return _with(row, executable="")


def _port_lists(row: TableRow, log: RepairLog) -> TableRow:
    """Several ranges in one cell, with words between and glued to them."""
    for name in _PORT_COLUMNS:
        text = row[name]
        ranges = [f"{low}-{high}" for low, _dash, high in _DASHED.findall(text)]
        rest = _DASHED.sub(" ", text)
        words = " ".join(re.findall(r"[A-Za-z]+", rest))
        if not ranges or not words:
            continue
        if re.search(r"\d", rest):
            raise PlanError(
                f"{name}: {text[:60]!a} holds a number that is no range",
                where=row.where,
                hint="write each range as 20000-20039, several of them split by ;",
            )
        shown = " and ".join(ranges)
        if len(ranges) > 1:
            log.add("glued-ranges", f"{name} holds {len(ranges)} ranges: {shown}", row.where)
        log.add("words-in-ports", f"{name}: words taken out: {words!r}", row.where)
        row = _with(row, **{name: "; ".join(ranges)})
    return row


def _edge_ports(row: TableRow, log: RepairLog) -> TableRow:
    """An Edge relays from its own fixed ports; the ranges are those it sends to."""
    ports = row["source_ports"]
    if not ports or row["destination_ports"] or not is_edge(row["component"], row["executable"]):
        return row
    log.add(
        "edge-direction",
        f"ports {ports} of an Edge server moved from source to destination",
        row.where,
    )
    return _with(row, source_ports="", destination_ports=ports)


def _with(row: TableRow, **values: str) -> TableRow:
    return replace(row, values={**row.values, **values})


_REPAIRS: Final[tuple[Callable[[TableRow, RepairLog], TableRow], ...]] = (
    _typography,
    _no_program,
    _port_lists,
    _edge_ports,
)
