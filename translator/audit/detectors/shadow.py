"""Class order: an earlier class takes packets that a later one is meant for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from translator.audit.detectors.moved import Right, Taken, Taker, may_write, taker_on_way
from translator.audit.detectors.one_way import answers_of
from translator.audit.detectors.ranges import slipped_ports
from translator.audit.detectors.scene import Scene, Way, carrying, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.model import ClassifierRule
from translator.intents.pipeline import Service
from translator.intents.stages import with_ports_only_where_carried
from translator.verify.boxes import boxes
from translator.verify.compare import packets_marked_alike
from translator.verify.diagram import NOTHING, Node
from translator.verify.packet import Packet

__all__ = ["find"]

_MAX_BOXES: Final = 8
_SHOWN: Final = "packets shown of those that a class takes"


def find(scene: Scene) -> Iterator[Finding]:
    """Yield pairs of classes in the wrong order, where packets are marked and where queued."""
    for way in scene.entering:
        if way.intents.classifier and way.stages:
            yield from scene.told(way, _marking)
    for way in scene.leaving:
        if way.stages:
            yield from scene.told(way, _queuing)


def _marking(scene: Scene, way: Way) -> Iterator[Finding]:
    slipped: frozenset[int] | None = None
    told: set[tuple[str, str]] = set()
    for rule, missed in _all_missed(scene, way):
        point = rule.traffic_class.code_point
        assert point is not None
        settled = _settled(scene, way, point)
        for packet in _packets(scene, missed):
            if slipped is None:
                slipped = slipped_ports(scene, way)
            if {packet.source_port, packet.destination_port} & slipped:
                continue
            others = (replace(packet, tos=0),)
            taken = Taken(packet, missed, others, settled)
            taker = taker_on_way(scene, way, taken, _leaves_with(point))
            name = rule.traffic_class.name
            if taker is not None and _names(taker, name) not in told:
                told.add(_names(taker, name))
                yield _finding(taker, name, packet, Direction.IN, rule.rows)


def _all_missed(scene: Scene, way: Way) -> Iterator[tuple[ClassifierRule, Node]]:
    """Yield packets of the plan's rules that another class takes: unmarked ones, then marked."""
    rules = [
        rule
        for rule in way.intents.classifier
        if rule.traffic_class.code_point is not None and not rule.match.code_points
    ]
    # No order of rules gives packets without a mark a code point that nothing here writes.
    points = {rule.traffic_class.code_point for rule in rules}
    written = {point for point in points if point is not None and may_write(way.stages, point)}
    rules = [rule for rule in rules if rule.traffic_class.code_point in written]
    for missed_of in (_missed, _missed_with_mark):
        for rule in rules:
            missed = missed_of(scene, way, rule)
            if missed != NOTHING:
                yield rule, missed


def _queuing(scene: Scene, way: Way) -> Iterator[Finding]:
    """Packets with the code point of a queue that an earlier class of the policy takes."""
    assert way.intents.queuing is not None
    told: set[tuple[str, str]] = set()
    space = scene.space
    for service in Service:
        wanted = scene.treated(way.wanted, _served(service))
        found = scene.treated(way.found, _served(service))
        missed = space.intersection(space.difference(wanted, found), scene.domain)
        for packet in _packets(scene, missed) if service is not Service.BEST_EFFORT else ():
            marked = space.intersection(missed, scene.packets(carrying(packet.tos >> 2)))
            taken = Taken(packet, marked, settled=_served_alike(scene, way, service))
            taker = taker_on_way(scene, way, taken, _is_served(service))
            name = way.wanted.trace(packet).class_name or ""
            if taker is not None and _names(taker, name) not in told:
                told.add(_names(taker, name))
                yield _finding(taker, name, packet, Direction.OUT, ())


def _served(service: Service) -> Callable[..., bool]:
    return lambda treatment: not treatment.dropped and treatment.service is service


