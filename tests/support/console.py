"""Console blocks of a Markdown page: their commands run, and what the terminal then shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "Session", "rewritten", "run", "sessions"]

ROOT = Path(__file__).resolve().parents[2]
# Each command of a block, with the output that is shown under it.
Session = list[tuple[str, str]]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands of make install, build and test everything, this test included: asked what they would do.
_MAKE = re.compile(r"^(?:sudo )?make ")


def sessions(text: str) -> list[Session]:
    """Return the console blocks of a page; a command may go on in lines that end in a backslash."""
    return [_session(block) for block in _BLOCK.findall(text)]


def _session(block: str) -> Session:
    found: Session = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command += "\n" + more
        found.append((command, shown))
    return found


def run(command: str, folder: Path) -> str:
    """Return what a terminal shows for the command: stdout and stderr."""
    if _MAKE.match(command):
        command = _MAKE.sub(f"make -C {ROOT} -n ", command)
        subprocess.run(["sh", "-c", command], check=True, capture_output=True)
        return ""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).rstrip("\n")


def rewritten(text: str, folder: Path) -> str:
    """Return the page with what its commands show now."""
    blocks = []
    for session in sessions(text):
        shown = [f"$ {command}\n{run(command, folder)}".rstrip("\n") for command, _ in session]
        blocks.append("```console\n" + "\n".join(shown) + "\n```")
    replacements = iter(blocks)
    return _BLOCK.sub(lambda _: next(replacements), text)
