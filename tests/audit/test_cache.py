"""The cache of results: damaged and foreign entries, concurrent writers, what decides a key."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.audit.fleet import cache as caching
from translator.audit.fleet.cache import Cache, digest, platform_folder, tool_fingerprint

KEY = digest(b"some", b"key")
OTHER = digest(b"another", b"key")


def entry_of(cache: Cache) -> Path:
    (path,) = (path for path in cache.folder.rglob("*") if path.is_file())
    return path


@given(st.binary(max_size=200))
def test_what_was_put_is_got(tmp_path_factory: pytest.TempPathFactory, value: bytes) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    assert cache.get(KEY) is None
    cache.put(KEY, value)
    assert cache.get(KEY) == value
    assert cache.get(OTHER) is None


def test_a_later_result_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"old")
    cache.put(KEY, b"new")
    assert cache.get(KEY) == b"new"


def test_a_damaged_entry_counts_as_absent_and_is_written_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"compliant")
    path = entry_of(cache)
    sound = path.read_bytes()
    for at in range(len(sound)):
        path.write_bytes(sound[:at])
        assert cache.get(KEY) is None
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        assert cache.get(KEY) is None
    cache.put(KEY, b"compliant")
    assert path.read_bytes() == sound


def test_the_entry_of_another_key_is_foreign(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(OTHER, b"compliant")
    path = entry_of(cache)
    place = tmp_path / KEY[:2] / KEY[2:]
    place.parent.mkdir(exist_ok=True)
    path.rename(place)
    assert cache.get(KEY) is None


def test_a_folder_in_the_place_of_an_entry_is_no_error(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / KEY[:2] / KEY[2:]).mkdir(parents=True)
    cache.put(KEY, b"x")
    assert cache.get(KEY) is None
    assert list((tmp_path / KEY[:2]).iterdir()) == [tmp_path / KEY[:2] / KEY[2:]]


def _write_and_read(folder: Path, value: bytes) -> None:
    cache = Cache(folder)
    for _ in range(200):
        cache.put(KEY, value)
        assert cache.get(KEY) in (b"a" * 5000, b"b" * 5000)


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
    assert entry_of(Cache(tmp_path)).name == KEY[2:]


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
