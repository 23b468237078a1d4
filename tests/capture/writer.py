"""Writes capture files and the packets in them, byte by byte, as the formats' documents say."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

__all__ = [
    "Sent",
    "arp",
    "dtls",
    "ethernet",
    "fragments",
    "pcap",
    "pcapng",
    "raw_block",
    "rtcp",
    "rtp",
    "stun",
    "turn",
]

MAGICS = {
    ("<", 10**6): 0xA1B2C3D4,
    (">", 10**6): 0xA1B2C3D4,
    ("<", 10**9): 0xA1B23C4D,
    (">", 10**9): 0xA1B23C4D,
}
START_S = 1_700_000_000


def rtp(payload_type: int = 111, sequence: int = 1, size: int = 40) -> bytes:
    return struct.pack("!BBHII", 0x80, payload_type, sequence, 160 * sequence, 0xABCD) + bytes(size)


def rtcp() -> bytes:
    return struct.pack("!BBHI", 0x81, 200, 6, 0xABCD) + bytes(20)


def stun(kind: int = 0x0001, *, cookie: bool = True) -> bytes:
    word = 0x2112A442 if cookie else 0x01020304
    return struct.pack("!HHI", kind, 0, word) + bytes(range(12))


def turn() -> bytes:
    """An Allocate request of [MS-TURN]: a transaction of 16 bytes, then its own cookie."""
    body = struct.pack("!HHI", 0x000F, 4, 0x72C64BC6)
    return struct.pack("!HH", 0x0003, len(body)) + bytes(range(16)) + body


def dtls() -> bytes:
    return b"\x16\xfe\xff" + bytes(30)


@dataclass(frozen=True)
class Sent:
    """One packet; ports and addresses as text, ToS as a byte."""

    source: str = "10.1.1.10"
    source_port: int = 20001
    destination: str = "10.2.2.2"
    destination_port: int = 50000
    tos: int = 0xB8
    protocol: int = 17
    payload: bytes = rtp()
    identity: int = 7
    options: bytes = b""
    extensions: tuple[tuple[int, bytes], ...] = ()

    @property
    def version(self) -> int:
        return ip_address(self.source).version

    def transport(self) -> bytes:
        ports = struct.pack("!HH", self.source_port, self.destination_port)
        if self.protocol == 17:
            return ports + struct.pack("!HH", 8 + len(self.payload), 0x1234) + self.payload
        if self.protocol == 6:
            return ports + struct.pack("!IIBBHHH", 1, 2, 0x50, 0x18, 512, 0, 0) + self.payload
        return self.payload

    def ip(self) -> bytes:
        return self.around(self.transport())

    def around(self, inner: bytes, flags: int = 0x4000) -> bytes:
        """The IP packet with something inside; flags and offset as IPv4 has them."""
        ends = ip_address(self.source).packed + ip_address(self.destination).packed
        if self.version == 4:
            size = 20 + len(self.options)
            head = struct.pack(
                "!BBHHHBBH", 0x40 | size // 4, self.tos, size + len(inner), self.identity,
                flags, 64, self.protocol, 0,
            )  # fmt: skip
            return head + ends + self.options + inner
        following = self.protocol
        for kind, body in reversed(self.extensions):
            inner = bytes([following]) + body + inner
            following = kind
        word = 6 << 28 | self.tos << 20 | 0x12345
        return struct.pack("!IHBB", word, len(inner), following, 64) + ends + inner


def fragments(sent: Sent, first: int = 24) -> list[bytes]:
    """The IP packet in two fragments, the first of which holds so many bytes."""
    inner = sent.transport()
    assert first % 8 == 0
    if sent.version == 4:
        return [
            sent.around(inner[:first], 0x2000),
            sent.around(inner[first:], first // 8),
        ]
    found = []
    for at, part, more in ((0, inner[:first], 1), (first, inner[first:], 0)):
        head = (44, struct.pack("!BHI", 0, at | more, sent.identity))
        found.append(replace(sent, extensions=(head,)).around(part))
    return found


def ethernet(packet: bytes, *tags: int, kind: int | None = None, outer: int = 0x8100) -> bytes:
    """A frame; each tag is a priority, in VLAN 100 (0 for a lone priority of 0-7 plus 8)."""
    if kind is None:
        kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    frame = bytes.fromhex("020000000202020000000110")
    for number, priority in enumerate(tags):
        tag = outer if number == 0 else 0x8100
        frame += struct.pack("!HH", tag, (priority & 7) << 13 | (0 if priority > 7 else 100))
    frame += struct.pack("!H", kind) + packet
    return frame + bytes(max(0, 60 - len(frame)))


def arp() -> bytes:
    return ethernet(bytes.fromhex("0001080006040001") + bytes(20), kind=0x0806)


def pcap(
    frames: Iterable[bytes],
    *,
    order: str = "<",
    ticks: int = 10**6,
    link: int = 1,
    snap: int = 262144,
    step_s: float = 0.02,
) -> bytes:
    parts = [struct.pack(f"{order}IHHiIII", MAGICS[order, ticks], 2, 4, 0, 0, snap, link)]
    for number, frame in enumerate(frames):
        seconds, rest = divmod(int(number * step_s * ticks), ticks)
        kept = frame[:snap]
        parts.append(
            struct.pack(f"{order}IIII", START_S + seconds, rest, len(kept), len(frame)) + kept
        )
    return b"".join(parts)


def raw_block(order: str, kind: int, body: bytes, length: int | None = None) -> bytes:
    body += bytes(-len(body) % 4)
    size = 12 + len(body) if length is None else length
    return struct.pack(f"{order}II", kind, size) + body + struct.pack(f"{order}I", size)


def option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4)


def pcapng(
    frames: Sequence[tuple[int, bytes]],
    *,
    order: str = "<",
    links: Sequence[int] = (1,),
    block: str = "enhanced",
    comment: bytes = b"",
    resolution: int | None = None,
    snap: int = 0,
) -> bytes:
    """One section; each frame with the number of its interface."""
    options = option(order, 1, comment) + option(order, 0, b"") if comment else b""
    parts = [
        raw_block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1) + options)
    ]
    for link in links:
        body = struct.pack(f"{order}HHI", link, 0, snap)
        if resolution is not None:
            body += option(order, 9, bytes([resolution]))
        parts.append(raw_block(order, 1, body + options))
    for number, (interface, frame) in enumerate(frames):
        kept = frame[:snap] if snap else frame
        time = (START_S * 10**6 + number * 20_000) & (1 << 64) - 1
        padded = kept + bytes(-len(kept) % 4)
        if block == "simple":
            parts.append(raw_block(order, 3, struct.pack(f"{order}I", len(frame)) + padded))
            continue
        times = (time >> 32, time & 0xFFFFFFFF, len(kept), len(frame))
        if block == "old":
            body = struct.pack(f"{order}HHIIII", interface, 0, *times)
            parts.append(raw_block(order, 2, body + padded + options))
        else:
            body = struct.pack(f"{order}IIIII", interface, *times)
            parts.append(raw_block(order, 6, body + padded + options))
    return b"".join(parts)


def conversation(seed: int, count: int) -> list[bytes]:
    """Frames of several calls and of other traffic, right and wrong marks among them."""
    draw = random.Random(seed)
    frames = []
    for number in range(count):
        port = draw.choice((20001, 20010, 20041, 20079, 53, 443, 5061, 40000))
        tos = draw.choice((0xB8, 0xB8, 0x88, 0, 0x60))
        payload = draw.choice((rtp(111, number), rtcp(), stun(), turn(), dtls(), b"hello world!"))
        packet = Sent(
            f"10.1.1.{draw.randrange(1, 9)}",
            port,
            f"10.2.2.{draw.randrange(1, 9)}",
            draw.choice((50000, 5061, 20002)),
            tos,
            draw.choice((17, 17, 17, 6)),
            payload,
            number & 0xFFFF,
        )
        if draw.random() < 0.2:
            packet = replace(packet, source="2001:db8:1::10", destination="2001:db8:2::2")
        tags = draw.choice(((), (), (5,), (0,), (5, 3)))
        frames.append(ethernet(packet.ip(), *tags))
        if draw.random() < 0.1:
            frames.append(arp())
    return frames
