"""The journal survives its process, tells how far it came, and holds no secret."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from push.fake import RUN

from translator.drivers.change import Work
from translator.errors import LockedError, UsageError
from translator.push.journal import SCHEMA_VERSION, Journal, State, Step, default_journal
from translator.push.redact import Redactor
from translator.push.secret import Secret

WORK = Work(
    RUN, "r1", 60, lines=("a", "b"), rollback=("no a",), files=(("x.nft", "y\n"),),
    interfaces=("wan",), options={"folder": "/x"},
)  # fmt: skip


def test_what_was_written_is_read_by_another_process(tmp_path: Path):
    path = tmp_path / "deep" / "journal.sqlite"
    with Journal(path) as journal:
        journal.begin("linux", "base", WORK)
        journal.note(WORK, Step.LOCK, State.BEGUN, "why", "text")
        with Journal(path) as other:  # while it is open
            (run,) = other.unfinished("r1")
        assert run.work == WORK
        assert run.reached(Step.LOCK)
        assert run.done(Step.LOCK) is None
        assert run.entries[0].hash
        journal.end(RUN, "new")
        assert journal.unfinished() == ()
        assert journal.run(RUN).ending == "new"


def test_lines_and_ends_are_written_at_once_and_synced_with_what_comes_next(tmp_path: Path):
    path = tmp_path / "journal.sqlite"
    asked: list[str] = []
    with Journal(path) as journal:
        journal.file._base.set_trace_callback(asked.append)
        journal.note(WORK, Step.APPLY, State.BEGUN)
        journal.note_line(WORK, Step.APPLY, 1, "a")
        journal.note_line(WORK, Step.APPLY, 2, "b")
        with Journal(path) as other:  # so they are with the system
            rows = other.file.rows("SELECT state, detail FROM steps ORDER BY number")
        journal.note(WORK, Step.APPLY, State.DONE)
        journal.note(WORK, Step.PROVE, State.BEGUN)
    synced = True
    noted = []
    for statement in asked:
        if statement.startswith("PRAGMA synchronous"):
            synced = statement.endswith("FULL")
        elif statement == "COMMIT":
            noted.append(synced)
    assert noted == [True, False, False, False, True]
    assert rows == [("begun", ""), ("sent", "line 1"), ("sent", "line 2")]


def test_only_its_owner_may_read_it(tmp_path: Path):
    path = tmp_path / "state" / "journal.sqlite"
    with Journal(path) as journal:
        journal.begin("linux", "base", WORK)
        modes = {item.name: item.stat().st_mode & 0o777 for item in path.parent.rglob("*")}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert len(modes) >= 4  # the log and the index beside it too
    assert {mode & 0o077 for mode in modes.values()} == {0}


def test_details_are_redacted(tmp_path: Path):
    path = tmp_path / "journal.sqlite"
    with Journal(path, Redactor([Secret("S3cretPw")])) as journal:
        journal.begin("linux", "base", WORK)
        journal.note(WORK, Step.APPLY, State.FAILED, "said S3cretPw", "S3cretPw")
    assert b"S3cretPw" not in b"".join(
        item.read_bytes() for item in tmp_path.iterdir() if item.is_file()
    )


def test_a_run_belongs_to_one_living_process(tmp_path: Path):
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal, Journal(path) as other:
        journal.begin("linux", "base", WORK)
        with pytest.raises(LockedError):
            other.claim(RUN)
        journal.release(RUN)
        with other.claimed(RUN), pytest.raises(LockedError):
            journal.claim(RUN)
        journal.claim(RUN)


def test_a_claim_ends_with_its_process(tmp_path: Path):
    path = tmp_path / "journal.sqlite"
    child = os.fork()
    if child == 0:
        journal = Journal(path)
        journal.begin("linux", "base", WORK)
        os._exit(0)
    os.waitpid(child, 0)
    with Journal(path) as journal:
        assert [item.run for item in journal.unfinished()] == [RUN]
        journal.claim(RUN)


def test_threads_share_one(tmp_path: Path):
    works = [Work(f"run-{number}", "r1", 60) for number in range(8)]
    with Journal(tmp_path / "journal.sqlite") as journal:

        def write(work: Work) -> None:
            journal.begin("linux", "base", work)
            for step in Step:
                journal.note(work, step, State.DONE)

        threads = [threading.Thread(target=write, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {len(item.entries) for item in journal.runs()} == {len(Step)}
        assert len(journal.runs()) == len(works)


@pytest.mark.parametrize("content", [b"not a database, but long enough to be one" * 50, b"short"])
def test_another_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="no journal"):
        Journal(path)
    assert path.read_bytes() == content


def test_a_later_version_is_refused(tmp_path: Path):
    path = tmp_path / "journal.sqlite"
    Journal(path).close()
    base = sqlite3.connect(path)
    base.execute("UPDATE meta SET schema_version = ?", (SCHEMA_VERSION + 1,))
    base.commit()
    base.close()
    with pytest.raises(UsageError, match="version"):
        Journal(path)


def test_a_link_is_not_followed(tmp_path: Path):
    (tmp_path / "journal.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        Journal(tmp_path / "journal.sqlite")


def test_an_unknown_run_is_said_to_be_unknown(tmp_path: Path):
    with Journal(tmp_path / "journal.sqlite") as journal, pytest.raises(UsageError, match="no run"):
        journal.run("nope")


def test_it_lies_below_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_journal() == tmp_path / "qos-translator" / "journal.sqlite"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_journal() == tmp_path / ".local/state/qos-translator/journal.sqlite"
