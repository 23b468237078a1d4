"""The header of an IP packet, as classifiers see it, and where its payload is.

Source: RFC 791, RFC 8200 (IPv6 and its extension headers), RFC 4302 (AH).
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final, NamedTuple

from translator.capture.links import Found
from translator.verify.packet import Packet

__all__ = ["TUNNELS", "Fragments", "Header", "read_header"]

TUNNELS: Final = {4: "IP in IP", 41: "IPv6 in IP", 47: "GRE", 50: "ESP", 51: "AH"}
"""Protocols that hide another packet, whose mark and ports would have to be guessed."""

_TCP: Final = 6
_UDP: Final = 17
_WITH_PORTS: Final = frozenset({_TCP, _UDP, 33, 132, 136})  # DCCP, SCTP, UDP-Lite
_FRAGMENT: Final = 44
# Extension headers whose second byte is their length in 8 bytes, the first 8 not counted.
_EXTENSIONS: Final = frozenset({0, 43, 60, 135, 139, 140})
_PORTS: Final = Struct(">HH")
_FRAGMENT_OFFSET: Final = 0x1FFF
_MORE_FRAGMENTS: Final = 0x2000
_REMEMBERED: Final = 4096  # packets whose later fragments are waited for


class Header(NamedTuple):
    """What a frame shows of an IP packet; addresses are numbers.

    Attributes:
        fragment: whether it is a later fragment; its ports are the first one's.
        payload, end: where in the bytes the transport's payload begins, and where it ends; the
            payload of a later fragment and of protocols without ports is not looked at.
        whole: the payload's length as the packet's own headers say it, cut or not.
        transport: where the transport's header begins, behind it the payload.
        identity: the number that an IPv4 packet or its fragments carry, 0 of other IPv6 packets.
        plain: neither options, extension headers nor fragments: ports follow at the usual place.
    """

    version: int
    protocol: int
    source: int
    destination: int
    source_port: int
    destination_port: int
    tos: int
    fragment: bool
    priorities: tuple[int, ...]
    payload: int
    end: int
    whole: int
    plain: bool
    transport: int
    identity: int

    @property
    def seen(self) -> tuple[object, ...]:
        """What classifiers see of it."""
        return self[:9]

    def packet(self) -> Packet:
        """Return it as the packet that explanations and diagrams speak of."""
        address = IPv4Address if self.version == 4 else IPv6Address
        return Packet(
            self.version,
            self.protocol,
            address(self.source),
            address(self.destination),
            self.source_port,
            self.destination_port,
            self.tos,
        )


class _Layer(NamedTuple):
    """An IP header that was walked through; `offset` of a fragment, in its packet."""

    version: int
    protocol: int
    tos: int
    at: int  # where the transport begins
    end: int
    whole_end: int
    identity: int
    offset: int
    more: bool
    plain: bool


class Fragments:
    """The ports of packets whose later fragments may follow; the oldest are forgotten."""

    def __init__(self) -> None:
        self._ports: OrderedDict[tuple[int, ...], tuple[int, int]] = OrderedDict()

    def remember(self, key: tuple[int, ...], ports: tuple[int, int]) -> None:
        """Keep the ports that a first fragment shows."""
        self._ports[key] = ports
        if len(self._ports) > _REMEMBERED:
            self._ports.popitem(last=False)

    def find(self, key: tuple[int, ...]) -> tuple[int, int] | None:
        """Return the ports of a later fragment's packet, None where its first was not seen."""
        return self._ports.get(key)


