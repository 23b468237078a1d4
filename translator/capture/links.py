"""From a frame to the IP packet in it: link-layer headers, VLAN tags, MPLS labels.

Source: the registry of LINKTYPE_ values (tcpdump.org/linktypes.html), IEEE 802.1Q, RFC 3032
(MPLS), RFC 2516 (PPPoE), RFC 1661 (PPP), RFC 1042 (SNAP).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

__all__ = ["ETHERNET", "PLAIN", "Found", "find_ip"]

ETHERNET: Final = 1
_VERSIONS: Final = {0x0800: 4, 0x86DD: 6}
_TAGS: Final = frozenset({0x8100, 0x88A8, 0x9100})  # 0x9100: QinQ before 802.1ad
_MPLS: Final = frozenset({0x8847, 0x8848})
_PPPOE: Final = 0x8864
_LOWEST_TYPE: Final = 0x0600  # below it stands a length
_SNAP: Final = b"\xaa\xaa\x03\x00\x00\x00"
_PPP_PROTOCOLS: Final = {0x0021: 4, 0x0057: 6}
# The numbers that the systems on which captures are made give to IPv6 (AF_INET6).
_FAMILIES: Final = {2: 4, 10: 6, 24: 6, 28: 6, 30: 6}
_NAMES: Final = {
    0x0806: "ARP",
    0x8035: "reverse ARP",
    0x8808: "Ethernet flow control",
    0x8809: "LACP and other slow protocols",
    0x8863: "PPPoE discovery",
    0x888E: "802.1X",
    0x88CC: "LLDP",
    0x88E5: "encrypted by MACsec",
    0x88F7: "PTP",
}
# Link type: where the protocol stands, and where the packet begins, in a frame without tags.
PLAIN: Final = {ETHERNET: (12, 14), 113: (14, 16), 276: (0, 20)}


class Found(NamedTuple):
    """Where an IP packet begins; `priorities` are the 802.1p values of its VLAN tags, outer first.

    Attributes:
        version: 4 or 6 as the link says, 0 where it says nothing.
    """

    at: int
    version: int
    priorities: tuple[int, ...] = ()


def find_ip(link_type: int, data: bytes, start: int, end: int) -> Found | str:
    """Return where the IP packet of a frame begins, or why there is none."""
    reader = _LINKS.get(link_type)
    if reader is None:
        return f"link type {link_type}"
    return reader(data, start, end)


def _ethernet(data: bytes, start: int, end: int) -> Found | str:
    return _typed(data, start + 12, start + 14, end)


def _cooked(data: bytes, start: int, end: int) -> Found | str:
    return _typed(data, start + 14, start + 16, end)


def _cooked_2(data: bytes, start: int, end: int) -> Found | str:
    return _typed(data, start, start + 20, end)


def _typed(data: bytes, type_at: int, at: int, end: int) -> Found | str:
    """Follow an EtherType and what stands behind it."""
    priorities: tuple[int, ...] = ()
    if at > end:
        return "cut within the link header"
    kind = data[type_at] << 8 | data[type_at + 1]
    while kind in _TAGS:
        if at + 4 > end:
            return "cut within a VLAN tag"
        priorities = (*priorities, data[at] >> 5)[:2]
        kind = data[at + 2] << 8 | data[at + 3]
        at += 4
    return _of_type(kind, data, at, end, priorities)


def _of_type(kind: int, data: bytes, at: int, end: int, priorities: tuple[int, ...]) -> Found | str:
    if kind in _VERSIONS:
        return Found(at, _VERSIONS[kind], priorities)
    if kind in _MPLS:
        return _labelled(data, at, end, priorities)
    if kind == _PPPOE:
        return _ppp_protocol(data, at + 6, end, priorities)
    if kind < _LOWEST_TYPE:
        # A length (IEEE 802.3), or a cooked frame's number for such a frame.
        if data[at : at + 6] == _SNAP and at + 8 <= end:
            inner = data[at + 6] << 8 | data[at + 7]
            if inner in _VERSIONS:
                return Found(at + 8, _VERSIONS[inner], priorities)
        return "LLC (spanning tree and others)"
    return _NAMES.get(kind, f"EtherType {kind:#06x}")


def _labelled(data: bytes, at: int, end: int, priorities: tuple[int, ...]) -> Found | str:
    """Skip MPLS labels; only the packet's first bits tell what they carry."""
    while at + 4 <= end:
        bottom = data[at + 2] & 1
        at += 4
        if bottom:
            if at < end and data[at] >> 4 in (4, 6):
                return Found(at, data[at] >> 4, priorities)
            return "MPLS with something else than IP"
    return "cut within MPLS labels"


def _ppp_protocol(data: bytes, at: int, end: int, priorities: tuple[int, ...]) -> Found | str:
    if at + 2 > end:
        return "cut within the link header"
    kind, size = data[at] << 8 | data[at + 1], 2
    if data[at] & 1:  # compressed to one byte
        kind, size = data[at], 1
    if kind not in _PPP_PROTOCOLS:
        return f"PPP protocol {kind:#06x}"
    return Found(at + size, _PPP_PROTOCOLS[kind], priorities)


def _ppp(data: bytes, start: int, end: int) -> Found | str:
    framed = data[start : start + 2] == b"\xff\x03" and start + 2 <= end
    return _ppp_protocol(data, start + 2 if framed else start, end, ())


def _raw(_data: bytes, start: int, _end: int) -> Found | str:
    return Found(start, 0)


def _loopback(data: bytes, start: int, end: int) -> Found | str:
    """An address family of four bytes, in the order of the host that captured."""
    if start + 4 > end:
        return "cut within the link header"
    word = data[start : start + 4]
    version = _FAMILIES.get(min(int.from_bytes(word, "big"), int.from_bytes(word, "little")))
    if version is None:
        return f"address family 0x{word.hex()}"
    return Found(start + 4, version)


_LINKS: Final[dict[int, Callable[[bytes, int, int], Found | str]]] = {
    0: _loopback,
    ETHERNET: _ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp,
    101: _raw,
    108: _loopback,
    113: _cooked,
    228: _raw,
    229: _raw,
    276: _cooked_2,
}
