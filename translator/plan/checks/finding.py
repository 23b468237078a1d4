"""What a check says, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from translator.errors import Where
from translator.plan.groups import Bindings
from translator.plan.model import Plan, PlanRow
from translator.plan.overlap import Meeting, meetings
from translator.plan.select import Refusal, chosen_rows, renderable_rows

__all__ = ["Check", "Draft", "PlanFinding", "Severity", "View", "named"]


class Severity(StrEnum):
    """error: wrong or refused; warning: works, but look at it; info: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """One thing a reviewer of the plan should know.

    Attributes:
        id: fixed word for the kind of finding.
        rows: ids of the rows concerned, the first one being where `where` points.
        hint: what to do about it.
    """

    id: str
    severity: Severity
    rows: tuple[str, ...]
    message: str
    hint: str
    where: Where | None = None

    def __str__(self) -> str:
        place = "" if self.where is None else f"{self.where}: "
        return f"{place}{self.severity}: {self.message} [{self.id}]"


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before its check's id is put on it."""

    severity: Severity
    rows: tuple[str, ...]
    message: str
    hint: str
    where: Where | None


class View:
    """A plan with its bindings, and what follows from both; computed once for all checks."""

    def __init__(self, plan: Plan, bindings: Bindings) -> None:
        self.plan = plan
        self.bindings = bindings
        self.rendered, self.refused = renderable_rows(plan, bindings)

    @cached_property
    def chosen(self) -> tuple[PlanRow, ...]:
        """The rows that the options ask for, refused ones included."""
        return chosen_rows(self.plan)

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Pairs of rendered rows that mark a common packet differently."""
        return meetings(self.plan, self.rendered, self.bindings)

    def refused_as(self, kind: str) -> Iterator[tuple[PlanRow, Refusal]]:
        """Yield the rows refused for one reason."""
        for refusal in self.refused:
            if refusal.kind == kind:
                yield self.plan.row(refusal.row_id), refusal

    def draft(self, severity: Severity, rows: Iterable[PlanRow], message: str, hint: str) -> Draft:
        """Return a finding about rows; it stands where the first of them does."""
        concerned = tuple(rows)
        where = next((row.where for row in concerned if row.where is not None), self.plan.where)
        return Draft(severity, tuple(row.id for row in concerned), message, hint, where)


def named(rows: Sequence[PlanRow]) -> str:
    """Return `row A01` or `rows A01, A06`."""
    names = ", ".join(row.id for row in rows)
    return f"row {names}" if len(rows) == 1 else f"rows {names}"


Check = Callable[[View], Iterator[Draft]]
