"""Text of plan files: how it is decoded, what names may hold, and the nearest known word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from translator.errors import PlanError, Where

__all__ = [
    "MAX_BYTES",
    "MAX_NAME",
    "decode",
    "is_name",
    "nearest",
    "read_bytes",
    "read_text",
    "require_name",
    "require_printable",
    "within",
]

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_NAME: Final = 64
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def read_text(path: Path, *, too_large: str = "a plan has tens of rows") -> str:
    """Return the text of a plan file, or of another file of its kind.

    Args:
        too_large: what to say of how large such files are.

    Raises:
        PlanError: missing, unreadable, larger than `MAX_BYTES`, or not UTF-8.
    """
    return decode(read_bytes(path, MAX_BYTES, f"{too_large}; is this the right file?"), str(path))


def read_bytes(path: Path, limit: int, too_large: str) -> bytes:
    """Return what a file holds.

    Args:
        limit: how many bytes are read at most.
        too_large: what to do with a larger one.

    Raises:
        PlanError: missing, unreadable, or larger than `limit`.
    """
    where = Where(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PlanError(f"cannot be read: {reason}", where=where, hint="check the path") from None
    return within(data, str(path), limit, too_large)


def within(data: bytes, file: str, limit: int, too_large: str) -> bytes:
    """Return the data if they are at most `limit` bytes.

    Raises:
        PlanError: they are more.
    """
    if len(data) > limit:
        raise PlanError(
            f"larger than {limit // 1024 // 1024} MiB", where=Where(file), hint=too_large
        )
    return data


def decode(data: bytes, file: str) -> str:
    """Return UTF-8 text without its byte order mark.

    Raises:
        PlanError: another encoding, or binary data; names the line.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PlanError(
            "the text is UTF-16",
            where=Where(file, 1),
            hint="save it as UTF-8 (in Excel: CSV UTF-8)",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=Where(file, line),
            hint="save it as UTF-8; for a Latin-1 file: iconv -f latin1 -t utf-8",
        ) from None


def is_name(text: str) -> bool:
    """Whether the text can be an identifier: letters, digits and `_ . -`, at most 64."""
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def require_name(text: str, what: str, where: Where | None) -> str:
    """Return the text if it can be an identifier.

    Raises:
        PlanError: it cannot.
    """
    if not is_name(text):
        raise PlanError(
            f"{what} {_short(text)} is no name",
            where=where,
            hint=f"letters, digits, _ . and -, at most {MAX_NAME} characters",
        )
    return text


def require_printable(text: str, what: str, where: Where | None, limit: int) -> str:
    """Return the text if it is one line of printable characters, at most `limit` of them.

    Raises:
        PlanError: too long, or it has control, format or line separator characters.
    """
    if len(text) > limit:
        raise PlanError(
            f"{what} has {len(text)} characters", where=where, hint=f"at most {limit} are allowed"
        )
    if not text.isprintable():
        bad = next(char for char in text if not char.isprintable())
        raise PlanError(
            f"{what} holds the character U+{ord(bad):04X}",
            where=where,
            hint="only printable characters on one line; it ends up in device comments",
        )
    return text


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint: the known word most like this one, or all of them."""
    words = sorted(known)
    near = get_close_matches(word.lower(), words, 1, 0.6)
    return f"did you mean {near[0]}?" if near else "known: " + ", ".join(words)


def _short(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:40] + "...")
