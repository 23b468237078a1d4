"""Whether rows that the base does not have are those of another preset, which was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.policy.precedence import program_name
from translator.plan.load import load_preset, preset_names
from translator.plan.model import Plan, PlanRow

__all__ = ["other_base"]


def other_base(new: Collection[PlanRow], base: Plan, command: str) -> Iterator[EndpointFinding]:
    """Yield a finding where all the rows that policies added are rows of one preset.

    Args:
        new: the rows that the base does not have.
        command: what imports these files, to which a base can be added.
    """
    for name in preset_names() if new else ():
        rows = {row.id: row for row in load_preset(name).rows}
        if all(_is_same(row, rows.get(row.id)) for row in new):
            ids = ", ".join(row.id for row in new)
            message = f"rows {ids} are those of preset {name}; the base is {base.name}"
            where = next(iter(new)).where
            yield finding("other-base", message, where, cure=f"{command} --base {name}")
            return


def _is_same(row: PlanRow, other: PlanRow | None) -> bool:
    return other is not None and program_name(row.executable) == program_name(other.executable)