def _missed(scene: Scene, way: Way, rule: ClassifierRule) -> Node:
    """Return the unmarked packets of a rule that get another mark than the rule's."""
    point = rule.traffic_class.code_point
    assert point is not None
    wanted = scene.space.intersection(scene.of_rule(rule), scene.marked(way.wanted, point))
    missed = scene.space.difference(wanted, scene.marked(way.found, point))
    if missed == NOTHING:
        return NOTHING
    # What is left alone was taken by no class; only a class that marks can stand in the way.
    missed = scene.space.difference(missed, scene.left_alone(way.found))
    return _of_one_class(scene, way, missed)


def _missed_with_mark(scene: Scene, way: Way, rule: ClassifierRule) -> Node:
    """Return the packets of a rule that come with a mark of the plan and do not get the rule's.

    Phones and hosts mark by themselves: a class that resets stray marks takes their packets if
    it stands above the classes of ports.
    """
    point = rule.traffic_class.code_point
    assert point is not None
    if not way.intents.reset:
        return NOTHING
    packets = scene.packets(with_ports_only_where_carried(rule.match))
    packets = scene.space.intersection(packets, scene.packets(carrying(*way.intents.reset)))
    wanted = scene.space.intersection(packets, scene.leaving_with(way.wanted, point))
    missed = scene.space.difference(wanted, scene.leaving_with(way.found, point))
    missed = scene.space.intersection(missed, scene.domain)
    if missed == NOTHING:
        return NOTHING
    missed = _of_one_class(scene, way, missed)
    right = scene.space.intersection(missed, scene.packets(carrying(point)))
    return missed if right == NOTHING else right  # who marks as the plan does says it best


def _of_one_class(scene: Scene, way: Way, packets: Node) -> Node:
    """Leave out packets with media ports at both ends: no order of classes is right for them."""
    return scene.space.difference(packets, scene.once(way, _answers))


def _answers(scene: Scene, way: Way) -> Node:
    """Return the packets that answer those of the plan's rules."""
    turned = (answers_of(rule).match for rule in way.intents.classifier)
    return scene.space.first_match(
        [scene.packets(with_ports_only_where_carried(match)) for match in turned]
    )


def _settled(scene: Scene, way: Way, point: CodePoint) -> Node:
    """Return the packets that get the mark that is wanted, and another than this one."""
    alike = packets_marked_alike(way.wanted, way.found, scene.space, scene.scope)
    return scene.space.difference(alike, scene.leaving_with(way.wanted, point))


def _served_alike(scene: Scene, way: Way, service: Service) -> Node:
    """Return the packets that are served as wanted, in another way than this one."""
    parts = [
        scene.space.intersection(
            scene.treated(way.wanted, _served(other)), scene.treated(way.found, _served(other))
        )
        for other in Service
        if other is not service
    ]
    return scene.space.intersection(scene.space.first_match(parts), scene.domain)


def _packets(scene: Scene, missed: Node) -> tuple[Packet, ...]:
    memo = scene.space.memo(_SHOWN)
    known: tuple[Packet, ...] | None = memo.get(missed)
    if known is None:
        found = boxes(scene.space, missed, _MAX_BOXES)
        known = memo[missed] = tuple(box.lowest for box, _ in found)
    return known


def _leaves_with(point: CodePoint) -> Right:
    return lambda seen: not seen.treatment.dropped and seen.code_point == point


def _is_served(service: Service) -> Right:
    return lambda seen: not seen.treatment.dropped and seen.treatment.service is service


def _finding(
    taker: Taker,
    traffic_class: str,
    packet: Packet,
    direction: Direction,
    rows: tuple[str, ...],
) -> Finding:
    first = f"class {taker.first_class}" if taker.first_class else "another rule"
    later = f"class {taker.later_class}" if taker.later_class else f"the rule of {traffic_class}"
    return finding(
        "class-shadowed",
        f"{first} takes packets that {later} is meant for, such as {packet}",
        direction=direction,
        traffic_class=traffic_class,
        lines=(*taker.first.lines, *taker.later.lines),
        rows=rows,
        hint=f"put {later} above {first if taker.first_class else 'the one that takes them'}",
    )


def _names(taker: Taker, traffic_class: str) -> tuple[str, str]:
    """Return what tells two findings apart: a pair of classes is told once."""
    return taker.first_class, taker.later_class or traffic_class
