"""Lowering keeps the meaning: blocks, masks, ranges, queues, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.errors import UnsupportedIntentError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.lower import (
    class_blocks,
    lower,
    merge_queues,
    port_masks,
    split_by_ranges,
    split_by_version,
    unique_name,
)
from translator.intents.match import ANY, Match, overlap, prefix_of, within
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
)
from translator.intents.pipeline import Service
from translator.ports import PortRange

AUDIO = TrafficClass("audio", CodePoint(46))
VIDEO = TrafficClass("video", CodePoint(34))

port_ranges = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)


def rule(traffic_class: TrafficClass, low: int, high: int) -> ClassifierRule:
    return ClassifierRule(Match(source_ports=(PortRange(low, high),)), traffic_class)


@given(port_ranges)
def test_port_masks_cover_exactly_the_range(ports: PortRange) -> None:
    covered: list[int] = []
    for value, mask in port_masks(ports):
        assert value & ~mask & 0xFFFF == 0
        covered.extend(range(value, value + (0xFFFF & ~mask) + 1))
    assert covered == list(range(ports.low, ports.high + 1))


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        (20000, 20039, 2),
        (20040, 20079, 3),
        (49152, 57500, 6),
        (57501, 65535, 9),
        (1024, 65535, 6),
        (5350, 5389, 6),
    ],
)
def test_port_masks_are_minimal(low: int, high: int, count: int) -> None:
    assert len(port_masks(PortRange(low, high))) == count


def test_disjoint_rules_of_a_class_share_one_block() -> None:
    blocks = class_blocks(
        [rule(AUDIO, 1, 9), rule(VIDEO, 20, 29), rule(AUDIO, 30, 39), rule(VIDEO, 40, 49)]
    )
    assert [block.name for block in blocks] == ["audio", "video"]
    assert [len(block.rules) for block in blocks] == [2, 2]


def test_a_rule_does_not_jump_over_one_it_overlaps() -> None:
    blocks = class_blocks([rule(AUDIO, 1, 9), rule(VIDEO, 5, 29), rule(AUDIO, 20, 39)])
    assert [block.name for block in blocks] == ["audio", "video", "audio_2"]


@given(st.lists(st.tuples(st.sampled_from([AUDIO, VIDEO]), port_ranges), max_size=8))
def test_blocks_decide_every_port_as_the_list_did(
    items: list[tuple[TrafficClass, PortRange]],
) -> None:
    rules = [ClassifierRule(Match(source_ports=(ports,)), item) for item, ports in items]
    regrouped = [one for block in class_blocks(rules) for one in block.rules]
    edges = {edge for _, ports in items for edge in (ports.low, ports.high)}
    for port in edges | {edge + 1 for edge in edges} | {0}:
        assert _first(rules, port) == _first(regrouped, port)


def _first(rules: list[ClassifierRule], port: int) -> TrafficClass | None:
    for item in rules:
        if any(ports.low <= port <= ports.high for ports in item.match.source_ports):
            return item.traffic_class
    return None


def test_versions_split_only_where_addresses_allow() -> None:
    both = Match(sources=(prefix_of("10.0.0.0/8"), prefix_of("2001:db8::/32")))
    assert [part.version for part in split_by_version(both)] == [4, 6]
    mixed = Match(sources=(prefix_of("10.0.0.0/8"),), destinations=(prefix_of("2001:db8::/32"),))
    assert split_by_version(mixed) == ()
    assert [part.version for part in split_by_version(ANY)] == [4, 6]


def test_ranges_are_spread_over_rules() -> None:
    match = Match(source_ports=tuple(PortRange(10 * n, 10 * n + 1) for n in range(8)))
    parts = split_by_ranges(match, 7)
    assert [len(part.source_ports) for part in parts] == [7, 1]
    assert split_by_ranges(ANY, 7) == (ANY,)


def test_overlap_sees_every_field() -> None:
    one = Match(protocols=(17,), source_ports=(PortRange(1, 2),), version=4)
    assert overlap(one, Match(source_ports=(PortRange(2, 9),)))
    assert not overlap(one, Match(protocols=(6,)))
    assert not overlap(one, Match(version=6))
    assert not overlap(one, Match(source_ports=(PortRange(3, 9),)))
    a, b = Match(sources=(prefix_of("10.0.0.0/8"),)), Match(sources=(prefix_of("10.1.0.0/16"),))
    assert overlap(a, b)
    assert not overlap(b, Match(sources=(prefix_of("10.2.0.0/16"),)))


QUEUING = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10),
        QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 20, congestion_avoidance=True),
        QueueIntent("signalling", Service.GUARANTEED, (CodePoint(24),), 3),
        QueueIntent("file_transfer", Service.GUARANTEED, (CodePoint(10),), 4),
        QueueIntent("default", Service.BEST_EFFORT, (), 25),
    ),
    shaping_bps=10_000_000,
)


def test_the_weakest_guaranteed_queues_are_merged_first() -> None:
    merged = merge_queues(QUEUING, 4)
    assert [queue.name for queue in merged.queues] == [
        "audio",
        "video",
        "signalling+file_transfer",
        "default",
    ]
    assert merged.queues[2].percent == 7
    assert merged.queues[2].code_points == (10, 24)


def test_queues_of_different_service_are_never_merged() -> None:
    with pytest.raises(UnsupportedIntentError, match="served alike"):
        merge_queues(QUEUING, 2)


def test_short_names_are_unique_and_stable() -> None:
    names: dict[str, str] = {}
    for wanted in ("a" * 12, "a" * 13, "b"):
        names[wanted] = unique_name(wanted, lambda name: name not in names.values(), limit=6)
    assert len(set(names.values())) == 3
    assert names["b"] == "b"
    assert all(len(name) <= 6 for name in names.values())
    with pytest.raises(UnsupportedIntentError, match="no unique name"):
        unique_name("abc", lambda _: False, limit=3)


def test_where_ports_are_value_and_mask_ranges_are_expanded_exactly() -> None:
    ports = Match(source_ports=(PortRange(20000, 20039),), destination_ports=(PortRange(5, 6),))
    intents = device(classifier=(ClassifierRule(ports, AUDIO),))
    masks = Capabilities(Feature.MARK_INGRESS | Feature.IPV6, masks_only=True, ranges_per_rule=1)
    found = [rule.match for rule in lower(intents, masks).interfaces[0].classifier]
    assert [str(match.source_ports[0]) for match in found] == [
        *["20000-20031"] * 2,
        *["20032-20039"] * 2,
    ]
    assert [str(match.destination_ports[0]) for match in found] == ["5", "6"] * 2


def test_more_classes_than_a_platform_has_are_refused() -> None:
    two = (rule(AUDIO, 1, 2), rule(VIDEO, 3, 4))
    three = Capabilities(Feature.MARK_INGRESS | Feature.IPV6, classes=3)
    assert lower(device(classifier=two), three)
    with pytest.raises(UnsupportedIntentError, match="2 classes and the default"):
        lower(device(classifier=two), Capabilities(Feature.MARK_INGRESS, classes=2))


def device(**values: object) -> DeviceIntents:
    return DeviceIntents("r1", "p", (InterfaceIntents("e0", Role.WAN, **values),))  # type: ignore[arg-type]


def test_what_a_platform_lacks_is_refused_with_the_nearest_thing() -> None:
    marks_only = Capabilities(Feature.MARK_INGRESS | Feature.IPV6)
    with pytest.raises(UnsupportedIntentError, match="no queues") as refused:
        lower(device(queuing=QUEUING), marks_only)
    assert "router behind it" in refused.value.hint
    queues_only = Capabilities(Feature.QUEUE)
    with pytest.raises(UnsupportedIntentError, match="cannot shape"):
        lower(device(queuing=QUEUING), queues_only)
    with pytest.raises(UnsupportedIntentError, match="cannot write code points"):
        lower(device(reset=(CodePoint(46),)), queues_only)
    ports = Match(source_ports=(PortRange(1, 2),), code_points=(CodePoint(40),))
    with pytest.raises(UnsupportedIntentError, match="code point and ports"):
        lower(device(classifier=(ClassifierRule(ports, AUDIO, ("B01",)),)), marks_only)


def test_a_platform_without_ipv6_narrows_the_domain_and_says_so() -> None:
    rules = (
        ClassifierRule(Match(sources=(prefix_of("2001:db8::/32"),)), AUDIO),
        ClassifierRule(Match(source_ports=(PortRange(1, 2),)), VIDEO),
    )
    lowered = lower(device(classifier=rules), Capabilities(Feature.MARK_INGRESS))
    assert lowered.domain == Match(version=4)
    assert "IPv4 only" in lowered.assumptions[0]
    assert [item.traffic_class for item in lowered.interfaces[0].classifier] == [VIDEO]


def test_within_is_a_part_of_what_overlaps() -> None:
    wide = Match(protocols=(6, 17), source_ports=(PortRange(20000, 20019), PortRange(20020, 20039)))
    phones = Match(
        protocols=(17,),
        sources=(prefix_of("10.2.0.0/16"),),
        source_ports=(PortRange(20000, 20039),),
        code_points=(CodePoint(40),),
    )
    assert within(phones, wide)
    assert not within(wide, phones)
    assert within(phones, Match(sources=(prefix_of("10.0.0.0/8"),)))
    assert not within(phones, Match(version=4))
    assert not within(
        Match(source_ports=(PortRange(1, 3),)), Match(source_ports=(PortRange(1, 2),))
    )
