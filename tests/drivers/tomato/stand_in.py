"""A router's commands for scripts under test: `nvram` on a folder, `service`, busybox tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_NVRAM = """#!/bin/sh
case $1 in
get) cat "$NVRAM_FOLDER/$2" 2>/dev/null ;;
set) printf '%s' "${2#*=}" >"$NVRAM_FOLDER/${2%%=*}" ;;
unset) rm -f "$NVRAM_FOLDER/$2" ;;
*) exit 2 ;;
esac
"""
_SERVICE = """#!/bin/sh
echo "$*" >>"$NVRAM_FOLDER/../restarts"
"""


class StandIn:
    """A router without hardware: its settings are files, its shell is busybox ash."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        busybox = shutil.which("busybox")
        if busybox is None:
            pytest.skip("busybox is not installed")
        self._settings = folder / "nvram"
        self._commands = folder / "bin"
        self._settings.mkdir(parents=True)
        self._commands.mkdir()
        for name, text in (("nvram", _NVRAM), ("service", _SERVICE)):
            (self._commands / name).write_text(text, encoding="utf-8")
            (self._commands / name).chmod(0o755)
        for tool in ("sh", "awk", "wc", "cat", "rm"):
            (self._commands / tool).symlink_to(busybox)
        for key, value in settings.items():
            (self._settings / key).write_text(value, encoding="utf-8")

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a script as its owner would: copied to the router, `sh SCRIPT`."""
        path = self._settings.parent / "script.sh"
        path.write_text(script, encoding="utf-8")
        return subprocess.run(
            [str(self._commands / "sh"), str(path)],
            env={"PATH": str(self._commands), "NVRAM_FOLDER": str(self._settings)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    @property
    def settings(self) -> dict[str, str]:
        """All settings that are there now."""
        return {
            path.name: path.read_text(encoding="utf-8") for path in sorted(self._settings.iterdir())
        }

    @property
    def dump(self) -> str:
        """What `nvram show` would print."""
        return "".join(f"{key}={value}\n" for key, value in self.settings.items())

    @property
    def restarts(self) -> list[str]:
        """The services that were restarted, in order."""
        path = Path(os.fspath(self._settings.parent), "restarts")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
