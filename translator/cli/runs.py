"""`runs`: what the journal knows: which runs there were, on which devices, and how they ended."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.push_options import JournalFile, RunFormat, RunFormatOption

__all__ = ["run"]

_Name = Annotated[
    str | None,
    typer.Argument(
        metavar="RUN", help="A run, or the run of one device: step by step.", show_default=False
    ),
]


def run(
    *, name: _Name = None, journal: JournalFile = None, output: RunFormatOption = RunFormat.TEXT
) -> int:
    """List runs: when, by whom, how many hosts ended how; or the hosts of one, or its steps.

    \b
    Examples:
      qos-translator runs
      qos-translator runs 20261129-101010-abcdef
      qos-translator runs 20261129-101010-abcdef-1-1 --format json
    """
    from pathlib import Path

    from translator.cli.runs_view import show_run, show_runs
    from translator.push.journal import Journal, default_journal

    path = Path(journal).expanduser() if journal else default_journal()
    with Journal(path) as opened:
        if name is None:
            show_runs(opened, json=output is RunFormat.JSON)
        else:
            show_run(opened, name, json=output is RunFormat.JSON)
    return 0
