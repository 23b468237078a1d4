"""Class order: an earlier class takes packets that a later one is meant for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from translator.audit.detectors.ranges import slipped_ports
from translator.audit.detectors.scene import (
    Scene,
    Way,
    answers_of,
    asks_for_tags,
    carrying,
    finding,
)
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.match import ANY
from translator.intents.pipeline import Action, Assign, Flow, Rule, Service, set_code_point
from translator.verify.boxes import boxes, value_at
from translator.verify.diagram import NOTHING, Node
from translator.verify.packet import Packet

__all__ = ["find"]

_MAX_BOXES: Final = 8
_Right = Callable[[Action], bool]


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
    for rule in way.intents.classifier:
        point = rule.traffic_class.code_point
        if point is None or rule.match.code_points:
            continue
        missed = _missed(scene, scene.of_rule(rule), way, point)
        for packet in _packets(scene, missed):
            if slipped is None:
                slipped = slipped_ports(scene, way)
            if {packet.source_port, packet.destination_port} & slipped:
                continue
            pair = _pair(scene, way, _Taken(packet, missed), _writes(point))
            if pair is not None and _names(pair) not in told:
                told.add(_names(pair))
                yield _finding(pair, rule.traffic_class.name, packet, Direction.IN, rule.rows)


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
            pair = _pair(scene, way, _Taken(packet, marked), _serves(service))
            if pair is not None and _names(pair) not in told:
                told.add(_names(pair))
                name = way.wanted.trace(packet).class_name or ""
                yield _finding(pair, name, packet, Direction.OUT, ())


def _served(service: Service) -> Callable[..., bool]:
    return lambda treatment: not treatment.dropped and treatment.service is service


def _missed(scene: Scene, packets: Node, way: Way, point: CodePoint) -> Node:
    wanted = scene.space.intersection(packets, scene.marked(way.wanted, point))
    missed = scene.space.difference(wanted, scene.marked(way.found, point))
    if missed == NOTHING:
        return NOTHING
    # What is left alone was taken by no class; only a class that marks can stand in the way.
    missed = scene.space.difference(missed, scene.left_alone(way.found))
    # A packet with media ports at both ends is of two classes: no order is right for all of them.
    for rule in way.intents.classifier:
        missed = scene.space.difference(missed, scene.of_rule(answers_of(rule)))
    return missed


def _packets(scene: Scene, missed: Node) -> list[Packet]:
    return [box.lowest for box, _ in boxes(scene.space, missed, _MAX_BOXES)]


def _writes(point: CodePoint) -> _Right:
    return lambda action: action == set_code_point(point)


def _serves(service: Service) -> _Right:
    return lambda action: isinstance(action, Assign) and action.service is service


class _Taken(NamedTuple):
    """Packets that are not treated as wanted, and one of them."""

    packet: Packet
    packets: Node


def _pair(scene: Scene, way: Way, taken: _Taken, right: _Right) -> tuple[Rule, Rule] | None:
    """Return the rule that takes the packets and the later one that would treat them as wanted."""
    pairs = (_pair_among(scene, stage.rules, taken, right) for stage in way.stages)
    return next((pair for pair in pairs if pair is not None), None)


def _pair_among(
    scene: Scene, rules: Sequence[Rule], taken: _Taken, right: _Right
) -> tuple[Rule, Rule] | None:
    matching = (
        rule for rule in rules if rule.flow is not Flow.NEXT and _holds(scene, rule, taken.packet)
    )
    first = next(matching, None)
    if first is None or not _class_of(first):
        return None
    if not any(map(right, _actions(first))):
        for later in matching:
            if _is_meant_for(scene, first, later, taken) and any(map(right, _actions(later))):
                return first, later
    return _pair_among(scene, first.body, taken, right)


def _is_meant_for(scene: Scene, first: Rule, later: Rule, taken: _Taken) -> bool:
    """Whether a class that is not that of everything else matches all that the first one takes."""
    if not _class_of(later) or later.condition == ANY:
        return False
    space = scene.space
    lost = space.intersection(taken.packets, scene.packets(first.condition))
    return space.difference(lost, scene.packets(later.condition)) == NOTHING


def _actions(rule: Rule) -> Iterator[Action]:
    """Yield the actions of a rule and of what is always done below it."""
    yield from rule.actions
    for inner in rule.body:
        if inner.condition == ANY:
            yield from inner.actions


def _holds(scene: Scene, rule: Rule, packet: Packet) -> bool:
    # Tags of earlier stages are not followed here: a rule that asks for one is passed by.
    if asks_for_tags(rule.condition):
        return False
    return value_at(scene.space, scene.packets(rule.condition), packet) is True


def _class_of(rule: Rule) -> str:
    found = (action.class_name for action in rule.actions if isinstance(action, Assign))
    return next(found, "")


def _names(pair: tuple[Rule, Rule]) -> tuple[str, str]:
    return _class_of(pair[0]), _class_of(pair[1])


def _finding(
    pair: tuple[Rule, Rule],
    traffic_class: str,
    packet: Packet,
    direction: Direction,
    rows: tuple[str, ...],
) -> Finding:
    first, later = _names(pair)
    return finding(
        "class-shadowed",
        f"class {first} takes packets that class {later} is meant for, such as {packet}",
        direction=direction,
        traffic_class=traffic_class,
        lines=(*pair[0].lines, *pair[1].lines),
        rows=rows,
        hint=f"put class {later} above class {first}",
    )
