"""An import of all that `plan export --all` wrote: which rows the plan chooses, phones included."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from translator.codepoint import CodePoint
from translator.endpoint.derive import setting_of_special
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.merge.scopes import Chosen
from translator.endpoint.settings import ExportedPlan, PhoneMarking, PschedService
from translator.plan.model import Plan, PlanRow

__all__ = ["as_exported"]


def as_exported(
    plan: Plan, exported: ExportedPlan, chosen: Chosen, told: Collection[str]
) -> tuple[Plan, list[EndpointFinding]]:
    """Return the plan with the choice of rows that its export had, and what the files lack.

    Args:
        told: ids of the rows that policies say.
    """
    marks = {item.service: item.code_point for item in chosen.psched}
    missing: list[str] = []
    rows: list[PlanRow] = []
    for row in plan.rows:
        if row.id in exported.rows and row.id not in told:
            point = _mark(row, chosen, marks)
            if point is None:
                missing.append(row.id)
            elif point != row.code_point:
                row = replace(row, code_point=point)  # noqa: PLW2901 - the row as it becomes
        rows.append(row)
    known = {row.id for row in rows}
    missing += [row_id for row_id in exported.rows if row_id not in known]
    found = []
    if missing:
        names = ", ".join(missing)
        message = f"the files should say row {names}, and none of them does"
        found.append(finding("export-not-whole", message, exported.where))
    return _with_choice(replace(plan, rows=tuple(rows)), exported), found


def _mark(
    row: PlanRow, chosen: Chosen, marks: Mapping[PschedService, CodePoint]
) -> CodePoint | None:
    """What the row's senders are told to mark in another way than by a policy."""
    kind = setting_of_special(row)
    if kind is PhoneMarking:
        return None if chosen.phone is None else chosen.phone.code_point
    return marks.get(kind) if isinstance(kind, PschedService) else None


def _with_choice(plan: Plan, exported: ExportedPlan) -> Plan:
    """The plan whose options choose the rows of the export, as far as it has them."""
    wanted = {*exported.rows, *exported.left_out}
    include = tuple(row.id for row in plan.rows if row.opt_in and row.id in wanted)
    replaced = {row.alternative_to for row in plan.rows if row.id in include}
    exclude = tuple(
        row.id
        for row in plan.rows
        if not row.opt_in and row.id not in wanted and row.id not in replaced
    )
    return replace(plan, options=replace(plan.options, include=include, exclude=exclude))
