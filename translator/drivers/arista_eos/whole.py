"""Whether the text of an EOS switch is its whole configuration, and what of it lasts.

`show running-config` begins with comments that name the command and the device, and ends in `end`,
with a `!` above it. Source: real listings of releases 4.2x to 4.35.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from translator.drivers.arista_eos.freetext import without_free_text
from translator.drivers.capture import last_lines, trimmed

__all__ = ["lasting", "log_line_in", "why_incomplete", "without_prompt"]

_PROMPT: Final = re.compile(
    r"[A-Za-z0-9][\w.:/-]{0,62}(?:\([\w.-]{1,80}\))?[#>] ?(?:exit|quit|logout)?"
)
_MOST_PROMPTS: Final = 4
# The file's head, or what nearly every switch has; a listing of a section has neither.
_HEAD: Final = re.compile(r"(?m)^(?:! Command: show running-config(?: all)?$|! device: |hostname )")
_SECTION: Final = re.compile(r"(?m)^! Command: show running-config (?!all$)\S")
# `Mar  2 09:00:07 sw1 Cli: %SYS-5-CONFIG_I: Configured from console by admin`
_LOG: Final = re.compile(
    r"^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S{1,80} \S{1,40}: %[A-Z][\w-]+: .*", re.MULTILINE
)
_COMMENT: Final = re.compile(r"(?m)^[ \t]*!.*\n?")


def without_prompt(text: str) -> str:
    """Return the text without the prompts that stand behind it."""
    for line in islice(last_lines(text), _MOST_PROMPTS):
        if _PROMPT.fullmatch(line) is None:
            break
        text = text[: text.rindex(line)]
    return text


def why_incomplete(text: str) -> str:
    """Return why nothing shows that a text without prompts is whole; empty where it is."""
    text, open_end = without_free_text(text)
    lines = list(islice(last_lines(text), 2))
    if lines[:1] != ["end"]:
        return "the text does not end with the line `end`, as a whole configuration does"
    if lines[1:] != ["!"]:
        return "no line `!` stands above the last one, so the text may be cut within a word"
    if open_end:  # it may hold what looks like the end
        return open_end
    if _SECTION.search(text) or not _HEAD.search(text):
        return "the text names neither device nor hostname, so it may be the listing of a part"
    return ""


def lasting(text: str) -> str:
    """Return a configuration without its comments: what the device prints above it changes."""
    return trimmed(_COMMENT.sub("", text))


def log_line_in(text: str) -> str:
    """Return a message of the log that stands within a listing, "" where there is none."""
    found = _LOG.search(text)
    return "" if found is None else found[0]
