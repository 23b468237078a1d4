"""Queues and rates: what the intents ask of a scheduler against what the text gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from translator.intents.condition import Condition
from translator.intents.device import DeviceQos, QueueClass, Queuing
from translator.intents.model import InterfaceIntents, QueueIntent, QueuingIntent
from translator.intents.pipeline import Service
from translator.verify.boxes import witness
from translator.verify.classes import class_diagram
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, Node, Space

__all__ = ["SchedulingFinding", "Tolerance", "find_scheduling", "percent_of"]


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

    def __str__(self) -> str:
        queue = f", queue {self.queue}" if self.queue else ""
        return f"{self.interface}{queue}: {self.problem}: wanted {self.wanted}, found {self.found}"


class _Names(NamedTuple):
    wanted: str
    found: str


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
    if queuing is None:
        return [SchedulingFinding(intents.name, "", "no queues are configured", "queues", "none")]
    findings = _shaping(intents, intents.queuing, queuing, tolerance)
    pairs = _pairs(
        class_diagram(wanted, in_interface, intents.name, space),
        class_diagram(found, in_interface, intents.name, space),
        packets if packets is not None else _within(domain, space),
        space,
    )
    for queue in intents.queuing.queues:
        findings += _queue(intents, queue, pairs, queuing, tolerance)
    return findings


def _within(domain: Condition | None, space: Space) -> Node:
    return EVERYTHING if domain is None else packets_of(domain, space)


def percent_of(item: QueueClass, queuing: Queuing, link_bps: int | None) -> float | None:
    """Return a class's share in percent of the shaped rate, else of the link; None if unsaid."""
    rate_bps = queuing.shaping_bps or link_bps
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


def _pairs(wanted: Node, found: Node, domain: Node, space: Space) -> dict[_Names, str]:
    """Return which wanted class meets which found class, with the lowest packet of each pair."""
    memo = space.memo("class pairs")
    known: dict[_Names, str] | None = memo.get((wanted, found, domain))
    if known is not None:
        return known
    # Both sides may use the same name: the tuples keep equal names from counting as no pair.
    left = space.where(domain, space.map_leaves(wanted, lambda name: ("wanted", name)))
    right = space.where(domain, space.map_leaves(found, lambda name: ("found", name)))
    both = space.combine(left, right, lambda one, other: _Names(one[1], other[1]))
    known = memo[wanted, found, domain] = {
        pair: str(witness(space, space.members(both, pair.__eq__)))
        for pair in space.leaves(both)
        if isinstance(pair, _Names)
    }
    return known


def _shaping(
    intents: InterfaceIntents, wanted: QueuingIntent, found: Queuing, tolerance: Tolerance
) -> list[SchedulingFinding]:
    want, have = wanted.shaping_bps, found.shaping_bps
    if want is None and have is not None and intents.link_bps is not None:
        # Some schedulers need a rate to share out; at the rate of the line it delays nothing.
        want = max(intents.link_bps, have)
    if want is None and have is None:
        return []
    if want and have and abs(want - have) <= want * tolerance.rate_percent / 100:
        return []
    return [
        SchedulingFinding(
            intents.name,
            "",
            "shaping rate",
            _rate_text(wanted.shaping_bps),
            _rate_text(have),
            found.lines,
        )
    ]


def _rate_text(rate_bps: int | None) -> str:
    return "none" if rate_bps is None else f"{rate_bps} bit/s"


def _queue(
    intents: InterfaceIntents,
    queue: QueueIntent,
    pairs: dict[_Names, str],
    queuing: Queuing,
    tolerance: Tolerance,
) -> list[SchedulingFinding]:
    by_name = {item.name: item for item in queuing.classes}
    findings: list[SchedulingFinding] = []
    total: float | None = None
    lines: list[int] = []
    for pair, packet in pairs.items():
        if pair.wanted != queue.name:
            continue
        item = by_name.get(pair.found)
        if item is None:
            if queue.service is not Service.BEST_EFFORT:
                findings.append(_missing(intents.name, queue, pair.found, packet))
            continue
        lines += item.lines
        if item.service is not queue.service:
            findings.append(_other_service(intents.name, queue, item))
        share = percent_of(item, queuing, intents.link_bps)
        if share is not None:
            total = (total or 0.0) + share
    if findings or not any(pair.wanted == queue.name for pair in pairs):
        return findings
    return _share(intents.name, queue, total, tuple(lines), tolerance)


def _missing(interface: str, queue: QueueIntent, name: str, packet: str) -> SchedulingFinding:
    found = f"class {name!r} without parameters" if name else "no class"
    return SchedulingFinding(
        interface, queue.name, f"no queue for {packet}", queue.service.value, found
    )


def _other_service(interface: str, queue: QueueIntent, item: QueueClass) -> SchedulingFinding:
    return SchedulingFinding(
        interface, queue.name, "service", queue.service.value, item.service.value, item.lines
    )


def _share(
    interface: str,
    queue: QueueIntent,
    found: float | None,
    lines: tuple[int, ...],
    tolerance: Tolerance,
) -> list[SchedulingFinding]:
    """Compare the share; best effort without a share of its own takes what is left."""
    if found is None and queue.service is Service.BEST_EFFORT:
        return []
    if found is not None and tolerance.allows(queue, found):
        return []
    have = "none" if found is None else f"{found:.4g} %"
    return [SchedulingFinding(interface, queue.name, "share", f"{queue.percent} %", have, lines)]
