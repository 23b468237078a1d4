"""Shares of a scheduler that cannot be kept, and queues that never fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.detectors.scene import Scene, finding
from translator.audit.groups import Group
from translator.audit.model import Direction, Finding
from translator.intents.device import QueueClass, Queuing
from translator.intents.pipeline import Service
from translator.verify.boxes import witness
from translator.verify.scheduling import percent_of

__all__ = ["find"]

# Source: Cisco, Enterprise Medianet Quality of Service Design: all priority classes together
# at most 33 % of a link, or data suffers.
_MOST_PRIORITY: Final = 33.0
_ROUNDING: Final = 0.5
_WHOLE: Final = 100.0
# A rate that is written a little below the line's is the line's, less its framing.
_NEARLY: Final = 0.98


def find(scene: Scene) -> Iterator[Finding]:
    """Yield interfaces whose shares are too large, or whose shaper is missing."""
    for group in scene.case.groups:
        queuing = group.found.queuing
        if queuing is not None and queuing.classes:
            port = scene.case.port(group.name)
            line_bps = None if port is None else port.line_bps
            rate_bps = group.spec.rate_bps or line_bps
            yield from _priority(scene, group, queuing, rate_bps)
            yield from _sums(group, queuing, rate_bps)
    yield from _unshaped(scene)


def _priority(
    scene: Scene, group: Group, queuing: Queuing, rate_bps: int | None
) -> Iterator[Finding]:
    classes = [item for item in queuing.classes if item.service is Service.PRIORITY]
    total = sum(percent_of(item, queuing, rate_bps) or 0.0 for item in classes)
    if total > _MOST_PRIORITY + _ROUNDING:
        voice = _class_of_voice(scene, group)
        # A limit of the whole line is none, as routers give to their own control traffic.
        classes = [
            item
            for item in classes
            if item.name == voice or not _is_unlimited(item, queuing, rate_bps)
        ]
        total = sum(percent_of(item, queuing, rate_bps) or 0.0 for item in classes)
    if total > _MOST_PRIORITY + _ROUNDING:
        names = ", ".join(item.name for item in classes)
        yield finding(
            "priority-share",
            f"priority classes ({names}) may take {total:.4g} % of the line; "
            f"more than {_MOST_PRIORITY:.0f} % starves the others",
            group.names,
            direction=Direction.OUT,
            lines=_lines(classes, queuing),
            hint=f"lower their limits by {total - _MOST_PRIORITY:.4g} points, to "
            f"{_MOST_PRIORITY:.0f} % together, or lease a faster line",
        )


def _sums(group: Group, queuing: Queuing, rate_bps: int | None) -> Iterator[Finding]:
    # A class may state a share and what it gets of the rest; each sum is one promise.
    fixed = [
        item
        for item in queuing.classes
        if item.remaining_percent is None and not _is_unlimited(item, queuing, rate_bps)
    ]
    shares = sum(percent_of(item, queuing, rate_bps) or 0.0 for item in fixed if _is_promise(item))
    remaining = sum(item.remaining_percent or 0.0 for item in queuing.classes)
    for total, what in ((shares, "the line"), (remaining, "what priority classes leave")):
        if total > _WHOLE + _ROUNDING:
            yield finding(
                "shares-over-100",
                f"the classes are promised {total:.4g} % of {what}, so no share can be relied on",
                group.names,
                direction=Direction.OUT,
                lines=_lines(queuing.classes, queuing),
                hint=f"lower the shares by {total - _WHOLE:.4g} points together, to 100 % or less",
            )


def _is_promise(item: QueueClass) -> bool:
    """Whether a class's share is set aside for it; what is only a limit is not.

    Cisco's `priority percent` is both. A shaping rate of a Juniper scheduler is only the most
    that the class may take.
    """
    if item.service is not Service.PRIORITY:
        return True
    return item.percent is not None or item.rate_bps is not None


def _class_of_voice(scene: Scene, group: Group) -> str | None:
    """Return the class that the plan's priority packets end in."""
    way = next((item for item in scene.leaving if item.group is group), None)
    if way is None:
        return None
    voice = scene.treated(way.wanted, lambda t: t.service is Service.PRIORITY)
    packet = witness(scene.space, voice)
    return None if packet is None else way.found.trace(packet).class_name


def _is_unlimited(item: QueueClass, queuing: Queuing, rate_bps: int | None) -> bool:
    if item.service is not Service.PRIORITY:
        return False
    return (percent_of(item, queuing, rate_bps) or 0.0) >= _WHOLE - _ROUNDING


def _lines(classes: tuple[QueueClass, ...] | list[QueueClass], queuing: Queuing) -> list[int]:
    return [line for item in classes for line in item.lines] or list(queuing.lines)


def _unshaped(scene: Scene) -> Iterator[Finding]:
    """Queues above a circuit that is slower than its line: the line never fills, so they neither.

    Source: Cisco, QoS solution reference network design, sub-line-rate Ethernet: queues act
    only where there is congestion, which a shaper moves from the provider to the router.
    """
    stated = {
        name: group.spec.rate_bps
        for group in scene.case.groups
        if group.spec.rate_bps is not None
        for name in group.names
    }
    alike: dict[tuple[int, int, tuple[int, ...]], list[str]] = {}
    for port in scene.case.ports:
        circuit_bps, line_bps = port.circuit_bps or stated.get(port.name), port.line_bps
        if circuit_bps is None or line_bps is None or circuit_bps >= line_bps * _NEARLY:
            continue
        qos = scene.case.found.listed(port.name)
        if qos is not None and qos.queuing is not None and _serves(qos.queuing):
            key = (circuit_bps, line_bps, qos.queuing.lines)
            alike.setdefault(key, []).append(port.name)
    for (circuit_bps, line_bps, lines), names in alike.items():
        yield finding(
            "shaper-missing",
            f"the line has {line_bps:,} bit/s, its circuit {circuit_bps:,} bit/s, and nothing "
            "shapes to it: the queues never fill, and the provider drops without regard to class",
            names,
            direction=Direction.OUT,
            lines=lines,
            hint=f"shape the interface to {circuit_bps:,} bit/s and queue below the shaper",
        )


def _serves(queuing: Queuing) -> bool:
    """Whether some class is served before others, though nothing holds the traffic back."""
    services = {item.service for item in queuing.classes}
    return queuing.shaping_bps is None and bool(services & {Service.PRIORITY, Service.GUARANTEED})