def read_header(data: bytes, found: Found, end: int, fragments: Fragments) -> Header | str:
    """Return the header of the packet that was found in a frame, or why it cannot be read."""
    at = found.at
    if at >= end:
        return "cut before the IP header"
    shown = data[at] >> 4
    if found.version not in (0, shown):
        return f"IP version {shown} where the link says {found.version}"
    if shown == 4:
        layer = _ipv4(data, at, end)
    elif shown == 6:
        layer = _ipv6(data, at, end)
    else:
        return f"IP version {shown}"
    if isinstance(layer, str):
        return layer
    if layer.protocol in TUNNELS:
        return TUNNELS[layer.protocol]
    first, middle, last = (at + 12, at + 16, at + 20) if shown == 4 else (at + 8, at + 24, at + 40)
    source = int.from_bytes(data[first:middle], "big")
    destination = int.from_bytes(data[middle:last], "big")
    ports = _ports(data, layer, (source, destination), fragments)
    if isinstance(ports, str):
        return ports
    payload = layer.at + _transport_bytes(data, layer)
    return Header(
        shown,
        layer.protocol,
        source,
        destination,
        *ports,
        layer.tos,
        layer.offset > 0,
        found.priorities,
        payload,
        layer.end,
        max(0, layer.whole_end - payload),
        layer.plain,
        layer.at,
        layer.identity,
    )


def _ports(
    data: bytes, layer: _Layer, ends: tuple[int, int], fragments: Fragments
) -> tuple[int, int] | str:
    if layer.protocol not in _WITH_PORTS:
        return 0, 0
    key = (layer.version, *ends, layer.protocol, layer.identity)
    if layer.offset:
        return fragments.find(key) or "later fragment without its first"
    if layer.at + 4 > layer.whole_end:
        return "too short for ports"
    if layer.at + 4 > layer.end:
        return "cut before the ports"
    source, destination = _PORTS.unpack_from(data, layer.at)
    if layer.more:
        fragments.remember(key, (source, destination))
    return source, destination


def _transport_bytes(data: bytes, layer: _Layer) -> int:
    """The length of the transport's header; up to the cut where that comes first."""
    if layer.offset or layer.protocol not in (_TCP, _UDP):
        return 0
    if layer.protocol == _UDP:
        return 8
    if layer.at + 13 > layer.end:
        return 20
    return max(20, (data[layer.at + 12] >> 4) * 4)


def _ipv4(data: bytes, at: int, end: int) -> _Layer | str:
    if at + 20 > end:
        return "cut within the IP header"
    size = (data[at] & 15) * 4
    total = data[at + 2] << 8 | data[at + 3]
    # A length of 0 is what a sender's own capture shows of packets that its card will split.
    total = total or end - at
    if size < 20 or total < size:
        return "IPv4 header with wrong lengths"
    if at + size > end:
        return "cut within the IP header"
    flags = data[at + 6] << 8 | data[at + 7]
    offset, more = flags & _FRAGMENT_OFFSET, bool(flags & _MORE_FRAGMENTS)
    return _Layer(
        4,
        data[at + 9],
        data[at + 1],
        at + size,
        min(end, at + total),
        at + total,
        data[at + 4] << 8 | data[at + 5],
        offset,
        more,
        size == 20 and not offset and not more,
    )


def _ipv6(data: bytes, at: int, end: int) -> _Layer | str:
    if at + 40 > end:
        return "cut within the IP header"
    tos = (data[at] & 15) << 4 | data[at + 1] >> 4
    following = data[at + 6]
    length = data[at + 4] << 8 | data[at + 5]
    whole_end = at + 40 + length if length else end  # 0: a jumbogram, or as in IPv4 above
    end = min(end, whole_end)
    at += 40
    identity, offset, more, plain = 0, 0, False, True
    while following in _EXTENSIONS or following == _FRAGMENT:
        if at + 8 > end:
            return "cut within the extension headers"
        plain = False
        if following == _FRAGMENT:
            flags = data[at + 2] << 8 | data[at + 3]
            identity = int.from_bytes(data[at + 4 : at + 8], "big")
            offset, more = flags >> 3, bool(flags & 1)
            size = 8
        else:
            size = (data[at + 1] + 1) * 8
        following = data[at]
        at += size
        if offset:
            break  # what follows is the middle of the packet
    return _Layer(6, following, tos, at, end, whole_end, identity, offset, more, plain)
