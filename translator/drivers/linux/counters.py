"""Counters of Linux queuing: `tc -s qdisc`, `tc -s class` and `tc -s filter`.

Source: tc(8); printed forms measured with iproute2 6.1. All counters have 64 bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.drivers.counting import Listing
from translator.drivers.fsm import Row, rows
from translator.errors import ParseError, Where
from translator.intents.counters import (
    ClassCounters,
    CountersRead,
    Dropped,
    DropReason,
    Matched,
    Shown,
    Unit,
)
from translator.intents.device import Unread

__all__ = ["LISTINGS", "read_classes", "read_disciplines", "read_filters"]

_DEVICE: Final = re.compile(r"\bdev (\S+)")
_COLUMN_GAP: Final = re.compile(r"\s{2,}")
# Source: net/sched/sch_htb.c, TC_HTB_MAXDEPTH; one that is its own parent ends here too.
_DEEPEST: Final = 8
_BEST_EFFORT: Final = "Best Effort"
# Classes of these are flows that come and go, of no policy.
_FLOWS: Final = frozenset({"fq_codel", "sfq", "cake", "fq_pie"})


def read_classes(reply: Shown) -> CountersRead:
    """Return what each class sent and lost; `path` holds the classes above it.

    Raises:
        ParseError: the command does not name the interface, which the output does not either.
    """
    interface = _device(reply)
    found = list(rows("linux/tc_class.textfsm", reply.text, reply.first_line))
    parents = {row.text("ID"): row.text("PARENT") for row in found if row.text("ID")}
    classes = [
        _class(row, interface, _above(row.text("ID"), parents))
        for row in found
        if row.text("ID") and row.text("KIND") not in _FLOWS
    ]
    unread = [item for row in found if not row.text("ID") for item in row.unread]
    return CountersRead(tuple(classes), (interface,), tuple(unread))


def read_disciplines(reply: Shown) -> CountersRead:
    """Return what each queuing discipline and each tin of cake sent, and what passed HTB by."""
    classes: list[ClassCounters] = []
    interfaces: dict[str, None] = {}
    unread: list[Unread] = []
    for row in rows("linux/tc_qdisc.textfsm", reply.text, reply.first_line):
        if not row.text("KIND"):
            unread += row.unread
            continue
        interface = row.text("INTERFACE") or _device(reply)
        interfaces[interface] = None
        classes.append(_discipline(row, interface))
        classes += _tins(row, interface)
        if row.text("DIRECT"):
            sent = int(row.text("DIRECT"))
            classes.append(
                ClassCounters(
                    interface, "out", "direct", sent_packets=sent, lines=(row.first, row.first)
                )
            )
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def read_filters(reply: Shown) -> CountersRead:
    """Return how many packets each filter put into its class.

    Raises:
        ParseError: as `read_classes`.
    """
    interface = _device(reply)
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    for number, row in enumerate(rows("linux/tc_filter.textfsm", reply.text, reply.first_line), 1):
        if not row.text("FLOW"):
            unread += row.unread
            continue
        hits = row.number("HITS")
        classes.append(
            ClassCounters(
                interface,
                "out",
                f"filter {number}",
                unit=Unit.RULE,
                packets=row.number("SENT_PACKETS") if hits is None else hits,
                bytes=row.number("SENT_BYTES"),
                drops=_lost(row),
                matched=tuple(Matched(text) for text in row.items("MATCH")),
                into=row.text("FLOW"),
                unread=row.unread,
                lines=(row.first, row.last),
            )
        )
    return CountersRead(tuple(classes), (interface,), tuple(unread))


def _device(reply: Shown) -> str:
    found = _DEVICE.search(reply.command)
    if found is None:
        raise ParseError(
            f"nothing names the interface of {reply.command!r}",
            where=Where(reply.file, reply.first_line),
            hint="save it below its command: `# tc -s class show dev NAME`",
        )
    return found[1]


def _above(name: str, parents: dict[str, str]) -> tuple[str, ...]:
    """Return the classes above one, the outermost first."""
    path: list[str] = []
    while (name := parents.get(name, "")) in parents and len(path) < _DEEPEST:
        path.append(name)
    return tuple(reversed(path))


def _class(row: Row, interface: str, path: tuple[str, ...]) -> ClassCounters:
    return ClassCounters(
        interface,
        "out",
        row.text("ID"),
        path,
        sent_packets=row.number("SENT_PACKETS"),
        sent_bytes=row.number("SENT_BYTES"),
        drops=_lost(row),
        queue_depth=row.number("DEPTH"),
        unread=row.unread or _silent(row, f"class {row.text('ID')}"),
        lines=(row.first, row.last),
    )


def _discipline(row: Row, interface: str) -> ClassCounters:
    parent = row.text("PARENT")
    return ClassCounters(
        interface,
        "in" if row.text("KIND") in ("ingress", "clsact") else "out",
        f"{row.text('KIND')} {row.text('HANDLE')}",
        (parent,) if parent else (),
        Unit.QUEUE,
        sent_packets=row.number("SENT_PACKETS"),
        sent_bytes=row.number("SENT_BYTES"),
        drops=_lost(row),
        queue_depth=row.number("DEPTH"),
        unread=row.unread or _silent(row, f"qdisc {row.text('KIND')}"),
        lines=(row.first, row.last),
    )


def _silent(row: Row, what: str) -> tuple[Unread, ...]:
    if row.text("SENT_PACKETS"):
        return ()
    return (Unread(row.first, what, "no line tells what it sent: ask with `tc -s`"),)


def _tins(row: Row, interface: str) -> Iterator[ClassCounters]:
    """Return the tins of cake under the names that the reader of configurations gives them."""
    names = _COLUMN_GAP.split(row.text("TINS").strip()) if row.text("TINS") else []
    packets, sizes, drops = (
        [int(word) for word in row.text(key).split()]
        for key in ("TIN_PACKETS", "TIN_BYTES", "TIN_DROPS")
    )
    if not len(names) == len(packets) == len(sizes) == len(drops):
        return
    for name, count, size, lost in zip(names, packets, sizes, drops, strict=True):
        yield ClassCounters(
            interface,
            "out",
            "cake" if name == _BEST_EFFORT else f"cake {name.lower()}",
            (f"cake {row.text('HANDLE')}",),
            packets=count,
            bytes=size,
            drops=(Dropped(DropReason.TOTAL, lost),),
            unread=row.unread,
            lines=(row.first, row.last),
        )


def _lost(row: Row) -> tuple[Dropped, ...]:
    count = row.number("DROPPED")
    return () if count is None else (Dropped(DropReason.TOTAL, count),)


def _tc(what: str) -> re.Pattern[str]:
    return re.compile(rf"(sudo )?(/\S*/)?tc -s(t\S*)?( -\S+)* {what}\w*( show| ls| list)?( .*)?")


LISTINGS: Final = (
    Listing("tc -s qdisc show dev {interface}", _tc("q"), read_disciplines, re.compile("qdisc ")),
    Listing("tc -s class show dev {interface}", _tc("c"), read_classes),
    Listing("tc -s filter show dev {interface}", _tc("f"), read_filters),
)
