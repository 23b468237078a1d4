"""Write an output file: whole or not at all, where its name leads, with the mode that it has."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from translator.errors import UsageError, Where

__all__ = ["encoded", "put", "take_over", "write_file"]

_HINT: Final = "name a file in a folder that exists and that you may write"
_OPEN_ALREADY: Final = re.compile(r"/(?:dev|proc/(?:self|thread-self|\d+))/fd/(\d+)")


def write_file(path: Path, pieces: Iterable[str | bytes], *, private: bool = False) -> None:
    """Write a file whole or not at all; an older one is replaced, and keeps its mode.

    A link is followed, and stays. What is no regular file, a device or a pipe, is written through,
    as is one that is stdout already; a new file has the mode that the umask gives.

    Args:
        private: the file is its owner's alone, whatever there was before.

    Raises:
        UsageError: it cannot be written; a regular file is then as it was.
    """
    if "\0" in str(path):
        raise UsageError(f"{str(path)!r} cannot be written: no name", hint="name another file")
    try:
        older = _status(path)
        opened = _opened_already(path, older)
        if opened is not None:
            _write_through(os.dup(opened), pieces)
        elif older is None or stat.S_ISREG(older.st_mode):
            put(Path(os.path.realpath(path)), pieces, mode=0o600 if private else None)
        else:  # a folder is an error of `open`
            _write_through(os.open(path, os.O_WRONLY), pieces)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=Where(str(path)), hint=_HINT
        ) from None


def put(file: Path, pieces: Iterable[str | bytes], *, mode: int | None = None) -> None:
    """Put a regular file into its place in one step; what holds its name is replaced.

    Args:
        mode: of the file; None: that of the older one, or what the umask gives.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    older = _status(file)
    staged = file.parent / f".{token_hex(8)}.part"
    # Made with no more rights than it will have, and never through a link.
    made = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(made, "wb") as stream:
            if older is not None and mode is None:
                take_over(staged, older)
            stream.writelines(map(encoded, pieces))
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(file)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def take_over(file: Path, older: os.stat_result) -> None:
    """Give a file the mode of an older one and, where that is allowed, its owner."""
    with suppress(PermissionError):
        os.chown(file, older.st_uid, older.st_gid)
    file.chmod(stat.S_IMODE(older.st_mode))


def encoded(content: str | bytes) -> bytes:
    """Return the bytes of a piece of a file."""
    return content.encode() if isinstance(content, str) else content


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _opened_already(path: Path, status: os.stat_result | None) -> int | None:
    """Return the descriptor under which this process has a file open for the shell.

    `--report json=/dev/stdout > file` leads to a regular file: another in its place would take
    away what else is printed, and to open it anew would write over it.
    """
    if named := _OPEN_ALREADY.fullmatch(str(path)):
        return int(named[1])
    for descriptor in (1, 2):
        with suppress(OSError):
            if status is not None and os.path.samestat(status, os.fstat(descriptor)):
                return descriptor
    return None


def _write_through(descriptor: int, pieces: Iterable[str | bytes]) -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()  # what was printed before comes before
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(map(encoded, pieces))
