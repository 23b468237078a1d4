"""One file is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from translator.errors import UsageError
from translator.outfile import write_file


def test_a_file_is_made_and_replaced(tmp_path):
    path = tmp_path / "a.reg"
    earlier = os.umask(0o022)
    try:
        write_file(path, [b"one", b" two"])
    finally:
        os.umask(earlier)
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


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_that_the_umask_gives(umask, mode, tmp_path):
    earlier = os.umask(umask)
    try:
        write_file(tmp_path / "a", [b"x"])
    finally:
        os.umask(earlier)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


def test_an_older_file_keeps_its_mode_unless_it_is_private(tmp_path):
    path = tmp_path / "a"
    for mode in (0o600, 0o666):
        path.touch()
        path.chmod(mode)
        write_file(path, [b"x"])
        assert path.stat().st_mode & 0o777 == mode
    write_file(path, [b"x"], private=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_links_are_followed_and_stay(tmp_path):
    target = tmp_path / "below" / "target"
    target.parent.mkdir()
    link, again = tmp_path / "link", tmp_path / "again"
    link.symlink_to("below/target")
    again.symlink_to("link")
    for text in (b"made", b"replaced"):  # a link that leads nowhere, and one to a file
        write_file(again, [text])
        assert target.read_bytes() == text
    assert again.is_symlink()
    assert link.is_symlink()
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_pipe_is_written_through_and_stays(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(path.read_bytes()), daemon=True)
    reader.start()
    write_file(path, [b"one", "two"])
    reader.join()
    assert read == [b"onetwo"]
    assert path.is_fifo()


# stdout leads to a regular file here, which another in its place would leave behind.
PRINTING = """
import sys
from pathlib import Path
from translator.outfile import write_file
print("before")
write_file(Path(sys.argv[1]), [b"report\\n"])
print("after")
"""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "printed"])
def test_what_is_stdout_already_is_written_in_turn(name, tmp_path):
    root = Path(__file__).resolve().parents[2]
    with (tmp_path / "printed").open("wb") as printed:
        subprocess.run(
            [sys.executable, "-B", "-c", PRINTING, name],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=printed,
            check=True,
        )
    assert (tmp_path / "printed").read_text() == "before\nreport\nafter\n"
    assert [path.name for path in tmp_path.iterdir()] == ["printed"]
