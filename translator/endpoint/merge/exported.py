"""An import of all that `plan export --all` wrote: which rows the plan chooses, phones included."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from translator.codepoint import CodePoint
from translator.endpoint.derive import setting_of_special
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.merge.scopes import Chosen
from translator.endpoint.settings import (
    ExportedPlan,
    ExportedText,
    PhoneMarking,
    PschedService,
    Settings,
)
from translator.errors import PlanError, Where
from translator.plan.load import parse_plan
from translator.plan.model import Plan, PlanRow

__all__ = ["as_exported", "exported_text"]


def exported_text(settings: Settings, exported: ExportedPlan | None) -> ExportedText | None:
    """Return the plan that the files were made of, where it is among them.

    Raises:
        PlanError: there are several that differ, or it is that of another export.
    """
    texts = [item for item in settings if isinstance(item, ExportedText)]
    for item in texts[1:]:
        if item.text != texts[0].text:
            raise _of_another(item.where, texts[0].where)
    if not texts:
        return None
    name = parse_plan(texts[0].text, texts[0].where.file).name
    if exported is not None and exported.plan != name:
        raise _of_another(texts[0].where, exported.where)
    return texts[0]


def _of_another(where: Where, other: Where | None) -> PlanError:
    return PlanError(
        f"this is another export than that of {other}",
        where=where,
        hint="import the two folders one after the other, or name the plan that is meant: --base",
    )


def as_exported(
    plan: Plan,
    exported: ExportedPlan,
    chosen: Chosen,
    told: Collection[str],
    *,
    is_its_own: bool,
) -> tuple[Plan, list[EndpointFinding]]:
    """Return the plan with the choice of rows that its export had, and what the files lack.

    Args:
        told: ids of the rows that policies say.
        is_its_own: the plan is the one that was exported, and has the choice already.
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
    plan = replace(plan, rows=tuple(rows))
    return plan if is_its_own else _with_choice(plan, exported), found


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
