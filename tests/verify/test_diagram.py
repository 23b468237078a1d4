"""The diagram: laws of sets, identity of equal functions, witnesses, boxes, image, budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from verify import randoms

from translator.codepoint import CodePoint
from translator.errors import UndecidedError
from translator.intents.condition import AnyOf, Tagged
from translator.intents.device import DeviceQos
from translator.intents.match import Match, prefix_of
from translator.intents.pipeline import Flow, Rule, SetTag, SetTos, Stage
from translator.ports import PortRange
from translator.verify.behaviour import behaviour
from translator.verify.boxes import boxes, value_at, witness
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Space

sets = st.lists(randoms.matches, min_size=1, max_size=3).map(tuple).map(AnyOf)


@given(sets, sets, sets)
def test_laws_of_sets_hold_as_identities(x, y, z):
    space = Space()
    a, b, c = (packets_of(item, space) for item in (x, y, z))
    no = space.complement
    assert space.union(a, b) == space.union(b, a)
    assert space.intersection(a, b) == space.intersection(b, a)
    assert space.union(a, space.union(b, c)) == space.union(space.union(a, b), c)
    assert space.intersection(a, space.union(b, c)) == space.union(
        space.intersection(a, b), space.intersection(a, c)
    )
    assert no(space.union(a, b)) == space.intersection(no(a), no(b))
    assert no(no(a)) == a
    assert space.union(a, no(a)) == EVERYTHING
    assert space.intersection(a, no(a)) == NOTHING
    assert space.difference(a, b) == space.intersection(a, no(b))


@given(sets, randoms.packets)
def test_membership_is_that_of_the_parts(condition, packet):
    space = Space()
    parts = [packets_of(part, space) for part in condition.parts]
    whole = packets_of(condition, space)
    assert bool(value_at(space, whole, packet)) == any(
        value_at(space, part, packet) for part in parts
    )


@given(sets, sets, st.sets(st.integers(0, 3)), randoms.packets)
def test_members_are_the_packets_of_the_values_in_every_diagram(x, y, wanted, packet):
    space = Space()
    a, b = (packets_of(item, space) for item in (x, y))
    parts = [space.where(a, space.leaf(0)), space.where(b, space.leaf(1)), space.leaf(2)]
    for diagram in (space.first_match(parts), space.first_match(parts[::-1]), *parts):
        members = space.members(diagram, wanted.__contains__)
        value = value_at(space, diagram, packet)
        assert bool(value_at(space, members, packet)) == (value in wanted)


@given(sets, randoms.packets)
def test_boxes_are_disjoint_and_hold_exactly_the_set(condition, packet):
    space = Space()
    node = packets_of(condition, space)
    found = boxes(space, node, 10_000)
    inside = [box for box, _ in found if _in_box(box, packet)]
    assert len(inside) == bool(value_at(space, node, packet))
    for box, _ in found:
        assert value_at(space, node, box.lowest)
        assert str(box)


@given(sets)
def test_the_witness_is_a_member_and_the_lowest_box_has_none_lower(condition):
    space = Space()
    node = packets_of(condition, space)
    packet = witness(space, node)
    assert (packet is None) == (node == NOTHING)
    if packet is not None:
        assert value_at(space, node, packet)
        assert all(_order(packet) <= _order(box.lowest) for box, _ in boxes(space, node, 10_000))


def test_split_ranges_and_prefixes_are_identical_with_the_whole():
    space = Space()
    whole = Match(version=4, source_ports=(PortRange(100, 200),))
    ports = (PortRange(150, 200), PortRange(100, 149))
    halves = Match(sources=(prefix_of("128.0.0.0/1"), prefix_of("0.0.0.0/1")), source_ports=ports)
    assert packets_of(whole, space) == packets_of(halves, space)


def test_no_packet_has_an_ipv4_address_above_32_bits():
    space = Space()
    low, high = (
        packets_of(Match(sources=(prefix_of(text),)), space)
        for text in ("0.0.0.0/1", "128.0.0.0/1")
    )
    assert space.union(low, high) == packets_of(Match(version=4), space)


def test_a_fragment_has_no_ports():
    space = Space()
    ports = packets_of(Match(source_ports=(PortRange(0, 65535),)), space)
    assert ports == packets_of(Match(fragment=False), space)
    assert packets_of(Match(source_ports=(PortRange(1, 1),), fragment=True), space) == NOTHING


def test_few_boxes_with_ranges():
    space = Space()
    points = tuple(CodePoint(number) for number in (46, 34, 35))
    match = Match(protocols=(6, 17), source_ports=(PortRange(1, 5), PortRange(9, 9)))
    node = space.union(
        packets_of(match, space), packets_of(Match(code_points=points, fragment=True), space)
    )
    assert sorted(str(box) for box, _ in boxes(space, node)) == [
        "any protocol from any to any, dscp af41-35,ef, non-initial fragments",
        "tcp,udp from any port 1-5,9 to any, no fragments",
    ]


def test_past_the_budget_nothing_is_guessed():
    space = Space(budget=200)
    with pytest.raises(UndecidedError):
        for port in range(0, 60000, 7):
            packets_of(Match(source_ports=(PortRange(port, port),)), space)


def test_nodes_of_thousands_of_edges_use_the_budget_up_by_their_edges():
    """Few steps on large sets of addresses or ports take as long as many on small ones."""

    def unite(count: int) -> None:
        space = Space(budget=2000)
        ranges = tuple(PortRange(port, port) for port in range(0, 2 * count, 2))
        packets = packets_of(Match(source_ports=ranges), space)
        for port in range(1, 40, 2):
            other = packets_of(Match(source_ports=(PortRange(port, port),)), space)
            packets = space.union(packets, other)

    unite(4)
    with pytest.raises(UndecidedError):
        unite(4000)


def test_states_times_rules_use_the_budget_up():
    """Thousands of marks that later rules ask for are undecided, not a wait of minutes."""
    marked = [
        Rule(Match(source_ports=(PortRange(n, n),)), (SetTag("mark", n),), Flow.NEXT)
        for n in range(1, 60)
    ]
    asked = [Rule(Tagged("mark", (n,)), (SetTos(n, 0xFF),), Flow.NEXT) for n in range(1, 60)]
    device = DeviceQos(platform="linux", forward=(Stage("chain", (*marked, *asked)),))
    behaviour(device, None, None, Space())
    with pytest.raises(UndecidedError):
        behaviour(device, None, None, Space(budget=4000))


def test_predicates_beyond_the_depth_of_recursion_are_undecided():
    space = Space()
    node = EVERYTHING
    with pytest.raises(UndecidedError):
        for number in range(5000):
            node = space.intersection(node, space.predicate(f"predicate {number}"))


def test_recycling_forgets_only_when_much_was_used():
    space = Space(budget=1000)
    packets_of(Match(version=4), space)
    size = space.size
    space.recycle()
    assert space.size == size
    for port in range(100):
        packets_of(Match(source_ports=(PortRange(port, port),)), space)
    space.recycle()
    assert space.size == 2


def _order(packet):
    return (
        packet.version,
        packet.fragment,
        packet.protocol,
        int(packet.source),
        int(packet.destination),
        packet.source_port,
        packet.destination_port,
        packet.tos,
    )


def _in_box(box, packet):
    fields = [
        (box.protocols, packet.protocol),
        (box.sources, int(packet.source)),
        (box.destinations, int(packet.destination)),
        (box.source_ports, packet.source_port),
        (box.destination_ports, packet.destination_port),
        (box.tos, packet.tos),
    ]
    return (
        box.version in (None, packet.version)
        and box.fragment in (None, packet.fragment)
        and all(
            not side or any(low <= value <= high for low, high in side) for side, value in fields
        )
    )


def test_a_choice_of_too_many_predicates_is_undecided() -> None:
    space = Space()
    parts = [space.predicate(f"p{at}") for at in range(3000)]
    with pytest.raises(UndecidedError, match="too many predicates"):
        space.first_match(parts)
