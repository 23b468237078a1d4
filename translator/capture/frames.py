"""The frames of a capture file, whatever its format: pcap or pcapng, of either byte order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.capture.pcap import pcap_frames
from translator.capture.pcapng import SECTION, pcapng_frames
from translator.capture.record import Frame
from translator.capture.stream import Stream
from translator.errors import CaptureError, UsageError, Where

__all__ = ["EVERYTHING", "Moment", "Window", "frames_of", "within"]

_MAGIC_BYTES: Final = 24  # a pcap header; the first block of a pcapng is longer


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in nanoseconds: since 1970, or since the first frame where it is `relative`."""

    ns: int
    relative: bool = False

    def after(self, first_ns: int) -> int:
        """Return it in nanoseconds since 1970, for a capture whose first frame is of that time."""
        return self.ns + first_ns if self.relative else self.ns


@dataclass(frozen=True, slots=True)
class Window:
    """The frames to look at, by number (from 1) or time; both ends belong to it."""

    first: int = 1
    last: int | None = None
    first_time: Moment | None = None
    last_time: Moment | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise UsageError(
                f"the window ends with frame {self.last}, before its first, {self.first}",
                hint="give --from the lower number",
            )

    @property
    def of_others(self) -> Window:
        """What of it holds for another capture, which began with another frame: times of day."""
        return Window(first_time=_absolute(self.first_time), last_time=_absolute(self.last_time))


EVERYTHING: Final = Window()


def _absolute(moment: Moment | None) -> Moment | None:
    return None if moment is None or moment.relative else moment


def frames_of(stream: Stream) -> Iterator[Frame]:
    """Yield the frames of a capture.

    Raises:
        CaptureError: it is no capture, or cannot be read to its end.
    """
    data = stream.take(b"", 0, _MAGIC_BYTES)
    magic = data[:4]
    if magic == SECTION:
        return pcapng_frames(stream, data)
    found = pcap_frames(stream, data)
    if found is not None:
        return found
    raise CaptureError(
        "is empty" if not data else "is no capture: it begins as neither pcap nor pcapng does",
        where=Where(stream.name),
        hint="save it in Wireshark or with tcpdump -w FILE; gzip is unpacked here",
    )


def within(frames: Iterator[Frame], window: Window) -> Iterator[Frame]:
    """Yield the frames of the window, and read no further than its last one by number."""
    if window.first_time is not None or window.last_time is not None:
        frames = _in_time(frames, window.first_time, window.last_time)
    for frame in frames:
        if window.last is not None and frame[0] > window.last:
            return
        if frame[0] >= window.first:
            yield frame


def _in_time(frames: Iterator[Frame], first: Moment | None, last: Moment | None) -> Iterator[Frame]:
    """Yield the frames between two moments, wherever they stand: captures may be in disorder."""
    bounds: tuple[int, int] | None = None
    for frame in frames:
        _, interface, _, _, _, ticks = frame
        now_ns = interface.nanoseconds(ticks)
        if bounds is None:
            low = 0 if first is None else first.after(now_ns)
            bounds = low, now_ns + (1 << 80) if last is None else last.after(now_ns)
        if bounds[0] <= now_ns <= bounds[1]:
            yield frame
