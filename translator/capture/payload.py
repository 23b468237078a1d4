"""What a payload is, by its first bytes: media, what sets media up, or something else.

Source: RFC 7983 section 7 (first bytes that share a port with RTP, before it RFC 5764), RFC 8489
section 5 (STUN and its magic cookie), RFC 3489 (STUN without one), RFC 8656 sections 12 and 17
(TURN's channels and methods), RFC 3550 and RFC 5761 section 4 (RTP, and RTCP on its port),
[MS-TURN] (a magic cookie of its own, as the first attribute), RFC 8446 section 5.1 (TLS records).
"""

from __future__ import annotations

from typing import Final

from translator.capture.header import Header

__all__ = [
    "LOOK_CLOSER",
    "NO_MEDIA",
    "UDP_KINDS",
    "kind_name",
    "kind_of",
    "payload_type_of",
]

RTCP, STUN, TURN, DTLS, TLS, TCP, EMPTY, CUT, FRAGMENT, NO_MEDIA, LOOK_CLOSER = range(11)
_RTP: Final = 16  # and from here on, one kind for each of the 128 payload types
_NAMES: Final = {
    RTCP: "rtcp",
    STUN: "stun",
    TURN: "turn",
    DTLS: "dtls",
    TLS: "tls",
    TCP: "tcp",
    EMPTY: "empty",
    CUT: "not captured",
    FRAGMENT: "later fragment",
    NO_MEDIA: "other",
}
_UDP: Final = 17
_TCP: Final = 6
_RTP_BYTES: Final = 12
_RTCP_BYTES: Final = 8
_STUN_BYTES: Final = 20
_COOKIE: Final = b"\x21\x12\xa4\x42"
_MS_COOKIE: Final = b"\x00\x0f\x00\x04\x72\xc6\x4b\xc6"
# Allocate, Refresh, Send, Data, CreatePermission, ChannelBind.
_TURN_METHODS: Final = frozenset({3, 4, 6, 7, 8, 9})
_OLD_STUN_TYPES: Final = frozenset({0x0001, 0x0101, 0x0111})


def _kind_of_word(first: int, second: int) -> int:
    """Return the kind of a UDP payload by its first two bytes, `LOOK_CLOSER` where they decide not.

    Of 20-63, which RFC 7983 gives to DTLS, only what DTLS 1.0 and 1.2 send is taken for it.
    """
    if first < 4 or 64 <= first <= 79:
        return LOOK_CLOSER  # STUN, or channel data of TURN: their lengths tell
    if 20 <= first <= 25 and second == 0xFE:
        return DTLS
    if 128 <= first <= 191:
        return RTCP if 192 <= second <= 223 else _RTP + (second & 0x7F)
    return NO_MEDIA


UDP_KINDS: Final = bytes(_kind_of_word(word >> 8, word & 255) for word in range(65536))
"""The kind by the first two bytes, of a payload of 12 bytes or more."""


def kind_of(header: Header, data: bytes) -> int:
    """Return what the payload of a packet is."""
    at = header.payload
    if header.fragment:
        return FRAGMENT
    if header.protocol not in (_UDP, _TCP):
        return NO_MEDIA
    if header.whole == 0:
        return EMPTY
    if at + 2 > header.end:
        return CUT if header.whole > 1 else NO_MEDIA
    if header.protocol == _TCP:
        return TLS if 20 <= data[at] <= 23 and data[at + 1] == 3 else TCP
    kind = UDP_KINDS[data[at] << 8 | data[at + 1]]
    if kind == LOOK_CLOSER:
        return _stun(data, header) if data[at] < 4 else _channel_data(data, header)
    if kind >= _RTP and header.whole < _RTP_BYTES:
        return NO_MEDIA
    return NO_MEDIA if kind == RTCP and header.whole < _RTCP_BYTES else kind


def _stun(data: bytes, header: Header) -> int:
    at, end, whole = header.payload, header.end, header.whole
    if whole < _STUN_BYTES:
        return NO_MEDIA
    if at + 8 > end:
        return CUT
    kind = data[at] << 8 | data[at + 1]
    if data[at + 4 : at + 8] == _COOKIE:
        # The method's bits stand around the two of the class (RFC 8489 section 5).
        return TURN if kind & 0x0F in _TURN_METHODS and not kind & 0x3EE0 else STUN
    if at + 28 <= end and data[at + 20 : at + 28] == _MS_COOKIE:
        return TURN
    length = data[at + 2] << 8 | data[at + 3]
    return STUN if kind in _OLD_STUN_TYPES and length == whole - _STUN_BYTES else NO_MEDIA


def _channel_data(data: bytes, header: Header) -> int:
    """Data of a channel: its number, its length, and over UDP perhaps padding (RFC 8656)."""
    at = header.payload
    if at + 4 > header.end:
        return CUT if header.whole >= 4 else NO_MEDIA
    padding = header.whole - 4 - (data[at + 2] << 8 | data[at + 3])
    return TURN if 0 <= padding < 4 else NO_MEDIA


def kind_name(kind: int) -> str:
    """Return the word for a kind; all RTP is `rtp`."""
    return "rtp" if kind >= _RTP else _NAMES[kind]


def payload_type_of(kind: int) -> int | None:
    """Return the RTP payload type of a kind, None where it is no RTP."""
    return kind - _RTP if kind >= _RTP else None
