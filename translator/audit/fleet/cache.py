"""Results kept between runs, under a digest of everything that decides them.

An entry is plain bytes behind a checksum: nothing in the folder is ever executed, and what is
damaged or was put there for another purpose counts as absent and is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from translator.drivers.templates import template_root

__all__ = ["Cache", "digest", "platform_folder", "tool_fingerprint"]

_FORMAT: Final = b"qos-translator result 1\n"
_CHECKSUM_BYTES: Final = 16
_PACKAGE: Final = Path(__file__).resolve().parents[2]


def digest(*parts: bytes) -> str:
    """Return a digest that tells every sequence of byte strings from every other."""
    hashed = hashlib.blake2b(digest_size=20)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def platform_folder() -> Path:
    """Return the folder for caches of this program: below `XDG_CACHE_HOME`, else `~/.cache`.

    Source: XDG Base Directory Specification: a path that is not absolute is to be ignored.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named) if Path(named).is_absolute() else Path("~/.cache").expanduser()
    return base / "qos-translator"


@cache
def tool_fingerprint() -> str:
    """Return a digest of this program: its sources and templates, other drivers, the Python.

    The sources and not the version number, because between two releases results may change too.
    """
    parts = [repr(sys.version_info[:2]).encode()]
    for root in (_PACKAGE, template_root()):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                parts += [str(path.relative_to(root)).encode(), path.read_bytes()]
    for entry in sorted(entry_points(group="translator.drivers"), key=lambda item: item.name):
        version = entry.dist.version if entry.dist else ""
        parts.append(f"{entry.name} {entry.value} {version}".encode())
    return digest(*parts)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results. Any number of processes may use it at the same time.

    Attributes:
        scope: a digest of what decides all results alike; what is found under another is not seen.
    """

    folder: Path
    scope: str = ""

    def for_work(self, fingerprint: str) -> Cache:
        """Return the part of the cache that holds this program's results of one piece of work."""
        return replace(self, scope=digest(tool_fingerprint().encode(), fingerprint.encode()))

    def key(self, identity: str, data: bytes) -> str:
        """Return the key of the result for a file with these bytes."""
        return digest(self.scope.encode(), identity.encode(), data)

    def get(self, key: str) -> bytes | None:
        """Return the result under a key, None where there is no sound one."""
        try:
            entry = self._path(key).read_bytes()
        except OSError:
            return None
        head = len(_FORMAT) + _CHECKSUM_BYTES
        value = entry[head:]
        return value if entry[:head] == _head(key, value) else None

    def put(self, key: str, value: bytes) -> None:
        """Keep a result; where the folder cannot be written, the next run works it out again.

        The entry appears whole or not at all, whatever happens to this process.
        """
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(file, "wb") as out:
                    out.write(_head(key, value) + value)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _head(key: str, value: bytes) -> bytes:
    """The first bytes of an entry; the checksum covers the key, so that no entry is another's."""
    checked = hashlib.blake2b(value, key=key.encode(), digest_size=_CHECKSUM_BYTES)
    return _FORMAT + checked.digest()
