"""What several files say: settings, and the rows of tables, before any of it is a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.endpoint.files.source import files_of, format_of, read_source
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.settings import Remark, Settings
from translator.errors import PlanError, Where
from translator.plan.cells import Cells

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read.

    Attributes:
        tables: the cells of each table, its header first, with its file.
        files: the files that were read.
    """

    settings: Settings
    tables: tuple[tuple[str, Sequence[Cells]], ...]
    files: tuple[str, ...]
    findings: tuple[EndpointFinding, ...]


def gather(names: Sequence[str]) -> Gathered:
    """Read files and the files of folders; each one's format is seen from its content.

    A file of a folder that cannot be read is a finding, so that notes may lie beside outputs; one
    that is named is an error.

    Raises:
        PlanError: a named file is of no known format or damaged, or nothing was read at all.
        UsageError: a library that a format needs is not installed.
    """
    settings: Settings = ()
    tables: list[tuple[str, Sequence[Cells]]] = []
    files: list[str] = []
    found: list[EndpointFinding] = []
    for path, from_folder in files_of(names):
        try:
            more, cells = _read(path)
        except PlanError as error:
            if not from_folder:
                raise
            where = error.where or Where(str(path))
            found.append(finding("file-not-read", error.problem, where))
            continue
        settings += more
        files.append(str(path))
        if cells:
            tables.append((str(path), cells))
    if not files:
        raise PlanError(
            "no file of the folder is of a known format",
            where=Where(names[0]),
            hint=f"the first of them: {found[0].message}" if found else "name a file",
        )
    remarks = (item for item in settings if isinstance(item, Remark))
    found += (finding(item.kind, item.message, item.where, cure=item.cure) for item in remarks)
    return Gathered(settings, tuple(tables), tuple(files), tuple(found))


def _read(path: Path) -> tuple[Settings, Sequence[Cells]]:
    source = read_source(path)
    found = format_of(source)
    return (
        () if found.read is None else found.read(source),
        () if found.cells is None else found.cells(source),
    )
