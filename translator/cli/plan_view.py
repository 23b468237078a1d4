"""A plan and what is wrong with it, as text."""

from __future__ import annotations

from collections.abc import Iterable

from translator.cli.output import emit, emit_table, visible
from translator.plan.check import PlanFinding
from translator.plan.model import Plan, PlanRow

__all__ = ["show_findings", "show_plan"]


def show_plan(plan: Plan) -> None:
    """Print rows, queues and address groups."""
    emit(f"{plan.name}: {plan.title}\n" if plan.title else f"{plan.name}\n")
    emit_table(
        ("row", "component", "media", "set", "protocol", "from", "ports", "to", "ports", "status"),
        (_row(row) for row in plan.rows),
        "Rows, in first-match order",
    )
    emit_table(
        ("queue", "treatment", "code points", "share"),
        (
            (
                queue.name,
                queue.treatment,
                _list(point.name for point in queue.code_points),
                f"{queue.percent} %",
            )
            for queue in plan.queues
        ),
        "Queues",
    )
    emit_table(
        ("group", "addresses", "note"),
        (
            (group.name, _list((*group.prefixes, *group.union_of)) or "not bound", group.note)
            for group in plan.groups
        ),
        "Address groups",
    )


def show_findings(findings: Iterable[PlanFinding]) -> None:
    """Print each finding with its place, its rows and what to do."""
    for item in findings:
        emit(visible(str(item)))
        if item.hint:
            emit(visible(f"  hint: {item.hint}"))


def _row(row: PlanRow) -> tuple[str, ...]:
    return (
        row.id,
        row.component,
        row.media,
        "" if row.code_point is None else row.code_point.name,
        _list(row.protocols),
        _list(row.sources) or "any",
        _list(row.source_ports) or (f"{row.port_setting}?" if row.port_setting else "any"),
        _list(row.destinations) or "any",
        _list(row.destination_ports) or "any",
        f"{row.status}, on request" if row.opt_in else row.status,
    )


def _list(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)
