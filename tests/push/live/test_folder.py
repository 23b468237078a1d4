"""Configurations in a folder: whole or not at all, for the owner alone, nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from translator.errors import InventoryError, UsageError
from translator.inventory.model import Host
from translator.push.live.folder import Kept, file_of, keep, make_folder

HOSTILE = ["../../x", "/etc/x", "..", ".hidden", "a/b", "a\0b", "a\nb", "-rf", "", "x" * 300]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_the_folder(name: str, tmp_path: Path):
    with pytest.raises(UsageError, match="no file name"):
        file_of(tmp_path, name)
    with pytest.raises(InventoryError):
        Host(name, "linux", "linux")


def test_a_text_is_written_for_its_owner_alone_and_only_when_it_is_another(tmp_path: Path):
    folder = make_folder(str(tmp_path / "new" / "folder"))
    assert folder.stat().st_mode & 0o777 == 0o700
    file = file_of(folder, "r1")
    assert [keep(file, text) for text in ("a\n", "a\n", "b\n")] == [
        Kept.NEW,
        Kept.SAME,
        Kept.CHANGED,
    ]
    assert file.read_text() == "b\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(folder.iterdir()) == [file]


def test_a_file_that_others_could_read_is_closed(tmp_path: Path):
    file = file_of(tmp_path, "r1")
    file.write_text("a\n")
    file.chmod(0o644)
    assert keep(file, "a\n") is Kept.SAME
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_is_replaced_and_what_it_names_is_left_alone(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_text("precious\n")
    folder = make_folder(str(tmp_path / "out"))
    file_of(folder, "r1").symlink_to(victim)
    keep(file_of(folder, "r1"), "a\n")
    assert victim.read_text() == "precious\n"
    assert not file_of(folder, "r1").is_symlink()


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path):
    os.mkfifo(file_of(tmp_path, "r1"))
    with pytest.raises(UsageError, match="no regular file"):
        keep(file_of(tmp_path, "r1"), "a\n")
    assert file_of(tmp_path, "r1").is_fifo()


def test_a_folder_that_cannot_be_is_an_error_before_anybody_logs_in(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for name in (str(tmp_path / "file"), str(tmp_path / "file" / "below"), "a\0b"):
        with pytest.raises(UsageError, match="cannot be written"):
            make_folder(name)


def test_what_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "r1.conf").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        keep(file_of(tmp_path, "r1"), "a\n")
    assert [item.name for item in tmp_path.iterdir()] == ["r1.conf"]
