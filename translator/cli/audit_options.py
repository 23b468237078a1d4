"""Options of `audit` that say how its answer is told and how its work is spread."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "CacheFolder",
    "Jobs",
    "NoCache",
    "ReportFile",
    "ReportFormat",
    "ReportFormatOption",
    "Scheduler",
]


class ReportFormat(StrEnum):
    """How an audit is told; the reports are those of `translator.audit.reports`."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    CSV = "csv"
    HTML = "html"


ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="How to print it.")]
ReportFile = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Also write a report into FILE; repeat for more. Formats as of --format.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="Processes to use; as many as there are CPUs."),
]
CacheFolder = Annotated[
    str | None,
    typer.Option("--cache", metavar="DIR", help="Folder of answers; files unchanged are not read."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither use nor write cached answers.")]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Run on a Dask cluster instead."),
]
