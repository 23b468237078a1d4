"""The text of files that Windows writes: UTF-8, or UTF-16 with its byte order mark.

Windows PowerShell's `>` and regedit write UTF-16, `Out-File -Encoding` the others.
"""

from __future__ import annotations

from typing import Final

from translator.errors import PlanError, Where
from translator.plan.text import MAX_BYTES, decode, within

__all__ = ["is_utf_16", "text_of"]

_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def is_utf_16(data: bytes) -> bool:
    """Whether the data begins with a byte order mark of UTF-16."""
    return data.startswith(_MARKS)


def text_of(data: bytes, file: str, *, limit: int = MAX_BYTES) -> str:
    """Return the text without its byte order mark.

    Raises:
        PlanError: larger than `limit` bytes, damaged, no text, or in another encoding.
    """
    within(data, file, limit, "give a file with the QoS settings alone")
    text = _utf_16(data, file) if is_utf_16(data) else None
    # UTF-16 without its mark is mostly valid UTF-8 with a zero byte behind each letter.
    if "\0" in text if text is not None else b"\0" in data:
        raise PlanError(
            "the file is no text (or UTF-16 without its byte order mark)",
            where=Where(file),
            hint="save the output again: ... | Out-File -Encoding utf8 FILE",
        )
    return decode(data, file) if text is None else text


def _utf_16(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise PlanError(
            "the UTF-16 text is cut off or damaged", where=Where(file), hint="save it again"
        ) from None
