"""Queues and rates: what the intents ask of a scheduler against what the text gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.intents.condition import Condition, Predicate
from translator.intents.device import DeviceQos, InterfaceQos, QueueClass, Queuing
from translator.intents.match import ANY
from translator.intents.model import InterfaceIntents, QueueIntent, QueuingIntent
from translator.intents.pipeline import Service, Unclear
from translator.verify.boxes import witness
from translator.verify.classes import class_diagram, class_pairs
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, Node, Space

__all__ = [
    "SchedulingFinding",
    "Tolerance",
    "find_scheduling",
    "limit_of",
    "percent_of",
    "queuing_doubts",
]


_SHARE: Final = "share"
_LIMIT: Final = "limit"
_EARLY_DROP: Final = "early drop"
_WHOLE: Final = 100.0  # percent


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a share (percentage points) and a rate (percent of it) may be off.

    With `more_is_fine` a class that is no priority class may have any larger share: what it does
    not use is lent to the others. A priority class starves them, so its limit stays as wanted.
    """

    share_points: float = 1.0
    rate_percent: float = 1.0
    more_is_fine: bool = False

    def allows(self, queue: QueueIntent, percent: float) -> bool:
        """Whether a share will do for the queue."""
        if self.more_is_fine and queue.service is not Service.PRIORITY:
            return percent >= queue.percent - self.share_points
        return abs(percent - queue.percent) <= self.share_points


@dataclass(frozen=True, slots=True)
class SchedulingFinding:
    """One parameter of a queue or interface that is not as wanted.

    `queue` is "" when the finding concerns the whole interface.
    """

    interface: str
    queue: str
    problem: str
    wanted: str
    found: str
    lines: tuple[int, ...] = ()

    @property
    def of_the_queue(self) -> bool:
        """Whether it is a parameter of the queue itself, by whatever way packets come to it."""
        return self.problem in (_SHARE, _LIMIT, _EARLY_DROP)

    def __str__(self) -> str:
        queue = f", queue {self.queue}" if self.queue else ""
        return f"{self.interface}{queue}: {self.problem}: wanted {self.wanted}, found {self.found}"


def find_scheduling(
    intents: InterfaceIntents,
    wanted: DeviceQos,
    found: DeviceQos,
    in_interface: str,
    space: Space,
    *,
    tolerance: Tolerance,
    domain: Condition | None = None,
    packets: Node | None = None,
) -> list[SchedulingFinding]:
    """Return what is wrong with the scheduler of one interface; empty when it is as wanted.

    A found class belongs to a wanted queue when packets of that queue end in it, whatever it is
    called, for packets that enter by `in_interface`.

    Args:
        domain: the packets that count; None for all.
        packets: the same as a diagram; it goes before `domain`.
    """
    if intents.queuing is None:
        return []
    queuing = found.interface(intents.name).queuing
    if queuing is None and queuing_doubts(found.interface(intents.name)):
        return []  # the treatment of what leaves there is unknown for the same reason
    if queuing is None:
        return [SchedulingFinding(intents.name, "", "no queues are configured", "queues", "none")]
    findings = _shaping(intents, intents.queuing, queuing, tolerance)
    pairs = class_pairs(
        class_diagram(wanted, in_interface, intents.name, space),
        class_diagram(found, in_interface, intents.name, space),
        packets if packets is not None else _within(domain, space),
        space,
    )
    for queue in intents.queuing.queues:
        met = {pair.other: node for pair, node in pairs.items() if pair.one == queue.name}
        findings += _queue(_Asked(intents, queue, queuing, tolerance), met, space)
    return findings


def queuing_doubts(found: InterfaceQos) -> tuple[str, ...]:
    """Return why an interface of which no queues were read may have some; none where it has none.

    What makes the treatment of every leaving packet unknown may be queues.
    """
    reasons: dict[str, None] = {}
    for rule in (rule for stage in found.egress for rule in stage.rules):
        if isinstance(rule.condition, Predicate) and rule.condition.unread:
            reasons[rule.condition.name] = None
        elif rule.condition == ANY:
            reasons |= {x.reason: None for x in rule.actions if isinstance(x, Unclear)}
    return tuple(reasons) if found.queuing is None else ()


def _within(domain: Condition | None, space: Space) -> Node:
    return EVERYTHING if domain is None else packets_of(domain, space)


def percent_of(item: QueueClass, queuing: Queuing, link_bps: int | None) -> float | None:
    """Return a class's share in percent of the shaped rate, else of the link; None if unsaid."""
    rate_bps = queuing.rate_bps(link_bps)
    if item.service is Service.PRIORITY:
        if item.limit_percent is not None:
            return item.limit_percent
        if item.limit_bps is not None:
            return 100 * item.limit_bps / rate_bps if rate_bps else None
    if item.percent is not None:
        return item.percent
    if item.rate_bps is not None:
        return 100 * item.rate_bps / rate_bps if rate_bps else None
    if item.remaining_percent is None:
        return None
    priority = [
        percent_of(other, queuing, link_bps) or 0.0
        for other in queuing.classes
        if other.service is Service.PRIORITY
    ]
    return item.remaining_percent * (100 - sum(priority)) / 100


