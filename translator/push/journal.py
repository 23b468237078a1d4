"""The journal: what every run was about to do, on disk before it does it.

A later process reads from it how far a run came that died. So each step is written, and synced,
before its first request is sent; and nothing in it is a secret: of texts it holds fingerprints.
Within a step, the single lines of a change are written before they are sent, but not synced:
whoever takes the run up asks the device, and needs to know no more than that the step was begun.
Nor is it synced that a step was done: the row of the next one takes it along, before anything is
sent for that, and a run that died between the two is like one that died just before the first.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from translator.drivers.change import Work
from translator.errors import LockedError, UsageError, Where
from translator.push.journal_file import JournalFile
from translator.push.journal_schema import SCHEMA_VERSION, prepare
from translator.push.places import state_folder
from translator.push.redact import Redactor

__all__ = ["SCHEMA_VERSION", "Entry", "Journal", "Run", "State", "Step", "default_journal", "now"]


class Step(StrEnum):
    """The steps of a run, in their order."""

    OPEN = "open"
    IDENTIFY = "identify"
    LOCK = "lock"
    PREFLIGHT = "preflight"
    DRIFT = "drift"
    SNAPSHOT = "snapshot"
    ARM = "arm"
    APPLY = "apply"
    PROVE = "prove"
    CONFIRM = "confirm"
    SAVE = "save"
    REVERT = "revert"
    CLOSE = "close"


class State(StrEnum):
    """What became of a step; `begun` stands there before the step does anything."""

    BEGUN = "begun"
    SENT = "sent"  # a single request that may change the device, about to be sent
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal."""

    step: Step
    state: State
    detail: str
    hash: str
    at: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the journal knows it.

    Attributes:
        base: fingerprint of the configuration that the change was made for.
        ending: how it ended; None: it has not, or its process died.
    """

    run: str
    device: str
    driver: str
    started: str
    base: str
    work: Work
    ending: str | None
    entries: tuple[Entry, ...]

    def reached(self, step: Step) -> bool:
        """Whether the step was begun."""
        return any(entry.step is step for entry in self.entries)

    @property
    def sent(self) -> bool:
        """Whether anything was sent that may have changed the device."""
        return any(entry.state is State.SENT for entry in self.entries)

    def done(self, step: Step) -> Entry | None:
        """Return the row that says that a step was done; None where it was not."""
        rows = (e for e in self.entries if e.step is step and e.state is State.DONE)
        return next(rows, None)


def default_journal() -> Path:
    """Return where the journal lies unless told otherwise."""
    return state_folder() / "journal.sqlite"


class Journal:
    """A context manager; may be used by many threads, and by many processes at once.

    Args:
        redactor: knows the credentials in use; without, only what configurations hold is masked.

    Raises:
        UsageError: the file is no journal, or one of a later version.
    """

    def __init__(self, path: Path | None = None, redactor: Redactor | None = None) -> None:
        self.path = default_journal() if path is None else path
        self.redact = Redactor() if redactor is None else redactor
        self._claims: dict[str, int] = {}
        self._claims_folder = self.path.with_name(self.path.name + ".runs")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives the files beside it the mode of this one.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        try:
            self.file = JournalFile(self.path)
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"this is no journal: {error}",
                where=Where(str(self.path)),
                hint="give another file with --journal",
            ) from None

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; claims end."""
        for run in list(self._claims):
            self.release(run)
        self.file.close()

    def begin(self, driver: str, base: str, work: Work) -> None:
        """Write down a new run, and claim it for this process.

        Raises:
            LockedError: another process has a run of that name.
        """
        self.claim(work.run)
        row = (work.run, work.device, driver, now(), base, json.dumps(asdict(work)))
        self.file.write("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, NULL)", row)

    def note(self, work: Work, step: Step, state: State, detail: str = "", text: str = "") -> None:
        """Write one row, on disk when this returns unless it says that a step is done.

        Args:
            detail: for people; redacted.
            text: of which the row holds the fingerprint.
        """
        fingerprint = sha256(text.encode()).hexdigest() if text else ""
        self.note_hash(work, step, state, detail, fingerprint)

    def note_line(self, work: Work, step: Step, number: int, text: str) -> None:
        """Write down that a line of the change is about to be sent; not synced."""
        fingerprint = sha256(text.encode()).hexdigest()
        self._note(work, step, State.SENT, f"line {number}", fingerprint, synced=False)

    def note_hash(
        self, work: Work, step: Step, state: State, detail: str = "", fingerprint: str = ""
    ) -> None:
        """Write one row with a fingerprint that is known already."""
        synced = state is not State.DONE
        self._note(work, step, state, self.redact(detail), fingerprint, synced=synced)

    def _note(self, work: Work, step: Step, state: State, *said: str, synced: bool) -> None:
        row = (work.run, work.device, step, state, *said, now())
        statement = "INSERT INTO steps VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
        self.file.write(statement, row, synced=synced)

    def end(self, run: str, ending: str) -> None:
        """Write down how a run ended, and give up the claim."""
        self.file.write("UPDATE runs SET ending = ? WHERE run = ?", (ending, run))
        self.give_up(run)

    def run(self, name: str) -> Run:
        """Return one run.

        Raises:
            UsageError: there is none of that name.
        """
        found = self._read("run = ?", name)
        if not found:
            raise UsageError(
                f"the journal knows no run {name!r}",
                where=Where(str(self.path)),
                hint="`runs` lists those that it knows",
            )
        return found[0]

    def runs(self, device: str | None = None) -> tuple[Run, ...]:
        """Return all runs, or those of one device, the oldest first."""
        return self._read("TRUE") if device is None else self._read("device = ?", device)

    def unfinished(self, device: str | None = None) -> tuple[Run, ...]:
        """Return runs without an ending, of one device or all, the oldest first."""
        if device is None:
            return self._read("ending IS NULL")
        return self._read("ending IS NULL AND device = ?", device)

    def _read(self, which: str, *values: str) -> tuple[Run, ...]:
        """Return the runs of a condition; `which` is one of ours, never data."""
        rows = self.file.rows(
            f"SELECT * FROM runs WHERE {which} ORDER BY started, run",  # noqa: S608
            values,
        )
        steps = {
            row[0]: self.file.rows(
                "SELECT step, state, detail, hash, at FROM steps WHERE run = ? ORDER BY number",
                row[:1],
            )
            for row in rows
        }
        return tuple(
            Run(
                *(run, device, driver, started, base, _work(work), ending),
                tuple(Entry(Step(each[0]), State(each[1]), *each[2:]) for each in steps[run]),
            )
            for run, device, driver, started, base, work, ending in rows
        )

    def claim(self, run: str) -> None:
        """Take a run for this process; the system takes it back when the process dies.

        Raises:
            LockedError: a living process has it.
        """
        if run in self._claims:
            return
        self._claims_folder.mkdir(mode=0o700, exist_ok=True)
        held = os.open(self._claims_folder / run, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(held)
            raise LockedError(
                f"run {run} is being carried out by another process",
                run=run,
                hint="wait until it has ended",
            ) from None
        self._claims[run] = held

    def release(self, run: str) -> None:
        """Give a run back."""
        held = self._claims.pop(run, None)
        if held is not None:
            os.close(held)

    def give_up(self, run: str) -> None:
        """Give a run back that has ended, and take away what showed whose it was."""
        with suppress(OSError):  # whoever still has the file open finds that the run has ended
            os.unlink(self._claims_folder / run)
        self.release(run)

    @contextmanager
    def claimed(self, run: str) -> Iterator[None]:
        """Claim a run for a block.

        Raises:
            LockedError: as `claim`.
        """
        self.claim(run)
        try:
            yield
        finally:
            self.release(run)

    def _prepare(self) -> None:
        try:
            with self.file.transaction() as cursor:
                prepare(cursor, self.path)
        except BaseException:
            self.file.close()
            raise


def now() -> str:
    """Return the time as the journal writes it: UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _work(text: str) -> Work:
    found = json.loads(text)
    for name in ("lines", "rollback", "interfaces"):
        found[name] = tuple(found[name])
    found["files"] = tuple((name, content) for name, content in found["files"])
    return Work(**found)
