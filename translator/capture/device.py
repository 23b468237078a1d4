"""Whether packets behind a device carry what its configuration gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, NamedTuple

from msgspec.structs import replace

from translator.capture.frames import EVERYTHING, Window, frames_of, within
from translator.capture.header import Fragments, Header, read_header
from translator.capture.links import find_ip
from translator.capture.meter import Judgement
from translator.capture.model import Verdict
from translator.capture.stream import Advance, opened
from translator.codepoint import ECN_MASK, CodePoint
from translator.errors import UndecidedError, UsageError, Where
from translator.intents.device import SHARED_NUMBERS
from translator.intents.match import Prefix
from translator.verify.packet import Packet
from translator.verify.passage import Passage
from translator.verify.trace import Trace, traces

__all__ = ["Against", "Alone", "Paired", "packets_before"]

_MOST_KNOWN: Final = 100_000  # headers whose outcome is remembered
_MOST_BEFORE: Final = 1_000_000  # packets of a capture before the device
_BYTES: Final = 32  # of the transport that a packet is recognised by
_TCP: Final = 6
_ANY_SOURCE: Final = "every packet of the capture went through the device this way (see --sources)"
_ANY_MARK: Final = (
    "there is no capture before the device: a packet may have come with any code point, so only "
    "what the configuration makes of none of them is wrong"
)


@dataclass(frozen=True, slots=True)
class Against:
    """A device to hold packets against, and what that rests on.

    Attributes:
        file: where its configuration stands.
    """

    file: str
    judge: Alone | Paired
    assumptions: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        file: str,
        passage: Passage,
        before: dict[bytes, bytearray] | None,
        sources: Sequence[Prefix] = (),
    ) -> Against:
        """Return the device of a configuration, with or without a capture before it.

        Args:
            sources: where packets come from that go this way; empty is anywhere.
        """
        notes = passage.notes if sources else (_ANY_SOURCE, *passage.notes)
        if before is None:
            return cls(file, Alone(passage, sources), (_ANY_MARK, *notes))
        return cls(file, Paired(passage, sources, before), notes)


_ANOTHER_WAY: Final = Judgement(Verdict.ANOTHER_WAY)


class _Outcome(NamedTuple):
    """The code points with which a packet may leave.

    Attributes:
        clear: whether nothing that was not understood gives it another.
        policed: whether above some rate it is dropped or re-marked, which a packet does not show.
    """

    points: tuple[int, ...]
    lines: tuple[int, ...]
    clear: bool
    policed: bool = False

    def judged(self, found: int) -> Judgement:
        """Return how a packet left that was found with a code point."""
        if not self.clear or (len(self.points) > 1 and found in self.points):
            return Judgement(Verdict.UNKNOWN)
        if found in self.points:
            return Judgement(Verdict.AS_CONFIGURED)
        if self.policed:
            return Judgement(Verdict.UNKNOWN)
        return Judgement(Verdict.OTHERWISE, _points(self.points), self.lines)


class _Sources:
    """Where packets come from that go through the device this way; without prefixes anywhere."""

    def __init__(self, prefixes: Sequence[Prefix]) -> None:
        self._ranges = tuple(
            (item.version, int(item.network_address), int(item.broadcast_address))
            for item in prefixes
        )

    def hold(self, header: Header) -> bool:
        """Whether a packet comes from there."""
        return not self._ranges or any(
            version == header.version and low <= header.source <= high
            for version, low, high in self._ranges
        )


class _Device:
    """The way through a device, followed once for each header."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._known: dict[tuple[object, ...], _Outcome] = {}

    def outcome(self, header: Header, tos: int) -> _Outcome:
        """Return what becomes of the packet if it comes with the ToS byte."""
        key = (*header.seen[:6], tos, header.fragment)
        outcome = self._known.get(key)
        if outcome is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            outcome = self._known[key] = self._followed(_as_seen(header, tos))
        return outcome

    def _followed(self, packet: Packet) -> _Outcome:
        try:
            found = traces(self._passage.stages, packet, self._passage.names)
        except UndecidedError:
            return _Outcome((), (), clear=False)
        points = {item.tos >> 2 for item in found if not item.treatment.dropped}
        clear = not any(item.treatment.unclear for item in found)
        policed = any(item.treatment.policed_bps is not None for item in found)
        return _Outcome(tuple(sorted(points)), _lines(found), clear, policed)


def _as_seen(header: Header, tos: int) -> Packet:
    """The packet as the device sees it: a later fragment shows no ports."""
    packet = replace(header.packet(), tos=tos)
    if not header.fragment:
        return packet
    return replace(packet, source_port=0, destination_port=0, fragment=True)


def _lines(found: Iterable[Trace]) -> tuple[int, ...]:
    """The lines of the text that decided; numbers of the driver's own are none of them."""
    lines = dict.fromkeys(line for item in found for line in item.lines)
    return tuple(line for line in lines if line < SHARED_NUMBERS)


