"""The files that an audit reads, each with the name of the device that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from translator.errors import UsageError, Where

__all__ = ["Source", "sources"]

_DATABASE: Final = ".sqlite"
_DATABASES: Final = (_DATABASE, ".sqlite-journal", ".sqlite-shm", ".sqlite-wal")
_DATABASE_HEADER: Final = b"SQLite format 3\0"

# Only these: programs that save configurations call files 10.0.0.1 or r1.example.net, too.
_ENDINGS: Final = frozenset(
    (".bak", ".cfg", ".cnf", ".conf", ".config", ".log", ".nft", ".set", ".sh", ".text", ".txt")
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file; `device` is its name below the folder given, without `.conf` or its like."""

    device: str
    file: str

    @property
    def names(self) -> tuple[str, ...]:
        """What an inventory may call the device, most likely first."""
        path = PurePath(self.file)
        names = (self.device, PurePath(self.device).name, path.name, path.stem)
        return tuple(dict.fromkeys(names))


def sources(names: Iterable[str]) -> tuple[Source, ...]:
    """Return the files that are named, and all files of the folders that are, sorted by name.

    Hidden files and folders are passed by, and so are databases of this program, such as answers
    that are kept in the folder; links to folders are not followed. A link that leads nowhere is a
    file that cannot be read.

    Raises:
        UsageError: a name is no file or folder, a folder holds no file, or none is named.
    """
    found: dict[str, Source] = {}
    for name in names:
        for source in _sources_of(name):
            found.setdefault(source.file, source)
    if not found:
        raise UsageError("no file is named", hint="name configuration files or a folder of them")
    return tuple(found.values())


def _sources_of(name: str) -> Iterator[Source]:
    path = Path(name)
    try:
        if path.is_dir():
            files = sorted(_files_below(path))
            if not files:
                raise UsageError(
                    "holds no file", where=Where(name), hint="name a folder with configurations"
                )
            yield from (Source(_device(item.relative_to(path)), str(item)) for item in files)
            return
        if not path.exists():
            raise UsageError(
                "there is no such file or folder",
                where=Where(name),
                hint="name configuration files or a folder of them",
            )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{name!r} cannot be read: {error}", hint="name a file that you may read"
        ) from None
    yield Source(_device(Path(path.name)), name)


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():
                yield from _files_below(path)
        elif path.is_file():
            if not _is_database(path):
                yield path
        elif path.is_symlink() and not path.exists():
            yield path  # whose device is not audited then, and that is told


def _is_database(path: Path) -> bool:
    """Whether a file is one that SQLite keeps: our answers, or a journal of pushes.

    Source: sqlite.org/fileformat.html, 1.3 The Database Header: the string at its beginning.
    """
    if path.suffix.lower() not in _DATABASES:
        return False
    if path.suffix.lower() != _DATABASE:
        return path.with_suffix(_DATABASE).exists()  # SQLite's own, beside it while it is open
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE_HEADER)) == _DATABASE_HEADER
    except OSError:
        return False


def _device(path: Path) -> str:
    return str(path.with_suffix("")) if path.suffix.lower() in _ENDINGS else str(path)
