"""A priority class that any host can enter: wide port ranges without addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.detectors.scene import Scene, Way, decided_by, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.plan.model import Plan, Treatment
from translator.ports import merge_ranges
from translator.verify.boxes import Box, boxes
from translator.verify.diagram import EVERYTHING, NOTHING
from translator.verify.fields import Interval

__all__ = ["find"]

# A client uses 20 to 40 ports for a medium; who opens a thousand opens the class to everybody.
_WIDE: Final = 1024
_EF: Final = CodePoint(46)
_MAX_BOXES: Final = 64
_ALL_PORTS: Final = 65536


def find(scene: Scene) -> Iterator[Finding]:
    """Yield interfaces where unmarked packets of any host and many ports get a priority mark."""
    for way in scene.entering:
        if way.stages:
            yield from scene.told(way, _on_way)


def _on_way(scene: Scene, way: Way) -> Iterator[Finding]:
    space = scene.space
    for point in _priority_points(scene.case.plan):
        marked = scene.marked(way.found, point)
        extra = space.difference(marked, scene.marked(way.wanted, point))
        if extra == NOTHING:
            continue
        found = boxes(space, space.where(extra, EVERYTHING), _MAX_BOXES)
        wide = [box for box, _ in found if _is_open(box)]
        if wide:
            shown = max(wide, key=_width)
            yield finding(
                "ef-open",
                f"any host can get {point.name}: {_ports(shown)} of any address to any address "
                "is marked, and the plan does not ask for it",
                direction=Direction.IN,
                lines=decided_by(way.found, shown.lowest),
                hint=_cure(way, point),
            )


def _cure(way: Way, point: CodePoint) -> str:
    """Return what to do, with the clients' ports of the plan where it has some."""
    ranges = [
        item
        for rule in way.intents.classifier
        if rule.traffic_class.code_point == point
        for item in rule.match.source_ports
    ]
    ports = ", ".join(map(str, merge_ranges(ranges)))
    plan = f"the source ports of the plan alone: {ports}" if ports else "the ports of the plan"
    return f"name the servers' addresses in the rule, or match {plan}"


def _priority_points(plan: Plan) -> tuple[CodePoint, ...]:
    found = [
        point
        for queue in plan.queues
        if queue.treatment is Treatment.PRIORITY
        for point in queue.code_points
    ]
    return tuple(dict.fromkeys(found)) or (_EF,)


def _is_open(box: Box) -> bool:
    return not box.sources and not box.destinations and _width(box) >= _WIDE


def _width(box: Box) -> int:
    """Return how many ports the narrower end leaves open."""
    return min(_count(box.source_ports), _count(box.destination_ports))


def _count(intervals: tuple[Interval, ...]) -> int:
    return sum(high - low + 1 for low, high in intervals) if intervals else _ALL_PORTS


def _ports(box: Box) -> str:
    return str(box).partition(", dscp")[0].partition(", tos")[0].partition(", no fragments")[0]
