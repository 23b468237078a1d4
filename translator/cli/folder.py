"""Write files whole or not at all: one, or a set of them into a folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import Final

from translator.errors import UsageError, Where

__all__ = ["write_all", "write_file"]

_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,250}")


def write_all(
    folder: str, files: Iterable[tuple[str, str | bytes]], *, replace: bool = True
) -> int:
    """Write (name, content) pairs as files into `folder`, made if need be; return how many.

    All are first written elsewhere on the same disk while `files` yields them. If that fails, or
    `files` raises, the folder is as it was; only then does a new folder appear, or files move
    into the old one. Older files of the same names are replaced, or refused.

    Args:
        replace: whether older files may be replaced.

    Raises:
        UsageError: a name would leave the folder, the folder cannot be written, or an older file
            is in the way.
    """
    if "\0" in folder:
        raise UsageError(f"{folder!r} is no name of a folder", hint="name another folder")
    target = Path(folder)
    try:
        existed = target.is_dir()
        with _staging(target if existed else _nearest(target.parent)) as staging:
            names = [_write(staging, name, text, folder) for name, text in files]
            if existed:
                if not replace:
                    _refuse_older(target, names)
                _move_in(staging, target, names)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                staging.chmod(0o755)
                staging.rename(target)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}",
            where=Where(folder),
            hint="name a folder that you may write with -o",
        ) from None
    return len(names)


def write_file(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file whole or not at all; an older one is replaced.

    Raises:
        UsageError: it cannot be written; it is then as it was.
    """
    if "\0" in str(path):
        raise UsageError(f"{str(path)!r} cannot be written: no name", hint="name another file")
    staged: Path | None = None
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=".", delete=False) as file:
            staged = Path(file.name)
            file.writelines(map(_encoded, pieces))
        staged.chmod(0o644)
        staged.replace(path)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}",
            where=Where(str(path)),
            hint="name a file in a folder that exists and that you may write",
        ) from None
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)


def _write(staging: Path, name: str, content: str | bytes, folder: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no file name", where=Where(folder), hint="rename the host")
    (staging / name).write_bytes(_encoded(content))
    return name


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _refuse_older(target: Path, names: Iterable[str]) -> None:
    older = [name for name in names if (target / name).exists() or (target / name).is_symlink()]
    if older:
        raise UsageError(
            f"there is {', '.join(older)} already",
            where=Where(str(target)),
            hint="name another folder, or add --force to replace what is there",
        )


def _move_in(staging: Path, target: Path, names: Iterable[str]) -> None:
    for name in names:
        if (target / name).is_dir():
            raise UsageError(
                f"{name} is a folder", where=Where(str(target)), hint="choose another -o folder"
            )
    for name in names:
        (staging / name).replace(target / name)


def _nearest(folder: Path) -> Path:
    """The folder itself or the nearest one above it that exists."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path())


@contextmanager
def _staging(parent: Path) -> Iterator[Path]:
    staging = Path(mkdtemp(prefix=".qos-translator-", dir=parent))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
