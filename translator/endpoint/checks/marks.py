"""What a plan marks each medium with."""

from __future__ import annotations

from translator.codepoint import CodePoint
from translator.plan.model import Plan

__all__ = ["marks_of"]


def marks_of(plan: Plan) -> dict[str, CodePoint]:
    """Return the code point of each medium, for media whose rows agree on one."""
    points: dict[str, set[CodePoint]] = {}
    for row in plan.rows:
        if row.code_point is not None:
            points.setdefault(row.media.value, set()).add(row.code_point)
    return {medium: next(iter(found)) for medium, found in points.items() if len(found) == 1}
