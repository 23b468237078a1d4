"""Texts of several lines in the middle of an EOS configuration that are none of it.

Source: EOS user manual, `banner`: the text ends with a line `EOF`; `event-handler`, `action bash`
without a command, and `comment` take several lines likewise. Comments are printed behind `!!`.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_free_text"]

_OPENS: Final = re.compile(
    r"(?m)^(?:(banner) (?:login|motd|exec)|[ \t]*(?:action bash|comment))[ \t]*$"
)
_MAY_OPEN: Final = ("banner ", "action bash", "comment")
_ENDS_BANNER: Final = re.compile(r"(?m)^EOF[ \t]*$")
_ENDS_SCRIPT: Final = re.compile(r"(?m)^[ \t]*EOF[ \t]*$")


def without_free_text(text: str) -> tuple[str, str]:
    """Return the text with empty lines in place of its banners and scripts, and why one does not
    end, or "".
    """
    if not any(words in text for words in _MAY_OPEN):
        return text, ""
    parts: list[str] = []
    at = 0
    while (opened := _OPENS.search(text, at)) is not None:
        end = (_ENDS_BANNER if opened[1] else _ENDS_SCRIPT).search(text, opened.end())
        if end is None:
            line = text.count("\n", 0, opened.start()) + 1
            what = opened[1] or "text"
            return "".join((*parts, text[at:])), f"the {what} begun in line {line} does not end"
        parts += [text[at : opened.start()], "\n" * text.count("\n", opened.start(), end.end())]
        at = end.end()
    return "".join((*parts, text[at:])), ""
