"""The bytes of a voice packet on a line, header by header.

The published rates of the codecs are the truth for Ethernet. What they contain beside the payload
was taken apart so that other lines can be computed; every number here that no standard states
says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

from translator.errors import UsageError
from translator.plan.text import nearest

__all__ = ["ETHERNET", "PACKETS_PER_S", "Framing", "Layer", "rate_of_packets"]

PACKETS_PER_S: Final = 50  # packets of 20 ms, as all published figures assume

_RTP: Final = 12  # RFC 3550, section 5.1
_UDP: Final = 8  # RFC 768
_IPV4: Final = 20  # RFC 791, without options
_SRTP_TAG: Final = 10  # RFC 3711, section 5.2: HMAC-SHA1 cut to 80 bits
# Own: published rates less payload, at 50 packets per second, are 70 bytes per packet (79 where
# codecs are for conferences). RTP, UDP and SRTP take 30 of them, IPv4 20; the rest is the line.
# Ethernet itself explains 18 of these 20 (IEEE 802.3: header 14, check sequence 4), 2 nothing.
_ETHERNET: Final = 20
_GRE: Final = 4  # RFC 2784, without key and sequence number
_ESP: Final = 8  # RFC 4303: security parameters index, sequence number
_ESP_TRAILER: Final = 2  # RFC 4303: pad length, next header


class Layer(StrEnum):
    """A header, or a pair of header and trailer, around the packets of a line."""

    ETHERNET = "ethernet"
    PPP = "ppp"
    PPPOE = "pppoe"
    DOT1Q = "dot1q"
    MPLS = "mpls"
    GRE = "gre"
    ESP_SHA1 = "esp-aes-sha1"
    ESP_SHA256 = "esp-aes-sha256"
    ESP_GCM = "esp-gcm"


_LINE_BYTES: Final = {
    Layer.ETHERNET: _ETHERNET,
    Layer.PPP: 8,  # RFC 1662: flag, address, control, protocol (2), check sequence (2), flag
    Layer.PPPOE: 8,  # RFC 2516: 6, and the protocol field of PPP
    Layer.DOT1Q: 4,  # IEEE 802.1Q
    Layer.MPLS: 4,  # RFC 3032, per label
}
# Initialisation vector, block that the payload is padded to, check value.
_ESP_BYTES: Final = {
    Layer.ESP_SHA1: (16, 16, 12),  # RFC 3602, RFC 2404
    Layer.ESP_SHA256: (16, 16, 16),  # RFC 3602, RFC 4868
    Layer.ESP_GCM: (8, 4, 16),  # RFC 4106
}
_MOST_LAYERS: Final = 8


@dataclass(frozen=True, slots=True)
class Framing:
    """The layers around an IP packet, outermost first: `(ethernet, dot1q, gre)`."""

    layers: tuple[Layer, ...] = (Layer.ETHERNET,)

    @classmethod
    def of(cls, text: str) -> Framing:
        """Return the framing of `dot1q,mpls,gre`; Ethernet is understood where no line is named.

        Raises:
            UsageError: an unknown layer, two lines, or too many layers.
        """
        found: list[Layer] = []
        for word in (item.strip().lower() for item in text.split(",")):
            if word not in list(Layer):
                raise UsageError(
                    f"{word[:40]!r} is no layer of a line", hint=nearest(word[:40], list(Layer))
                )
            found.append(Layer(word))
        lines = {Layer.ETHERNET, Layer.PPP} & set(found)
        return cls(tuple(found) if lines else (Layer.ETHERNET, *found))

    def __post_init__(self) -> None:
        count = Counter(self.layers)
        if count[Layer.ETHERNET] + count[Layer.PPP] != 1:
            raise UsageError(f"{self} is more than one line", hint="name ethernet or ppp, once")
        if count[Layer.PPP] and (count[Layer.PPPOE] or count[Layer.DOT1Q]):
            raise UsageError(f"{self} is no line", hint="pppoe and dot1q stand on ethernet")
        tunnels = [layer not in _LINE_BYTES for layer in self.layers]
        if tunnels != sorted(tunnels):
            raise UsageError(
                f"{self}: a tunnel is not within the line", hint="name the outermost layer first"
            )
        if len(self.layers) > _MOST_LAYERS:
            raise UsageError(
                f"{len(self.layers)} layers", hint=f"at most {_MOST_LAYERS} are computed"
            )

    def __str__(self) -> str:
        return ",".join(self.layers)

    def line_bytes(self, ip_bytes: Fraction) -> Fraction:
        """Return the bytes on the line of an IP packet of that size.

        Tunnels come first, innermost before outermost; where a cipher pads, a packet whose mean
        size is no whole number counts as the next larger one.
        """
        size = ip_bytes
        for layer in reversed(self.layers):
            if layer is Layer.GRE:
                size += _IPV4 + _GRE
            elif layer in _ESP_BYTES:
                vector, block, check = _ESP_BYTES[layer]
                padded = ceil((size + _ESP_TRAILER) / block) * block
                size = Fraction(_IPV4 + _ESP + vector + padded + check)
        return size + sum(_LINE_BYTES.get(layer, 0) for layer in self.layers)


ETHERNET: Final = Framing()


def rate_of_packets(payload_bps: int, extra_bytes: int, framing: Framing) -> Fraction:
    """Return the bit/s on a line of a stream of 50 packets per second.

    Args:
        payload_bps: what the codec makes, with forward error correction if it is on.
        extra_bytes: what the product adds to each packet beside RTP and the SRTP tag.
    """
    payload = Fraction(payload_bps, 8 * PACKETS_PER_S)
    packet = payload + _RTP + _SRTP_TAG + extra_bytes + _UDP + _IPV4
    return framing.line_bytes(packet) * 8 * PACKETS_PER_S
