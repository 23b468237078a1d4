"""Counters of modular QoS: `show policy-map interface` of IOS and IOS-XE.

Source: Cisco, quality of service command reference, `show policy-map interface`; the layouts of
12.4, 15 and IOS-XE were checked on captured output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from translator.codepoint import CodePoint
from translator.drivers.fsm import Row, number, rows
from translator.errors import UsageError
from translator.intents.counters import (
    ClassCounters,
    Colour,
    CountersRead,
    Dropped,
    DropReason,
    MarkCount,
    Matched,
    Policed,
    Shown,
    Unit,
)
from translator.intents.device import Unread

__all__ = ["read_policy_map_interface"]

_TEMPLATE: Final = "cisco_ios/show_policy_map_interface.textfsm"
_COUNT: Final = re.compile(r"(\w+|N/A) packets(?:, (\w+|N/A) bytes)?\s*")
_POLICED: Final = re.compile(
    r"(?P<colour>\w+)ed (?:(?P<packets>\w+) packets, )?(?P<bytes>\w+) bytes; actions?:"
    r"\s*(?P<act>.*)"
)
_DSCP_MATCH: Final = re.compile(r"Match:\s+(?:ip(?:v6)? )?dscp\s+(.*)")
_IN_BRACKETS: Final = re.compile(r"\(\d*\)?")
_DIRECTIONS: Final = {"input": "in", "output": "out"}
# IOS nests policies three deep: six names are above a class at most.
_DEEPEST: Final = 6
_REASONS: Final = (
    ("NO_BUFFER_DROPS", DropReason.NO_BUFFER),
    ("FLOW_DROPS", DropReason.FLOW),
    ("LIMIT_DROPS", DropReason.RATE),
)


class _Level(NamedTuple):
    """A policy or class that encloses what is indented deeper."""

    indent: int
    name: str


class _Place:
    """Where in the output a row stands: interface, direction and what encloses it."""

    def __init__(self) -> None:
        self.interface = ""
        self.direction = ""
        self.levels: list[_Level] = []

    def enter_interface(self, name: str) -> None:
        self.interface = name.replace(" ", "") if name[-1].isdigit() else name
        self.direction = ""
        self.levels = []

    def enter(self, indent: int, name: str) -> tuple[str, ...]:
        """Stand in a policy or class; return the names of what it stands in."""
        while self.levels and self.levels[-1].indent >= indent:
            self.levels.pop()
        path = tuple(level.name for level in self.levels[:_DEEPEST])
        self.levels.append(_Level(indent, name))
        return path


def read_policy_map_interface(reply: Shown) -> CountersRead:
    """Return the counters of each class, nested ones included."""
    place = _Place()
    classes: list[ClassCounters] = []
    interfaces: dict[str, None] = {}
    unread: list[Unread] = []
    for row in rows(_TEMPLATE, reply.text, reply.first_line):
        if row.text("INTERFACE"):
            place.enter_interface(row.text("INTERFACE"))
            interfaces[place.interface] = None
        elif row.text("POLICY"):
            _enter_policy(place, row)
        elif row.text("CLASS"):
            path = place.enter(len(row.text("INDENT")), row.text("CLASS"))
            classes.append(_class(row, place, path))
            continue
        elif row.text("QUEUE"):
            name = f"priority level {row.text('LEVEL') or '1'}"
            path = place.enter(len(row.text("INDENT")), name)
            classes.append(_queue(row, place, path, name))
            continue
        unread += row.unread
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def _enter_policy(place: _Place, row: Row) -> None:
    place.enter(len(row.text("INDENT")), row.text("POLICY"))
    if len(place.levels) == 1:
        place.direction = _DIRECTIONS.get(row.text("DIRECTION"), "")


def _class(row: Row, place: _Place, path: tuple[str, ...]) -> ClassCounters:
    seen, matched = _matches(row.items("MATCH"))
    limit = row.number("LIMIT_KBPS")
    return ClassCounters(
        interface=place.interface,
        direction=place.direction,
        name=row.text("CLASS"),
        path=path,
        packets=seen.packets if seen else None,
        bytes=seen.bytes if seen else None,
        sent_packets=row.number("SENT_PACKETS"),
        sent_bytes=row.number("SENT_BYTES"),
        drops=_drops(row),
        policed=tuple(_policed(row.items("POLICE"))),
        matched=matched,
        marks=tuple(_marks(row)),
        offered_bps=row.number("OFFERED_BPS"),
        drop_bps=row.number("DROP_BPS"),
        queue_depth=row.number("DEPTH"),
        limit_bps=None if limit is None else limit * 1000,
        priority=bool(row.text("PRIORITY") or row.text("LEVEL")),
        code_points=tuple(_code_points(matched)),
        sets=_code_point(row.text("SETS")),
        bits=32,  # Unverified: which releases count in 32 bits; most recent ones use 64.
        unread=_without_counter(row, seen),
        lines=(row.first, row.last),
    )


def _without_counter(row: Row, seen: Matched | None) -> tuple[Unread, ...]:
    """A class that shows no count was cut off: what it saw is unknown, not nothing."""
    if seen is not None or row.unread:
        return row.unread
    text = f"Class-map: {row.text('CLASS')}"
    return (Unread(row.first, text, "no line tells how many packets the class saw"),)


def _queue(row: Row, place: _Place, path: tuple[str, ...], name: str) -> ClassCounters:
    return ClassCounters(
        interface=place.interface,
        direction=place.direction,
        name=name,
        path=path,
        unit=Unit.QUEUE,
        sent_packets=row.number("SENT_PACKETS"),
        sent_bytes=row.number("SENT_BYTES"),
        drops=_drops(row),
        queue_depth=row.number("DEPTH"),
        priority=True,
        bits=32,
        unread=row.unread,
        lines=(row.first, row.last),
    )


def _matches(items: Sequence[str]) -> tuple[Matched | None, tuple[Matched, ...]]:
    """Return what the class saw and what each match saw, which releases before XE tell apart."""
    seen: Matched | None = None
    found: list[Matched] = []
    for item in items:
        count = _COUNT.fullmatch(item)
        if count is None:
            found.append(Matched(" ".join(item.split())))
            continue
        packets, size = number(count[1]), number(count[2])
        if found:
            found[-1] = Matched(found[-1].text, packets, size)
        elif seen is None:
            seen = Matched("", packets, size)
    return seen, tuple(found)


def _code_points(matched: Sequence[Matched]) -> Iterator[CodePoint]:
    for item in matched:
        words = _DSCP_MATCH.match(item.text)
        for word in _IN_BRACKETS.sub(" ", words[1]).split() if words else ():
            point = _code_point(word)
            if point is not None:
                yield point


def _code_point(word: str) -> CodePoint | None:
    try:
        return CodePoint.of(word)
    except UsageError:
        return None


def _drops(row: Row) -> tuple[Dropped, ...]:
    found = []
    # The Catalyst 9000 counts `(total drops)` in bytes. Unverified.
    total, size = row.number("TOTAL_DROPS"), row.number("TOTAL_DROP_BYTES")
    if total is not None or size is not None:
        found.append(Dropped(DropReason.TOTAL, total, size))
    for name, reason in _REASONS:
        count = row.number(name)
        if count is not None:
            found.append(Dropped(reason, count))
    random, tail = (_sum(row.items("WRED"), key) for key in ("random", "tail"))
    if random is not None and tail is not None:
        found += [Dropped(DropReason.RANDOM, random), Dropped(DropReason.TAIL, tail)]
    return tuple(found)


def _sum(items: Sequence[Any], key: str) -> int | None:
    return sum(int(item[key]) for item in items) if items else None


def _policed(items: Sequence[str]) -> Iterator[Policed]:
    """Fold a colour and the action that stands below it, or behind it in old releases."""
    waiting: re.Match[str] | None = None
    for item in items:
        colour = _POLICED.fullmatch(item)
        if colour is None:
            if waiting is not None:
                yield _colour(waiting, item)
                waiting = None
            continue
        if waiting is not None:
            yield _colour(waiting, "")
        waiting = None if colour["act"] else colour
        if colour["act"]:
            yield _colour(colour, colour["act"])
    if waiting is not None:
        yield _colour(waiting, "")


def _colour(found: re.Match[str], action: str) -> Policed:
    colour = Colour("violate" if found["colour"] == "violat" else found["colour"])
    return Policed(colour, number(found["packets"]), number(found["bytes"]), action.strip())


def _marks(row: Row) -> Iterator[MarkCount]:
    """Return the rows of early drop by code point; a precedence stands for eight of them."""
    if row.text("MARK") != "dscp":
        return
    for item in row.items("WRED"):
        point = _code_point(item["mark"])
        if point is not None:
            lost = int(item["random"]) + int(item["tail"])
            yield MarkCount(point, int(item["sent"]), int(item["sent_bytes"]), lost)
