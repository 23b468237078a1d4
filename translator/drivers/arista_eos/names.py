"""The interfaces that a header line opens: one, or each of a list."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.cisco.places import listed_interfaces
from translator.drivers.cisco.reader import TextLine

__all__ = ["is_name", "opened"]

_NAME: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?\d+(?:[/.]\d+)*")
_MOST: Final = 512  # a switch has fewer ports; a line below a list is a line of each of them


def is_name(name: str) -> bool:
    """Whether a name is that of one interface, rather than a list that is not understood."""
    return _NAME.fullmatch(name) is not None


def opened(head: TextLine) -> tuple[str, ...]:
    """Return the interfaces of a header: `Ethernet1`, or each of `Ethernet1-4,7`.

    A list that is not understood is one interface, named as it is written.
    """
    words = head.words[2:] if head.keys[1:2] == ["range"] else head.words[1:]
    name = "".join(words)
    if is_name(name):
        return (name,)
    first, *others = name.split(",")
    prefix = first.rstrip("0123456789-/.")
    parts = [first, *(part if part[:1].isalpha() else f"{prefix}{part}" for part in others)]
    return listed_interfaces([",".join(parts)], _MOST) or (name,)
