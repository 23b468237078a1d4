"""Where our own files lie on this machine, and who works on it.

Source: XDG Base Directory Specification: state that outlives runs, and settings.
"""

from __future__ import annotations

import getpass
import os
import platform
from pathlib import Path

__all__ = ["config_folder", "state_folder", "who_we_are"]


def state_folder() -> Path:
    """Return the folder for the journal."""
    return _folder("XDG_STATE_HOME", ".local/state")


def config_folder() -> Path:
    """Return the folder for the known hosts."""
    return _folder("XDG_CONFIG_HOME", ".config")


def _folder(variable: str, default: str) -> Path:
    base = os.environ.get(variable, "")
    # The specification: a relative path is to be ignored.
    root = Path(base) if Path(base).is_absolute() else Path.home() / default
    return root / "qos-translator"


def who_we_are() -> str:
    """Return the user and machine that a rollout is started from, for people."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = f"user {os.getuid()}"
    return f"{user}@{platform.node()}"
