"""Which forwarding classes, queues and schedulers the intents of one device need.

A forwarding class stands for one queue of the intents. Class and loss priority together stand for
one code point, so that a rewrite rule can write back what a classifier saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.juniper_junos import lines
from translator.drivers.juniper_junos.values import BEST_EFFORT, LOSS_PRIORITIES, NETWORK_CONTROL
from translator.intents.model import DeviceIntents, QueueIntent, QueuingIntent
from translator.intents.pipeline import Service

__all__ = ["EARLY_DROP", "ForwardingClass", "Layout", "Schedule", "Schedules", "name_of"]

PREFIX: Final = "QOS-"
EARLY_DROP: Final = "QOS-EARLY-DROP"
# The box's own routing protocols leave by this class; the default scheduler map reserves 5 %
# for it, and a map of ours that left it out would take that away.
_CONTROL_PERCENT: Final = 5
_DF: Final = CodePoint(0)


def name_of(*words: str) -> str:
    """Return our name for something: the words in capitals, joined by hyphens."""
    joined = "-".join(words).upper()
    return PREFIX + "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in joined)


@dataclass(frozen=True, slots=True)
class ForwardingClass:
    """A class of the box: its name, queue number, and what of it stands for which code point.

    Attributes:
        marks: code points, each with the loss priority that tells it from the others.
        queue: the queue's name in the intents; "" for classes of the default queue.
    """

    name: str
    number: int
    marks: tuple[tuple[CodePoint, str], ...]
    queue: str


class Layout:
    """The forwarding classes of one device; none where nothing is queued or rewritten."""

    def __init__(
        self, intents: DeviceIntents, *, platform: str, numbers: Sequence[int], rewriting: bool
    ) -> None:
        self.classes: tuple[ForwardingClass, ...] = ()
        queued = [item.queuing for item in intents.interfaces if item.queuing is not None]
        if not queued and not rewriting:
            return
        found = list(_queued(queued, platform, numbers))
        known = {point for item in found for point, _ in item.marks}
        for item in intents.interfaces:
            for traffic_class in item.classes:
                point = traffic_class.code_point
                if point is not None and point != _DF and point not in known:
                    known.add(point)  # marked but not queued by itself: shares the default queue
                    name = name_of(traffic_class.name)
                    found.append(ForwardingClass(name, 0, ((point, "low"),), ""))
        if any(item.number == 0 for item in found):
            # A class of ours on the queue of best-effort would otherwise stand in its place.
            found.insert(0, ForwardingClass(BEST_EFFORT, 0, (), ""))
        self.classes = _unique(found)
        if rewriting:
            _check_marks(self.classes, platform)

    def for_code_point(self, code_point: CodePoint) -> tuple[str, str]:
        """Return class and loss priority of packets that carry a code point."""
        for item in self.classes:
            for point, level in item.marks:
                if point == code_point:
                    return item.name, level
        return BEST_EFFORT, "low"

    def for_queue(self, queue: str) -> str:
        """Return the class that is served by a queue, by the queue's name in the intents."""
        return next((item.name for item in self.classes if item.queue == queue), BEST_EFFORT)


def _queued(
    queued: Iterable[QueuingIntent], platform: str, numbers: Sequence[int]
) -> Iterator[ForwardingClass]:
    queues: dict[str, QueueIntent] = {}
    for queuing in queued:
        for queue in queuing.queues:
            if queues.setdefault(queue.name, queue).code_points != queue.code_points:
                raise refuse(
                    platform,
                    f"queue {queue.name} with other code points on another interface",
                    "a forwarding class has one queue on the whole device",
                    nearest="give all interfaces of the device the same queues",
                )
    wanted = [queue for queue in queues.values() if queue.code_points]
    points = [point for queue in wanted for point in queue.code_points]
    if len(wanted) > len(numbers) or len(points) > len(set(points)):
        raise refuse(
            platform,
            f"{len(wanted)} queues over {len(set(points))} code points",
            f"beside its own classes it has {len(numbers)} queues, each code point in one of them",
            nearest="merge queues, or group code points alike on all interfaces",
        )
    for number, queue in zip(numbers, wanted, strict=False):
        marks = tuple(_levels(queue.code_points))
        yield ForwardingClass(name_of(queue.name), number, marks, queue.name)


def _levels(points: Sequence[CodePoint]) -> Iterator[tuple[CodePoint, str]]:
    """Yield each code point with a loss priority: that of its AF drop precedence, while free."""
    free = list(LOSS_PRIORITIES)
    by_precedence = {1: "low", 2: "medium-high", 3: "high"}
    for point in points:
        asked = by_precedence[int(point.name[3])] if point.name.startswith("af") else "low"
        level = asked if asked in free else next(iter(free), "low")
        if level in free:
            free.remove(level)
        yield point, level


