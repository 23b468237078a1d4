"""Texts of several lines in the middle of an EOS configuration that are none of it.

Source: EOS user manual, `banner`: the text ends with a line `EOF`. Comments begin with `!!`.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_free_text"]

_OPENS: Final = re.compile(r"(?m)^banner (?:login|motd|exec)[ \t]*$")
_ENDS: Final = re.compile(r"(?m)^EOF[ \t]*$")


def without_free_text(text: str) -> tuple[str, str]:
    """Return the text with empty lines in place of its banners, and why one does not end, or ""."""
    if "banner " not in text:
        return text, ""
    parts: list[str] = []
    at = 0
    while (opened := _OPENS.search(text, at)) is not None:
        end = _ENDS.search(text, opened.end())
        if end is None:
            line = text.count("\n", 0, opened.start()) + 1
            return "".join((*parts, text[at:])), f"the banner begun in line {line} does not end"
        parts += [text[at : opened.start()], "\n" * text.count("\n", opened.start(), end.end())]
        at = end.end()
    return "".join((*parts, text[at:])), ""
