"""Counters of the egress queues of a Nexus 9000.

Source: output of `show queuing interface` in public repositories. `show policy-map interface` is
not read: what it prints of classes of type qos is in no captured output that is known here, and of
queues it tells drops alone, which the other command tells too.
"""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.cisco_nxos.family import queue_of_group
from translator.drivers.counting import Listing
from translator.drivers.fsm import Row, rows
from translator.intents.counters import (
    ClassCounters,
    CountersRead,
    Dropped,
    DropReason,
    Shown,
)
from translator.intents.device import Unread

__all__ = ["LISTINGS", "read_queuing"]

_TEMPLATE: Final = "cisco_nxos/show_queuing_interface.textfsm"


def read_queuing(reply: Shown) -> CountersRead:
    """Return what was sent and lost by each queue, of one interface or of many."""
    interfaces: dict[str, None] = {}
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    for row in rows(_TEMPLATE, reply.text, reply.first_line):
        if row.text("INTERFACE"):
            interfaces[row.text("INTERFACE")] = None
        if row.text("GROUP"):
            classes.append(_queue(row))
        else:
            unread += row.unread
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def _queue(row: Row) -> ClassCounters:
    lost = Dropped(
        DropReason.TOTAL,
        _sum(row, "LOST", "LOST_MULTICAST"),
        _sum(row, "LOST_BYTES", "LOST_MULTICAST_BYTES"),
    )
    sent = _sum(row, "SENT", "SENT_MULTICAST")
    missing: tuple[Unread, ...] = ()
    if sent is None or lost.packets is None:
        missing = (Unread(row.last, "", "the table of the queue is not whole: cut off?"),)
    return ClassCounters(
        row.text("INTERFACE"),
        "out",
        queue_of_group(int(row.text("GROUP"))),
        sent_packets=sent,
        sent_bytes=_sum(row, "SENT_BYTES", "SENT_MULTICAST_BYTES"),
        drops=(lost,),
        unread=(*row.unread, *missing),
        lines=(row.first, row.last),
    )


def _sum(row: Row, *names: str) -> int | None:
    numbers = [row.number(name) for name in names]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


LISTINGS: Final = (
    Listing(
        ask="show queuing interface {interface}",
        command=re.compile(r"(?i)sho?w? queu\S* int\S*( [a-z-]+ ?[\d/]+)?( \| no-more)?"),
        read=read_queuing,
        sign=re.compile(r"\s*Egress Queuing for \S+"),
    ),
)
