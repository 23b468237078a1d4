"""What a device counted: packets, bytes and drops of each class, queue or rule, free of any vendor.

A number is None where the device does not show it, or shows that it does not know (`NA`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from translator.codepoint import CodePoint
from translator.errors import UsageError
from translator.intents.device import Unread

__all__ = [
    "ClassCounters",
    "Colour",
    "CountersRead",
    "DropReason",
    "Dropped",
    "MarkCount",
    "Matched",
    "Policed",
    "Shown",
    "Unit",
]


class Unit(StrEnum):
    """What was counted."""

    CLASS = "class"  # a class of a policy, a forwarding class, a queue that packets are put into
    QUEUE = "queue"  # what one or more classes wait in, counted beside them
    RULE = "rule"  # a rule of a filter
    MARKS = "marks"  # the packets of an interface by code point


class Colour(StrEnum):
    """What a policer found. Source: RFC 2697 and RFC 2698, in Cisco's words."""

    CONFORM = "conform"
    EXCEED = "exceed"
    VIOLATE = "violate"


class DropReason(StrEnum):
    """Why packets were lost; `TOTAL` holds all of a queue, whatever the reason."""

    TOTAL = "total"
    TAIL = "tail"
    RANDOM = "random"
    NO_BUFFER = "no buffer"
    FLOW = "flow limit"
    RATE = "above the limit of the priority class"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Packets that were lost for one reason."""

    reason: DropReason
    packets: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Policed:
    """Packets of one colour, and what is done with them (`transmit`, `drop`, ...)."""

    colour: Colour
    packets: int | None = None
    bytes: int | None = None
    action: str = ""

    @property
    def drops(self) -> bool:
        """Whether such packets are lost."""
        return self.action.startswith("drop")


@dataclass(frozen=True, slots=True)
class Matched:
    """Packets that one line of a class or of a rule matched; `text` as the device prints it."""

    text: str
    packets: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class MarkCount:
    """Packets with one code point; `dropped` of them were lost."""

    code_point: CodePoint
    packets: int | None = None
    bytes: int | None = None
    dropped: int | None = None


@dataclass(frozen=True, slots=True)
class ClassCounters:
    """What was counted for one class, queue or rule.

    Attributes:
        interface: as the device names it, "" where the output does not say.
        direction: "in", "out", or "" where the output does not say.
        path: names of the policies and classes that it stands in, from the outermost.
        packets, bytes: what was offered to it, or what it matched.
        sent_packets, sent_bytes: what left it, where the device counts that by itself.
        offered_bps, drop_bps: rates that the device itself measured.
        limit_bps: rate above which a priority class loses packets.
        priority: whether it is served before all others.
        code_points: those that its matches name; empty where they name none.
        sets: the code point that it writes.
        into: the class that a rule puts its packets into.
        bits: width of the counters, 32 where a counter may start at 0 again at 2^32.
        unread: lines about it that were not understood; what it counted is then unknown.
        lines: first and last line of the output that speak of it.
    """

    interface: str
    direction: str
    name: str
    path: tuple[str, ...] = ()
    unit: Unit = Unit.CLASS
    packets: int | None = None
    bytes: int | None = None
    sent_packets: int | None = None
    sent_bytes: int | None = None
    drops: tuple[Dropped, ...] = ()
    policed: tuple[Policed, ...] = ()
    matched: tuple[Matched, ...] = ()
    marks: tuple[MarkCount, ...] = ()
    offered_bps: int | None = None
    drop_bps: int | None = None
    queue_depth: int | None = None
    limit_bps: int | None = None
    priority: bool = False
    code_points: tuple[CodePoint, ...] = ()
    sets: CodePoint | None = None
    into: str = ""
    bits: int = 64
    unread: tuple[Unread, ...] = ()
    lines: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        numbers = (self.packets, self.bytes, self.sent_packets, self.sent_bytes)
        if any(number is not None and number < 0 for number in numbers):
            raise UsageError(f"class {self.name}: a counter is below 0")

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from all others of a device."""
        return (self.unit, self.interface, self.direction, *self.path, self.name)

    @property
    def seen(self) -> int | None:
        """Packets that came to it, or bytes where the device counts no packets; None: unknown."""
        if self.unread:
            return None
        numbers = (self.packets, self.sent_packets, self.bytes, self.sent_bytes)
        return next((number for number in numbers if number is not None), None)

    @property
    def offered(self) -> int | None:
        """Packets that came to it, those included that were lost or still wait; None: unknown."""
        if self.seen is None or self.packets is not None:
            return self.seen
        return self.seen + self.dropped + (self.queue_depth or 0)

    @property
    def dropped(self) -> int:
        """Packets (bytes where the device counts no packets) that were lost, as far as shown."""
        total = [item for item in self.drops if item.reason is DropReason.TOTAL]
        queue = sum(_number(item) for item in total or self.drops)
        return queue + sum(_number(item) for item in self.policed if item.drops)


def _number(item: Dropped | Policed) -> int:
    return next((n for n in (item.packets, item.bytes) if n is not None), 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A command and what it showed; `first_line` is that of the text in its file."""

    command: str
    text: str
    file: str = "<reply>"
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class CountersRead:
    """What was understood of one reply.

    Attributes:
        classes: in the order of the output.
        interfaces: those that the output speaks of, with counters or without.
        unread: lines that belong to no class and were not understood.
        unqueued: interfaces that the output says have the platform's default queues alone.
    """

    classes: tuple[ClassCounters, ...] = ()
    interfaces: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    unqueued: tuple[str, ...] = ()
