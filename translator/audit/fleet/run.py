"""A whole run: many files, one answer after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.audit.codec import Packed
from translator.audit.fleet.batches import Progress, run
from translator.audit.fleet.cache import Cache, platform_folder
from translator.audit.fleet.sources import Source, sources
from translator.audit.fleet.work import AuditWork
from translator.errors import TranslatorError, UsageError

__all__ = ["PIPE", "FleetRun", "audit_bytes", "audit_files"]


@dataclass(frozen=True, slots=True)
class FleetRun:
    """How the work is spread.

    Attributes:
        jobs: processes on this machine; None: as many as it has processors.
        cache: folder of answers; "" for the usual one of this user, None for no cache.
        scheduler: address of a Dask scheduler whose workers do the work instead.
    """

    jobs: int | None = None
    cache: str | None = None
    scheduler: str | None = None


PIPE: Final = "-"
"""The name that stands for a text which came through a pipe."""


def audit_bytes(work: AuditWork, data: bytes) -> Packed:
    """Return the audit of one text that came through a pipe."""
    source = Source("device", PIPE)
    found = Packed()
    try:
        found.add(work.audit(source, data))
    except TranslatorError as error:
        found.add_packed(work.failed(source, error))
    return found


def audit_files(
    work: AuditWork,
    names: Sequence[str],
    way: FleetRun,
    progress: Progress | None = None,
    *,
    passed_by: Collection[str] = (),
) -> Packed:
    """Return the audits of all files and of all files in the folders, in the order of their names.

    Args:
        passed_by: devices whose files are not read.

    Raises:
        UsageError: a name is no file, no file is left, or the scheduler cannot be reached.
    """
    items = sources(names)
    if passed_by:
        items = tuple(item for item in items if not any(x in passed_by for x in item.names))
    if not items:
        raise UsageError(
            "no file is of a host that --limit takes", hint="widen --limit, or name other files"
        )
    found = Packed()
    for answer in _answers(work, items, way, progress):
        found.add_packed(answer)
    return found


def _answers(
    work: AuditWork, items: Sequence[Source], way: FleetRun, progress: Progress | None
) -> Iterator[bytes]:
    folder = platform_folder() if way.cache == "" else way.cache
    cache = None if folder is None else Cache(Path(folder))
    with ExitStack() as stack:
        workers = None
        if way.scheduler is not None:
            from translator.audit.fleet.scheduler import Scheduler  # needs the extra `dask`

            workers = stack.enter_context(Scheduler(way.scheduler))
        yield from run(items, work, jobs=way.jobs, cache=cache, workers=workers, progress=progress)
