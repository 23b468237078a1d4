"""Host policies that are one port wider than the block of ports the product uses."""

from __future__ import annotations

from dataclasses import replace

from translator.plan.model import PlanRow
from translator.ports import PortRange

__all__ = ["extra_port", "trim_policy_ranges"]


def extra_port(row: PlanRow) -> int | None:
    """Return the port that the row's policy marks and the product never uses, if there is one."""
    block = row.policy_range_of
    if block is None:
        return None
    wider = PortRange(block.start, min(block.range.high + 1, 65535))
    wanted = wider != block.range and wider in (*row.source_ports, *row.destination_ports)
    return wider.high if wanted else None


def trim_policy_ranges(rows: tuple[PlanRow, ...]) -> tuple[PlanRow, ...]:
    """Take the extra port from rows where a later row with another code point owns it.

    Elsewhere the policy range stays: a port that nobody uses does no harm, and an earlier row
    has its port anyway.
    """
    return tuple(
        _trimmed(row) if _is_contested(row, rows[at + 1 :]) else row for at, row in enumerate(rows)
    )


def _is_contested(row: PlanRow, rows: tuple[PlanRow, ...]) -> bool:
    port = extra_port(row)
    if port is None:
        return False
    return any(
        other.code_point != row.code_point
        and extra_port(other) != port
        and _may_be_one_sender(row, other)
        and (
            (_holds(row.source_ports, port) and _holds(other.source_ports, port))
            or (_holds(row.destination_ports, port) and _holds(other.destination_ports, port))
        )
        for other in rows
    )


def _may_be_one_sender(row: PlanRow, other: PlanRow) -> bool:
    named = row.sources and other.sources
    return not named or not set(row.sources).isdisjoint(other.sources)


def _holds(ranges: tuple[PortRange, ...], port: int) -> bool:
    return any(item.low <= port <= item.high for item in ranges)


def _trimmed(row: PlanRow) -> PlanRow:
    block = row.policy_range_of
    if block is None:
        return row
    wide = PortRange(block.start, block.range.high + 1)
    return replace(
        row,
        source_ports=tuple(block.range if r == wide else r for r in row.source_ports),
        destination_ports=tuple(block.range if r == wide else r for r in row.destination_ports),
    )
