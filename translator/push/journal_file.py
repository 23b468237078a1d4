"""The file under the journal: what is written is on disk, and threads that wait share one sync.

A sync takes milliseconds, and a fleet writes thousands of rows. Whoever comes first commits what
all others have ready meanwhile, in their order; nobody returns before its own row is on disk.

A row that says no more than how far something came need not wait for the disk: it is with the
system, so it survives our process, and the next sync takes it along; a power loss may lose it.
Source: sqlite.org/pragma.html, synchronous: in WAL mode NORMAL keeps the file whole, but may lose
the last commits with the power.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

__all__ = ["JournalFile"]

_BUSY_S: Final = 30.0


class _Row:
    """One statement on its way to the disk."""

    __slots__ = ("done", "error", "statement", "synced", "values")

    def __init__(self, statement: str, values: tuple[object, ...], *, synced: bool) -> None:
        self.synced = synced
        self.statement = statement
        self.values = values
        self.done = False
        self.error: sqlite3.Error | None = None


class JournalFile:
    """For many threads, and for many processes at once.

    Raises:
        sqlite3.DatabaseError: the file is something else.
    """

    def __init__(self, path: Path) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[_Row] = deque()
        self._base = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            # With a write-ahead log readers never wait, and a killed writer leaves no half row.
            self._base.execute("PRAGMA journal_mode = WAL")
            self._set_sync(syncs=True)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def write(self, statement: str, values: tuple[object, ...], *, synced: bool = True) -> None:
        """Carry out one statement; its effect is on disk when this returns.

        Args:
            synced: False where it is enough that it survives our process.
        """
        row = _Row(statement, values, synced=synced)
        self._waiting.append(row)
        with self._mutex:
            if not row.done:
                self._commit_waiting()
        if row.error is not None:
            raise row.error

    def write_many(self, statement: str, values: Iterable[tuple[object, ...]]) -> None:
        """Carry out one statement for many values, all or none."""
        with self.transaction() as cursor:
            cursor.executemany(statement, values)

    def rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of one statement."""
        with self._mutex, closing(self._base.cursor()) as cursor:
            return cursor.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor whose statements take effect together at the end, or not at all."""
        with self._mutex, self._alone() as cursor:
            yield cursor

    def _commit_waiting(self) -> None:
        """Commit all that waits; the mutex is held."""
        rows: list[_Row] = []
        try:
            while self._waiting:
                rows.append(self._waiting.popleft())
            try:
                self._commit(rows)
            except sqlite3.Error:
                self._commit_one_by_one(rows)
        except BaseException:  # those who wait commit for themselves
            self._waiting.extendleft(row for row in reversed(rows) if not row.done)
            raise

    def _commit(self, rows: list[_Row]) -> None:
        with self._alone(synced=any(row.synced for row in rows)) as cursor:
            for row in rows:
                cursor.execute(row.statement, row.values)
        for row in rows:
            row.done = True

    def _commit_one_by_one(self, rows: list[_Row]) -> None:
        """One of them is at fault; the others shall not suffer for it."""
        for row in rows:
            try:
                self._commit([row])
            except sqlite3.Error as error:
                row.error = error
                row.done = True

    def _set_sync(self, *, syncs: bool) -> None:
        """Have each commit from now on synced, or none."""
        self._base.execute(f"PRAGMA synchronous = {'FULL' if syncs else 'NORMAL'}")
        self._syncs = syncs

    @contextmanager
    def _alone(self, *, synced: bool = True) -> Iterator[sqlite3.Cursor]:
        if synced is not self._syncs:
            self._set_sync(syncs=synced)
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
