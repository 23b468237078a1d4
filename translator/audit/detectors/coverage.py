"""Half of a class forgotten: its TCP packets, or those of IPv6."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.detectors.scene import DF, Scene, Way, decided_by, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.match import PROTOCOL_NUMBERS, Match
from translator.intents.model import ClassifierRule
from translator.ports import merge_ranges
from translator.verify.boxes import witness
from translator.verify.diagram import NOTHING, Node

__all__ = ["find"]

_TCP: Final = Match(protocols=(PROTOCOL_NUMBERS["tcp"],))
_UDP: Final = Match(protocols=(PROTOCOL_NUMBERS["udp"],))
# kind, the half that is there, the half that is not, both halves in words
_HALVES: Final = (
    ("tcp-forgotten", _UDP, _TCP, "UDP", "TCP"),
    ("ipv6-forgotten", Match(version=4), Match(version=6), "IPv4", "IPv6"),
)


def find(scene: Scene) -> Iterator[Finding]:
    """Yield the classes of which one half is marked and the other is left alone."""
    for way in scene.entering:
        if way.intents.classifier:
            yield from scene.told(way, _on_way)


def _on_way(scene: Scene, way: Way) -> Iterator[Finding]:
    classes = [rules for rules in _by_class(way).values() if scene.marks_astray(way, _point(rules))]
    for id_, there, missing, told, untold in _HALVES if classes else ():
        halved = [
            rules
            for rules in classes
            if _is_halved(scene, way, rules, scene.packets(there), scene.packets(missing))
        ]
        if not halved:
            continue
        names = ", ".join(rules[0].traffic_class.name for rules in halved)
        packets = witness(scene.space, _right(scene, way, halved[0]))
        yield finding(
            id_,
            f"class {names}: {told} packets are marked, {untold} packets of the same ports are not",
            direction=Direction.IN,
            traffic_class=names if len(halved) == 1 else "",
            lines=decided_by(way.found, packets),
            rows=[row for rules in halved for rule in rules for row in rule.rows],
            hint=f"add {untold} rules: "
            + "; ".join(
                f"{rules[0].traffic_class.name} with {_ports(scene, rules, missing)}"
                for rules in halved
            ),
        )


def _ports(scene: Scene, rules: list[ClassifierRule], missing: Match) -> str:
    """Return in words the ports that the plan has for the half that is missing."""
    half = scene.packets(missing)
    own = [rule for rule in rules if scene.space.intersection(scene.of_rule(rule), half) != NOTHING]
    sides = (
        ("source", [item for rule in own for item in rule.match.source_ports]),
        ("destination", [item for rule in own for item in rule.match.destination_ports]),
    )
    found = [
        f"{side} port {', '.join(map(str, merge_ranges(ranges)))}"
        for side, ranges in sides
        if ranges
    ]
    return " or ".join(found) or "the plan's addresses"


def _by_class(way: Way) -> dict[str, list[ClassifierRule]]:
    found: dict[str, list[ClassifierRule]] = {}
    for rule in way.intents.classifier:
        # Rules about packets that carry a mark already speak of another fault.
        if rule.traffic_class.code_point and not rule.match.code_points:
            found.setdefault(rule.traffic_class.name, []).append(rule)
    return found


def _wanted(scene: Scene, way: Way, rules: list[ClassifierRule]) -> Node:
    packets = scene.space.first_match([scene.of_rule(rule) for rule in rules])
    return scene.space.intersection(packets, scene.marked(way.wanted, _point(rules)))


def _right(scene: Scene, way: Way, rules: list[ClassifierRule]) -> Node:
    marked = scene.marked(way.found, _point(rules))
    return scene.space.intersection(_wanted(scene, way, rules), marked)


def _point(rules: list[ClassifierRule]) -> CodePoint:
    return rules[0].traffic_class.code_point or DF


def _is_halved(
    scene: Scene, way: Way, rules: list[ClassifierRule], there: Node, missing: Node
) -> bool:
    """Whether some packets of one half are marked, and all of the other half left alone."""
    space = scene.space
    wanted = _wanted(scene, way, rules)
    absent = space.intersection(wanted, missing)
    if absent == NOTHING or space.intersection(_right(scene, way, rules), there) == NOTHING:
        return False
    return space.difference(absent, scene.left_alone(way.found)) == NOTHING
