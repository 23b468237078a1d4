"""The interfaces that a header names, however they are typed.

Source: Nexus 9000 interfaces guide: `interface ethernet 1/1-4, ethernet 1/7`, with or without
blanks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from translator.drivers.cisco.places import Opener, listed_interfaces
from translator.drivers.cisco.reader import TextLine

__all__ = ["Named", "is_one", "key_of"]

_SEVERAL: Final = re.compile(r".*(?:,|\d-)")
_ONE: Final = re.compile(r"[a-z]+(?:-[a-z]+)*\d+(?:[/.:]\d+)*", re.IGNORECASE)
_KINDS: Final = ("ethernet", "port-channel", "vlan", "loopback", "mgmt", "nve", "tunnel")


class Named:
    """Names the interfaces of the headers of one text, as far as their lists can be meant."""

    def __init__(self) -> None:
        self._opener = Opener()

    def by(self, head: TextLine, lines: int) -> tuple[str, ...]:
        """Return the interfaces of a header: one, or those of a list; a list that is not
        understood is one name that `is_one` denies.

        Args:
            lines: how many stand below the header.
        """
        words = head.words
        if len(words) == 2 and is_one(words[1]):  # nearly all
            return (words[1],)
        typed = "".join(words[2 if head.keys[1:2] == ["range"] else 1 :])
        if _SEVERAL.match(typed):
            names = listed_interfaces([typed])
            if names and self._opener.follows(len(names), 1 + lines):
                return names
            return (" ".join(words[1:]),)
        return self._opener.opened(head, lines)


@lru_cache(maxsize=8192)
def is_one(name: str) -> bool:
    """Whether a name is that of one interface."""
    return _ONE.fullmatch(name) is not None


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """Return what spellings of an interface's name have in common: `e1/1` is `ethernet1/1`."""
    letters = name.rstrip("0123456789/.:")
    typed = letters.lower()
    meant = [kind for kind in _KINDS if typed and kind.startswith(typed)]
    return (meant[0] if len(meant) == 1 else typed) + name[len(letters) :]
