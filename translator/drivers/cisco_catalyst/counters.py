"""Counters of `mls qos` switches: code points and the four queues of each port.

Source: Cisco, Catalyst 3560 and 3750 command reference, `show mls qos interface statistics`; the
layout of code points is unverified on captured output. `show policy-map interface` is not asked:
these switches count no packets by class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.counting import Listing
from translator.drivers.fsm import Row, rows
from translator.intents.counters import (
    ClassCounters,
    Colour,
    CountersRead,
    Dropped,
    DropReason,
    MarkCount,
    Policed,
    Shown,
    Unit,
)
from translator.intents.device import Unread

__all__ = ["LISTINGS", "read_statistics"]

_TEMPLATE: Final = "cisco_catalyst/show_mls_qos_interface_statistics.textfsm"
_DIRECTIONS: Final = {"incoming": "in", "outgoing": "out"}


def read_statistics(reply: Shown) -> CountersRead:
    """Return packets by code point, and what was put into and lost by each queue."""
    interface = ""
    interfaces: dict[str, None] = {}
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    enqueued: Row | None = None
    for row in rows(_TEMPLATE, reply.text, reply.first_line):
        if row.text("INTERFACE"):
            interface, enqueued = row.text("INTERFACE").replace(" ", ""), None
            interfaces[interface] = None
        if row.text("TABLE") == "dscp":
            classes.append(_marks(interface, row))
        elif row.text("QUEUES") == "enqueued":
            enqueued = row
        elif row.text("QUEUES") == "dropped":
            classes += _queues(interface, enqueued, row)
            enqueued = None
        elif row.text("IN_PROFILE"):
            classes.append(_policer(interface, row))
        elif row.text("TABLE") != "cos":
            unread += row.unread
    if enqueued is not None:
        unread.append(Unread(enqueued.last, "", "the table of drops is missing: cut off?"))
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def _marks(interface: str, row: Row) -> ClassCounters:
    counts = tuple(_by_code_point(row))
    total = sum(item.packets or 0 for item in counts)
    return ClassCounters(
        interface,
        _DIRECTIONS[row.text("DIRECTION")],
        "code points",
        unit=Unit.MARKS,
        packets=total,
        marks=counts,
        bits=32,  # Unverified.
        unread=row.unread or _cut(row, len(counts)),
        lines=(row.first, row.last),
    )


def _cut(row: Row, found: int) -> tuple[Unread, ...]:
    """A table of code points has 64 of them."""
    if found == 64:
        return ()
    return (Unread(row.last, "", f"the table has {found} code points instead of 64: cut off?"),)


def _by_code_point(row: Row) -> Iterator[MarkCount]:
    for item in row.items("NUMBERS"):
        for point, count in enumerate(item["numbers"].split(), int(item["low"])):
            if point < 64:
                yield MarkCount(CodePoint(point), int(count))


def _queues(interface: str, enqueued: Row | None, dropped: Row) -> Iterator[ClassCounters]:
    """Return the queues by the number that the configuration gives them: one more than here.

    Source: Cisco, the output counts queues from 0, `queue-set` and `dscp-map` from 1.
    """
    lost = {item["queue"]: _total(item) for item in dropped.items("QUEUE")}
    put = {item["queue"]: _total(item) for item in enqueued.items("QUEUE")} if enqueued else {}
    unread = (*(enqueued.unread if enqueued else ()), *dropped.unread)
    first = enqueued.first if enqueued else dropped.first
    for queue in dict.fromkeys((*put, *lost)):
        drops = (Dropped(DropReason.TOTAL, lost[queue]),) if queue in lost else ()
        yield ClassCounters(
            interface,
            "out",
            f"queue-{int(queue) + 1}",
            packets=put.get(queue),
            drops=drops,
            bits=32,  # Unverified.
            unread=unread,
            lines=(first, dropped.last),
        )


def _total(item: dict[str, str]) -> int:
    return sum(map(int, item["thresholds"].split()))


def _policer(interface: str, row: Row) -> ClassCounters:
    inside, outside = row.number("IN_PROFILE"), row.number("OUT_OF_PROFILE")
    return ClassCounters(
        interface,
        "in",
        "policer",
        unit=Unit.RULE,
        policed=(Policed(Colour.CONFORM, inside), Policed(Colour.EXCEED, outside)),
        bits=32,  # Unverified.
        unread=row.unread,
        lines=(row.first, row.last),
    )


LISTINGS: Final = (
    Listing(
        ask="show mls qos interface {interface} statistics",
        command=re.compile(r"(?i)sho?w? mls qos int\S*( \S+)? stat\S*"),
        read=read_statistics,
        sign=re.compile(r".*\(All statistics are in packets\)|\s*dscp: incoming"),
    ),
)
