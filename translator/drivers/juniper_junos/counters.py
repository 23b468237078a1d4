"""Counters of Junos: `show interfaces queue`, and which ports have a scheduler map.

Source: Juniper, CLI reference, `show interfaces queue` and `show class-of-service interface`;
layouts of MX, EX, ACX and PTX.
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

__all__ = ["LISTINGS", "read_class_of_service", "read_queues"]

_TEMPLATE: Final = "juniper_junos/show_interfaces_queue.textfsm"
_OF_SERVICE: Final = "juniper_junos/show_class_of_service_interface.textfsm"
_DEFAULT_MAP: Final = "<default>"
_DIRECTIONS: Final = {"Egress": "out", "Ingress": "in"}
_REASONS: Final = (
    ("TAIL", DropReason.TAIL),
    ("RED", DropReason.RANDOM),
    ("RL", DropReason.RATE),
    ("TOTAL", DropReason.TOTAL),
)


def read_queues(reply: Shown) -> CountersRead:
    """Return the counters of each queue, named by its forwarding classes."""
    interface, direction = "", "out"
    interfaces: dict[str, None] = {}
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    for row in rows(_TEMPLATE, reply.text, reply.first_line):
        if row.text("INTERFACE"):
            interface, direction = row.text("INTERFACE"), "out"
            interfaces[interface] = None
        if row.text("SIDE"):
            direction = _DIRECTIONS[row.text("SIDE")]
        if row.text("QUEUE"):
            classes.append(_queue(row, interface, direction))
        else:
            unread += row.unread
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def read_class_of_service(reply: Shown) -> CountersRead:
    """Return the ports, and which of them have the default scheduler map."""
    found = list(rows(_OF_SERVICE, reply.text, reply.first_line))
    ports = {row.text("INTERFACE"): row.text("SCHEDULER_MAP") for row in found}
    ports.pop("", None)
    return CountersRead(
        interfaces=tuple(ports),
        unread=tuple(line for row in found for line in row.unread),
        unqueued=tuple(name for name, used in ports.items() if used == _DEFAULT_MAP),
    )


def _queue(row: Row, interface: str, direction: str) -> ClassCounters:
    sent = row.number("SENT_PACKETS")
    unread = row.unread
    if sent is None and not unread:
        reason = "no line tells how many packets were transmitted"
        unread = (Unread(row.first, f"Queue: {row.text('QUEUE')}", reason),)
    return ClassCounters(
        interface,
        direction,
        row.text("CLASSES"),
        path=(f"queue {row.text('QUEUE')}",),
        packets=row.number("QUEUED_PACKETS"),
        bytes=row.number("QUEUED_BYTES"),
        sent_packets=sent,
        sent_bytes=row.number("SENT_BYTES"),
        drops=tuple(
            Dropped(reason, row.number(f"{word}_PACKETS"), row.number(f"{word}_BYTES"))
            for word, reason in _REASONS
            if row.text(f"{word}_PACKETS") or row.text(f"{word}_BYTES")
        ),
        offered_bps=row.number("QUEUED_BPS"),
        queue_depth=row.number("DEPTH"),
        unread=unread,
        lines=(row.first, row.last),
    )


LISTINGS: Final = (
    Listing(
        ask="show interfaces queue {interface}",
        command=re.compile(r"(?i)show int\S* queue( \S+)*( \| no-more)?"),
        read=read_queues,
        sign=re.compile(r"Queue: \d+, Forwarding classes: |Egress queues: \d+ supported"),
    ),
    Listing(
        ask="show class-of-service interface {interface}",
        command=re.compile(r"(?i)show class-of-service interface( \S+)?( \| no-more)?"),
        read=read_class_of_service,
        sign=re.compile(r"(?:Maximum usable queues|Queues supported): \d+, Queues in use: "),
    ),
)
