"""The classic capture format: a header of 24 bytes, then frames with 16 bytes before each.

Source: draft-ietf-opsawg-pcap; the pcap-savefile(5) manual page.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final

from translator.capture.record import MOST_CAPTURED, Frame, Interface
from translator.capture.stream import Stream
from translator.errors import CaptureError, Where

__all__ = ["pcap_frames"]

# Magic number, as it stands in the file: byte order and ticks per second.
_KINDS: Final = {
    b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\xd4\xc3\xb2\xa1": ("<", 10**6),
    b"\xa1\xb2\x3c\x4d": (">", 10**9),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9),
}
_HEADER: Final = 24
_RECORD: Final = 16
_LINK_TYPE: Final = 0xFFFF  # the bits above tell of the checksum that may follow each frame


def pcap_frames(stream: Stream, data: bytes) -> Iterator[Frame] | None:
    """Return the frames of a stream whose first bytes were taken; None where it is no pcap.

    Raises:
        CaptureError: the file ends within its header, or is of another version; by the frames:
            it cannot be read to its end.
    """
    kind = _KINDS.get(data[:4])
    if kind is None:
        return None
    order, ticks_per_s = kind
    if len(data) < _HEADER:
        raise CaptureError(
            "ends within its header", where=Where(stream.name), hint="copy the file anew"
        )
    major, minor, link = Struct(f"{order}4xHH12xI").unpack_from(data)
    if major != 2:
        raise CaptureError(
            f"is pcap {major}.{minor}, and only 2.x is known",
            where=Where(stream.name),
            hint="convert it: editcap -F pcap FILE NEW",
        )
    interface = Interface(link & _LINK_TYPE, ticks_per_s)
    return _frames(stream, data, Struct(f"{order}IIII"), interface)


def _frames(stream: Stream, data: bytes, record: Struct, interface: Interface) -> Iterator[Frame]:
    unpack, ticks_per_s = record.unpack_from, interface.ticks_per_s
    number, at = 0, _HEADER
    while True:
        size = len(data)
        captured = 0
        while at + _RECORD <= size:
            seconds, rest, captured, _ = unpack(data, at)
            start = at + _RECORD
            end = start + captured
            if captured > MOST_CAPTURED or end > size:
                break
            number += 1
            yield number, interface, data, start, end, seconds * ticks_per_s + rest
            at = end
            captured = 0
        if captured > MOST_CAPTURED:
            raise stream.damaged(
                f"says that it is {captured} bytes long, and none is longer than {MOST_CAPTURED}",
                at,
                number + 1,
            )
        data, at = stream.take(data, at, _RECORD + captured), 0
        if len(data) < _RECORD + captured:
            if data:
                raise stream.damaged("the file ends within the frame", 0, number + 1)
            return
