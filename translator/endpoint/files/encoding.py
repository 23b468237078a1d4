"""The text of files that Windows writes: UTF-8, or UTF-16 with its byte order mark."""

from __future__ import annotations

from typing import Final

from translator.errors import PlanError, Where
from translator.plan.text import MAX_BYTES, decode

__all__ = ["is_utf_16", "text_of"]

_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MIB: Final = 1024 * 1024


def is_utf_16(data: bytes) -> bool:
    """Whether the data begins with a byte order mark of UTF-16."""
    return data.startswith(_MARKS)


def text_of(data: bytes, file: str, *, limit: int = MAX_BYTES) -> str:
    """Return the text without its byte order mark.

    Raises:
        PlanError: larger than `limit` bytes, damaged, or in another encoding.
    """
    if len(data) > limit:
        raise PlanError(
            f"larger than {limit // _MIB} MiB",
            where=Where(file),
            hint="give a file with the QoS settings alone",
        )
    if not is_utf_16(data):
        return decode(data, file)
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise PlanError(
            "the UTF-16 text is damaged",
            where=Where(file),
            hint="the file may be cut short; save it again",
        ) from None
