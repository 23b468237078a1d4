"""`platforms`: what each driver can do, from the registry; the README's table is this output."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["run"]


class TableFormat(StrEnum):
    """How the table is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def run(
    output: Annotated[
        TableFormat, typer.Option("--format", help="How to print the table.")
    ] = TableFormat.TEXT,
) -> int:
    """List the platforms and what each of them can do.

    \b
    Example:
      qos-translator platforms --format json
    """
    from translator.cli.output import emit, emit_json, emit_table
    from translator.inventory.platforms import HEADINGS, platform_rows

    rows = platform_rows()
    if output is TableFormat.JSON:
        emit_json(rows)
    elif output is TableFormat.MARKDOWN:
        for cells in (HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)):
            emit("| " + " | ".join(cells) + " |")
    else:
        emit_table(HEADINGS, (row.cells() for row in rows))
    return 0
