"""What a packet header can show: one conjunction of address, port and code point sets."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from msgspec import Struct

from translator.codepoint import CodePoint
from translator.errors import UsageError
from translator.ports import PortRange, merge_ranges

__all__ = ["ANY", "PROTOCOL_NUMBERS", "Match", "Prefix", "overlap", "prefix_of", "within"]

Prefix = IPv4Network | IPv6Network

PROTOCOL_NUMBERS: Final[dict[str, int]] = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmp6": 58,
    "eigrp": 88,
    "ospf": 89,
    "pim": 103,
    "vrrp": 112,
    "sctp": 132,
}


def prefix_of(text: str) -> Prefix:
    """Return the IPv4 or IPv6 prefix of `10.1.0.0/16`, `2001:db8::/32` or a single address.

    Raises:
        UsageError: not an address, or host bits are set.
    """
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no address prefix: {error}", hint="write 10.1.0.0/16 or 2001:db8:1::/48"
        ) from None


class Match(Struct, frozen=True, cache_hash=True):
    """A conjunction over header fields; inside one field any listed value will do.

    An empty tuple (or None) leaves a field free. A match with addresses implies their IP version:
    IPv4 prefixes match no IPv6 packet. Ports are the two 16-bit fields behind the IP header and
    do not imply a protocol; a driver whose platform implies one says so in `protocols`.

    Attributes:
        version: 4, 6, or None for both.
        protocols: IP protocol numbers (IPv6: upper layer), 0-255.
        tos: (value, mask) pairs on the whole ToS byte; beside `code_points`, any of both fits.
        fragment: True matches only non-initial fragments (which carry no ports), False only
            packets that do carry them, None both.
    """

    version: int | None = None
    protocols: tuple[int, ...] = ()
    sources: tuple[Prefix, ...] = ()
    destinations: tuple[Prefix, ...] = ()
    source_ports: tuple[PortRange, ...] = ()
    destination_ports: tuple[PortRange, ...] = ()
    code_points: tuple[CodePoint, ...] = ()
    tos: tuple[tuple[int, int], ...] = ()
    fragment: bool | None = None

    def __post_init__(self) -> None:
        if self.version not in (None, 4, 6):
            raise UsageError(f"IP version {self.version} is neither 4 nor 6")
        for number in self.protocols:
            if not 0 <= number <= 255:
                raise UsageError(f"IP protocol {number} is not within 0-255")
        for value, mask in self.tos:
            if not (0 <= value <= 255 and 0 <= mask <= 255):
                raise UsageError(f"ToS byte {value:#x}/{mask:#x} is not within 0-255")

    @property
    def is_any(self) -> bool:
        """Whether every packet matches."""
        return self == ANY


ANY: Final = Match()


def within(inner: Match, outer: Match) -> bool:
    """Return whether every packet of `inner` matches `outer` too; False when in doubt."""
    return (
        outer.version in (None, inner.version)
        and outer.fragment in (None, inner.fragment)
        and _subset(inner.protocols, outer.protocols)
        and _marks_within(inner, outer)
        and _prefixes_within(inner.sources, outer.sources)
        and _prefixes_within(inner.destinations, outer.destinations)
        and _ports_within(inner.source_ports, outer.source_ports)
        and _ports_within(inner.destination_ports, outer.destination_ports)
    )


def overlap(one: Match, other: Match) -> bool:
    """Return whether a packet may match both; True when in doubt."""
    return (
        (one.version is None or other.version is None or one.version == other.version)
        and (one.fragment is None or other.fragment is None or one.fragment == other.fragment)
        and _shared(one.protocols, other.protocols)
        # Bits of the ToS byte may stand for code points of the other.
        and (bool(one.tos or other.tos) or _shared(one.code_points, other.code_points))
        and _prefixes_meet(one.sources, other.sources)
        and _prefixes_meet(one.destinations, other.destinations)
        and _ports_meet(one.source_ports, other.source_ports)
        and _ports_meet(one.destination_ports, other.destination_ports)
    )


def _subset(inner: Collection[object], outer: Collection[object]) -> bool:
    return not outer or (bool(inner) and set(inner).issubset(outer))


def _marks_within(inner: Match, outer: Match) -> bool:
    """Whether each mark of a match is one of the other: a code point, or bits of the byte."""
    if not (outer.code_points or outer.tos):
        return True
    return (
        bool(inner.code_points or inner.tos)
        and set(inner.code_points) <= set(outer.code_points)
        and set(inner.tos) <= set(outer.tos)
    )


def _prefixes_within(inner: tuple[Prefix, ...], outer: tuple[Prefix, ...]) -> bool:
    return not outer or (
        bool(inner)
        and all(
            any(
                item.version == wide.version
                and item.network_address in wide
                and item.prefixlen >= wide.prefixlen
                for wide in outer
            )
            for item in inner
        )
    )


def _ports_within(inner: tuple[PortRange, ...], outer: tuple[PortRange, ...]) -> bool:
    wide = merge_ranges(outer)
    return not outer or (
        bool(inner)
        and all(any(r.low <= item.low and item.high <= r.high for r in wide) for item in inner)
    )


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)


def _prefixes_meet(one: tuple[Prefix, ...], other: tuple[Prefix, ...]) -> bool:
    return not one or not other or any(_nested(a, b) for a in one for b in other)


def _nested(one: Prefix, other: Prefix) -> bool:
    return one.version == other.version and (
        one.network_address in other or other.network_address in one
    )


def _ports_meet(one: tuple[PortRange, ...], other: tuple[PortRange, ...]) -> bool:
    return not one or not other or any(a.overlaps(b) for a in one for b in other)
