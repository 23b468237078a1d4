"""Packets that carry EF, and the queue that they wait in: counts by code point tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.model import Direction, Finding
from translator.counters.change import Change
from translator.counters.meaning import EF
from translator.counters.scene import Place
from translator.intents.counters import Unit

__all__ = ["findings_on_marks"]

# Commands are answered one after the other, while packets go on: 2 % apart is the same number.
_SAME: Final = 0.98


def findings_on_marks(place: Place) -> Iterator[Finding]:
    """Find EF in a class of best effort, more EF than came to its class, and EF that was lost."""
    yield from _in_wrong_class(place)
    yield from _put_into_rest(place)
    yield from _more_than_its_class(place)
    for item in place.leaves:
        lost = sum(mark.dropped or 0 for mark in item.counted.marks if mark.code_point == EF)
        if lost and not item.counted.dropped:
            yield place.finding(
                "drops-in-ef", f"{place.called(item)} lost {lost} packets marked ef", (item,)
            )


def _in_wrong_class(place: Place) -> Iterator[Finding]:
    """The tables of early drop count the packets of a class by code point."""
    for item in place.leaves:
        count = _marked(item)
        if count and not item.counted.unread and place.is_rest(item):
            yield _finding(place, item, f"{place.called(item)} carries {count} packets marked ef")


def _put_into_rest(place: Place) -> Iterator[Finding]:
    """A rule that matches EF may put it into the class of the rest."""
    rests = {item.counted.name for item in place.leaves if place.is_rest(item)}
    if place.direction is not Direction.OUT:
        return
    for rule in place.rules:
        counted = rule.counted
        here = counted.interface in ("", place.interface)
        if here and EF in counted.code_points and counted.into in rests and counted.packets:
            what = f"put {counted.packets} packets marked ef into {counted.into}"
            yield _finding(place, rule, f"{place.name}: {counted.name} {what}")


def _more_than_its_class(place: Place) -> Iterator[Finding]:
    """More packets marked EF left than came to the class that should serve them."""
    left, source = _left_with_ef(place)
    voice = [
        (plan_class, changes)
        for plan_class, changes in place.by_plan_class()
        if EF in plan_class.code_points
    ]
    if not left or source is None or len(voice) != 1:
        return
    plan_class, changes = voice[0]
    right = [item for item in changes if not place.is_rest(item)]
    counts = [item.counted.offered for item in right]
    if not changes or None in counts:
        return
    served = sum(count for count in counts if count is not None)
    if served < left * _SAME:
        names = " and ".join(item.counted.name for item in right) or "no class of its own"
        yield place.finding(
            "default-holds-ef",
            f"{left} packets left {place.name} marked ef, and {served} of them at most by {names}",
            (source, *right),
            plan_class,
        )


def _left_with_ef(place: Place) -> tuple[int, Change | None]:
    """Return how many packets left with EF, and what counted them.

    Rules of one chain count different packets (IPv4 and IPv6), rules of two chains may count the
    same ones: the chain with the highest sum is taken.
    """
    if place.direction is not Direction.OUT:
        return 0, None
    for item in place.changes:
        if item.counted.unit is Unit.MARKS and not item.counted.unread:
            return _marked(item), item
    sums: dict[tuple[str, ...], int] = {}
    first: dict[tuple[str, ...], Change] = {}
    for rule in place.rules:
        counted = rule.counted
        leaves_here = (counted.interface, counted.direction) == (place.interface, place.direction)
        if leaves_here and counted.code_points == (EF,):
            sums[counted.path] = sums.get(counted.path, 0) + (counted.packets or 0)
            first.setdefault(counted.path, rule)
    if not sums:
        return 0, None
    most = max(sums, key=lambda path: sums[path])
    return sums[most], first[most]


def _marked(item: Change) -> int:
    return sum(mark.packets or 0 for mark in item.counted.marks if mark.code_point == EF)


def _finding(place: Place, item: Change, message: str) -> Finding:
    voice = next((known for known in place.known if EF in known.code_points), None)
    return place.finding("default-holds-ef", message, (item,), voice)
