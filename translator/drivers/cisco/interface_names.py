"""The spellings of an interface's name: `gi0/1` and `gigabitethernet 0/1` are one interface."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from translator.drivers.cisco.hardware import NUMBERING

__all__ = ["Spellings", "is_printed", "printed_names"]

# Source: names that IOS, IOS-XE and NX-OS print.
_PRINTED: Final = frozenset(
    ["AppGigabitEthernet", "Async", "ATM", "BDI", "BVI", "Cellular", "Dialer",
     "Embedded-Service-Engine", "Ethernet", "FastEthernet", "FiveGigabitEthernet",
     "FortyGigabitEthernet", "GigabitEthernet", "HundredGigE", "Loopback", "Multilink",
     "Port-channel", "POS", "Serial", "TenGigabitEthernet", "Tunnel", "TwentyFiveGigE",
     "TwoGigabitEthernet", "Virtual-Template", "Vlan"]
)  # fmt: skip
_LETTERS: Final = re.compile(r"\D*")
_BY_KEY: Final = {name.lower(): name for name in sorted(_PRINTED)}


class Spellings:
    """Finds interfaces of one text again, however their names are typed.

    Attributes:
        are_typed: whether a name is none that a device prints.
    """

    def __init__(self, heads: Collection[str]) -> None:
        """Take in the names of the headers of a text; none where devices print all of them so."""
        self.are_typed = not all(map(is_printed, heads))
        self._first: dict[str, str] = {}
        if self.are_typed:
            for name in sorted(heads, key=lambda name: not is_printed(name)):
                keys = _keys(name)
                if len(keys) == 1:
                    self._first.setdefault(keys[0], name)

    def first(self, name: str) -> str:
        """Return the name under which the text has an interface: as devices print it, or first."""
        keys = _keys(name)
        known = [key for key in keys if key in self._first]
        if len(known) == 1:
            return self._first[known[0]]
        return self._first.setdefault(name.lower(), name) if self.are_typed else name


# A fleet has the same names on each device.
@lru_cache(maxsize=8192)
def is_printed(name: str) -> bool:
    """Whether a name is spelled as devices print it."""
    return name.rstrip(NUMBERING) in _PRINTED


def printed_names(name: str) -> tuple[str, ...]:
    """Return the names that a typed one may be short for, as devices print them; `f0/1` may be that
    of a FastEthernet or FortyGigabitEthernet, of which a device has one.
    """
    letters, number = _parted(name)
    return tuple(_BY_KEY[key] + number for key in _kinds(letters)) or (name,)


@lru_cache(maxsize=8192)
def _keys(name: str) -> tuple[str, ...]:
    """Return the full names that a name may stand for, in lower case."""
    letters, number = _parted(name)
    return tuple(key + number for key in _kinds(letters) or (letters,))


def _parted(name: str) -> tuple[str, str]:
    """Return the letters in lower case, and what follows from the first digit on."""
    plain = name.replace(" ", "").lower()
    found = _LETTERS.match(plain)
    letters = found[0] if found is not None else ""
    return letters, plain[len(letters) :]


# Names are many, kinds are few.
@lru_cache(maxsize=512)
def _kinds(letters: str) -> tuple[str, ...]:
    if letters in _BY_KEY or not letters:
        return (letters,) if letters else ()
    return tuple(key for key in _BY_KEY if key.startswith(letters))
