"""Texts of devices into a folder: each whole or not at all, for its owner's eyes only."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Final

from translator.errors import UsageError, Where
from translator.outfile import put

__all__ = ["Kept", "file_of", "keep", "make_folder"]

# Stricter than an inventory, and here as well: what ends up in a path is checked where it does.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


class Kept(StrEnum):
    """What became of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"


def make_folder(folder: str) -> Path:
    """Return a folder that can be written, made if need be.

    Raises:
        UsageError: it cannot be.
    """
    path = Path(folder)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _cannot(folder, error) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise UsageError("cannot be written", where=Where(folder), hint="name another folder")
    return path


def file_of(folder: Path, host: str) -> Path:
    """Return the file of a host; it is never outside of the folder.

    Raises:
        UsageError: the name of the host cannot be one of a file.
    """
    if not _NAME.fullmatch(host):
        raise UsageError(
            f"{host!r} is no file name", where=Where(str(folder)), hint="rename the host"
        )
    return folder / f"{host}.conf"


def keep(file: Path, text: str) -> Kept:
    """Put a text in the place of a file in one step; one that says the same is left as it is.

    A link is replaced, never followed.

    Raises:
        UsageError: it cannot be written; the file is as it was.
    """
    data = text.encode("utf-8", "surrogateescape")
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise _is_special(file)
        older = None if file.is_symlink() or not file.exists() else file.read_bytes()
        if older == data:
            file.chmod(0o600)
            return Kept.SAME
        put(file, [data], mode=0o600)
    except OSError as error:
        raise _cannot(str(file), error) from None
    return Kept.NEW if older is None else Kept.CHANGED


def _is_special(file: Path) -> UsageError:
    return UsageError(
        "cannot be written: no regular file", where=Where(str(file)), hint="name another folder"
    )


def _cannot(where: str, error: OSError | ValueError) -> UsageError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return UsageError(
        f"cannot be written: {why}", where=Where(where), hint="name a folder that you may write"
    )
