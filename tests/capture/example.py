"""The capture that docs/capture.md speaks of: a call from a branch, with what tends to go wrong.

`python tests/capture/example.py` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from capture.writer import Sent, arp, ethernet, pcapng, rtcp, rtp, stun, turn

__all__ = ["EXAMPLE", "example"]

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "branch-call.pcapng"
CLIENT, SERVER = "10.2.32.10", "10.1.10.3"
AUDIO = Sent(CLIENT, 20012, SERVER, 49160, 0xB8)
VIDEO = Sent(CLIENT, 20050, SERVER, 57600, 0)  # nobody gave the host a policy for it
SIP = Sent(CLIENT, 52011, SERVER, 5061, 0x60, 6, b"\x17\x03\x03\x00\x40" + bytes(64))
STRANGER = Sent(CLIENT, 20030, "198.51.100.7", 8801, 0, 17, b"a game, on a port of the range")
WEB = Sent(CLIENT, 52100, "198.51.100.80", 443, 0, 6, b"\x17\x03\x03\x00\x40" + bytes(64))


def answer(sent: Sent, tos: int) -> Sent:
    """A packet the other way."""
    return replace(
        sent,
        source=sent.destination,
        source_port=sent.destination_port,
        destination=sent.source,
        destination_port=sent.source_port,
        tos=tos,
    )


def packets() -> Iterator[bytes]:
    """The frames in order, as seen on a trunk."""
    yield arp()
    for sent in (SIP, replace(AUDIO, payload=stun()), replace(AUDIO, payload=turn())):
        yield ethernet(sent.ip(), 5 if sent.tos == 0xB8 else 3)
    for number in range(1, 21):
        voice = rtp(111, number, 20)
        yield ethernet(replace(AUDIO, identity=number, payload=voice).ip(), 5)
        yield ethernet(answer(replace(AUDIO, identity=number, payload=voice), 0xB8).ip(), 5)
        if number % 4 == 0:
            picture = rtp(122, number, 60)
            yield ethernet(replace(VIDEO, identity=number, payload=picture).ip(), 0)
        if number % 10 == 0:
            yield ethernet(replace(AUDIO, identity=number, payload=rtcp()).ip(), 5)
            yield ethernet(replace(STRANGER, identity=number).ip(), 0)
            yield ethernet(replace(WEB, identity=number).ip(), 0)
    yield ethernet(answer(SIP, 0).ip(), 0)
    yield ethernet(Sent(CLIENT, 0, SERVER, 0, 0, 47, bytes(40)).ip(), 0)


def example() -> bytes:
    """The file."""
    return pcapng([(0, frame) for frame in packets()])


if __name__ == "__main__":
    EXAMPLE.write_bytes(example())
