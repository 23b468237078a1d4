"""Port ranges that miss the plan's by one at an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from translator.audit.detectors.scene import Scene, Way, decided_by, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.match import Match
from translator.intents.model import ClassifierRule
from translator.ports import PortRange
from translator.verify.boxes import value_at, witness
from translator.verify.diagram import Node
from translator.verify.packet import Packet, protocol_name

__all__ = ["find", "slipped_ports"]


class _Slip(NamedTuple):
    """A range of the plan and what the device has in its place."""

    traffic_class: str
    side: str
    planned: PortRange
    found: PortRange


class _Ends(NamedTuple):
    """Which ports get the class's mark on each side, for a packet that stands for its rule."""

    scene: Scene
    packet: Packet
    side: str
    wanted: Node
    found: Node

    def has(self, node: Node, port: int) -> bool:
        """Whether the packet is in a set when it has that port."""
        if not 0 <= port <= 65535:
            return False
        packet = (
            replace(self.packet, source_port=port)
            if self.side == "source"
            else replace(self.packet, destination_port=port)
        )
        return value_at(self.scene.space, node, packet) is True

    def low(self, planned: int) -> int | None:
        """Return where the found range begins, None if not within one port of the plan's."""
        return self._end(planned, -1)

    def high(self, planned: int) -> int | None:
        """Return where the found range ends."""
        return self._end(planned, 1)

    def _end(self, planned: int, out: int) -> int | None:
        if not self.has(self.found, planned):
            return planned - out if self.has(self.found, planned - out) else None
        beyond = planned + out
        if not self.has(self.found, beyond) or self.has(self.wanted, beyond):
            return planned
        return None if self.has(self.found, beyond + out) else beyond


def find(scene: Scene) -> Iterator[Finding]:
    """Yield ranges of the device that begin or end one port beside those of the plan."""
    for way in scene.entering:
        if way.intents.classifier and way.stages:
            yield from scene.told(way, _on_way)


def slipped_ports(scene: Scene, way: Way) -> frozenset[int]:
    """Return the ports that a range takes or leaves out by one: their cause is told here."""
    return frozenset(port for slip in _slips(scene, way) for port in _between(slip))


def _between(slip: _Slip) -> set[int]:
    planned, found = slip.planned, slip.found
    own = {planned.low, planned.high, found.low, found.high}
    return {port for port in own if (port in _ports(planned)) is not (port in _ports(found))}


def _ports(ports: PortRange) -> range:
    return range(ports.low, ports.high + 1)


def _on_way(scene: Scene, way: Way) -> Iterator[Finding]:
    for slip, seen in _slips(scene, way).items():
        rules, protocols, packet = seen
        names = "/".join(sorted({protocol_name(number) for number in protocols}))
        yield finding(
            "range-off-by-one",
            f"class {slip.traffic_class}: the plan has {names} {slip.side} ports {slip.planned}, "
            f"the device matches {slip.found}",
            direction=Direction.IN,
            traffic_class=slip.traffic_class,
            lines=decided_by(way.found, packet),
            rows=[row for rule in rules for row in rule.rows],
            hint=f"write the range as {slip.planned.low} {slip.planned.high}",
        )


_Seen = tuple[list[ClassifierRule], set[int], Packet]


def _slips(scene: Scene, way: Way) -> dict[_Slip, _Seen]:
    found: dict[_Slip, _Seen] = {}
    for rule in way.intents.classifier:
        point = rule.traffic_class.code_point
        if point is None or rule.match.code_points:
            continue
        for protocol in rule.match.protocols or (17,):
            for slip, packet in _of_protocol(scene, way, rule, protocol, point):
                rules, protocols, _ = found.setdefault(slip, ([], set(), packet))
                rules.append(rule)
                protocols.add(protocol)
    return _largest_cause(found)


def _largest_cause(found: dict[_Slip, _Seen]) -> dict[_Slip, _Seen]:
    """Leave out ranges that are short only because a neighbour took one port of theirs."""
    taken = {port for slip in found for port in _between(slip) if port not in _ports(slip.planned)}
    return {
        slip: seen
        for slip, seen in found.items()
        if not all(port in taken and port in _ports(slip.planned) for port in _between(slip))
    }


def _of_protocol(
    scene: Scene, way: Way, rule: ClassifierRule, protocol: int, point: CodePoint
) -> Iterator[tuple[_Slip, Packet]]:
    wanted, found = (scene.marked(side, point) for side in (way.wanted, way.found))
    only = scene.packets(Match(protocols=(protocol,)))
    own = scene.space.intersection(scene.of_rule(rule), only)
    own = scene.space.intersection(own, wanted)
    sides = (("source", rule.match.source_ports), ("destination", rule.match.destination_ports))
    for side, ranges in sides:
        for planned in ranges:
            if planned.high - planned.low < 2:
                continue
            ends = _ends(scene, own, side, planned, (wanted, found))
            if ends is None:
                continue
            low, high = ends.low(planned.low), ends.high(planned.high)
            if low is None or high is None or (low, high) == (planned.low, planned.high):
                continue
            slip = _Slip(rule.traffic_class.name, side, planned, PortRange(low, high))
            yield slip, ends.packet


def _ends(
    scene: Scene, own: Node, side: str, planned: PortRange, marked: tuple[Node, Node]
) -> _Ends | None:
    """Return a packet from the middle of the range that is marked as wanted, to vary its port."""
    wanted, found = marked
    middle = (PortRange(planned.low + 1, planned.high - 1),)
    inside = Match(source_ports=middle) if side == "source" else Match(destination_ports=middle)
    packets = scene.space.intersection(own, scene.packets(inside))
    packet = witness(scene.space, scene.space.intersection(packets, found))
    return None if packet is None else _Ends(scene, packet, side, wanted, found)
