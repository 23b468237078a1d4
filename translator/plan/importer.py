"""Tables as they stand in articles and mails, read with every repair told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from translator.plan.cells import Cells, read_cells
from translator.plan.columns import TableRow, columns_of, looks_like_header, table_rows
from translator.plan.components import is_edge, narrowing_of
from translator.plan.load import STANDARD_PRESET, load_preset
from translator.plan.model import Plan, PlanRow, Status
from translator.plan.repairs import Repair, RepairLog, repair_row
from translator.plan.table_plan import plan_of_rows

__all__ = ["Imported", "import_cells", "import_table", "pairs_first"]


@dataclass(frozen=True, slots=True)
class Imported:
    """A plan read from a damaged table, and what had to be repaired."""

    plan: Plan
    repairs: tuple[Repair, ...]


def import_table(text: str, file: str) -> Imported:
    """Return the plan of a Markdown or CSV table; which of the two is seen from its content.

    Queues, groups and port settings are those of the standard preset.

    Raises:
        PlanError: no table, or a cell that cannot be understood without guessing.
    """
    return import_cells(read_cells(text, file), file, load_preset(STANDARD_PRESET))


def import_cells(cells: Sequence[Cells], file: str, standard: Plan, first: int = 1) -> Imported:
    """Return the plan of a table's cells, the header first.

    Lost component cells, typographic dashes, ranges glued to words and Edge ports in the source
    column are repaired. Edge rows are narrowed to the ports that an Edge relays from, and rows
    with both addresses go before those with one.

    Args:
        standard: the plan whose queues, groups and port settings are taken.
        first: number of the first row that has no id of its own.

    Raises:
        PlanError: a cell that cannot be understood without guessing.
    """
    log = RepairLog()
    columns = columns_of(cells[0])
    rows = _repaired(columns, _data_rows(cells, log), log)
    plan = plan_of_rows(rows, file, standard, Status.ARTICLE, first)
    narrowed = tuple(_narrowed(row, log) for row in plan.rows)
    for row in narrowed:
        if not row.sources and row.needs:
            log.add(
                "needs-addresses",
                f"row {row.id}: sender Any would catch strangers; needs {' and '.join(row.needs)}",
                row.where or cells[0].where,
            )
    ordered = _ordered(narrowed, log, cells[0])
    return Imported(replace(plan, rows=ordered), log.by_line())


def _data_rows(cells: Sequence[Cells], log: RepairLog) -> list[Cells]:
    """The rows under the header; a header that a page break repeated is none of them."""
    found = []
    for row in cells[1:]:
        if looks_like_header(row):
            log.add("repeated-header", "a second header line left out", row.where)
        else:
            found.append(row)
    return found


def _repaired(columns: tuple[str, ...], cells: Sequence[Cells], log: RepairLog) -> list[TableRow]:
    rows: list[TableRow] = []
    for row in table_rows(columns, cells):
        rows.append(repair_row(row, columns, rows[-1] if rows else None, log))
    return rows


def _narrowed(row: PlanRow, log: RepairLog) -> PlanRow:
    if not is_edge(row.component, row.executable or "") or row.source_ports or row.narrow:
        return row
    narrow = narrowing_of(row.protocols)
    ports = " and ".join(
        f"{name} {port}" for name, port in (("UDP", narrow.udp), ("TCP", narrow.tcp)) if port
    )
    if row.where is not None:
        log.add("edge-narrowing", f"row {row.id} narrowed to source {ports} of the Edge", row.where)
    return replace(row, narrow=narrow)


def pairs_first(rows: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
    """Return rows that name both ends, the most specific ones, before the others."""
    return tuple(sorted(rows, key=lambda row: not (row.sources and row.destinations)))


def _ordered(rows: tuple[PlanRow, ...], log: RepairLog, header: Cells) -> tuple[PlanRow, ...]:
    """The rows in first-match order, and the move told."""
    ordered = pairs_first(rows)
    if ordered != rows:
        pairs = [row for row in rows if row.sources and row.destinations]
        names = ", ".join(row.id for row in pairs)
        where = pairs[0].where or header.where
        log.add("order", f"row {names} with both addresses moved to the front", where)
    return ordered
