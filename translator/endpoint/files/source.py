"""Files of the endpoint side, read: folders, encodings, and what must not be read at all."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from translator.endpoint.files.encoding import text_of
from translator.endpoint.formats.registry import EndpointFormat, Source, all_formats
from translator.errors import PlanError, UsageError, Where
from translator.plan.text import read_bytes, within

__all__ = ["MAX_BYTES", "STDIN", "files_of", "format_of", "read_source", "source_of"]

# A transcript of every cmdlet of a large pool, in UTF-16, stays under a tenth of it.
MAX_BYTES: Final = 8 * 1024 * 1024
STDIN: Final = "-"
_MAX_FILES: Final = 1000
_PLAN: Final = re.compile(r"(?:\s*#.*\n)*\s*(?:extends|name): ?[\w\".-]+\s*(?:\n|\Z)")
_TOO_LARGE: Final = "give only the output of the cmdlets, or the sheet with the plan"


def files_of(names: Sequence[str]) -> tuple[tuple[Path, bool], ...]:
    """Return every file that is named or lies in a named folder, and whether a folder gave it.

    Hidden files of folders are left out; folders are read to any depth, in the order of names.
    `-` is stdin, whatever lies in the folder under that name.

    Raises:
        PlanError: nothing there, a folder without files, or more files than a plan can have.
        UsageError: stdin is named twice.
    """
    if list(names).count(STDIN) > 1:
        raise UsageError("stdin can be read once", hint="give the others as files")
    found: list[tuple[Path, bool]] = []
    for name in names:
        path = Path(name)
        members = list(_members(path)) if _is_folder(path) else [(path, False)]
        if not members:
            raise PlanError(
                "the folder holds no files", where=Where(name), hint="name a folder with files"
            )
        found += members
    if len(found) > _MAX_FILES:
        raise PlanError(
            f"{len(found)} files", where=Where(str(found[_MAX_FILES][0])), hint="name fewer"
        )
    once: dict[Path, tuple[Path, bool]] = {}
    for path, is_member in found:
        # The same file by its name and by its folder is one file, and it was named.
        if path.absolute() not in once or not is_member:
            once[path.absolute()] = (path, is_member)
    return tuple(once.values())


def read_source(path: Path) -> Source:
    """Return a file as it is; `-` is stdin.

    Raises:
        PlanError: missing, unreadable, empty, or larger than `MAX_BYTES`.
    """
    if str(path) == STDIN:
        return source_of(_piped(), STDIN)
    return source_of(read_bytes(path, MAX_BYTES, _TOO_LARGE), str(path))


def _piped() -> bytes:
    where = Where(STDIN)
    if sys.stdin is None:
        raise PlanError("stdin is closed", where=where, hint="name a file instead of -")
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise PlanError(
            f"cannot be read: {error.strerror}", where=where, hint="name a file instead of -"
        ) from None
    return within(data, STDIN, MAX_BYTES, _TOO_LARGE)


def source_of(data: bytes, file: str) -> Source:
    """Return the source of these bytes; its text is "" where they are no text.

    Raises:
        PlanError: there is nothing in it.
    """
    try:
        text = text_of(data, file, limit=MAX_BYTES)
    except PlanError:
        return Source(file, data, "")
    if not text.strip():
        raise PlanError("the file is empty", where=Where(file), hint="save the output again")
    return Source(file, data, text)


def format_of(source: Source) -> EndpointFormat:
    """Return the first format that the source's content fits.

    Raises:
        PlanError: none does; says which are known, and where the text stops being text.
    """
    for item in all_formats():
        if item.fits(source) and (item.read or item.cells):
            return item
    raise _unknown(source)


def _unknown(source: Source) -> PlanError:
    try:
        text_of(source.data, source.file, limit=MAX_BYTES)
    except PlanError as error:
        return error
    if _PLAN.match(source.text):
        return PlanError(
            "this is a plan already",
            where=Where(source.file),
            hint=f"look at it: qos-translator plan show {shlex.quote(source.file)}",
        )
    titles: dict[str, list[str]] = {}
    for item in all_formats():
        if item.read or item.cells:
            titles.setdefault(item.group, []).append(item.title)
    return PlanError(
        "no known format",
        where=Where(source.file),
        hint="files are known by their content; these are read:",
        known=[f"{group}: {'; '.join(titles[group])}" for group in sorted(titles, key=str.lower)],
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _members(folder: Path) -> Iterator[tuple[Path, bool]]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path, True
