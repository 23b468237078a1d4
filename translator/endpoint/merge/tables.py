"""Rows of tables as the rows of a plan, and rows held against the ports that the product uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import beside, place
from translator.endpoint.merge.rows import with_ports
from translator.endpoint.merge.setting_of import SettingOf
from translator.endpoint.policy.precedence import program_name
from translator.endpoint.settings import MediaPorts
from translator.errors import PlanError
from translator.plan.cells import Cells
from translator.plan.importer import import_cells, pairs_first
from translator.plan.model import Plan, PlanRow
from translator.ports import PortBlock, PortRange

__all__ = ["aligned", "with_tables"]


def with_tables(
    plan: Plan, tables: Sequence[tuple[str, Sequence[Cells]]]
) -> tuple[Plan, tuple[EndpointFinding, ...]]:
    """Return the plan with the rows of the tables in place of its own, and every repair.

    A row that two tables have alike is one row.

    Raises:
        PlanError: a cell cannot be understood, or two tables contradict each other.
    """
    if not tables:
        return plan, ()
    rows: list[PlanRow] = []
    groups = list(plan.groups)
    found: list[EndpointFinding] = []
    name = plan.name
    for file, cells in tables:
        one = import_cells(cells, file, plan, first=len(rows) + 1)
        rows += _new_rows(one.plan.rows, rows)
        groups += one.plan.groups[len(plan.groups) :]
        found += (finding("table-repaired", item.message, item.where) for item in one.repairs)
        name = one.plan.name
    options = replace(plan.options, include=(), exclude=())
    merged = replace(plan, rows=pairs_first(rows), groups=tuple(groups), options=options, title="")
    return replace(merged, name=name if len(tables) == 1 else "tables"), tuple(found)


def _new_rows(rows: Sequence[PlanRow], known: Sequence[PlanRow]) -> Iterator[PlanRow]:
    """The rows that no earlier table has."""
    by_key = {_key(row): row for row in known}
    for row in rows:
        first = by_key.get(_key(row))
        if first is None:
            yield row
        elif _value(first) != _value(row):
            raise PlanError(
                f"{row.component}, {row.media}: {_shown(row)} here, {_shown(first)} in "
                f"{first.where}",
                where=row.where,
                hint="leave out the table that is older",
            )


def _key(row: PlanRow) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...]]:
    program = program_name(row.executable)
    return row.component.lower(), program, row.media.value, row.sources, row.destinations


def _value(row: PlanRow) -> object:
    return row.code_point, row.protocols, row.source_ports, row.destination_ports


def _shown(row: PlanRow) -> str:
    ports = ", ".join(map(str, (*row.source_ports, *row.destination_ports))) or "any port"
    protocols = "/".join(row.protocols)
    return f"{protocols} {ports} with {'no DSCP' if row.code_point is None else row.code_point}"


def aligned(
    plan: Plan, ports: Mapping[str, MediaPorts], setting_of: SettingOf, *, is_table: bool
) -> tuple[Plan, tuple[EndpointFinding, ...]]:
    """Return the plan with rows on the ports that the product uses.

    Rows of the base follow the product. Rows of a table were read as well, so they have to agree,
    but for the one port that tables add to a block.

    Raises:
        PlanError: a row of a table has other ports than the product.
    """
    rows: list[PlanRow] = []
    found: list[EndpointFinding] = []
    stated = {item.name: item.policy_range for item in plan.port_settings}
    for row in plan.rows:
        setting = ports.get(setting_of(row) or "")
        block = None if setting is None else setting.block
        if setting is None or block is None or row.source_ports == (block.range,):
            rows.append(row)
            continue
        if is_table:
            held, told = _table_row(row, setting, block, stated.get(setting.name))
        else:
            held, told = _base_row(row, setting, block)
        rows.append(held)
        found += told
    return replace(plan, rows=tuple(rows)), tuple(found)


def _table_row(
    row: PlanRow, setting: MediaPorts, block: PortBlock, stated: PortRange | None
) -> tuple[PlanRow, list[EndpointFinding]]:
    """A row of a table; `stated` is what the base wants of policies on purpose."""
    used = block.range
    if row.source_ports == (stated,):
        return replace(row, policy_range_of=block), []
    if len(row.source_ports) != 1 or not beside(row.source_ports[0], used):
        raise PlanError(
            f"row {row.id} ({row.component}, {row.media}) has {_list(row.source_ports)}, "
            f"{setting.name} is {used} in {setting.where}",
            where=row.where,
            hint="correct the table, or import without it",
        )
    is_wider = row.source_ports[0] == PortRange(used.low, min(used.high + 1, 65535))
    off_by_one = finding(
        "policy-off-by-one",
        f"row {row.id} has {_list(row.source_ports)}, {setting.name} is {used}, "
        f"{block.count} ports from {used.low}",
        row.where,
        setting.where,
        cure=f"write {used} in the table and in the policy",
    )
    return replace(row, policy_range_of=block) if is_wider else row, [off_by_one]


def _base_row(
    row: PlanRow, setting: MediaPorts, block: PortBlock
) -> tuple[PlanRow, list[EndpointFinding]]:
    if row.policy_range_of == block:
        return row, []  # the wider range of published policies, which the base knows as such
    moved = with_ports(row, (block.range,), f"{setting.scope}, {place(setting.where)}", None)
    message = f"row {row.id} moves from {_list(row.source_ports)} to {block.range}"
    return moved, [finding("ports-moved", f"{message} ({setting.scope})", setting.where)]


def _list(ranges: Sequence[PortRange]) -> str:
    return ", ".join(map(str, ranges))
