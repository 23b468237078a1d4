"""Whether a text of NX-OS is a whole configuration; unlike IOS it ends without a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["why_incomplete"]

_HEAD: Final = re.compile(r"^(?:version \d|hostname \S|switchname \S)", re.MULTILINE)
# Stands behind the interfaces, and so behind all that is about QoS. Source: the order of real
# configurations, in which routing protocols alone come later.
_LATE: Final = re.compile(r"^line (?:console|vty)\n", re.MULTILINE)


def why_incomplete(text: str, notes: Sequence[str]) -> str:
    """Return why nothing shows that a text holds all of the QoS; empty where something does.

    Args:
        notes: what the reader says of banners that do not end, which may hold it.
    """
    if _HEAD.search(text) is None:
        return "the text names neither version nor hostname, so it may be the listing of a part"
    late = _LATE.search(text)
    if late is None:
        return "the text has no `line console` or `line vty`, as a whole configuration does"
    # A text that is cut in the middle of its interfaces and goes on from its head, and so on.
    if re.search(r"^interface [A-Z]", text[late.end() :], re.MULTILINE):
        return "interfaces stand behind the terminal lines, where no switch prints them"
    return notes[0] if notes else ""
