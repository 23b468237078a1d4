"""`qos-translator` in this process: what a shell would see of it, without starting Python anew.

What only a process can show is tested with one: signals, closed streams, start-up. So is every
command of the README and of docs/.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from translator.cli.main import main

__all__ = ["ROOT", "Done", "qos_translator"]

ROOT = Path(__file__).resolve().parents[2]
_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended; named as in `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str


def qos_translator(
    *arguments: object,
    stdin: bytes = b"",
    folder: Path = ROOT,
    environment: Mapping[str, str] = _NONE,
) -> Done:
    """Run one command in a folder and return its exit code and what it wrote."""
    out, err = _stream(), _stream()
    with (
        chdir(folder),
        patch.dict(os.environ, {"NO_COLOR": "1", **environment}),
        patch("sys.stdin", _stream(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main([str(argument) for argument in arguments])
    done = Done(code, _written(out), _written(err))
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _stream(content: bytes = b"") -> TextIOWrapper:
    return TextIOWrapper(BytesIO(content), encoding="utf-8")


def _written(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
