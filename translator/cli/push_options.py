"""The options of the commands that change devices."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "AnyHostname",
    "BatchSize",
    "Canary",
    "Commit",
    "ConfirmTimeout",
    "JournalFile",
    "MaxFailures",
    "RunFormat",
    "RunFormatOption",
    "RunName",
    "Verbose",
    "Yes",
]


class RunFormat(StrEnum):
    """How what became of hosts is printed."""

    TEXT = "text"
    JSON = "json"


Commit = Annotated[bool, typer.Option("--commit", help="Act; without it nothing is changed.")]
Yes = Annotated[bool, typer.Option("--yes", help="With --commit: do not ask, show no review.")]
Canary = Annotated[
    int,
    typer.Option(
        "--canary",
        metavar="N",
        min=0,
        help="Change N hosts first and alone; one that fails stops all.",
    ),
]
BatchSize = Annotated[
    str, typer.Option("--batch", metavar="N|N%", help="Then so many hosts, or percent, at a time.")
]
MaxFailures = Annotated[
    int,
    typer.Option(
        "--max-failures", metavar="N", min=1, help="Begin no further host after N have failed."
    ),
]
ConfirmTimeout = Annotated[
    str,
    typer.Option(
        "--confirm-timeout",
        metavar="TIME",
        help="A device goes back by itself unless it is confirmed within this: 90s, 5m, 1h.",
    ),
]
AnyHostname = Annotated[
    bool,
    typer.Option(
        "--any-hostname", help="Devices may call themselves otherwise than the inventory does."
    ),
]
JournalFile = Annotated[
    str | None,
    typer.Option(
        "--journal", metavar="FILE", help="The journal of all runs.", show_default="our own"
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "-v",
        "--verbose",
        count=True,
        help="Write what the libraries log to stderr, without secrets; -vvv for all.",
        show_default=False,
    ),
]
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run, or the run of one device; see `runs`.")
]
RunFormatOption = Annotated[RunFormat, typer.Option("--format", help="How to print the result.")]