def _check_marks(classes: Iterable[ForwardingClass], platform: str) -> None:
    """Refuse a class in which a rewrite rule could not tell two code points apart."""
    for item in classes:
        levels = [level for _, level in item.marks]
        if len(levels) > len(set(levels)):
            raise refuse(
                platform,
                f"{len(levels)} code points in queue {item.queue}",
                "its rewrite rules know a class and four loss priorities",
                nearest="spread the code points over more queues",
            )


def _unique(found: Iterable[ForwardingClass]) -> tuple[ForwardingClass, ...]:
    named: dict[str, ForwardingClass] = {}
    for item in found:
        name, number = item.name, 2
        while name in named:
            name, number = f"{item.name}-{number}", number + 1
        named[name] = ForwardingClass(name, item.number, item.marks, item.queue)
    return tuple(named.values())


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named scheduler or scheduler map and the statements in it."""

    name: str
    statements: tuple[str, ...]


@dataclass(slots=True)
class Schedules:
    """Schedulers and scheduler maps, equal ones once."""

    layout: Layout
    levels: tuple[str, str]
    schedulers: dict[tuple[str, ...], Schedule] = field(default_factory=dict)
    maps: dict[tuple[str, ...], Schedule] = field(default_factory=dict)

    def map_for(self, queuing: QueuingIntent) -> str:
        """Return the name of the scheduler map for a queuing, made if need be."""
        statements: list[str] = []
        strict = [queue for queue in queuing.queues if queue.service is Service.PRIORITY]
        for queue in queuing.queues:
            level = self.levels[0] if queue in strict[:1] else self.levels[1]
            scheduler = self._scheduler(name_of(queue.name), _statements(queue, level))
            name = self.layout.for_queue(queue.name) if queue.code_points else BEST_EFFORT
            statements.append(lines.MAP_ENTRY.write(name=name, scheduler=scheduler))
        control = self._scheduler(name_of(NETWORK_CONTROL), _control(queuing))
        statements.append(lines.MAP_ENTRY.write(name=NETWORK_CONTROL, scheduler=control))
        return _named(self.maps, name_of("queues"), tuple(sorted(statements)))

    @property
    def drops_early(self) -> bool:
        """Whether a scheduler refers to our drop profile."""
        wanted = lines.DROP_PROFILE_MAP.write(name=EARLY_DROP)
        return any(wanted in key for key in self.schedulers)

    def _scheduler(self, name: str, statements: tuple[str, ...]) -> str:
        # The name is part of the key: one scheduler per queue reads better than the fewest.
        return _named(self.schedulers, name, statements, name)


def _named(
    known: dict[tuple[str, ...], Schedule], name: str, statements: tuple[str, ...], *more: str
) -> str:
    key = (*statements, *more)
    if key not in known:
        taken = {item.name for item in known.values()}
        number = 2
        unique = name
        while unique in taken:
            unique, number = f"{name}-{number}", number + 1
        known[key] = Schedule(unique, statements)
    return known[key].name


def _statements(queue: QueueIntent, level: str) -> tuple[str, ...]:
    share = lines.BUFFER_PERCENT.write(percent=queue.percent)
    drop = (lines.DROP_PROFILE_MAP.write(name=EARLY_DROP),) if queue.congestion_avoidance else ()
    if queue.service is Service.PRIORITY:
        rate = lines.TRANSMIT_PERCENT.write(percent=queue.percent)
        # A strict-high queue is served whatever its rate, so it is only capped; a queue of
        # priority high is served first only within its rate.
        return (
            *(() if level == "strict-high" else (rate,)),
            lines.LIMIT_PERCENT.write(percent=queue.percent),
            share,
            lines.PRIORITY.write(level=level),
        )
    low = lines.PRIORITY.write(level="low")
    if queue.service is Service.GUARANTEED:
        return (lines.TRANSMIT_PERCENT.write(percent=queue.percent), share, low, *drop)
    return (lines.TRANSMIT_REMAINDER.write(), lines.BUFFER_REMAINDER.write(), low, *drop)


def _control(queuing: QueuingIntent) -> tuple[str, ...]:
    spent = sum(queue.percent for queue in queuing.queues[:-1])
    if queuing.queues[-1].service is Service.GUARANTEED:
        spent += queuing.queues[-1].percent
    percent = min(_CONTROL_PERCENT, 100 - spent)
    if percent < 1:
        return (lines.PRIORITY.write(level="low"),)
    return (
        lines.TRANSMIT_PERCENT.write(percent=percent),
        lines.BUFFER_PERCENT.write(percent=percent),
        lines.PRIORITY.write(level="low"),
    )
