"""What `audit` alone is given: its files, how strictly they are judged, how it tells and runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from translator.audit.case import Settings
    from translator.audit.fleet.run import FleetRun

__all__ = [
    "Files",
    "Machines",
    "PlatformOfAll",
    "ReportFormat",
    "Strictness",
    "Telling",
]


class ReportFormat(StrEnum):
    """How an audit is told; the reports are those of `translator.audit.reports`."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    CSV = "csv"
    HTML = "html"


Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE|DIR...",
        help="Configurations, or folders of them; - alone reads stdin. None with --live.",
        show_default=False,
    ),
]
PlatformOfAll = Annotated[
    str | None,
    typer.Option(
        "--platform", metavar="NAME", help="Platform of all files; auto (default) asks each."
    ),
]
_Snippet = Annotated[
    bool, typer.Option("--snippet", help="The texts are pieces; judge them as far as they go.")
]
_ShareTolerance = Annotated[
    float,
    typer.Option(
        "--share-tolerance", metavar="POINTS", min=0, help="Percentage points a share may be off."
    ),
]
_Repair = Annotated[
    bool, typer.Option("--repair", help="Compute the proven repair of each faulty device.")
]
_ShowAll = Annotated[
    bool, typer.Option("--all", help="Show every device and finding in the terminal.")
]
_ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="How to print it.")]
_ReportFile = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Also write a report into FILE; repeat for more. Formats as of --format.",
        show_default=False,
    ),
]
_Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="Processes to use; as many as there are CPUs."),
]
_CacheFolder = Annotated[
    str | None,
    typer.Option(
        "--cache", metavar="DIR", help="Folder of answers to use again for files unchanged."
    ),
]
_NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither use nor write cached answers.")]
_Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Run on a Dask cluster instead."),
]


@dataclass(frozen=True, slots=True)
class Strictness:
    """How strictly texts are judged, and whether their repair is computed."""

    snippet: _Snippet = False
    share_tolerance: _ShareTolerance = 1.0
    repair: _Repair = False

    @property
    def settings(self) -> Settings:
        """The same, as the judge takes it."""
        from translator.audit.case import Settings
        from translator.verify.scheduling import Tolerance

        shares = Tolerance(share_points=self.share_tolerance, more_is_fine=True)
        return Settings(self.snippet, shares, self.repair)


@dataclass(frozen=True, slots=True)
class Telling:
    """How an audit is told, and into which files."""

    output: _ReportFormatOption = ReportFormat.TEXT
    report: _ReportFile = None
    show_all: _ShowAll = False


@dataclass(frozen=True, slots=True)
class Machines:
    """What does the work on many files, and what is kept of it."""

    jobs: _Jobs = None
    cache: _CacheFolder = None
    no_cache: _NoCache = False
    scheduler: _Scheduler = None

    def way(self) -> FleetRun:
        """Return how the files are worked through.

        Raises:
            UsageError: a folder of answers is named, and none is to be used.
        """
        from translator.audit.fleet.run import FleetRun
        from translator.errors import UsageError

        if self.no_cache and self.cache is not None:
            raise UsageError(
                "--cache and --no-cache exclude each other", hint="leave one of them out"
            )
        cache = None if self.no_cache else (self.cache or "")  # "" is the usual folder
        return FleetRun(jobs=self.jobs, cache=cache, scheduler=self.scheduler)
