"""Reports of audits: JSON, JUnit, SARIF, CSV and HTML, each written piece by piece.

A writer takes the devices as they come and yields text, so ten thousand need no more memory than
one. Nothing that a device's text holds is markup, a formula or a command in a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from translator.audit.model import DeviceAudit, FleetAudit
from translator.audit.reports.heading import Heading
from translator.plan.model import Plan

__all__ = ["REPORTS", "Heading", "Report", "report_text"]


@dataclass(frozen=True, slots=True)
class Report:
    """One form of report; its module is imported when it is first written.

    Attributes:
        quotes_plan: it shows what the plan's rows say, beside their names.
    """

    name: str
    suffix: str
    title: str
    quotes_plan: bool = False

    def write(
        self, heading: Heading, devices: Iterable[DeviceAudit], plan: Plan | None = None
    ) -> Iterator[str]:
        """Yield the report in pieces, for a file in UTF-8 with its line ends left as they are."""
        module = import_module(f"{__name__}.{self.name}")
        write = cast("Callable[..., Iterator[str]]", module.write)
        return write(heading, devices, plan) if self.quotes_plan else write(heading, devices)


REPORTS: Final = MappingProxyType(
    {
        report.name: report
        for report in (
            Report("json", ".json", "everything, for programs"),
            Report("junit", ".xml", "a test per class of traffic, for Jenkins and GitLab"),
            Report("sarif", ".sarif", "findings with their lines, for code scanning"),
            Report("csv", ".csv", "one flat table, for spreadsheets"),
            Report("html", ".html", "one page, for people", quotes_plan=True),
        )
    }
)


def report_text(name: str, fleet: FleetAudit, *, made: str = "", root: str = "") -> str:
    """Return a whole report as one text; for large fleets, write the pieces instead."""
    heading = Heading(fleet.plan, fleet.version, made, root)
    return "".join(REPORTS[name].write(heading, fleet.devices))
