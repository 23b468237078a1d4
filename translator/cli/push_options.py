"""The options of the commands that change devices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from translator.push.pace import Pace

__all__ = [
    "ConfirmTimeout",
    "JournalFile",
    "Resume",
    "RetryFailed",
    "Rolling",
    "RunFormat",
    "RunFormatOption",
    "RunName",
    "SavePlan",
    "Saved",
]


class RunFormat(StrEnum):
    """How what became of hosts is printed."""

    TEXT = "text"
    JSON = "json"


_Commit = Annotated[bool, typer.Option("--commit", help="Act; without it nothing is changed.")]
_Yes = Annotated[bool, typer.Option("--yes", help="With --commit: do not ask, show no review.")]
_Canary = Annotated[
    int,
    typer.Option(
        "--canary",
        metavar="N",
        min=0,
        help="Change N hosts first and alone; one that fails stops all.",
    ),
]
_BatchSize = Annotated[
    str, typer.Option("--batch", metavar="N|N%", help="Then so many hosts, or percent, at a time.")
]
_MaxFailures = Annotated[
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
_AnyHostname = Annotated[
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
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run, or the run of one device; see `runs`.")
]
RunFormatOption = Annotated[RunFormat, typer.Option("--format", help="How to print the result.")]
Saved = Annotated[
    str | None,
    typer.Argument(metavar="FILE", help="A saved plan: apply exactly that.", show_default=False),
]
SavePlan = Annotated[
    str | None,
    typer.Option(
        "--save-plan",
        metavar="FILE",
        help="Write what is shown, to be applied later with `push FILE`.",
        show_default=False,
    ),
]
Resume = Annotated[
    str | None,
    typer.Option(
        "--resume", metavar="RUN", help="Go on with a run that did not end.", show_default=False
    ),
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="With --resume: try hosts again that failed.")
]


@dataclass(frozen=True, slots=True)
class Rolling:
    """Whether and how hosts are changed one after the other, and how that is told."""

    commit: _Commit = False
    yes: _Yes = False
    canary: _Canary = 1
    batch: _BatchSize = "10%"
    max_failures: _MaxFailures = 1
    any_hostname: _AnyHostname = False
    journal: JournalFile = None
    output: RunFormatOption = RunFormat.TEXT

    def pace(self, forks: int) -> Pace:
        """Return how fast the hosts are changed.

        Raises:
            UsageError: the size of a batch has another form.
        """
        from translator.push.pace import Batch, Pace

        return Pace(self.canary, Batch.of(self.batch), self.max_failures, forks)
