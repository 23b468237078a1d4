"""Only one direction of a conversation covered: ports looked for at the wrong end, or one side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from translator.audit.detectors.scene import (
    DF,
    Scene,
    Way,
    decided_by,
    finding,
    shown,
)
from translator.audit.model import Direction, Finding
from translator.intents.match import Match
from translator.intents.model import ClassifierRule, Role
from translator.verify.boxes import witness
from translator.verify.diagram import NOTHING, Node

__all__ = ["answers_of", "find"]

_NEAR: Final = (Role.CLIENT, Role.PHONE)


def find(scene: Scene) -> Iterator[Finding]:
    """Yield classes whose packets are marked in the other direction, or on one side only."""
    ways = [way for way in scene.entering if way.intents.classifier]
    for way in ways:
        yield from scene.told(way, _swapped)
    yield from _one_side(scene, ways)


def answers_of(rule: ClassifierRule) -> ClassifierRule:
    """Return the rule about the packets that answer those of a rule."""
    match = rule.match
    turned = replace(
        match,
        sources=match.destinations,
        destinations=match.sources,
        source_ports=match.destination_ports,
        destination_ports=match.source_ports,
    )
    return replace(rule, match=turned)


def _swapped(scene: Scene, way: Way) -> Iterator[Finding]:
    """Ports of the sender that the device looks for at the receiver, or the other way round."""
    for rule in way.intents.classifier:
        match = rule.match
        if rule.traffic_class.code_point is None or match.code_points:
            continue
        if bool(match.source_ports) is bool(match.destination_ports):
            continue
        mirrored = _mirrored(scene, way, rule)
        if mirrored in (None, NOTHING):
            continue
        sent = bool(match.source_ports)
        ports = ", ".join(map(str, match.source_ports or match.destination_ports))
        looked, meant = ("destination", "source") if sent else ("source", "destination")
        yield finding(
            "one-direction",
            f"class {rule.traffic_class.name}: entering packets have {meant} port {ports}, but "
            f"those with {looked} port {ports} are marked instead, which are the answers",
            direction=Direction.IN,
            traffic_class=rule.traffic_class.name,
            lines=decided_by(way.found, witness(scene.space, mirrored)),
            rows=rule.rows,
            hint=f"match {meant} port {ports} for packets that enter here",
        )


def _mirrored(scene: Scene, way: Way, rule: ClassifierRule) -> Node | None:
    """Return the answers of a rule's packets if all of these are marked in their place."""
    space = scene.space
    point = rule.traffic_class.code_point or DF
    if not scene.marks_astray(way, point):
        return None
    wanted = space.intersection(scene.of_rule(rule), scene.marked(way.wanted, point))
    marked = scene.marked(way.found, point)
    answers = scene.of_rule(answers_of(rule))
    sent = space.difference(wanted, answers)  # some packets have such ports at both ends
    if sent == NOTHING or space.intersection(sent, marked) != NOTHING:
        return None
    answers = space.difference(answers, scene.marked(way.wanted, point))
    halves = (
        scene.packets(Match(version=version, protocols=(protocol,)))
        for version in (4, 6)
        for protocol in rule.match.protocols
    )
    whole = [half for half in halves if _is_whole(scene, way, space.intersection(answers, half))]
    return space.intersection(answers, marked) if whole else None


def _is_whole(scene: Scene, way: Way, answers: Node) -> bool:
    """Whether none of some answers is left alone; another class may take some of them first."""
    untouched = scene.space.intersection(answers, scene.left_alone(way.found))
    return answers != NOTHING and untouched == NOTHING


def _one_side(scene: Scene, ways: list[Way]) -> Iterator[Finding]:
    """One side of the device marks a class, a side of another role marks nothing at all."""
    bare = scene.case.found.other_interface.ingress
    marking = [way for way in ways if way.group.found.ingress != bare]
    silent = [way for way in ways if way.group.found.ingress == bare]
    for way in silent:
        other = next((item for item in marking if _is_opposite(item, way)), None)
        if other is None or scene.case.found.forward:
            continue
        shared = sorted(_marked_classes(scene, other) & _classes(way))
        if not shared:
            continue
        yield finding(
            "one-direction",
            f"class {', '.join(shared)} is marked for packets that enter {shown(other)} "
            f"({other.group.spec.role}), but not for the answers that enter {shown(way)} "
            f"({way.group.spec.role})",
            way.names,
            direction=Direction.IN,
            lines=other.group.found.lines,
            hint=f"mark what enters {shown(way)} too",
        )


def _is_opposite(way: Way, other: Way) -> bool:
    """Whether answers to what enters one way enter the other: phones sit beside clients."""
    return (way.group.spec.role in _NEAR) is not (other.group.spec.role in _NEAR)


def _classes(way: Way) -> set[str]:
    return {rule.traffic_class.name for rule in way.intents.classifier}


def _marked_classes(scene: Scene, way: Way) -> set[str]:
    found: set[str] = set()
    for rule in way.intents.classifier:
        marked = scene.marked(way.found, rule.traffic_class.code_point or DF)
        if scene.space.intersection(scene.of_rule(rule), marked) != NOTHING:
            found.add(rule.traffic_class.name)
    return found
