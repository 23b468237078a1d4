"""The header fields of a packet as levels of a diagram: their order, domains and encoding.

The order is version, fragment, protocol, source, destination, source port, destination port,
named predicates, ToS byte. Addresses stand before ports because real rule lists share ports more
than addresses; the ToS byte stands last because re-marking then only touches the lowest level.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ADDRESS_TOP",
    "DESTINATION",
    "DESTINATION_PORT",
    "FIRST_PREDICATE",
    "FRAGMENT",
    "IPV4_TOP",
    "LEAF",
    "PORT_TOP",
    "PROTOCOL",
    "SOURCE",
    "SOURCE_PORT",
    "TOS",
    "VERSION",
    "Interval",
    "intervals_of",
    "top_of",
    "version_value",
]

Interval = tuple[int, int]

VERSION: Final = 0
FRAGMENT: Final = 1
PROTOCOL: Final = 2
SOURCE: Final = 3
DESTINATION: Final = 4
SOURCE_PORT: Final = 5
DESTINATION_PORT: Final = 6
FIRST_PREDICATE: Final = 7
TOS: Final = 1 << 30
LEAF: Final = 1 << 31

IPV4_TOP: Final = 2**32 - 1
ADDRESS_TOP: Final = 2**128 - 1
PORT_TOP: Final = 65535

_TOPS: Final = {
    VERSION: 1,
    FRAGMENT: 1,
    PROTOCOL: 255,
    SOURCE: ADDRESS_TOP,
    DESTINATION: ADDRESS_TOP,
    SOURCE_PORT: PORT_TOP,
    DESTINATION_PORT: PORT_TOP,
    TOS: 255,
}


def top_of(level: int) -> int:
    """Return the largest value at a level; a predicate is 0 (false) or 1 (true)."""
    return _TOPS.get(level, 1)


def version_value(version: int) -> int:
    """Return how an IP version is encoded: 0 for IPv4, 1 for IPv6."""
    return 1 if version == 6 else 0


def intervals_of(values: set[int]) -> tuple[Interval, ...]:
    """Return the sorted, disjoint intervals, none touching the next, that hold the values."""
    found: list[Interval] = []
    for value in sorted(values):
        if found and found[-1][1] == value - 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return tuple(found)
