"""Which host keys are believed: those in a file of known hosts, and new ones only when asked.

A key that differs from the known one is refused by paramiko itself, whatever is asked.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

from translator.push.places import config_folder
from translator.push.translate_errors import UnknownHostKeyError

if TYPE_CHECKING:
    from paramiko import PKey

__all__ = ["HostKeys", "default_known_hosts", "meet_unknown_key"]

_SSH_PORT: Final = 22
_FEW_BYTES: Final = 4096
_ANY: Final = ""
# Hashed names, patterns, and lines with a mark. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
_NOT_PLAIN: Final = re.compile(r"^\s*@|^[^\s]*[|*?!]")


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

    @contextmanager
    def of(self, address: str, port: int) -> Iterator[Path]:
        """Give a file with the lines of one host, and those that may be of any.

        Paramiko holds each line of a file against all before it, at each login: a second for the
        thousand lines of a fleet.
        """
        try:
            found = self.file.stat()
        except OSError:
            yield self.file
            return
        if found.st_size <= _FEW_BYTES:
            yield self.file
            return
        lines = _lines_of(self.file, found.st_mtime_ns, found.st_size)
        name = address if port == _SSH_PORT else f"[{address}]:{port}"
        with NamedTemporaryFile("w", encoding="latin-1", prefix="known_hosts.") as narrowed:
            narrowed.writelines((*lines.get(name, ()), *lines.get(_ANY, ())))
            narrowed.flush()
            yield Path(narrowed.name)


@lru_cache(maxsize=4)
def _lines_of(file: Path, changed_ns: int, size: int) -> Mapping[str, tuple[str, ...]]:
    """Return the lines of a file by the names that they state; `_ANY`: those that may be anyone's.

    Args:
        changed_ns, size: of the file; another file of the name is read anew.
    """
    del changed_ns, size
    found: dict[str, list[str]] = {}
    for line in file.read_text(encoding="latin-1").splitlines():
        names = [_ANY] if _NOT_PLAIN.match(line) else line.split(maxsplit=1)[:1]
        for name in (each for field in names for each in field.split(",")):
            found.setdefault(name, []).append(f"{line}\n")
    return {name: tuple(lines) for name, lines in found.items()}


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
