"""Whether the settings of a Tomato router are all there."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from translator.drivers.capture import END_MARK, last_lines
from translator.drivers.tomato.nvram import is_backup_text

__all__ = ["why_incomplete"]

# Source: nvram/main.c of Tomato: `nvram show` ends in a line of dashes and the first of these;
# the program of Broadcom that older builds have says the second, on stderr.
_STATISTICS: Final = re.compile(
    r"\d{1,9} entries, \d{1,9} bytes used, \d{1,9} bytes free\."
    r"|size: \d{1,9} bytes \(\d{1,9} left\)"
)
_PROMPT: Final = re.compile(r"[\w.-]{1,64}@[\w.-]{1,255}:[^\s#$]{0,255}[#$](?: exit)?")
_MOST_PROMPTS: Final = 4


def why_incomplete(text: str) -> str:
    """Return why nothing shows that all settings are in the text; empty where it is shown.

    A backup file says its own length, and is read only where all of it is there.
    """
    if is_backup_text(text):
        return ""
    for line in islice(last_lines(text), _MOST_PROMPTS):
        if line == END_MARK or _STATISTICS.fullmatch(line):
            return ""
        if _PROMPT.fullmatch(line) is None:
            break
    return "the settings do not end with the line in which `nvram show` counts them"