class Alone:
    """A judge without a capture before the device: any code point may have come in.

    A packet is as configured if there is one with which it would have left as it was found.
    """

    every_packet: Final = False
    left_over: Final = None

    def __init__(self, passage: Passage, sources: Sequence[Prefix] = ()) -> None:
        self._device, self._sources = _Device(passage), _Sources(sources)
        self._known: dict[tuple[object, ...], Judgement] = {}

    def judge(self, header: Header, data: bytes) -> Judgement:
        """Return whether the packet may have left the device like this."""
        del data  # its header is all that counts here
        judgement = self._known.get(header.seen[:8])
        if judgement is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            judgement = self._known[header.seen[:8]] = self._judged(header)
        return judgement

    def _judged(self, header: Header) -> Judgement:
        if not self._sources.hold(header):
            return _ANOTHER_WAY
        found = header.tos >> 2
        wanted: set[int] = set()
        lines: tuple[int, ...] = ()
        doubtful = False
        # What was found is what most packets came with, so it is tried first.
        for point in (found, *(point for point in range(64) if point != found)):
            outcome = self._device.outcome(header, point << 2 | header.tos & ECN_MASK)
            judgement = outcome.judged(found)
            if judgement.verdict is Verdict.AS_CONFIGURED:
                return judgement
            doubtful = doubtful or judgement.verdict is Verdict.UNKNOWN
            wanted.update(outcome.points)
            lines = lines or outcome.lines
        if doubtful:
            return Judgement(Verdict.UNKNOWN)
        return Judgement(Verdict.OTHERWISE, _points(wanted), lines)


class Paired:
    """A judge with a capture before the device: each packet's own code point came in.

    Args:
        before: as `packets_before` gives them; what comes out is taken away from them.
    """

    every_packet: Final = True

    def __init__(
        self, passage: Passage, sources: Sequence[Prefix], before: dict[bytes, bytearray]
    ) -> None:
        self._device, self._sources = _Device(passage), _Sources(sources)
        self._before = before

    @property
    def left_over(self) -> int:
        """How many packets have not come out."""
        return sum(len(item) for item in self._before.values())

    def judge(self, header: Header, data: bytes) -> Judgement:
        """Return whether the packet left as the device treats the one that came in."""
        if not self._sources.hold(header):
            return _ANOTHER_WAY
        key = _mark_of(header, data)
        came = self._before.get(key)
        if came is None:
            return Judgement(Verdict.UNPAIRED)
        tos = came[0]
        del came[0]
        if not came:
            del self._before[key]
        return self._device.outcome(header, tos).judged(header.tos >> 2)


def packets_before(
    file: str,
    window: Window = EVERYTHING,
    sources: Sequence[Prefix] = (),
    advance: Advance | None = None,
) -> dict[bytes, bytearray]:
    """Return the ToS bytes of the packets in a capture before the device, by what they are.

    Equal packets stand under one key, in order.

    Args:
        sources: where packets come from that go this way; others are left out.

    Raises:
        UsageError: more than a million packets, or the file cannot be read.
        CaptureError: it is no capture, or is damaged.
    """
    found: dict[bytes, bytearray] = {}
    packets = 0
    fragments, senders = Fragments(), _Sources(sources)
    with opened(file, advance) as stream:
        frames = frames_of(stream)
        for frame in frames if window == EVERYTHING else within(frames, window):
            number, interface, data, start, end, _ = frame
            place = find_ip(interface.link_type, data, start, end)
            if isinstance(place, str):
                continue
            header = read_header(data, place, end, fragments)
            if isinstance(header, str) or not senders.hold(header):
                continue
            found.setdefault(_mark_of(header, data), bytearray()).append(header.tos)
            packets += 1
            if packets > _MOST_BEFORE:
                raise UsageError(
                    f"more than {_MOST_BEFORE} packets before the device, by frame {number}",
                    where=Where(stream.name),
                    hint="cut both captures to the same minutes: editcap -A START -B END IN OUT",
                )
    return found


def _mark_of(header: Header, data: bytes) -> bytes:
    """What a packet is recognised by on both sides of a device that translates no addresses.

    Not the checksum: a sender's own capture holds what its card has not worked out yet.
    """
    at = header.payload
    sequence = (
        data[header.transport + 4 : header.transport + 12] if header.protocol == _TCP else b""
    )
    body = data[at : min(header.end, at + _BYTES)]
    seen = repr((*header.seen[:6], header.fragment, header.identity, header.whole))
    return blake2b(b"%b %b %b" % (seen.encode(), sequence, body), digest_size=12).digest()


def _points(numbers: Iterable[int]) -> tuple[CodePoint, ...]:
    return tuple(CodePoint(number) for number in sorted(numbers))
