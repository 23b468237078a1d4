"""From a file's bytes to a device's text: any encoding that devices and editors leave behind."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from translator.drivers.base import Driver, ReadsBackups
from translator.drivers.capture import cleaned
from translator.errors import ParseError, UsageError, Where

__all__ = ["MAX_BYTES", "read_bytes", "refuse_zero_bytes", "text_of"]

MAX_BYTES: Final = 64 * 1024 * 1024
# A long text whose lines hold less than a word each is no configuration, and slow to read as one;
# so is one of braces and semicolons with hardly anything between them.
_MANY: Final = 5000
_SHORT_LINE: Final = 8  # characters, the line feed among them; configurations have about 25
_SHORT_STATEMENT: Final = 12  # the same of what `;` or `{` ends: from 23 on


def read_bytes(name: str) -> bytes:
    """Return the bytes of a file, one more than the limit at most.

    Raises:
        UsageError: there is no such file, or it may not be read.
    """
    try:
        with Path(name).open("rb") as file:
            # To ask for the limit takes room for it, and costs ten times as much as the file.
            size = min(os.fstat(file.fileno()).st_size, MAX_BYTES)
            data = file.read(size + 1)
            return data if len(data) <= size else data + file.read(MAX_BYTES - size)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=Where(name),
            hint="name a file with the text that the device prints",
        ) from None
    except ValueError:
        raise UsageError(
            f"{name!r} is no file name", hint="a file name holds no NUL character"
        ) from None


def refuse_zero_bytes(text: str, file: str) -> None:
    """Refuse the text of a switch that holds zero bytes, as no configuration does.

    Raises:
        ParseError: it does.
    """
    if "\0" in text:
        raise ParseError(
            "this is no text of a switch: it holds zero bytes",
            where=Where(file),
            hint="give the output of `show running-config`",
        )


def text_of(data: bytes, *drivers: Driver, file: str, frames: bool = False) -> str:
    """Return the text of a file, cleaned of what terminals leave (`translator.drivers.capture`).

    UTF-8 with or without a byte order mark, UTF-16 with one; anything else is taken as Latin-1,
    in which every byte is a character, so that an odd description never hides a policy. A backup
    file is decoded by the first of the drivers that knows it.

    Args:
        frames: keep the frames that name commands, and what is no configuration.

    Raises:
        ParseError: empty, larger than 64 MiB, thousands of lines or statements without a whole word
            in most, or binary (holds a NUL) and no backup of one of the drivers.
    """
    if len(data) > MAX_BYTES:
        raise ParseError(
            f"more than {MAX_BYTES} bytes",
            where=Where(file),
            hint="give the configuration of one device",
        )
    text = _backup(data, drivers)
    if text is None:
        decoded = _decoded(data)
        # In the very words of those who read the text next, who then need not look at it again.
        text = cleaned(decoded, frames=True) if frames else cleaned(decoded)
    if not text.strip():
        raise ParseError("is empty", where=Where(file), hint="give the text that the device prints")
    if "\0" in text:
        raise ParseError(
            "is binary, not a configuration text",
            where=Where(file, text.count("\n", 0, text.index("\0")) + 1),
            hint="export the running configuration as text",
        )
    # To count a character takes long, to see that it is not there does not.
    statements = sum(text.count(sign) for sign in ";{" if sign in text)
    for count, what, shortest in (
        (text.count("\n"), "lines", _SHORT_LINE),
        (statements, "statements", _SHORT_STATEMENT),
    ):
        if count > _MANY and len(text) < count * shortest:
            raise ParseError(
                f"is no configuration: its {count} {what} hold {len(text) / count - 1:.1f} "
                "characters on average",
                where=Where(file),
                hint="give the text that the device prints",
            )
    return text


def _backup(data: bytes, drivers: tuple[Driver, ...]) -> str | None:
    found = (item.decode(data) for item in _readers_of_backups(drivers))
    return next((text for text in found if text), None)


@lru_cache(maxsize=16)
def _readers_of_backups(drivers: tuple[Driver, ...]) -> tuple[ReadsBackups, ...]:
    return tuple(item for item in drivers if isinstance(item, ReadsBackups))  # which takes long


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
