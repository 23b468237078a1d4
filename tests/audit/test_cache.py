"""The cache of results: damaged and foreign entries, concurrent writers, what decides a key."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.audit.fleet import cache as caching
from translator.audit.fleet.cache import Cache, digest, platform_folder, tool_fingerprint

KEY = digest(b"some", b"key")
OTHER = digest(b"another", b"key")


def put(cache: Cache, key: str, value: bytes) -> None:
    with cache.opened() as results:
        results.put(key, value)


def get(cache: Cache, key: str) -> bytes | None:
    with cache.opened() as results:
        return results.get(key)


def file_of(cache: Cache) -> Path:
    (path,) = (path for path in cache.folder.iterdir() if path.suffix == ".sqlite")
    return path


@given(st.binary(max_size=200))
def test_what_was_put_is_got(tmp_path_factory: pytest.TempPathFactory, value: bytes) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    assert get(cache, KEY) is None
    with cache.opened() as results:
        results.put(KEY, value)
        assert results.get(KEY) == value
    assert get(cache, KEY) == value
    assert get(cache, OTHER) is None


def test_a_later_result_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"old")
    put(cache, KEY, b"new")
    assert get(cache, KEY) == b"new"


def test_results_are_written_also_when_the_work_is_broken_off(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with pytest.raises(KeyboardInterrupt), cache.opened() as results:
        results.put(KEY, b"compliant")
        raise KeyboardInterrupt
    assert get(cache, KEY) == b"compliant"


def test_only_the_user_may_read_what_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    put(cache, KEY, b"compliant")
    modes = [path.stat().st_mode & 0o777 for path in (cache.folder, *cache.folder.iterdir())]
    assert modes == [0o700, 0o600]


def damaged(sound: bytes) -> Iterator[bytes]:
    # What is not zero is what SQLite reads: the head, the definition, the entry and its key.
    for at in (at for at in range(0, len(sound), 3) if sound[at]):
        yield sound[:at]
        yield sound[:at] + bytes([sound[at] ^ 0x81]) + sound[at + 1 :]


def test_a_damaged_file_shows_no_other_result_and_is_written_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"compliant")
    path = file_of(cache)
    sound = path.read_bytes()
    seen = set()
    for content in damaged(sound):
        path.write_bytes(content)
        seen.add(get(cache, KEY))
        put(cache, KEY, b"compliant")
        assert get(cache, KEY) == b"compliant"
    assert seen == {None, b"compliant"}


def test_a_damaged_entry_counts_as_absent(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"compliant")
    with closing(sqlite3.connect(file_of(cache))) as base:
        base.execute("PRAGMA synchronous = OFF")
        (entry,) = base.execute("SELECT entry FROM results").fetchone()
        for at in range(len(entry)):
            for broken in (
                entry[:at],
                entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :],
                at,
                None,
            ):
                with base:
                    base.execute("UPDATE results SET entry = ?", (broken,))
                assert get(cache, KEY) is None


def test_the_entry_of_another_key_is_foreign(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, OTHER, b"compliant")
    with closing(sqlite3.connect(file_of(cache))) as base, base:
        base.execute("UPDATE results SET key = ?", (KEY,))
    assert get(cache, KEY) is None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other (x)",
        "CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM results; END",
    ],
)
def test_a_file_with_anything_else_in_it_is_not_trusted(tmp_path: Path, statement: str) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"compliant")
    with closing(sqlite3.connect(file_of(cache))) as base, base:
        base.execute(statement)
    assert get(cache, KEY) is None
    put(cache, KEY, b"compliant")
    assert get(cache, KEY) == b"compliant"


def test_a_folder_in_the_place_of_the_file_is_no_error(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"x")
    path = file_of(cache)
    path.unlink()
    path.mkdir()
    put(cache, KEY, b"x")
    assert get(cache, KEY) is None
    assert path.is_dir()


def test_a_file_that_somebody_else_holds_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "_PATIENCE_S", 0)
    cache = Cache(tmp_path)
    put(cache, KEY, b"compliant")
    with closing(sqlite3.connect(file_of(cache), isolation_level=None)) as base:
        base.execute("BEGIN EXCLUSIVE")
        assert get(cache, KEY) is None
        put(cache, OTHER, b"x")
        base.execute("ROLLBACK")
    assert get(cache, KEY) == b"compliant"
    assert get(cache, OTHER) is None


def _write_and_read(folder: Path, value: bytes) -> None:
    cache = Cache(folder)
    for _ in range(200):
        put(cache, KEY, value)
        assert get(cache, KEY) in (b"a" * 5000, b"b" * 5000)


def test_concurrent_writers_never_show_half_an_entry(tmp_path: Path) -> None:
    workers = [
        multiprocessing.Process(target=_write_and_read, args=(tmp_path, letter * 5000))
        for letter in (b"a", b"b")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0, 0]


_HALF = """
    import os, sqlite3, sys
    base = sqlite3.connect(sys.argv[1], isolation_level=None)
    base.execute("PRAGMA cache_size = 1")  # pages go to the file before the end
    base.execute("BEGIN")
    base.execute("UPDATE results SET entry = zeroblob(100000)")
    os._exit(9)
"""


def test_what_a_killed_process_has_half_written_is_taken_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    put(cache, KEY, b"compliant" * 10_000)
    path = file_of(cache)
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", dedent(_HALF), str(path)], check=False)
    assert killed.returncode == 9
    assert path.read_bytes() != before
    assert get(cache, KEY) == b"compliant" * 10_000


def test_every_part_decides_the_key(tmp_path: Path) -> None:
    cache = Cache(tmp_path).for_work("plan")
    key = cache.key("sw1", b"text")
    assert key == Cache(tmp_path).for_work("plan").key("sw1", b"text")
    assert cache.key("sw1", b"text ") != key
    assert cache.key("sw2", b"text") != key
    assert Cache(tmp_path).for_work("plan 2").key("sw1", b"text") != key
    assert cache.key("sw1t", b"ext") != key


@given(st.lists(st.binary(max_size=3), max_size=3), st.lists(st.binary(max_size=3), max_size=3))
def test_different_parts_have_different_digests(one: list[bytes], other: list[bytes]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_another_source_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(caching, "_PACKAGE", tmp_path)
    fresh = tool_fingerprint.__wrapped__
    before = fresh()
    assert fresh() == before != tool_fingerprint()
    (tmp_path / "module.py").write_text("x = 2\n")
    assert fresh() != before


def test_the_platform_folder_follows_the_xdg_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert platform_folder() == tmp_path / "qos-translator"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for ignored in ("", "relative/path"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert platform_folder() == tmp_path / "home/.cache/qos-translator"
