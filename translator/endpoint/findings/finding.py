"""What an import finds in settings of the endpoint side, with what to type against it."""

from __future__ import annotations

from dataclasses import dataclass

from translator.endpoint.findings.kinds import KINDS
from translator.errors import Where
from translator.plan.checks.finding import Severity

__all__ = ["EndpointFinding", "finding"]


@dataclass(frozen=True, slots=True)
class EndpointFinding:
    """One thing that an administrator should know of what was read.

    Attributes:
        id: fixed word for the kind of finding (`translator.endpoint.findings.kinds`).
        places: where it stands; two of them where two places disagree.
        cure: a command to type, or what else to do.
    """

    id: str
    severity: Severity
    message: str
    places: tuple[Where, ...]
    cure: str

    def __str__(self) -> str:
        place = f"{self.places[0]}: " if self.places else ""
        return f"{place}{self.severity}: {self.message} [{self.id}]"


def finding(kind: str, message: str, *places: Where | None, cure: str = "") -> EndpointFinding:
    """Return a finding of a kind; its cure is that of the kind unless a more exact one is given."""
    known = KINDS[kind]
    where = tuple(dict.fromkeys(place for place in places if place is not None))
    return EndpointFinding(kind, known.severity, message, where, cure or known.cure)