def limit_of(item: QueueClass, queuing: Queuing, link_bps: int | None) -> float | None:
    """Return what a class may take at most, in percent like `percent_of`; None if unsaid."""
    if item.limit_percent is not None or item.limit_bps is None:
        return item.limit_percent
    rate_bps = queuing.rate_bps(link_bps)
    return 100 * item.limit_bps / rate_bps if rate_bps else None


def _shaping(
    intents: InterfaceIntents, wanted: QueuingIntent, found: Queuing, tolerance: Tolerance
) -> list[SchedulingFinding]:
    want, have = wanted.shaping_bps, found.shaping_bps
    words = _rate_text(have)
    if have is None and found.shaping_percent is not None and found.shaping_percent < _WHOLE:
        # A verdict must follow though the rate of the line may be unknown.
        have = found.rate_bps(intents.link_bps) or 0
        words = f"{found.shaping_percent:g} % of the line"
    if want is None and have is not None and intents.link_bps is not None:
        # Some schedulers need a rate to share out; at the rate of the line it delays nothing.
        want = max(intents.link_bps, have)
    if want is None and have is None:
        return []
    if want and have and abs(want - have) <= want * tolerance.rate_percent / 100:
        return []
    return [
        SchedulingFinding(
            intents.name, "", "shaping rate", _rate_text(wanted.shaping_bps), words, found.lines
        )
    ]


def _rate_text(rate_bps: int | None) -> str:
    return "none" if rate_bps is None else f"{rate_bps} bit/s"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One queue that is asked for, and the scheduler that it is looked for in."""

    interface: InterfaceIntents
    queue: QueueIntent
    queuing: Queuing
    tolerance: Tolerance

    def finding(
        self, problem: str, wanted: str, found: str, lines: tuple[int, ...] = ()
    ) -> SchedulingFinding:
        return SchedulingFinding(
            self.interface.name, self.queue.name, problem, wanted, found, lines
        )


def _queue(asked: _Asked, met: Mapping[str, Node], space: Space) -> list[SchedulingFinding]:
    """Compare a queue with the classes that its packets meet."""
    by_name = {item.name: item for item in asked.queuing.classes}
    classes = [by_name[name] for name in met if name in by_name]
    findings = [
        _missing(asked, name, str(witness(space, node)))
        for name, node in met.items()
        if name not in by_name and asked.queue.service is not Service.BEST_EFFORT
    ]
    for item in classes:
        if item.service is not asked.queue.service:
            words = asked.queue.service.value, item.service.value
            findings.append(asked.finding("service", *words, item.lines))
    if not met:
        return []
    return findings or [*_share(asked, classes), *_limits(asked, classes), *_early(asked, classes)]


def _missing(asked: _Asked, name: str, packet: str) -> SchedulingFinding:
    found = f"class {name!r} without parameters" if name else "no class"
    return asked.finding(f"no queue for {packet}", asked.queue.service.value, found)


def _share(asked: _Asked, classes: Sequence[QueueClass]) -> Iterator[SchedulingFinding]:
    """Compare the share; best effort without a share of its own takes what is left."""
    link_bps = asked.interface.link_bps
    shares = [percent_of(item, asked.queuing, link_bps) for item in classes]
    known = [share for share in shares if share is not None]
    if not known and asked.queue.service is Service.BEST_EFFORT:
        return
    if known and asked.tolerance.allows(asked.queue, sum(known)):
        return
    lines = tuple(line for item in classes for line in item.lines)
    have = f"{sum(known):.4g} %" if known else "none"
    yield asked.finding(_SHARE, f"{asked.queue.percent} %", have, lines)


def _limits(asked: _Asked, classes: Iterable[QueueClass]) -> Iterator[SchedulingFinding]:
    """Find classes that may not even take their share; of a priority queue the two are one."""
    enough = asked.queue.percent - asked.tolerance.share_points
    for item in classes:
        if asked.queue.service is Service.PRIORITY:
            continue
        cap = limit_of(item, asked.queuing, asked.interface.link_bps)
        if cap is not None and cap < enough:
            wanted = f"none below {asked.queue.percent} %"
            yield asked.finding(_LIMIT, wanted, f"{cap:.4g} %", item.lines)
        elif cap is None and item.limit_bps is not None:
            # How much of the line that is nobody can say, so it cannot count as enough.
            yield asked.finding(_LIMIT, "none", _rate_text(item.limit_bps), item.lines)


def _early(asked: _Asked, classes: Iterable[QueueClass]) -> Iterator[SchedulingFinding]:
    """Find early drop in a priority queue, where no plan wants it: what waits there cannot slow.

    Whether other queues drop early is not compared.
    """
    for item in classes:
        if asked.queue.service is Service.PRIORITY and item.congestion_avoidance:
            yield asked.finding(_EARLY_DROP, "none", "on", item.lines)
