"""JSON that every reader accepts and no terminal obeys."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

__all__ = ["json_text"]

# Characters that JSON allows as they are, but that a terminal, an editor or JavaScript takes for
# commands or line ends: DEL and C1, marks of writing direction, line separators, the BOM.
_ACTIVE: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def json_text(value: object) -> str:
    """Return a value of plain types and data classes as JSON on one line.

    Lone surrogates are spelled with a backslash: strict readers refuse the JSON that holds them.
    """
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        text = msgspec.json.encode(_without_surrogates(msgspec.to_builtins(value))).decode()
    return text if text.isascii() else _ACTIVE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
