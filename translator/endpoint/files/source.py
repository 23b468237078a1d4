"""Files of the endpoint side, read: folders, encodings, and what must not be read at all."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source, all_formats
from translator.errors import PlanError, Where

__all__ = ["MAX_BYTES", "files_of", "format_of", "read_source", "source_of"]

# A transcript of every cmdlet of a large pool, in UTF-16, stays under a tenth of it.
MAX_BYTES: Final = 8 * 1024 * 1024
_MAX_FILES: Final = 1000
# Windows PowerShell's `>` writes UTF-16 LE, `Out-File -Encoding` the others; each with its mark.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def files_of(names: Iterable[str]) -> tuple[tuple[Path, bool], ...]:
    """Return every file that is named or lies in a named folder, and whether a folder gave it.

    Hidden files of folders are left out; folders are read to any depth, in the order of names.

    Raises:
        PlanError: nothing there, a folder without files, or more files than a plan can have.
    """
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
    """Return a file as it is.

    Raises:
        PlanError: missing, unreadable, empty, or larger than `MAX_BYTES`.
    """
    where = Where(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PlanError(f"cannot be read: {reason}", where=where, hint="check the path") from None
    if len(data) > MAX_BYTES:
        raise PlanError(
            f"larger than {MAX_BYTES // 1024 // 1024} MiB",
            where=where,
            hint="give only the output of the cmdlets, or the sheet with the plan",
        )
    return source_of(data, str(path))


def source_of(data: bytes, file: str) -> Source:
    """Return the source of these bytes; its text is "" where they are no text.

    Raises:
        PlanError: there is nothing in it.
    """
    text = _text(data)
    if not data or (text is not None and not text.strip()):
        raise PlanError("the file is empty", where=Where(file), hint="save the output again")
    return Source(file, data, text or "")


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
    titles = "; ".join(item.title for item in all_formats() if item.read or item.cells)
    if source.text:
        return PlanError("no known format", where=Where(source.file), hint=f"known: {titles}")
    if source.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return PlanError(
            "the UTF-16 text is cut off or damaged", where=Where(source.file), hint="save it again"
        )
    if b"\0" in source.data:
        return PlanError(
            "the file is no text (or UTF-16 without its byte order mark)",
            where=Where(source.file),
            hint=f"known: {titles}",
        )
    return _not_utf8(source)


def _not_utf8(source: Source) -> PlanError:
    """The error of a text in a code page, with the line of its first strange byte."""
    try:
        source.data.decode("utf-8-sig")
        return PlanError("no known format", where=Where(source.file), hint="save it again")
    except UnicodeDecodeError as error:
        return PlanError(
            f"byte 0x{source.data[error.start]:02x} is not UTF-8",
            where=Where(source.file, source.data.count(b"\n", 0, error.start) + 1),
            hint="save it again: ... | Out-File -Encoding utf8 FILE",
        )


def _text(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    return None if b"\0" in data else _decoded(data, "utf-8")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


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
