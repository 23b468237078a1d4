"""Whether the text of an IOS device is its whole configuration, and the prompt behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from translator.drivers.capture import last_lines

__all__ = ["why_incomplete", "without_prompt"]

_PROMPT: Final = re.compile(
    r"[A-Za-z0-9][\w.:/@-]{0,62}(?:\([\w.-]{1,40}\))?[#>] ?(?:exit|quit|logout)?"
)
_MOST_PROMPTS: Final = 4
# What every whole configuration has, and what `show running-config interface X` lacks, which
# ends in `end` as well. Source: real output of both.
_HEADS: Final = ("hostname ", "version ")
# Stands behind all that is about QoS. Source: the order of real configurations.
_LATE: Final = "\nline "


def without_prompt(text: str) -> str:
    """Return the text without the prompts that stand behind it, which flat text would take in."""
    for line in islice(last_lines(text), _MOST_PROMPTS):
        if _PROMPT.fullmatch(line) is None:
            break
        text = text[: text.rindex(line)]
    return text


def why_incomplete(text: str, notes: Sequence[str]) -> str:
    """Return why nothing shows that a text without prompts is whole; empty where it is.

    IOS ends the listing of its configuration with the line `end`.

    Args:
        notes: what the reader says of banners and macros that do not end, which may hold it.
    """
    if next(last_lines(text), "") != "end":
        return "the text does not end with the line `end`, as a whole configuration does"
    if notes:
        return notes[0]
    if any(_times(mark, text) % 2 for mark in ("^C", "\x03")):
        return "a banner or menu is begun with ^C and does not end"
    if not any(text.startswith(head) or f"\n{head}" in text for head in _HEADS):
        return "the text names neither version nor hostname, so it may be the listing of a part"
    # Others begin with these letters too (`endpoint-tracker`), and a cut may leave no more.
    if text.endswith("end") and _LATE not in text:
        return "the text ends behind the letters `end`, which may be those of a longer word"
    return ""


def _times(mark: str, text: str) -> int:
    """Return how often a rare mark stands in a text; `str.count` takes ten times as long."""
    times, at = 0, text.find(mark[0])
    while at >= 0:
        times += text.startswith(mark, at)
        at = text.find(mark[0], at + 1)
    return times
