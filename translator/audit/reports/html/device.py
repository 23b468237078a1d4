"""One device as its section of the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translator.audit.model import ClassAudit, DeviceAudit, Evidence, Finding, Placement, Severity
from translator.audit.reports.html.ports import PortRow, port_rows_of
from translator.audit.reports.html.rows import RowGroup, grouped
from translator.audit.reports.html.words import title_of
from translator.audit.reports.words import ranges, unjudged

__all__ = ["DeviceView", "ExcerptLine", "FindingView"]


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line of a configuration; `gap`: lines before it are left out, `decides`: it is at fault."""

    number: int
    text: str
    decides: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with what its kind and the plan say about it."""

    finding: Finding
    id: str
    wordings: dict[str, str]

    @property
    def title(self) -> str:
        """What is wrong, in general."""
        return title_of(self.finding.kind)

    @property
    def excerpt(self) -> Iterator[ExcerptLine]:
        """The lines in context."""
        decides = self._deciding
        before = None
        for number, text in self.finding.excerpt:
            gap = before is not None and number != before + 1
            yield ExcerptLine(number, text, number in decides, gap)
            before = number

    @property
    def lines(self) -> str:
        """The numbers of the lines that decide, where no excerpt shows them."""
        return "" if self.finding.excerpt else ranges(self._deciding)

    @property
    def rows(self) -> tuple[RowGroup, ...]:
        """The plan's rows, those that say the same together."""
        ids = (*self.finding.rows, *(row for item in self.finding.evidence for row in item.rows))
        return tuple(grouped(ids, self.wordings))

    @property
    def first_evidence(self) -> tuple[Evidence, ...]:
        """What is shown at once."""
        return self.finding.evidence[:2]

    @property
    def more_evidence(self) -> tuple[Evidence, ...]:
        """What is shown on demand."""
        return self.finding.evidence[2:]

    @property
    def _deciding(self) -> set[int]:
        return {
            *self.finding.lines,
            *(line for item in self.finding.evidence for line in item.lines),
        }


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device, its place in the report, and the wordings of the plan's rows."""

    number: int
    audit: DeviceAudit
    wordings: dict[str, str]

    @property
    def findings(self) -> Iterator[FindingView]:
        """The findings, the worst first."""
        order = list(Severity)
        for finding in sorted(self.audit.findings, key=lambda item: order.index(item.severity)):
            yield FindingView(finding, finding.identity(self.audit.device), self.wordings)

    @property
    def counts(self) -> str:
        """How many findings there are of which severity, in words."""
        found = [item.severity for item in self.audit.findings]
        words = ((found.count(severity), str(severity)) for severity in Severity)
        return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in words if n)

    @property
    def unjudged(self) -> str:
        """Why nothing was judged, "" where something was."""
        return unjudged(self.audit)

    @property
    def open(self) -> bool:
        """Whether the section is open at first: the first few that have something to show."""
        return self.number < 3 and bool(self.audit.findings)

    def audits(self, placement: Placement, classes: tuple[str, ...]) -> list[ClassAudit | None]:
        """Return the judgement of each class in a placement, None where it has none."""
        by_name = {item.name: item for item in placement.classes}
        return [by_name.get(name) for name in classes]

    @staticmethod
    def port_rows(device: DeviceAudit) -> tuple[PortRow, ...]:
        """Return the rows of the device's chart: only those that are not as wanted."""
        rows = port_rows_of([device.ports_matched])
        return tuple(row for row in rows if any(found != row.wanted for found in row.found))
