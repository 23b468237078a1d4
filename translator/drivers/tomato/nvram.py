"""What `nvram show` prints, and backup files: settings with the lines that they stand on.

Source: nvram/main.c and httpd of Tomato64 (`HDR1`, `HDR2`); the HDR2 form was checked against a
real backup file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.drivers.capture import END_MARK
from translator.errors import ParseError, Where

__all__ = ["Nvram", "Setting", "decode_backup", "is_backup", "is_backup_text", "read_nvram"]

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]*")
# In a script a line such as `WAN=vlan2` is a shell variable; settings have small letters.
_SHELL_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_PLAIN: Final = "HDR1"
_SCRAMBLED: Final = "HDR2"
_HEADER_BYTES: Final = 8
_NUL_FROM: Final = 0xFD  # scrambled bytes from here on stand for NUL


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `line` is the number of its first line, from 1."""

    key: str
    value: str
    line: int

    @property
    def numbered_lines(self) -> Iterator[tuple[int, str]]:
        """The lines of the value with their numbers."""
        return enumerate(self.value.split("\n"), self.line)


class Nvram:
    """The settings of one router by name; of a key that is there twice the last counts."""

    def __init__(self, settings: Iterable[Setting], bare: Iterable[tuple[int, str]] = ()) -> None:
        self.settings = tuple(settings)
        self.bare = tuple(bare)
        self._by_key = {item.key: item for item in self.settings}

    def find(self, key: str) -> Setting | None:
        """Return the setting of that name, or None."""
        return self._by_key.get(key)

    def text(self, *keys: str) -> str:
        """Return the value of the first key that has one, else an empty string."""
        return next((found.value for key in keys if (found := self.find(key)) and found.value), "")

    def number(self, key: str, default: int = 0) -> int:
        """Return a number as C's atoi reads it; of an absent key the default."""
        found = self.find(key)
        return default if found is None else c_int(found.value)

    def line(self, *keys: str) -> tuple[int, ...]:
        """Return the line numbers of those of the keys that are there."""
        return tuple(found.line for key in keys if (found := self.find(key)))


def c_int(text: str) -> int:
    """Return what atoi gives: leading blanks, a sign, digits; 0 for anything else."""
    found = re.match(r"\s*([+-]?\d{1,18})", text, re.ASCII)
    return int(found[1]) if found else 0


def read_nvram(text: str, file: str) -> Nvram:
    """Return the settings of a dump, or of a backup file that was read as latin-1 text.

    Raises:
        ParseError: a damaged backup, or other binary data.
    """
    if is_backup_text(text):
        return _from_backup(text, file)
    if "\0" in text:
        raise ParseError(
            "this is binary data, neither a dump nor a Tomato backup",
            where=Where(file),
            hint="give the output of `nvram show`, or a backup (.cfg) as the router saved it",
        )
    settings: list[tuple[str, int, list[str]]] = []
    bare: list[tuple[int, str]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        key, equals, value = line.partition("=")
        if equals and _starts_setting(key, settings[-1][0] if settings else ""):
            settings.append((key, number, [value]))
        elif settings and settings[-1][0].startswith("script_"):
            settings[-1][2].append(line)
        elif line.strip():
            bare.append((number, line))
    return Nvram((Setting(key, "\n".join(v), line) for key, line, v in settings), bare)


def _starts_setting(key: str, open_key: str) -> bool:
    if open_key.startswith("script_") and _SHELL_VARIABLE.fullmatch(key):
        return False
    return _KEY.fullmatch(key) is not None


def _from_backup(text: str, file: str) -> Nvram:
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        raise ParseError(
            "this backup file was not read byte by byte",
            where=Where(file),
            hint="turn it into text on the router: nvram convert FILE.cfg FILE.txt",
        ) from None
    return Nvram(_numbered(_payload(data, file)))


def _numbered(payload: str) -> Iterator[Setting]:
    line = 1
    for item in payload.split("\0"):
        key, equals, value = item.partition("=")
        if equals:
            yield Setting(key, value, line)
            line += item.count("\n") + 1


def is_backup(data: bytes) -> bool:
    """Whether the bytes start as a Tomato backup does."""
    return data[:4] in (_PLAIN.encode(), _SCRAMBLED.encode())


def is_backup_text(text: str) -> bool:
    """Whether this is a backup whose bytes were read as latin-1 text."""
    return text[:4] in (_PLAIN, _SCRAMBLED)


def decode_backup(data: bytes, *, file: str = "<backup>") -> str:
    """Return the settings of a backup file as `nvram show` prints them, one `key=value` a line.

    The mark behind them says that none is missing, as the length in the file does.

    Raises:
        ParseError: not a Tomato backup, or cut short.
    """
    items = _payload(data, file).split("\0")
    settings = "".join(f"{item}\n" for item in items if "=" in item)
    return f"{settings}{END_MARK}\n"


def _payload(data: bytes, file: str) -> str:
    if not is_backup(data):
        raise ParseError(
            "not a Tomato backup: it starts with neither HDR1 nor HDR2",
            where=Where(file),
            hint="give the .cfg file that Administration > Configuration saved",
        )
    plain = data.startswith(_PLAIN.encode())
    length = int.from_bytes(data[4 : 8 if plain else 7], "little")
    body = data[_HEADER_BYTES : _HEADER_BYTES + length]
    if len(body) < length or len(data) < _HEADER_BYTES:
        raise ParseError(
            f"the backup is cut short: {len(body)} of {length} bytes",
            where=Where(file),
            hint="save it again, in binary mode",
        )
    if not plain:
        body = body.translate(_unscramble(data[7]))
    return body.decode("utf-8", errors="replace")


def _unscramble(salt: int) -> bytes:
    return bytes(0 if byte >= _NUL_FROM else (0xFF + salt - byte) & 0xFF for byte in range(256))
