"""Which ports every class has, as wanted and as found: what the chart of a report shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from translator.audit.case import Case
from translator.audit.model import Direction, MatchedRanges, Placement
from translator.errors import UndecidedError
from translator.intents.capabilities import Feature
from translator.intents.device import DeviceQos
from translator.intents.match import PROTOCOL_NUMBERS
from translator.intents.model import InterfaceIntents, TrafficClass
from translator.intents.pipeline import Service
from translator.ports import PortRange, merge_ranges
from translator.verify.behaviour import ProgramCache, behaviour, behaviour_of_programs
from translator.verify.classes import class_diagram
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.fields import (
    DESTINATION_PORT,
    FRAGMENT,
    PORT_TOP,
    PROTOCOL,
    SOURCE_PORT,
    TOS,
    Interval,
)
from translator.verify.prove import OTHER
from translator.verify.treatment import Change, Marking, Treatment

__all__ = ["port_map", "port_maps"]

SOURCE_SIDE: Final = "source"
DESTINATION_SIDE: Final = "destination"

_KEPT: Final = (PROTOCOL, SOURCE_PORT, DESTINATION_PORT)
_HALF: Final = (PORT_TOP + 1) // 2
_Ranges = dict[tuple[str, str], tuple[PortRange, ...]]
"""Ports by protocol and side."""


_Row = tuple[str, str, str, tuple[PortRange, ...], tuple[PortRange, ...]]
"""Class, protocol, side, ports wanted, ports found."""


def port_maps(
    case: Case, placements: Iterable[Placement], programs: ProgramCache | None = None
) -> tuple[MatchedRanges, ...]:
    """Return the ports of all placements, equal ones once; of one that grows too large, none.

    Args:
        programs: shared by a run, so that policies which texts have in common cost little.
    """
    found: dict[MatchedRanges, None] = {}
    for placement in placements:
        try:
            found.update(dict.fromkeys(port_map(case, placement, programs)))
        except (UndecidedError, RecursionError):
            continue  # the judge has told that this could not be decided
    return tuple(found)


def port_map(
    case: Case, placement: Placement, programs: ProgramCache | None = None
) -> tuple[MatchedRanges, ...]:
    """Return the ports of unmarked packets that get each class's code point or queue.

    A port counts for a class when packets from some address get it. An interface that does not
    look at ports, because it queues by code point, has none.

    Raises:
        UndecidedError: a diagram outgrew the space's budget.
    """
    intents = next(
        (item for item in case.intents.interfaces if item.name in placement.interfaces), None
    )
    if intents is None:
        return ()
    if placement.direction is Direction.IN:
        rows = _marked(case, intents, programs or ProgramCache())
    else:
        rows = _side_by_side(_queued(case, intents), case.space)
    memo: dict[object, tuple[MatchedRanges, ...]] = case.space.memo("matched ranges")
    key = (rows, placement.role, placement.direction)
    known = memo.get(key)
    if known is None:
        known = memo[key] = tuple(
            MatchedRanges(name, placement.role, placement.direction, protocol, side, wanted, found)
            for name, protocol, side, wanted, found in rows
        )
    return known


def _marked(case: Case, intents: InterfaceIntents, programs: ProgramCache) -> tuple[_Row, ...]:
    """Return the ports of unmarked packets that get the code point of each class."""
    leaving, space = _exit(case, intents), case.space
    wanted, found = (
        behaviour_of_programs(programs.between(device, intents.name, leaving), space)
        for device in (case.wanted, case.found)
    )
    memo: dict[tuple[Node, Node, tuple[TrafficClass, ...]], tuple[_Row, ...]]
    memo = space.memo("marked ports")
    key = (wanted, found, intents.classes)
    rows = memo.get(key)
    if rows is None:
        bare = _unmarked(wanted, space), _unmarked(found, space)
        rows = memo[key] = _side_by_side(_by_marking(intents.classes, *bare, space), space)
    return rows


def _by_marking(
    classes: Iterable[TrafficClass], wanted: Node, found: Node, space: Space
) -> Iterator[tuple[str, Node, Node]]:
    for item in classes:
        if item.code_point is not None:
            marking = Marking(Change.SET_DSCP, int(item.code_point))
            yield item.name, _given(marking, wanted, space), _given(marking, found, space)


def _given(marking: Marking, behaviour_: Node, space: Space) -> Node:
    def is_given(treatment: Treatment) -> bool:
        return not treatment.dropped and treatment.marking == marking

    return space.members(behaviour_, is_given)


def _exit(case: Case, intents: InterfaceIntents) -> str:
    """Return an interface to leave by; any will do, unless the platform acts where they leave."""
    late = case.driver.capabilities.has(Feature.MARK_AT_EGRESS)
    if not late and not case.found.other_interface.egress:
        return OTHER
    others = (item.name for item in case.intents.interfaces if item.name != intents.name)
    return next(others, OTHER)


def _queued(case: Case, intents: InterfaceIntents) -> Iterator[tuple[str, Node, Node]]:
    """Yield each queue that is filled by ports with its unmarked packets: wanted, found."""
    if intents.queuing is None:
        return
    space = case.space
    services = {queue.name: queue.service for queue in intents.queuing.queues}
    wanted, found = (_classes(device, intents, space) for device in (case.wanted, case.found))
    treated = _unmarked(behaviour(case.found, OTHER, intents.name, space), space)
    for name in dict.fromkeys(rule.traffic_class.name for rule in intents.egress_classifier):
        packets = space.members(wanted, name.__eq__)
        # A found class may have any name: those count in which such packets are served as wanted.
        partners = set(space.leaves(space.where(packets, found)))
        served = _served(services[name], treated, space)
        yield name, packets, space.intersection(space.members(found, partners.__contains__), served)


def _served(service: Service, behaviour_: Node, space: Space) -> Node:
    def is_served(treatment: Treatment) -> bool:
        return not treatment.dropped and treatment.service is service

    return space.members(behaviour_, is_served)


def _classes(device: DeviceQos, intents: InterfaceIntents, space: Space) -> Node:
    return _unmarked(class_diagram(device, OTHER, intents.name, space), space)


def _unmarked(function: Node, space: Space) -> Node:
    """Return the function on packets that carry neither a mark nor a fragment without ports."""
    whole = space.among(FRAGMENT, ((0, 0),))
    return space.where(space.intersection(whole, space.among(TOS, ((0, 0),))), function)


def _side_by_side(packets: Iterable[tuple[str, Node, Node]], space: Space) -> tuple[_Row, ...]:
    """Return for each class, protocol and side which ports the two sets of packets have."""
    rows: list[_Row] = []
    for name, *sets in packets:
        wanted, found = (_ranges_of(node, space) for node in sets)
        rows += [
            (name, *key, wanted.get(key, ()), found.get(key, ()))
            for key in sorted({*wanted, *found})
        ]
    return tuple(rows)


def _ranges_of(packets: Node, space: Space) -> _Ranges:
    """Return the ports of a set of packets; devices of a fleet that are alike share them."""
    memo: dict[Node, _Ranges] = space.memo("port ranges")
    known = memo.get(packets)
    if known is None:
        known = memo[packets] = {}
        ports = _ports_only(packets, space)
        for protocol in ("tcp", "udp"):
            number = PROTOCOL_NUMBERS[protocol]
            for side, ranges in _sides(_kid_at(ports, PROTOCOL, number, space), space):
                known[protocol, side] = ranges
    return known


def _ports_only(packets: Node, space: Space) -> Node:
    """Return the packets that differ from one of the set in other fields than ports only."""
    memo: dict[Node, Node] = space.memo("ports only")
    if packets in (NOTHING, EVERYTHING):
        return packets
    known = memo.get(packets)
    if known is None:
        level = space.level(packets)
        edges = [(high, _ports_only(kid, space)) for _, high, kid in space.edges(packets)]
        if level in _KEPT:
            known = space.node(level, *zip(*edges, strict=True))
        else:
            known = NOTHING
            for _, kid in edges:
                known = space.union(known, kid)
        memo[packets] = known
    return known


def _kid_at(node: Node, level: int, value: int, space: Space) -> Node:
    if space.level(node) != level:
        return node
    return next(kid for _, high, kid in space.edges(node) if value <= high)


def _sides(ports: Node, space: Space) -> Iterator[tuple[str, tuple[PortRange, ...]]]:
    """Yield the side that decides with its ports; of a pair of ports, both.

    A rule above may take some destinations away from a range of sources, which is then still
    the sources': that side decides which is bound while most ports of the other will do.
    """
    source: list[Interval] = []
    by_destination: dict[tuple[Interval, ...], list[Interval]] = {}
    for low, high, kid in _intervals(ports, SOURCE_PORT, space):
        there = tuple(
            (first, last)
            for first, last, end in _intervals(kid, DESTINATION_PORT, space)
            if end == EVERYTHING
        )
        if _count(there) > _HALF:
            source.append((low, high))
        elif there:
            by_destination.setdefault(there, []).append((low, high))
    destination: list[Interval] = []
    for there, here in by_destination.items():
        destination += there
        if _count(tuple(here)) <= _HALF:
            source += here
    for side, intervals in ((SOURCE_SIDE, source), (DESTINATION_SIDE, destination)):
        if intervals:
            yield side, merge_ranges(PortRange(low, high) for low, high in intervals)


def _intervals(node: Node, level: int, space: Space) -> Iterator[tuple[int, int, Node]]:
    """Yield the edges of a port level; a node that does not ask for the port has one."""
    if space.level(node) == level:
        yield from space.edges(node)
    else:
        yield 0, PORT_TOP, node


def _count(intervals: tuple[Interval, ...]) -> int:
    return sum(high - low + 1 for low, high in intervals)
