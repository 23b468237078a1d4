"""The tables of the journal, and how an older file becomes one of this version.

Version 1 knew runs of single devices; version 2 also rollouts, which are many of them; version 3
also the changes that were planned for them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from translator.errors import UsageError, Where

__all__ = ["SCHEMA_VERSION", "prepare"]

SCHEMA_VERSION: Final = 3
_RUNS: Final = (
    "CREATE TABLE meta (schema_version INTEGER NOT NULL)",
    """CREATE TABLE runs (
        run TEXT PRIMARY KEY, device TEXT NOT NULL, driver TEXT NOT NULL, started TEXT NOT NULL,
        base TEXT NOT NULL, work TEXT NOT NULL, ending TEXT
    )""",
    """CREATE TABLE steps (
        number INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs (run), device TEXT NOT NULL,
        step TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX steps_of_run ON steps (run)",
    "CREATE INDEX runs_of_device ON runs (device, ending)",
    "INSERT INTO meta VALUES (1)",
)
_ROLLOUTS: Final = (
    """CREATE TABLE rollouts (
        rollout TEXT PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, who TEXT NOT NULL,
        asked TEXT NOT NULL, ended TEXT
    )""",
    """CREATE TABLE members (
        rollout TEXT NOT NULL REFERENCES rollouts (rollout), number INTEGER NOT NULL,
        device TEXT NOT NULL, state TEXT NOT NULL, member TEXT NOT NULL,
        PRIMARY KEY (rollout, device)
    )""",
    "UPDATE meta SET schema_version = 2",
)
_PLANS: Final = (
    """CREATE TABLE plans (
        rollout TEXT NOT NULL, device TEXT NOT NULL, change TEXT NOT NULL,
        PRIMARY KEY (rollout, device)
    )""",
    "UPDATE meta SET schema_version = 3",
)
_STEPS: Final = (_RUNS, _ROLLOUTS, _PLANS)
"""What makes version N + 1 of version N, for N from 0, an empty file."""


def prepare(cursor: sqlite3.Cursor, path: Path) -> None:
    """Bring the tables of a file to this version, within the caller's transaction.

    Raises:
        UsageError: a later version of the program wrote it.
        sqlite3.DatabaseError: it is something else.
    """
    version = _version(cursor)
    if not 0 <= version <= SCHEMA_VERSION:
        raise UsageError(
            f"the journal is of version {version}, this program knows {SCHEMA_VERSION}",
            where=Where(str(path)),
            hint="use the program that wrote it, or another file with --journal",
        )
    for statements in _STEPS[version:]:
        for statement in statements:
            cursor.execute(statement)


def _version(cursor: sqlite3.Cursor) -> int:
    tables = {row[0] for row in cursor.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "meta" not in tables:
        raise sqlite3.DatabaseError("another program's tables")
    (version,) = cursor.execute("SELECT schema_version FROM meta").fetchone()
    return int(version)
