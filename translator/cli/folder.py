"""Write a set of files into a folder whole or not at all, and over nothing that is read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from tempfile import mkdtemp
from typing import Final

from translator.errors import UsageError, Where
from translator.outfile import encoded, take_over

__all__ = ["refuse_inputs", "refuse_stdout", "write_all"]

# Where Ansible keeps variables beside an inventory.
_VARIABLES: Final = ("host_vars", "group_vars")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,250}")


def write_all(
    folder: str,
    files: Iterable[tuple[str, str | bytes]],
    *,
    replace: bool = True,
    inputs: Callable[[], Iterable[str | None]] = tuple,
) -> int:
    """Write (name, content) pairs as files into `folder`, made if need be; return how many.

    All are first written elsewhere on the same disk while `files` yields them. If that fails, or
    `files` raises, the folder is as it was; only then does a new folder appear, or files move
    into the old one. Older files of the same names are replaced and keep their modes, or refused;
    a link among them is replaced and not followed, for the names are ours and not the user's.

    Args:
        replace: whether older files that hold something else may be replaced.
        inputs: gives what is read, and not written over.

    Raises:
        UsageError: a name would leave the folder, the folder cannot be written, or an older file
            is in the way.
    """
    refuse_stdout(folder, "name a folder, or leave it out to print")
    if "\0" in folder:
        raise UsageError(f"{folder!r} is no name of a folder", hint="name another folder")
    target = Path(folder)
    try:
        existed = target.is_dir()
        with _staging(target if existed else _nearest(target.parent)) as staging:
            names = [_write(staging, name, text, folder) for name, text in files]
            if existed:
                refuse_inputs((target / name for name in names), inputs)
                if not replace:
                    _refuse_older(staging, target, names)
                _move_in(staging, target, names)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                staging.rename(target)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}",
            where=Where(folder),
            hint="name a folder that you may write with -o",
        ) from None
    return len(names)


def refuse_stdout(path: str, hint: str) -> None:
    """Refuse `-`, which is stdout by custom, where it cannot be.

    Raises:
        UsageError: it is the path.
    """
    if path == "-":
        raise UsageError("- is no place to write to here", hint=f"{hint}; a name like it is ./-")


def refuse_inputs(targets: Iterable[Path], inputs: Callable[[], Iterable[str | None]]) -> None:
    """Refuse to write over a file that is read.

    Args:
        inputs: gives the files; of a folder that holds an inventory, its files are meant. It is
            asked only where there is an older file.

    Raises:
        UsageError: a target is one of the inputs, by whatever name.
    """
    older = {key: path for path in targets if (key := _file_key(str(path))) is not None}
    read = (file for name in inputs() if name for file in _files(name)) if older else ()
    for file in read:
        key = _file_key(file)
        if key is not None and (path := older.get(key)) is not None:
            raise UsageError(
                "would be replaced by what is made from it",
                where=Where(str(path)),
                hint="write to another name",
            )


def _file_key(name: str) -> tuple[int, int] | None:
    """What tells a regular file from all others, None where there is none."""
    try:
        found = Path(name).stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if S_ISREG(found.st_mode) else None


def _files(name: str) -> Iterator[str]:
    path = Path(name)
    try:
        below = [path / part for part in ("", *_VARIABLES) if (path / part).is_dir()]
        yield from (str(file) for folder in below for file in folder.iterdir())
    except (OSError, ValueError):
        pass  # whoever reads it says what is wrong
    yield name


def _write(staging: Path, name: str, content: str | bytes, folder: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no file name", where=Where(folder), hint="rename the host")
    (staging / name).write_bytes(encoded(content))
    return name


def _refuse_older(staging: Path, target: Path, names: Iterable[str]) -> None:
    older = [name for name in names if _is_other(target / name, staging / name)]
    if older:
        raise UsageError(
            f"there is {', '.join(older)} already",
            where=Where(str(target)),
            hint="name another folder, or add --force to replace what is there",
        )


def _is_other(older: Path, new: Path) -> bool:
    if older.is_symlink() or not older.is_file():
        return older.is_symlink() or older.exists()
    return older.read_bytes() != new.read_bytes()


def _move_in(staging: Path, target: Path, names: Iterable[str]) -> None:
    older = {name: target / name for name in names if (target / name).exists()}
    for name, path in older.items():
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no regular file"
            raise UsageError(
                f"{name} is {what}", where=Where(str(target)), hint="choose another -o folder"
            )
        if not path.is_symlink():
            take_over(staging / name, path.stat())
    for name in names:
        (staging / name).replace(target / name)


def _nearest(folder: Path) -> Path:
    """The folder itself or the nearest one above it that exists."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path())


@contextmanager
def _staging(parent: Path) -> Iterator[Path]:
    private = Path(mkdtemp(prefix=".qos-translator-", dir=parent))
    try:
        staging = private / "files"
        staging.mkdir()  # with the mode that the umask gives
        yield staging
    finally:
        shutil.rmtree(private, ignore_errors=True)
