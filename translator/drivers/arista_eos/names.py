"""The interfaces that a header line opens: one, or each of a list."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from translator.drivers.cisco.places import listed_interfaces
from translator.drivers.cisco.reader import TextLine

__all__ = ["Opener", "is_name"]

# Source: names that EOS prints; the command line completes what is typed of them.
_KINDS: Final = (
    "Dps", "Ethernet", "Loopback", "Management", "Port-Channel", "Recirc-Channel", "Tunnel", "Vlan",
    "Vxlan",
)  # fmt: skip
_NUMBERING: Final = "0123456789/."

_NAME: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?\d+(?:[/.]\d+)*")
_MOST: Final = 512  # a switch has fewer ports
_MOST_LINES: Final = 25_000


def is_name(name: str) -> bool:
    """Whether a name is that of one interface, rather than a list that is not understood."""
    return _NAME.fullmatch(name) is not None


class Opener:
    """Names the interfaces of the headers of one text, as far as their lists can be meant.

    A line below a list is a line of each of its interfaces, so that a few pages could stand for
    millions of lines.
    """

    def __init__(self) -> None:
        self._left = _MOST_LINES

    def opened(self, head: TextLine, lines: int) -> tuple[str, ...]:
        """Return the interfaces of a header: `Ethernet1`, or each of `Ethernet1-4,7`.

        A list that is not understood, or one too many, is one interface, named as it is written.

        Args:
            lines: how many stand below the header.
        """
        words = head.words[2:] if head.keys[1:2] == ["range"] else head.words[1:]
        name = "".join(words)
        if is_name(name) or self._left < 0:
            return (_printed(name),)
        names = tuple(map(_printed, _listed(name))) or (name,)
        self._left -= len(names) * (1 + lines)
        return names if self._left >= 0 else (name,)


@lru_cache(maxsize=8192)
def _printed(name: str) -> str:
    """Return the name as EOS prints it: `et1` is `Ethernet1`; another as it is."""
    letters = name.rstrip(_NUMBERING)
    typed = letters.lower()
    meant = [kind for kind in _KINDS if typed and kind.lower().startswith(typed)]
    return meant[0] + name[len(letters) :] if len(meant) == 1 else name


@lru_cache(maxsize=256)
def _listed(name: str) -> tuple[str, ...]:
    if ":" in name:  # `Ethernet1-10:3` is each third of them
        return ()
    first, *others = name.split(",")
    prefix = first.rstrip("0123456789-/.")
    parts = [first, *(part if part[:1].isalpha() else f"{prefix}{part}" for part in others)]
    return listed_interfaces([",".join(parts)], _MOST)
