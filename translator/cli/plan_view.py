"""A plan and what is wrong with it, as text."""

from __future__ import annotations

from collections.abc import Iterable

from translator.cli.output import emit, emit_table, visible
from translator.codepoint import CodePoint
from translator.plan.check import PlanFinding
from translator.plan.model import Confidence, Plan, PlanRow, PortSetting, Status

__all__ = ["show_findings", "show_plan"]


def show_plan(plan: Plan) -> None:
    """Print rows, where they come from, options, port settings, queues and address groups."""
    emit(visible(f"{plan.name}: {plan.title}\n" if plan.title else f"{plan.name}\n"))
    if plan.source:
        emit(visible(f"Sources: {plan.source}\n"))
    emit_table(
        ("row", "component", "media", "set", "if", "protocol", "from", "ports", "to", "ports", ""),
        (_row(row, plan) for row in plan.rows),
        "Rows, in first-match order",
    )
    emit_table(
        ("row", "kind", "confidence", "source", "note"),
        (
            (row.id, row.status, _founded(row), row.source or "-", row.note)
            for row in plan.rows
            if row.status is not Status.USER or row.source or row.note or row.confidence
        ),
        "Where the rows come from",
    )
    if allowed := plan.options.allowed_code_points:
        names = _list(point.name for point in (*allowed, CodePoint(0)))
        emit(f"Code points that may pass: {names}; any other leaves as df\n")
    if plan.port_settings:
        _show_settings(plan.port_settings)
    _show_queues(plan)
    emit_table(
        ("group", "addresses", "confidence", "source and note"),
        (
            (
                group.name,
                _list((*group.prefixes, *group.union_of)) or "not bound",
                group.confidence or "-",
                "; ".join(filter(None, (group.source, group.note))),
            )
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


def _show_settings(settings: Iterable[PortSetting]) -> None:
    emit_table(
        ("setting", "ports", "default", "confidence", "source"),
        (
            (
                item.name,
                "not set" if item.block is None else item.block.range,
                "-" if item.default is None else item.default.range,
                item.confidence or "-",
                item.source,
            )
            for item in settings
        ),
        "Port settings",
    )


def _show_queues(plan: Plan) -> None:
    emit_table(
        ("queue", "treatment", "code points", "share", "confidence", "source"),
        (
            (
                queue.name,
                queue.treatment,
                _list(point.name for point in queue.code_points),
                f"{queue.percent} %",
                queue.confidence or "-",
                queue.source or "-",
            )
            for queue in plan.queues
        ),
        "Queues",
    )


def _row(row: PlanRow, plan: Plan) -> tuple[str, ...]:
    return (
        row.id,
        row.component,
        row.media,
        "" if row.code_point is None else row.code_point.name,
        "" if row.match_code_point is None else row.match_code_point.name,
        _list(row.protocols),
        _list(row.sources) or "any",
        _list(row.source_ports) or (f"{row.port_setting}?" if row.port_setting else "any"),
        _list(row.destinations) or "any",
        _list(row.destination_ports) or "any",
        _on_request(row, plan),
    )


def _on_request(row: PlanRow, plan: Plan) -> str:
    """Whether a row is rendered only when asked for, and what it then takes the place of."""
    if not row.opt_in:
        return ""
    chosen = "included" if row.id in plan.options.include else "on request"
    return f"{chosen}, instead of {row.alternative_to}" if row.alternative_to else chosen


def _founded(row: PlanRow) -> Confidence | str:
    """How well the row is founded; of our own conclusions the status says it."""
    return row.confidence or "-"


def _list(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)
