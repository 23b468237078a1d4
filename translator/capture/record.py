"""What every capture format gives of a frame, and the interface that it was captured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_CAPTURED", "Frame", "Interface"]

MOST_CAPTURED: Final = 262_144
"""The longest frame that a capture may hold, in bytes: the longest that tcpdump takes (-s)."""

_NANOSECONDS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Interface:
    """What frames were captured on.

    Attributes:
        link_type: number of the link-layer header, as the registry of LINKTYPE_ values has it.
        ticks_per_s, offset_s: how its time stamps count.
    """

    link_type: int
    ticks_per_s: int = 10**6
    offset_s: int = 0

    def nanoseconds(self, ticks: int) -> int:
        """Return a time stamp in nanoseconds since 1970."""
        return ticks * _NANOSECONDS // self.ticks_per_s + self.offset_s * _NANOSECONDS


# Number (from 1, as Wireshark counts), interface, bytes that hold the frame, where it begins and
# ends in them, time stamp in the interface's ticks. A plain tuple: there are millions of them.
Frame = tuple[int, Interface, bytes, int, int, int]
