"""Reads captures and holds every packet against the plan, and against a device if one is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from translator.capture.device import Against
from translator.capture.expectation import Expectation, RuleSide
from translator.capture.frames import EVERYTHING, Window, frames_of, within
from translator.capture.meter import Bucket, Meter
from translator.capture.model import (
    CaptureCheck,
    DeviceCheck,
    Direction,
    FileRead,
    Mark,
    RuleCheck,
    Unlooked,
    Verdict,
)
from translator.capture.payload import kind_name, payload_type_of
from translator.capture.stream import Advance, opened
from translator.codepoint import CodePoint
from translator.errors import CaptureError, UsageError

__all__ = ["Captures", "check_captures"]

_TCP: Final = 6


@dataclass(frozen=True, slots=True)
class Captures:
    """Capture files, - for stdin, and which of their frames to look at."""

    files: tuple[str, ...]
    window: Window = EVERYTHING

    def __post_init__(self) -> None:
        twice = next((name for name in self.files if self.files.count(name) > 1), None)
        if twice is not None:
            raise UsageError(
                f"{twice} is given twice", hint="its packets would count twice: name it once"
            )


def check_captures(
    expectation: Expectation,
    captures: Captures,
    against: Against | None = None,
    advance: Advance | None = None,
) -> CaptureCheck:
    """Return what the captures show of the plan, and of a device.

    Of a file that is damaged the packets before the damage count, and the file says why.

    Raises:
        UsageError, CaptureError: a file cannot be read at all, or is no capture.
    """
    meter = Meter(expectation, None if against is None else against.judge)
    files = tuple(_read(name, meter, captures.window, advance) for name in captures.files)
    return CaptureCheck(
        plan=expectation.plan,
        files=files,
        wrong_packets=sum(bucket.wrong for bucket in meter.buckets),
        rules=tuple(_rules(expectation, meter)),
        others=_marks(item for item in meter.buckets if item.group.side is None),
        unlooked=_unlooked(meter),
        refused=expectation.refused,
        device=None if against is None else _device(against, meter),
    )


def _read(name: str, meter: Meter, window: Window, advance: Advance | None) -> FileRead:
    with opened(name, advance) as stream:
        frames = frames_of(stream)
        try:
            meter.count(stream.name, frames if window == EVERYTHING else within(frames, window))
        except (CaptureError, UsageError) as damage:
            return FileRead(stream.name, meter.frames, damage)
        return FileRead(stream.name, meter.frames)


def _rules(expectation: Expectation, meter: Meter) -> Iterable[RuleCheck]:
    by_side: dict[RuleSide, list[Bucket]] = {}
    for bucket in meter.buckets:
        if bucket.group.side is not None:
            by_side.setdefault(bucket.group.side, []).append(bucket)
    for at, rule in enumerate(expectation.rules):
        yield RuleCheck(
            rule.rows,
            rule.name,
            rule.code_point,
            rule.carries_media,
            _direction(by_side.get(RuleSide(at, returns=False), ()), rule.code_point),
            _direction(by_side.get(RuleSide(at, returns=True), ()), None),
            tuple(meter.wrong[at]),
        )


def _direction(buckets: Sequence[Bucket], wanted: CodePoint | None) -> Direction:
    """Return the sum of buckets; `wanted` None: no mark is right or wrong."""
    kinds: Counter[str] = Counter()
    payload_types: Counter[int] = Counter()
    for bucket in buckets:
        for kind, packets in (bucket.kinds or {}).items():
            kinds[kind_name(kind)] += packets
            payload_type = payload_type_of(kind)
            if payload_type is not None:
                payload_types[payload_type] += packets
    return Direction(
        packets=sum(item.own for item in buckets),
        right=sum(item.own for item in buckets if item.group.code_point == wanted),
        tcp=sum(item.packets for item in buckets if item.group.protocol == _TCP),
        no_media=sum(item.strangers for item in buckets),
        marks=_marks(buckets),
        kinds=tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        payload_types=tuple(sorted(payload_types.items())),
    )


def _marks(buckets: Iterable[Bucket]) -> tuple[Mark, ...]:
    """Return how many packets carry each mark, the most frequent first."""
    found: Counter[tuple[int, tuple[int, ...]]] = Counter()
    for bucket in buckets:
        found[bucket.group.code_point, bucket.group.priorities] += bucket.own
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Mark(CodePoint(point), priorities, packets)
        for (point, priorities), packets in ordered
        if packets
    )


def _unlooked(meter: Meter) -> tuple[Unlooked, ...]:
    found = (Unlooked(reason, *seen) for reason, seen in meter.unlooked.items())
    return tuple(sorted(found, key=lambda item: (-item.packets, item.reason)))


def _device(against: Against, meter: Meter) -> DeviceCheck:
    found: Counter[Verdict] = Counter()
    for bucket in meter.buckets:
        if bucket.group.judgement is not None:
            found[bucket.group.judgement.verdict] += bucket.packets
    return DeviceCheck(
        against.file,
        tuple((verdict, found[verdict]) for verdict in Verdict if found[verdict]),
        tuple(meter.wrong_by_device),
        against.judge.left_over,
        against.assumptions,
    )
