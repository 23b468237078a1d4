"""Rows that will not be rendered, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from translator.plan.checks.finding import Check, Draft, Severity, View

__all__ = ["refusals"]


def refusals(kind: str, severity: Severity) -> Check:
    """Return a check that reports each row refused for this reason."""

    def check(view: View) -> Iterator[Draft]:
        for row, refusal in view.refused_as(kind):
            message = f"row {row.id} ({row.component}) is not rendered: {refusal.reason}"
            yield view.draft(severity, [row], message, refusal.hint)

    return check
