"""A set of files is written wholly or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from translator.cli.folder import refuse_inputs, write_all
from translator.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_files_are_made_and_replaced(tmp_path):
    out = tmp_path / "a" / "b"
    write_all(str(out), {"r1.conf": "one\n", "r2.conf": "two\n"}.items())
    write_all(str(out), {"r1.conf": "new\n"}.items())
    assert content(out) == {"r1.conf": "new\n", "r2.conf": "two\n"}
    assert out.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in out.parent.iterdir()] == ["b"]


@pytest.mark.parametrize("name", ["../r1", "/etc/r1", "a/b", ".hidden", "", "-rf", "r1\n", "r\0"])
def test_names_that_leave_the_folder_or_trick_a_shell_are_refused(name, tmp_path):
    with pytest.raises(UsageError, match="is no file name"):
        write_all(str(tmp_path / "out"), {"good.conf": "x", name: "x"}.items())
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_folder_is_replaced_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("keep", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "r1.conf").symlink_to(precious)
    write_all(str(out), {"r1.conf": "new"}.items())
    assert precious.read_text(encoding="utf-8") == "keep"
    assert content(out) == {"r1.conf": "new"}


def test_older_files_keep_their_modes_and_pipes_are_no_place_for_a_file(tmp_path):
    older = tmp_path / "r1.conf"
    older.touch(0o600)
    write_all(str(tmp_path), {"r1.conf": "new"}.items())
    assert (older.read_text(), older.stat().st_mode & 0o777) == ("new", 0o600)
    os.mkfifo(tmp_path / "r2.conf")
    with pytest.raises(UsageError, match=r"r2\.conf is no regular file"):
        write_all(str(tmp_path), {"r1.conf": "newer", "r2.conf": "x"}.items())
    assert older.read_text() == "new"
    assert (tmp_path / "r2.conf").is_fifo()


def test_a_folder_of_the_name_that_means_stdout_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="- is no place to write to"):
        write_all("-", {"r1.conf": "x"}.items())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["plan.yaml", "link.yaml", "inv", "host"])
def test_what_is_read_is_not_written_over_by_whatever_name(name, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("rows", encoding="utf-8")
    (tmp_path / "inv").mkdir()
    (tmp_path / "link.yaml").symlink_to(plan)
    (tmp_path / "inv" / "hosts.yaml").hardlink_to(plan)
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "host_vars").mkdir()
    (tmp_path / "host" / "host_vars" / "r1.yaml").symlink_to(plan)
    with pytest.raises(UsageError, match=r"plan\.yaml: would be replaced by what is made from it"):
        refuse_inputs([tmp_path / "new", plan], lambda: (None, "lync-2013", str(tmp_path / name)))
    refuse_inputs([tmp_path / "new"], lambda: (str(tmp_path / name),))


# The second file meets a limit of the system, as it would meet a full disk.
LIMITED = """
import resource, sys
from translator.cli.folder import write_all
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_all(sys.argv[1], {"r1.conf": "new", "r2.conf": "x" * 5000}.items())
"""


@pytest.mark.parametrize("exists", [True, False])
def test_a_full_disk_leaves_everything_as_it_was(exists, tmp_path):
    out = tmp_path / "out"
    if exists:
        out.mkdir()
        (out / "r1.conf").write_text("as it was", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-c", LIMITED, str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "UsageError" in done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if exists else [])
    if exists:
        assert content(out) == {"r1.conf": "as it was"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_one_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot be written: Permission denied"):
        write_all(str(tmp_path / "out"), {"r1.conf": "x"}.items())
