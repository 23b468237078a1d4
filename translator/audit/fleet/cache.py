"""Results kept between runs, under a digest of everything that decides them.

They stand in one SQLite file, because to make a file for each costs more than a tenth of its audit.
An entry is plain bytes behind a checksum: nothing in the folder is ever executed, and what is
damaged or was put there for another purpose counts as absent and is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, TypeVar

from translator.drivers.templates import template_root

__all__ = ["Cache", "Results", "digest", "platform_folder", "tool_fingerprint"]

_T = TypeVar("_T")
_FORMAT: Final = b"qos-translator result 1\n"
_CHECKSUM_BYTES: Final = 16
_NAME: Final = "results-1.sqlite"
_TABLE: Final = "CREATE TABLE results (key TEXT PRIMARY KEY, entry BLOB)"
_MOST_UNWRITTEN: Final = 32
# Errors that are no fault of what the file holds.
_NOT_NOW: Final = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    )
)
_PATIENCE_S: Final = 5  # for another process that writes, which takes it some milliseconds
_PACKAGE: Final = Path(__file__).resolve().parents[2]


def digest(*parts: bytes) -> str:
    """Return a digest that tells every sequence of byte strings from every other."""
    hashed = hashlib.sha256()  # processors have instructions for it: twice as quick as BLAKE2
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()[:40]


def platform_folder() -> Path:
    """Return the folder for caches of this program: below `XDG_CACHE_HOME`, else `~/.cache`.

    Source: XDG Base Directory Specification: a path that is not absolute is to be ignored.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named) if Path(named).is_absolute() else Path("~/.cache").expanduser()
    return base / "qos-translator"


@cache
def tool_fingerprint() -> str:
    """Return a digest of this program: its sources and templates, other drivers, the Python.

    The sources and not the version number, because between two releases results may change too.
    """
    parts = [repr(sys.version_info[:2]).encode()]
    for root in (_PACKAGE, template_root()):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                parts += [str(path.relative_to(root)).encode(), path.read_bytes()]
    for entry in sorted(entry_points(group="translator.drivers"), key=lambda item: item.name):
        version = entry.dist.version if entry.dist else ""
        parts.append(f"{entry.name} {entry.value} {version}".encode())
    return digest(*parts)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results. Any number of processes may use it at the same time.

    Attributes:
        scope: a digest of what decides all results alike; what is found under another is not seen.
    """

    folder: Path
    scope: str = ""

    def for_work(self, fingerprint: str) -> Cache:
        """Return the part of the cache that holds this program's results of one piece of work."""
        return replace(self, scope=digest(tool_fingerprint().encode(), fingerprint.encode()))

    def key(self, identity: str, data: bytes) -> str:
        """Return the key of the result for a file with these bytes."""
        return digest(self.scope.encode(), identity.encode(), data)

    @contextmanager
    def opened(self) -> Iterator[Results]:
        """Give the results; those that are put are written at the end, and in between."""
        results = Results(self)
        try:
            yield results
        finally:
            results.close()


@dataclass(slots=True)
class Results:
    """The results of a folder while they are open.

    What cannot be read is absent; what cannot be written is worked out again by the next run.
    """

    cache: Cache
    _base: sqlite3.Connection | None = None
    _given_up: bool = False
    _unwritten: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        """Return the result under a key, None where there is no sound one."""
        entry = self._unwritten.get(key)
        if entry is None and (self._base is not None or self._path.exists()):
            entry = self._tried(lambda base: _entry(base, key))
        if entry is None:
            return None
        head = len(_FORMAT) + _CHECKSUM_BYTES
        value = entry[head:]
        return value if entry[:head] == _head(key, value) else None

    def put(self, key: str, value: bytes) -> None:
        """Keep a result; it is there whole or not at all, whatever happens to this process."""
        self._unwritten[key] = _head(key, value) + value
        if len(self._unwritten) >= _MOST_UNWRITTEN:
            self._write()

    def close(self) -> None:
        """Write what is not written yet."""
        self._write()
        self._let_go()

    @property
    def _path(self) -> Path:
        return self.cache.folder / _NAME

    def _write(self) -> None:
        entries, self._unwritten = list(self._unwritten.items()), {}
        if entries and not self._tried(lambda base: _written(base, entries)):
            self._tried(lambda base: _written(base, entries))  # a damaged file is gone by now

    def _tried(self, act: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """Return what comes of the file, None if it is of no use; a damaged one is taken away."""
        if self._given_up:
            return None
        try:
            if self._base is None:
                self._base = _opened(self._path)
            return act(self._base)
        except OSError:
            self._given_up = True
        except (sqlite3.Error, UnicodeError) as error:  # the latter where the error quotes damage
            self._let_go()
            self._given_up = getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_NOW
            if not self._given_up:
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)
        return None

    def _let_go(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None


def _opened(path: Path) -> sqlite3.Connection:
    """Open the file of results, or make it.

    Raises:
        OSError, sqlite3.Error: it cannot be used, is damaged or was made for another purpose.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    # A run is a generator, which may be gone on with, or ended, in another thread.
    base = sqlite3.connect(path, timeout=_PATIENCE_S, check_same_thread=False)
    try:
        # The journal takes back what a killed process has half written. Nobody waits for the disk:
        # what a power cut does to the file shows in the checksums.
        base.execute("PRAGMA synchronous = OFF")
        query = "SELECT CAST(sql AS BLOB) FROM sqlite_master WHERE sql IS NOT NULL"
        if not base.execute(query).fetchall():
            base.execute(_TABLE.replace("TABLE", "TABLE IF NOT EXISTS"))
        # Nothing else may be there: a view or a trigger would be executed.
        if base.execute(query).fetchall() != [(_TABLE.encode(),)]:
            raise sqlite3.DatabaseError("made for another purpose")
    except BaseException:
        base.close()
        raise
    return base


def _entry(base: sqlite3.Connection, key: str) -> bytes | None:
    query = "SELECT CAST(entry AS BLOB) FROM results WHERE key = ?"
    found: tuple[bytes | None] | None = base.execute(query, (key,)).fetchone()
    return None if found is None else found[0]


def _written(base: sqlite3.Connection, entries: list[tuple[str, bytes]]) -> bool:
    with base:  # one transaction
        base.executemany("INSERT OR REPLACE INTO results VALUES (?, ?)", entries)
    return True


def _head(key: str, value: bytes) -> bytes:
    """The first bytes of an entry; the checksum covers the key, so that no entry is another's."""
    checked = hashlib.blake2b(value, key=key.encode(), digest_size=_CHECKSUM_BYTES)
    return _FORMAT + checked.digest()
