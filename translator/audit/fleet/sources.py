"""The files that an audit reads, each with the name of the device that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from translator.errors import UsageError, Where

__all__ = ["Source", "sources"]

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

    Hidden files and folders are passed by, and links to folders are not followed.

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
            yield path


def _device(path: Path) -> str:
    return str(path.with_suffix("")) if path.suffix.lower() in _ENDINGS else str(path)
