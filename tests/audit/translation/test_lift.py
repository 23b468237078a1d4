"""Intents from behaviour: few rules that ask for exactly what a text does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.audit.semdiff.ways import Text
from translator.audit.translation.cover import Region, rules_for
from translator.audit.translation.lift import Lifted, class_name, lift
from translator.codepoint import CodePoint
from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.match import ANY, Match, prefix_of
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    Role,
    TrafficClass,
    check_interface_name,
)
from translator.intents.pipeline import Assign, Drop, Rule, Stage, set_code_point
from translator.intents.stages import device_of
from translator.ports import PortRange
from translator.verify.compare import Side, Verdict, compare
from translator.verify.conditions import packets_of
from translator.verify.diagram import NOTHING, Space

LINUX = driver("linux").capabilities
EF, AF41, DF = CodePoint(46), CodePoint(34), CodePoint(0)


def of_rules(*rules: Rule) -> Text:
    return Text(DeviceQos("test", (InterfaceQos("a", ingress=(Stage("in", rules),)),)), LINUX)


def marking(match: object, name: str, point: CodePoint) -> Rule:
    return Rule(match, (Assign(name), set_code_point(point)))  # type: ignore[arg-type]


def lifted(*rules: Rule) -> Lifted:
    return lift(of_rules(*rules), LINUX, Space())


AUDIO = Match(protocols=(6, 17), source_ports=(PortRange(20000, 20039),))
MARKED = Match(code_points=(AF41, EF))


def test_rules_of_an_edge_come_back_as_they_were() -> None:
    """The reset is of all around the port range, but stays one list of code points."""
    found = lifted(marking(AUDIO, "audio", EF), marking(MARKED, "rogue", DF))
    (interface,) = found.intents.interfaces
    assert interface.classifier == (ClassifierRule(AUDIO, TrafficClass("audio", EF)),)
    assert interface.reset == (AF41, EF)


def test_a_class_that_keeps_marks_shortens_the_rest() -> None:
    """`voice` is believed, everything else is reset: the class in front says it in two rules."""
    servers = Match(sources=(prefix_of("10.1.1.7/32"),))
    rules = (Rule(servers, (Assign("voice"),)), marking(ANY, "rest", DF))
    (interface,) = lifted(*rules).intents.interfaces
    assert [
        (rule.traffic_class.name, rule.traffic_class.code_point) for rule in interface.classifier
    ] == [
        ("voice", None),
        ("rest", DF),
    ]
    assert interface.classifier[0].match == servers


def test_dropped_packets_are_asked_about_by_nobody() -> None:
    found = lifted(Rule(AUDIO, (Drop(),)), marking(ANY, "all", EF))
    (interface,) = found.intents.interfaces
    assert [rule.match for rule in interface.classifier] == [ANY]


def test_a_class_that_hangs_on_a_predicate_is_left_out() -> None:
    found = lifted(marking(Predicate("nbar:rtp"), "nbar", AF41), marking(AUDIO, "audio", EF))
    (interface,) = found.intents.interfaces
    assert {rule.traffic_class.name for rule in interface.classifier} == {"audio"}


def test_one_name_with_two_marks_becomes_two() -> None:
    other = Match(protocols=(17,), source_ports=(PortRange(1, 9),))
    found = lifted(marking(AUDIO, "media", EF), marking(other, "media", AF41))
    (interface,) = found.intents.interfaces
    assert {(item.name, item.code_point) for item in interface.classes} == {
        ("media", EF),
        ("media-af41", AF41),
    }


@pytest.mark.parametrize("text", ["VOICE", "a b", "1:20", "x*y", "", "--", "é"])
def test_class_names_are_names_anywhere(text: str) -> None:
    name = class_name(text)
    assert check_interface_name(name) == name
    with pytest.raises(UsageError):
        check_interface_name(f"{name} ")


def test_interface_patterns_are_named_as_left_out() -> None:
    pattern = InterfaceQos("ge-*", ingress=(Stage("in", (marking(AUDIO, "audio", EF),)),))
    found = lift(Text(DeviceQos("test", (pattern,)), LINUX), LINUX, Space())
    assert [str(item) for item in found.left_out] == [
        "ge-*: it is not the name of a single interface"
    ]
    assert found.intents.interfaces == ()


ports = st.builds(
    lambda low, size: PortRange(low, min(low + size, 65535)),
    st.integers(0, 65535),
    st.sampled_from([0, 1, 39, 5000]),
)
matches = st.builds(
    Match,
    protocols=st.sampled_from([(), (6,), (6, 17)]),
    sources=st.sampled_from([(), (prefix_of("10.0.0.0/9"),), (prefix_of("10.1.1.7/32"),)]),
    source_ports=st.lists(ports, max_size=2).map(tuple),
    code_points=st.sampled_from([(), (EF,), (AF41, EF)]),
)
rules = st.builds(marking, matches, st.sampled_from("abc"), st.sampled_from([EF, AF41, DF]))
KEEPING = st.builds(lambda match: Rule(match, (Assign("keep"),)), matches)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(rules, KEEPING), min_size=1, max_size=5))
def test_what_is_lifted_asks_for_what_was_done(listed: list[Rule]) -> None:
    source = of_rules(*listed)
    found = lift(source, LINUX, Space())
    if found.left_out:
        assert all("irregular" in item.what for item in found.left_out)
        return
    wanted = device_of(found.intents)
    result = compare(Side(source.device, "a", None), Side(wanted, "a", None), Space())
    assert result.verdict is Verdict.EQUAL, result.packet


@settings(deadline=None, max_examples=60)
@given(st.lists(matches, min_size=1, max_size=4))
def test_a_cover_takes_all_it_must_and_nothing_it_may_not(listed: list[Match]) -> None:
    space = Space()
    regions, taken = [], NOTHING
    for at, match in enumerate(listed):
        packets = space.difference(packets_of(match, space), taken)
        taken = space.union(taken, packets)
        regions.append(Region(TrafficClass(f"c{at}", CodePoint(at + 1)), packets, packets))
    found = rules_for(regions, NOTHING, space)
    intents = InterfaceIntents("a", Role.CLIENT, found)
    wanted = device_of(DeviceIntents("d", "p", (intents,)))
    source = of_rules(*(marking(m, f"c{at}", CodePoint(at + 1)) for at, m in enumerate(listed)))
    result = compare(Side(source.device, "a", None), Side(wanted, "a", None), Space())
    assert result.verdict is Verdict.EQUAL


def test_overlapping_ipv4_lists_stay_as_short_as_they_were() -> None:
    """Hosts of one class and ports of the other: neither is said by what is around it."""
    host = prefix_of("10.1.1.213/32")
    web = Match(version=4, protocols=(6,), destination_ports=(PortRange(443, 443),))
    hosts = Match(sources=(host,))
    signalling = Match(version=4, protocols=(6,), destination_ports=(PortRange(5060, 5061),))
    rules = (marking(web, "web", AF41), marking(hosts, "hosts", EF), marking(signalling, "sip", DF))
    (interface,) = lifted(*rules).intents.interfaces
    assert [rule.match for rule in interface.classifier] == [web, hosts, signalling]
