"""Counters of EOS: what was put into and lost by each transmit queue of each port.

Source: the columns that a public collector for Arista switches reads of `show interfaces counters
queue detail` (port, queue, packets, bytes, packets dropped, bytes dropped); the words of its
headings are unverified on captured output, so a saved reply needs its command above it. Switches
with virtual output queues (7280, 7500) print other tables, whose lines come back as unread.
What a policy counted by class is not read: no captured output of `show policy-map ... counters`
is known.
"""

from __future__ import annotations

import re
from typing import Final

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

__all__ = ["LISTINGS", "read_queues"]

_TEMPLATE: Final = "arista_eos/show_interfaces_counters_queue.textfsm"
_SHORT: Final = {"Et": "Ethernet", "Po": "Port-Channel", "Ma": "Management"}
_PORT: Final = re.compile(r"([A-Z][a-z]+)(\d.*)")


def read_queues(reply: Shown) -> CountersRead:
    """Return packets, bytes and drops of each queue."""
    interfaces: dict[str, None] = {}
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    for row in rows(_TEMPLATE, reply.text, reply.first_line):
        unread += row.unread
        if row.text("PORT"):
            item = _queue(row)
            interfaces[item.interface] = None
            classes.append(item)
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def _queue(row: Row) -> ClassCounters:
    # Multicast queues are numbered by themselves; a configuration has none of these names.
    kind = "multicast-" if row.text("KIND").upper() == "MC" else ""
    dropped = Dropped(DropReason.TOTAL, row.number("DROPPED"), row.number("DROPPED_BYTES"))
    return ClassCounters(
        _spelled_out(row.text("PORT")),
        "out",
        f"{kind}queue-{row.text('QUEUE')}",
        packets=row.number("PACKETS"),
        bytes=row.number("BYTES"),
        drops=(dropped,),
        lines=(row.first, row.last),
    )


def _spelled_out(port: str) -> str:
    """Return the name that the configuration has for `Et1/1`."""
    found = _PORT.fullmatch(port)
    return port if found is None else f"{_SHORT.get(found[1], found[1])}{found[2]}"


LISTINGS: Final = (
    Listing(
        ask="show interfaces {interface} counters queue detail",
        command=re.compile(r"(?i)sho?w? int\S*( \S+)? count\S* queue( detail)?"),
        read=read_queues,
    ),
)
