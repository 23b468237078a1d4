"""Which files an audit reads, and which device each of them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.audit.fleet.cache import Cache
from translator.audit.fleet.sources import Source, sources
from translator.errors import UsageError


@pytest.mark.parametrize(
    ("file", "device"),
    [
        ("r1.conf", "r1"),
        ("r1.CFG", "r1"),
        ("r1", "r1"),
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.1.txt", "10.0.0.1"),
        ("r1.example.net", "r1.example.net"),
    ],
)
def test_a_device_has_its_files_name_without_an_ending_of_configurations(tmp_path, file, device):
    (tmp_path / file).touch()
    assert sources([str(tmp_path / file)]) == (Source(device, str(tmp_path / file)),)
    assert sources([str(tmp_path)]) == (Source(device, str(tmp_path / file)),)


def test_a_folder_gives_its_files_with_those_below_it_sorted(tmp_path):
    for name in ("b/r2.conf", "a.conf", "b/.hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [item.device for item in sources([str(tmp_path)])] == ["a", str(Path("b/r2"))]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    (tmp_path / "r1.conf").touch()
    name = str(tmp_path / "r1.conf")
    assert len(sources([name, str(tmp_path), name])) == 1


def test_an_inventory_may_know_a_device_by_the_last_part_of_its_name():
    assert Source("berlin/r1", "backups/berlin/r1.conf").names == ("berlin/r1", "r1", "r1.conf")


def test_a_link_that_leads_nowhere_is_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "r1.conf").touch()
    (tmp_path / "r2.conf").symlink_to("moved")
    assert [item.device for item in sources([str(tmp_path)])] == ["r1", "r2"]


def test_databases_of_this_program_are_no_configurations(tmp_path):
    with Cache(tmp_path).opened() as kept:
        kept.put(kept.cache.key("r1", b""), b"an answer")
    (tmp_path / "results-1.sqlite-wal").touch()
    (tmp_path / "r1.sqlite").write_text("hostname r1\n")  # an odd name, not a database
    (tmp_path / "r2.sqlite-wal").write_text("hostname r2\n")
    assert (tmp_path / "results-1.sqlite").is_file()
    assert [item.device for item in sources([str(tmp_path)])] == ["r1.sqlite", "r2.sqlite-wal"]


@pytest.mark.parametrize("names", [[], ["nowhere"], ["empty"], ["a\0b"], ["x" * 5000]])
def test_what_gives_no_file_is_refused(tmp_path, monkeypatch, names):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        sources(names)
