"""Boxes and origins of differences, options, and the order of verdicts."""

from __future__ import annotations

from hypothesis import given, settings
from verify import randoms

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.intents.condition import Predicate, Tagged
from translator.intents.device import DeviceQos
from translator.intents.match import ANY, Match, prefix_of
from translator.intents.pipeline import (
    Assign,
    Drop,
    Rule,
    Service,
    SetTag,
    Stage,
    Unclear,
    set_code_point,
)
from translator.ports import PortRange
from translator.verify.compare import Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.packet import Packet
from translator.verify.treatment import Treatment

PACKET = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
EF = (set_code_point(CodePoint(46)),)


def _side(*rules: Rule) -> Side:
    return Side(DeviceQos("test", forward=(Stage("", rules),)), None, None)


@settings(max_examples=200)
@given(randoms.stages, randoms.stages)
def test_a_difference_is_real_and_no_difference_is_none(one, other):
    wanted, found = _side(*one.rules), _side(*other.rules)
    result = compare(wanted, found, Space())
    for item in result.differences:
        assert wanted.trace(item.packet).treatment == item.wanted
        assert found.trace(item.packet).treatment == item.found
        assert item.wanted != item.found or item.wanted.unclear
    if result.verdict is Verdict.EQUAL:
        assert result.packet is None
        assert compare(found, wanted, Space()).verdict is Verdict.EQUAL


@given(randoms.stages)
def test_a_behaviour_equals_itself_unless_it_is_not_known(stage):
    result = compare(_side(*stage.rules), _side(*stage.rules), Space())
    assert result.verdict in (Verdict.EQUAL, Verdict.UNKNOWN)
    assert (result.verdict is Verdict.UNKNOWN) == bool(result.reasons)


def test_origins_of_both_sides():
    match = Match(sources=(prefix_of("10.1.0.0/16"),), source_ports=(PortRange(5, 9),))
    wanted = _side(Rule(match, (Assign("audio"), *EF), rows=("A01",)))
    found = _side(Rule(ANY, (Assign("class-default"),), lines=(7,)))
    (item,) = compare(wanted, found, Space()).differences
    assert str(item.box) == (
        "IPv4 any protocol from 10.1.0.0/16 port 5-9 to any, dscp all but ef, no fragments"
    )
    assert (item.wanted_origin.class_name, item.wanted_origin.rows) == ("audio", ("A01",))
    assert (item.found_origin.class_name, item.found_origin.lines) == ("class-default", (7,))
    assert str(item) == "0 10.1.0.0:5 > 0.0.0.0:0 dscp 0: wanted set dscp ef, best-effort; " + (
        "found keep, best-effort"
    )


def test_service_counts_unless_told_otherwise():
    wanted = _side(Rule(ANY, (Assign("x", Service.PRIORITY),)))
    assert compare(wanted, _side(), Space()).verdict is Verdict.DIFFERENT
    assert compare(wanted, _side(), Space(), service=False).verdict is Verdict.EQUAL


def test_a_domain_bounds_what_is_compared():
    wanted = _side(Rule(Match(version=6), EF))
    assert compare(wanted, _side(), Space(), domain=Match(version=4)).verdict is Verdict.EQUAL


def test_what_happens_before_a_drop_does_not_matter():
    dropped = _side(Rule(ANY, (*EF, Assign("x", Service.PRIORITY), Drop())))
    assert compare(dropped, _side(Rule(ANY, (Drop(),))), Space()).verdict is Verdict.EQUAL
    assert dropped.trace(PACKET).treatment == Treatment(dropped=True)


def test_an_unread_condition_that_changes_nothing_is_equal():
    rule = Rule(Predicate("line 4", unread=True), EF)
    assert compare(_side(rule, Rule(ANY, EF)), _side(Rule(ANY, EF)), Space()).verdict is (
        Verdict.EQUAL
    )


def test_the_budget_makes_the_verdict_undecided():
    rules = [
        replace(Rule(ANY, EF), condition=Match(source_ports=(PortRange(n, n),)))
        for n in range(0, 400, 3)
    ]
    result = compare(_side(*rules), _side(), Space(budget=100))
    assert (result.verdict, result.differences) == (Verdict.UNDECIDED, ())
    assert result.reasons


def test_thousands_of_predicates_are_undecided_and_do_not_crash():
    rules = [Rule(Predicate(f"nbar {number}"), EF) for number in range(3000)]
    assert compare(_side(*rules), _side(), Space()).verdict is Verdict.UNDECIDED


def test_hundreds_of_predicates_are_decided():
    rules = [Rule(Predicate(f"nbar {number}"), EF) for number in range(200)]
    space = Space()
    assert compare(_side(*rules), _side(*rules[::-1]), space).verdict is Verdict.EQUAL
    assert compare(_side(*rules), _side(*rules[1:]), space).verdict is Verdict.DIFFERENT


def test_two_sides_unclear_for_the_same_reason_are_not_equal():
    unclear = _side(Rule(ANY, (Unclear("line 3"),)))
    result = compare(unclear, unclear, Space())
    assert (result.verdict, result.reasons) == (Verdict.UNKNOWN, ("line 3",))


def test_bits_of_a_tag_are_kept_from_stage_to_stage():
    tagged = (
        Stage("one", (Rule(ANY, (SetTag("mark", 0x1),)),)),
        Stage("two", (Rule(ANY, (SetTag("mark", 0x10, 0xF0),)),)),
        Stage("three", (Rule(Tagged("mark", (0x11,)), EF),)),
    )
    side = Side(DeviceQos("test", forward=tagged), None, None)
    assert side.trace(PACKET).code_point == 46
    assert compare(_side(Rule(ANY, EF)), side, Space()).verdict is Verdict.EQUAL
