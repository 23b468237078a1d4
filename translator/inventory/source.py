"""The text of one file of an inventory: bounded, UTF-8, with the place of what is wrong in it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.errors import InventoryError, Where

__all__ = ["MAX_BYTES", "MAX_HOSTS", "Source", "too_many_hosts"]

MAX_BYTES: Final = 64 * 1024 * 1024
# Above this a list of hosts is a mistake (a range with a digit too many) more often than a fleet.
MAX_HOSTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file and what it holds."""

    file: str
    text: str

    @classmethod
    def read(cls, path: Path, *, hint: str = "name a file that you may read") -> Source:
        """Return the text of a file.

        Raises:
            InventoryError: no such file, not a file, larger than 64 MiB, or not UTF-8.
        """
        where = Where(str(path))
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
                size = path.stat()
        except OSError as error:
            raise InventoryError(
                f"cannot be read: {error.strerror}", where=where, hint=hint
            ) from None
        if len(data) > MAX_BYTES:
            count = f"{size.st_size} bytes is" if stat.S_ISREG(size.st_mode) else "it has"
            raise InventoryError(
                f"{count} more than the limit of {MAX_BYTES}",
                where=where,
                hint="split the inventory into several",
            )
        return cls(str(path), _decoded(data, str(path)))

    def error(self, problem: str, line: int | None, *, hint: str) -> InventoryError:
        """Return the error for something on a line of the file."""
        return InventoryError(problem, where=Where(self.file, line), hint=hint)


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise InventoryError(
            "is not UTF-8 text" + (" but UTF-16" if utf16 else ""),
            where=Where(file, None if utf16 else line),
            hint="save it as UTF-8",
        ) from None


def too_many_hosts(file: str, line: int) -> InventoryError:
    """Return the error for an inventory that names more hosts than we hold."""
    return InventoryError(
        f"more than {MAX_HOSTS} hosts",
        where=Where(file, line),
        hint="split the inventory into several; check the ends of host ranges",
    )
