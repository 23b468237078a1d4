"""The plan's table in text: Markdown, or CSV with commas, semicolons or tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.errors import PlanError
from translator.plan.cells import Cells, is_markdown, read_cells
from translator.plan.columns import may_be_header

__all__ = ["FORMAT"]


def _fits(source: Source) -> bool:
    wanted = "|" if is_markdown(source.text) else ""
    header = next(
        (line for line in source.text.splitlines() if line.strip() and wanted in line), ""
    )
    try:
        return bool(header) and may_be_header(read_cells(header, source.file)[0])
    except PlanError:
        return False


def _cells(source: Source) -> Sequence[Cells]:
    return read_cells(source.text, source.file)


FORMAT: Final = EndpointFormat(
    name="table",
    title="Markdown or CSV",
    group="tables",
    fits=_fits,
    read=None,
    write=None,
    holds=lambda _setting: False,
    extension=".csv",
    cells=_cells,
)
