"""One file is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import pytest

from translator.cli.folder import write_file
from translator.errors import UsageError


def test_a_file_is_made_and_replaced(tmp_path):
    path = tmp_path / "a.reg"
    write_file(path, [b"one", b" two"])
    write_file(path, [b"new"])
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["no/such", "folder", "a\0b", "x" * 300])
def test_what_cannot_be_written_leaves_nothing(name, tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(UsageError, match="cannot be written") as caught:
        write_file(tmp_path / name, [b"x"])
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_what_fails_half_way_leaves_the_older_file(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def pieces():
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_file(path, pieces())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
