"""Which host keys are believed: those in a file of known hosts, and new ones only when asked.

A key that differs from the known one is refused by paramiko itself, whatever is asked.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from translator.push.places import config_folder
from translator.push.translate_errors import UnknownHostKeyError

if TYPE_CHECKING:
    from paramiko import PKey

__all__ = ["HostKeys", "default_known_hosts", "meet_unknown_key"]


def default_known_hosts() -> Path:
    """Return our own file of known hosts; that of OpenSSH holds keys that people clicked away."""
    return config_folder() / "known_hosts"


@dataclass(frozen=True, slots=True)
class HostKeys:
    """Whose keys are known.

    Attributes:
        file: in the format of OpenSSH.
        accept_new: write down the key of a host that is not in the file yet.
    """

    file: Path
    accept_new: bool = False


def meet_unknown_key(keys: HostKeys, hostname: str, key: PKey) -> None:
    """Believe the key of a host that is in no file, or not.

    Raises:
        UnknownHostKeyError: new keys are not accepted.
    """
    if not keys.accept_new:
        raise UnknownHostKeyError(f"{key.get_name()} {key.fingerprint}")
    _remember(keys.file, f"{hostname} {key.get_name()} {key.get_base64()}\n")


def _remember(file: Path, line: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="ascii") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # several hosts at once
        stream.write(line)
