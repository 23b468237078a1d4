"""A shell in the router's namespace without a server before it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.netns import Lab

from translator.drivers.change import Command, Request, Upload, Wait
from translator.drivers.replies import Reply

__all__ = ["Direct"]


@dataclass(frozen=True, slots=True)
class Direct:
    """A session; what it starts outlives it, as over SSH."""

    lab: Lab

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Upload):
            file = Path(request.path)
            if not file.parent.is_dir():
                return Reply("No such file or directory", 1)
            part = file.with_name(f"{file.name}.part")
            part.write_bytes(request.data)
            part.chmod(request.mode)
            part.rename(file)
            return Reply(status=0)
        assert isinstance(request, Command | Wait)
        if isinstance(request, Wait):
            return Reply()
        done = subprocess.run(
            ["ip", "netns", "exec", self.lab.names["router"], "sh", "-c", request.text],
            env={**os.environ, "SSH_CLIENT": "10.1.1.10 5 22"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )
        return Reply(done.stdout.decode(), done.returncode)

    def close(self) -> None:
        """There is nothing to close."""
