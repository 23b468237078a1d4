"""What was counted between two snapshots: never a negative number.

A counter that is lower than before was cleared, or has started at 0 again at the end of its width.
It is taken for the latter only if it was in the upper half of its range, has gone less than half
of it since, and no other counter of the interface says otherwise: a clearing hits them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

from translator.counters.snapshot import Snapshot
from translator.errors import UsageError
from translator.intents.counters import ClassCounters, Dropped, MarkCount, Matched, Policed

__all__ = ["Change", "Difference", "State", "difference", "since_start"]


_Part = TypeVar("_Part", Dropped, Policed, Matched, MarkCount)
_Minus = Callable[[int | None, int | None], int | None]


class State(StrEnum):
    """How a change came about."""

    COUNTED = "counted"
    CLEARED = "cleared"  # the numbers are those since the clearing
    NEW = "new"  # not in the snapshot before
    SINCE_START = "since start"  # there is no snapshot before


@dataclass(frozen=True, slots=True)
class Change:
    """One class between two snapshots.

    Attributes:
        counted: its counters with what was added; rates, depth and limits are the later ones.
        wrapped: whether a counter started at 0 again at the end of its width.
        bps: what was offered to it over the interval, None without a time or bytes.
    """

    counted: ClassCounters
    state: State
    wrapped: bool = False
    bps: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """All classes of a device between two snapshots.

    Attributes:
        seconds: between the two, None where it is not known.
        gone: classes that only the snapshot before has.
    """

    before: Snapshot | None
    after: Snapshot
    changes: tuple[Change, ...]
    seconds: float | None = None
    gone: tuple[ClassCounters, ...] = ()


def since_start(snapshot: Snapshot) -> Difference:
    """Return a snapshot alone as what was counted since the counters began."""
    changes = tuple(Change(item, State.SINCE_START) for item in snapshot.classes)
    return Difference(None, snapshot, changes)


def difference(before: Snapshot, after: Snapshot, seconds: float | None = None) -> Difference:
    """Return what was counted from one snapshot to the other.

    Args:
        seconds: time between them; None takes it from the clocks of the two, if they tell.

    Raises:
        UsageError: they are of two devices or platforms, or in the wrong order.
    """
    if (before.device, before.platform) != (after.device, after.platform):
        raise UsageError(
            f"the snapshots are of {before.device} and {after.device}",
            hint="give two snapshots of the same device",
        )
    if seconds is None and before.taken_at is not None and after.taken_at is not None:
        seconds = (after.taken_at - before.taken_at).total_seconds()
    if seconds is not None and not seconds > 0:
        raise UsageError(
            f"the second snapshot is {-seconds:g} s older than the first",
            hint="give the older one first",
        )
    old = {item.key: item for item in before.classes}
    cleared = _cleared(old, after.classes)
    changes = tuple(_change(old.get(item.key), item, cleared, seconds) for item in after.classes)
    kept = {item.key for item in after.classes}
    gone = tuple(item for item in before.classes if item.key not in kept)
    return Difference(before, after, changes, seconds, gone)


def _place(item: ClassCounters) -> tuple[str, ...]:
    """What is cleared together: an interface, or all rules of a chain."""
    return (item.interface, item.direction) if item.interface else item.path


def _cleared(
    old: dict[tuple[str, ...], ClassCounters], new: Iterable[ClassCounters]
) -> frozenset[tuple[str, ...]]:
    places = set()
    for item in new:
        before = old.get(item.key)
        if before is not None and any(
            now < then and _lap(then, now, item.bits) is None for then, now in _pairs(before, item)
        ):
            places.add(_place(item))
    return frozenset(places)


def _change(
    old: ClassCounters | None,
    new: ClassCounters,
    cleared: frozenset[tuple[str, ...]],
    seconds: float | None,
) -> Change:
    if old is None:
        return Change(new, State.NEW)
    if _place(new) in cleared:
        return Change(replace(new, unread=(*old.unread, *new.unread)), State.CLEARED)
    wrapped = any(now < then for then, now in _pairs(old, new))
    counted = _counted(old, new)
    size = counted.bytes if counted.bytes is not None else counted.sent_bytes
    rate = None if seconds is None or size is None else round(size * 8 / seconds)
    return Change(counted, State.COUNTED, wrapped, rate)


_WIDTHS: Final = (32, 64)


def _lap(then: int, now: int, bits: int) -> int | None:
    """Return what was counted if a counter started anew, None if that is not plausible."""
    for width in _WIDTHS:
        size = 1 << width
        if width >= bits and size // 2 <= then < size:
            counted = now + size - then
            return counted if counted < size // 2 else None
    return None


def _minus(now: int | None, then: int | None, bits: int) -> int | None:
    if now is None or then is None:
        return None
    return now - then if now >= then else _lap(then, now, bits)


def _counted(old: ClassCounters, new: ClassCounters) -> ClassCounters:
    def minus(now: int | None, then: int | None) -> int | None:
        return _minus(now, then, new.bits)

    return replace(
        new,
        packets=minus(new.packets, old.packets),
        bytes=minus(new.bytes, old.bytes),
        sent_packets=minus(new.sent_packets, old.sent_packets),
        sent_bytes=minus(new.sent_bytes, old.sent_bytes),
        drops=tuple(_parts(new.drops, old.drops, lambda item: item.reason, minus)),
        policed=tuple(_parts(new.policed, old.policed, lambda item: item.colour, minus)),
        matched=tuple(_parts(new.matched, old.matched, lambda item: item.text, minus)),
        marks=tuple(
            replace(item, dropped=minus(item.dropped, _lost(old, item.code_point)))
            for item in _parts(new.marks, old.marks, lambda item: item.code_point, minus)
        ),
        unread=(*old.unread, *new.unread),
    )


def _lost(old: ClassCounters, point: int) -> int | None:
    return next((item.dropped for item in old.marks if item.code_point == point), None)


def _parts(
    new: Iterable[_Part], old: Iterable[_Part], key: Callable[[_Part], object], minus: _Minus
) -> Iterator[_Part]:
    """Yield each part with what was added to its numbers; a new one as it is."""
    before = {key(item): item for item in old}
    for item in new:
        then = before.get(key(item))
        if then is None:
            yield item
        else:
            yield replace(
                item,
                packets=minus(item.packets, then.packets),
                bytes=minus(item.bytes, then.bytes),
            )


def _pairs(old: ClassCounters, new: ClassCounters) -> Iterator[tuple[int, int]]:
    """Yield the numbers that both have, the earlier one first."""
    numbers = [
        (old.packets, new.packets),
        (old.bytes, new.bytes),
        (old.sent_packets, new.sent_packets),
        (old.sent_bytes, new.sent_bytes),
    ]
    lost = {item.reason: item for item in old.drops}
    for drop in new.drops:
        if drop.reason in lost:
            numbers.append((lost[drop.reason].packets, drop.packets))
    marked = {item.code_point: item for item in old.marks}
    for mark in new.marks:
        if mark.code_point in marked:
            numbers.append((marked[mark.code_point].packets, mark.packets))
    coloured = {item.colour: item for item in old.policed}
    for colour in new.policed:
        if colour.colour in coloured:
            numbers.append((coloured[colour.colour].packets, colour.packets))
    yield from ((then, now) for then, now in numbers if then is not None and now is not None)
