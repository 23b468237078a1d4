"""A piece of work for tests of the fleet runner: its files say what becomes of their worker."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.errors import ParseError, TranslatorError


@dataclass(frozen=True, slots=True)
class File:
    """One file of the fleet."""

    file: str


@dataclass(frozen=True, slots=True)
class ToyWork:
    """Answers with a digest of the bytes; notes each call in a folder, if it is given one."""

    asked: str = "digest"
    calls: str = ""
    seconds: float = 0.0

    @property
    def fingerprint(self) -> str:
        return self.asked

    def identity_of(self, item: File) -> str:
        return Path(item.file).name

    def part(self, items: Sequence[File]) -> ToyWork:
        return self

    def answer(self, item: File, data: bytes) -> bytes:
        if self.calls:
            Path(self.calls, f"{Path(item.file).name}.{os.getpid()}.{time.monotonic_ns()}").touch()
        time.sleep(self.seconds)
        if data == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        if data == b"crash":
            raise ZeroDivisionError("by nothing")
        if data == b"refuse":
            raise ParseError("is no configuration")
        digest = hashlib.sha256(data).hexdigest()
        return json.dumps([Path(item.file).name, self.asked, digest]).encode()

    def failed(self, item: File, error: TranslatorError) -> bytes:
        return json.dumps([Path(item.file).name, "failed", error.problem]).encode()


def write_files(folder: Path, contents: Sequence[bytes]) -> list[File]:
    """Write one file for each content and return them in order."""
    folder.mkdir(exist_ok=True)
    for at, content in enumerate(contents):
        (folder / f"{at:04d}.cfg").write_bytes(content)
    return [File(str(folder / f"{at:04d}.cfg")) for at in range(len(contents))]
