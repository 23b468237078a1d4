"""Port ranges that miss the plan's by one at an end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from msgspec.structs import replace

from translator.audit.detectors.scene import Scene, Way, decided_by, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.match import Match
from translator.intents.model import ClassifierRule
from translator.ports import PortRange
from translator.verify.boxes import value_at, witness
from translator.verify.diagram import NOTHING, Node
from translator.verify.packet import Packet, protocol_name

__all__ = ["find", "slipped_ports"]

_VERSIONS: Final = (4, 6)


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
        return value_at(self.scene.space, node, self._at(port)) is True

    def off(self, planned: PortRange, found: PortRange) -> tuple[Packet, ...]:
        """Return the packet at each end that is off: there the entry decides that is wrong."""
        ends = ((planned.low, found.low), (planned.high, found.high))
        return tuple(self._at(port) for right, port in ends if right != port)

    def _at(self, port: int) -> Packet:
        if self.side == "source":
            return replace(self.packet, source_port=port)
        return replace(self.packet, destination_port=port)

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
        lines = [line for packet in seen.packets for line in decided_by(way.found, packet)]
        yield finding(
            "range-off-by-one",
            f"class {slip.traffic_class}: the plan has {_kinds(scene, seen)} {slip.side} ports "
            f"{slip.planned}, the device matches {slip.found}",
            direction=Direction.IN,
            traffic_class=slip.traffic_class,
            lines=lines,
            rows=[row for rule in seen.rules for row in rule.rows],
            hint=f"write the range as {slip.planned.low} {slip.planned.high}",
        )


def _kinds(scene: Scene, seen: _Seen) -> str:
    """Return the protocols in words; the IP version if the range is right in the other one."""
    names = "/".join(sorted({protocol_name(packet.protocol) for packet in seen.packets}))
    versions = {packet.version for packet in seen.packets}
    asked = {
        version
        for version in _VERSIONS
        for rule in seen.rules
        if scene.space.intersection(scene.of_rule(rule), scene.packets(Match(version=version)))
        != NOTHING
    }
    return names if versions == asked else f"IPv{versions.pop()} {names}"


class _Seen(NamedTuple):
    """The rules whose range is off, and packets of every kind that lie at an end that is."""

    rules: list[ClassifierRule]
    packets: list[Packet]


def _slips(scene: Scene, way: Way) -> dict[_Slip, _Seen]:
    """Return the ranges that are off; another detector asks for them, too."""
    return scene.once(way, _slips_found)


def _slips_found(scene: Scene, way: Way) -> dict[_Slip, _Seen]:
    found: dict[_Slip, _Seen] = {}
    for rule in way.intents.classifier:
        point = rule.traffic_class.code_point
        if point is None or rule.match.code_points:
            continue
        if not scene.marks_astray(way, point):
            continue
        kinds = product(rule.match.protocols or (17,), _VERSIONS)
        for protocol, version in kinds:
            kind = _of_kinds(protocol, version)
            for slip, packets in _of_kind(scene, way, rule, kind, point):
                seen = found.setdefault(slip, _Seen([], []))
                seen.rules.append(rule)
                seen.packets.extend(packets)
    return _largest_cause(found)


def _largest_cause(found: dict[_Slip, _Seen]) -> dict[_Slip, _Seen]:
    """Leave out ranges that are short only because a neighbour took one port of theirs."""
    taken = {port for slip in found for port in _between(slip) if port not in _ports(slip.planned)}
    return {
        slip: seen
        for slip, seen in found.items()
        if not all(port in taken and port in _ports(slip.planned) for port in _between(slip))
    }


def _of_kind(
    scene: Scene, way: Way, rule: ClassifierRule, kind: Match, point: CodePoint
) -> Iterator[tuple[_Slip, tuple[Packet, ...]]]:
    """Yield the ranges that are off for packets of one protocol and IP version."""
    wanted, found = (scene.marked(side, point) for side in (way.wanted, way.found))
    own = scene.space.intersection(scene.of_rule(rule), scene.packets(kind))
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
            yield slip, ends.off(planned, slip.found)


@lru_cache(maxsize=64)
def _of_kinds(protocol: int, version: int) -> Match:
    return Match(version=version, protocols=(protocol,))


@lru_cache(maxsize=1024)
def _inside(side: str, ports: PortRange) -> Match:
    """Return the match of packets with one of these ports, but for the first and the last."""
    middle = (PortRange(ports.low + 1, ports.high - 1),)
    return Match(source_ports=middle) if side == "source" else Match(destination_ports=middle)


def _ends(
    scene: Scene, own: Node, side: str, planned: PortRange, marked: tuple[Node, Node]
) -> _Ends | None:
    """Return a packet from the middle of the range that is marked as wanted, to vary its port."""
    wanted, found = marked
    packets = scene.space.intersection(own, scene.packets(_inside(side, planned)))
    packet = witness(scene.space, scene.space.intersection(packets, found))
    return None if packet is None else _Ends(scene, packet, side, wanted, found)
