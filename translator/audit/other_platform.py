"""A text that was read as one platform, as somebody said, and looks like another."""

from __future__ import annotations

from translator.drivers.detect import looks_like
from translator.intents.device import DeviceQos

__all__ = ["looks_otherwise"]


def looks_otherwise(found: DeviceQos, text: str) -> str:
    """Return what to tell of a text with the lines of other platforms alone, "" of any other.

    Only a text is looked at that left something open: that its platform was right shows else.
    """
    if found.qos_lines and not found.unread and not found.incomplete:
        return ""
    seen = looks_like(text)
    if not seen or found.platform in seen:
        return ""
    return f"the text looks like {' or '.join(seen)}, but was given as {found.platform}"
