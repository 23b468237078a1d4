"""The newer capture format: blocks, in sections that each have interfaces and a byte order.

Source: draft-ietf-opsawg-pcapng, sections 3 and 4. Names and comments in it are skipped: nothing
of them is ever shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final

from translator.capture.record import MOST_CAPTURED, Frame, Interface
from translator.capture.stream import Stream
from translator.errors import CaptureError

__all__ = ["SECTION", "pcapng_frames"]

SECTION: Final = b"\x0a\x0d\x0d\x0a"
"""The type of a section header, which reads alike in both byte orders; a file begins with it."""

_SECTION: Final = 0x0A0D0D0A
_INTERFACE: Final = 1
_OLD_PACKET: Final = 2
_SIMPLE_PACKET: Final = 3
_ENHANCED_PACKET: Final = 6
_PACKETS: Final = frozenset({_OLD_PACKET, _SIMPLE_PACKET, _ENHANCED_PACKET})
_ORDERS: Final = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
# Longest block, in bytes. A frame's options are short; Wireshark refuses longer ones, too.
_LONGEST: Final = 16 << 20
_SHORTEST: Final = 12
# Bytes of a block before what it holds: the frame, or the options.
_PACKET_SIZE: Final = 28
_SIMPLE_SIZE: Final = 12
_INTERFACE_SIZE: Final = 16
_MOST_INTERFACES: Final = 65_536
_END_OF_OPTIONS: Final = 0
_RESOLUTION: Final = 9
_OFFSET: Final = 14


class _Section:
    """The byte order of a section, and its interfaces by number."""

    def __init__(self, order: str) -> None:
        self.block = Struct(f"{order}II")
        self.length = Struct(f"{order}I")
        self.enhanced = Struct(f"{order}IIIII")
        self.old = Struct(f"{order}HHIIII")
        self.simple = Struct(f"{order}I")
        self.described = Struct(f"{order}HHI")
        self.option = Struct(f"{order}HH")
        self.seconds = Struct(f"{order}q")
        self.interfaces: list[Interface] = []
        self.snap_length = 0  # of the first interface, the only one that simple packets have


def pcapng_frames(stream: Stream, data: bytes) -> Iterator[Frame]:
    """Yield the frames of a stream whose first bytes were taken.

    Raises:
        CaptureError: the file cannot be read to its end.
    """
    return _Blocks(stream).frames(data)


class _Blocks:
    """Walks through the blocks of a file; `number` is that of the frame that was read last."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.section = _Section("<")
        self.number = 0

    def frames(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames of all sections."""
        at = 0
        while True:
            need = _SHORTEST
            while at + _SHORTEST <= len(data):
                kind, need = self.block(data, at)
                end = at + need
                if end > len(data):
                    break
                if self.section.length.unpack_from(data, end - 4)[0] != need:
                    raise self.damaged("the two lengths of a block differ", at)
                if kind in _PACKETS:
                    yield self.packet(kind, data, at, end)
                elif kind == _INTERFACE:
                    self.add_interface(data, at, end)
                at, need = end, _SHORTEST
            data, at = self.stream.take(data, at, need), 0
            if len(data) < need:
                if data:
                    raise self.damaged("the file ends within a block", 0)
                return

    def damaged(self, what: str, at: int) -> CaptureError:
        """Return the error of a block, which comes before or holds the next frame."""
        return self.stream.damaged(what, at, self.number + 1)

    def block(self, data: bytes, at: int) -> tuple[int, int]:
        """Return the type and length of a block; a section header changes the byte order."""
        kind, need = self.section.block.unpack_from(data, at)
        if kind == _SECTION:
            order = _ORDERS.get(data[at + 8 : at + 12])
            if order is None:
                raise self.damaged("a section does not say its byte order", at)
            self.section = _Section(order)
            _, need = self.section.block.unpack_from(data, at)
        if not _SHORTEST <= need <= _LONGEST or need & 3:
            raise self.damaged(f"a block says that it is {need} bytes long", at)
        return kind, need

    def packet(self, kind: int, data: bytes, at: int, end: int) -> Frame:
        """Return the frame of a packet block of any kind."""
        section = self.section
        size = _SIMPLE_SIZE if kind == _SIMPLE_PACKET else _PACKET_SIZE
        if at + size + 4 > end:
            raise self.damaged(f"a packet in a block of {end - at} bytes", at)
        interface_id, ticks = 0, 0
        if kind == _ENHANCED_PACKET:
            interface_id, high, low, captured, _ = section.enhanced.unpack_from(data, at + 8)
            ticks = high << 32 | low
        elif kind == _OLD_PACKET:
            interface_id, _, high, low, captured, _ = section.old.unpack_from(data, at + 8)
            ticks = high << 32 | low
        else:
            # It holds no captured length: the frame was cut at the snap length, if there is one.
            (captured,) = section.simple.unpack_from(data, at + 8)
            captured = min(captured, section.snap_length or captured)
        if interface_id >= len(section.interfaces):
            known = len(section.interfaces)
            raise self.damaged(f"it is of interface {interface_id}, and {known} are described", at)
        start = at + size
        if start + captured > end - 4 or captured > MOST_CAPTURED:
            raise self.damaged(f"says that it is {captured} bytes long", at)
        self.number += 1
        return self.number, section.interfaces[interface_id], data, start, start + captured, ticks

    def add_interface(self, data: bytes, at: int, end: int) -> None:
        """Read the description of an interface."""
        section = self.section
        if end - at < _INTERFACE_SIZE + 4:
            raise self.damaged("an interface is described in too few bytes", at)
        if len(section.interfaces) >= _MOST_INTERFACES:
            raise self.damaged(f"more than {_MOST_INTERFACES} interfaces", at)
        link_type, _, snap_length = section.described.unpack_from(data, at + 8)
        ticks_per_s, offset_s = 10**6, 0
        for code, start, length in _options(section, data, at + _INTERFACE_SIZE, end - 4):
            if code == _RESOLUTION and length >= 1:
                power = data[start]
                ticks_per_s = 2 ** (power & 0x7F) if power & 0x80 else 10**power
            elif code == _OFFSET and length >= 8:
                (offset_s,) = section.seconds.unpack_from(data, start)
        new = Interface(link_type, ticks_per_s, offset_s)
        if not section.interfaces:
            section.snap_length = snap_length
        elif section.interfaces[-1] == new:
            new = section.interfaces[-1]
        section.interfaces.append(new)


def _options(section: _Section, data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (code, where its value begins, how long it is); what overruns the block ends them."""
    while at + 4 <= end:
        code, length = section.option.unpack_from(data, at)
        at += 4
        if code == _END_OF_OPTIONS or at + length > end:
            return
        yield code, at, length
        at += length + 3 & ~3
