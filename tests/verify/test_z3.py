"""z3 as second evaluator: it must give the same verdict on random pairs of rule lists.

`support.z3_model` reads conditions and actions a second time, as arithmetic over bit vectors.
"""

from __future__ import annotations

import random

import pytest
import z3  # type: ignore[import-untyped]  # it has no types
from hypothesis import HealthCheck, given, settings
from support.z3_model import Model, State, Truth, verdict_on
from support.z3_terms import REAL, TOS, match_holds
from verify.randoms import CODE_POINTS, random_match, stages

from tests.support.values import replace
from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.match import Match
from translator.intents.pipeline import Drop, Flow, Rule, Stage, Unclear, set_code_point
from translator.ports import PortRange
from translator.verify.compare import Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.trace import trace

PAIRS = 2000


@pytest.mark.slow
def test_pairs_of_rule_lists_get_the_same_verdict():
    verdicts = {Verdict.EQUAL: 0, Verdict.DIFFERENT: 0}
    space = Space()
    for seed in range(PAIRS):
        one, other = _pair(random.Random(seed))
        space.recycle()
        wanted, found = (
            Side(DeviceQos("test", forward=(Stage("", rules),)), None, None)
            for rules in (one, other)
        )
        result = compare(wanted, found, space)
        solver = z3.SolverFor("QF_BV")
        solver.add(REAL, _after(one) != _after(other))
        assert (solver.check() == z3.unsat) == (result.verdict is Verdict.EQUAL), seed
        verdicts[result.verdict] += 1
        if result.verdict is Verdict.DIFFERENT:
            assert wanted.trace(result.packet).tos != found.trace(result.packet).tos
            for item in result.differences:
                assert wanted.trace(item.packet).tos != found.trace(item.packet).tos
    assert min(verdicts.values()) > PAIRS // 5, verdicts


def test_a_rule_list_with_one_port_more_differs_in_that_port_only():
    rule = Rule(Match(source_ports=(PortRange(20, 29),)), (set_code_point(CODE_POINTS[1]),))
    wider = replace(rule, condition=Match(source_ports=(PortRange(20, 30),)))
    sides = [
        Side(DeviceQos("test", forward=(Stage("", (item,)),)), None, None) for item in (rule, wider)
    ]
    result = compare(*sides, Space())
    assert [box.source_ports for box in (item.box for item in result.differences)] == [((30, 30),)]
    assert trace((), result.packet).tos != sides[1].trace(result.packet).tos


def _pair(draw: random.Random) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return a list and another: its equal by construction, a mutant, or a stranger."""
    plan_like = draw.random() < 0.5
    one = _rules(draw, draw.randint(1, 6), plan_like)
    kind = draw.choice(["split", "swap", "shadowed", "mutant", "mutant", "stranger"])
    if kind == "split":
        return one, _split(one)
    if kind == "shadowed":
        return one, (*one, *(replace(r, actions=()) for r in one))
    if kind == "swap":
        return one, _swapped(draw, one)
    if kind == "stranger":
        return one, _rules(draw, 3, plan_like)
    at = draw.randrange(len(one))
    changed = replace(one[at], condition=random_match(draw, plan_like=plan_like))
    return one, (*one[:at], changed, *one[at + 1 :])


def _rules(draw: random.Random, count: int, plan_like: bool) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            random_match(draw, plan_like=plan_like),
            (set_code_point(draw.choice(CODE_POINTS)),),
        )
        for _ in range(count)
    )


def _split(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Write each range of source ports as two rules."""
    result: list[Rule] = []
    for rule in rules:
        for ports in rule.condition.source_ports or (None,):
            if ports is None or ports.low == ports.high:
                result.append(rule)
                continue
            middle = (ports.low + ports.high) // 2
            for part in (PortRange(middle + 1, ports.high), PortRange(ports.low, middle)):
                match = replace(rule.condition, source_ports=(part,))
                result.append(replace(rule, condition=match))
    return tuple(result)


def _swapped(draw: random.Random, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Exchange neighbours: no difference where they write the same or do not meet."""
    at = draw.randrange(len(rules))
    return (*rules[:at], *reversed(rules[at : at + 2]), *rules[at + 2 :])


def _after(rules: tuple[Rule, ...]) -> z3.BitVecRef:
    """Return the ToS byte after the list as a term."""
    term = TOS
    for rule in reversed(rules):
        action = rule.actions[0] if rule.actions else None
        written = TOS if action is None else TOS & ~action.mask & 255 | action.value
        term = z3.If(match_holds(rule.condition), written, term)
    return term


@pytest.mark.parametrize("kind", ["split", "shadowed"])
def test_equal_by_construction_is_the_same_diagram(kind):
    draw = random.Random(7)
    for _ in range(50):
        one = _rules(draw, 6, True)
        other = _split(one) if kind == "split" else (*one, *one)
        sides = [
            Side(DeviceQos("test", forward=(Stage("", rules),)), None, None)
            for rules in (one, other)
        ]
        assert compare(*sides, Space()).verdict is Verdict.EQUAL


def _device(*parts: Stage) -> DeviceQos:
    """Return a device with one stage at each point of the way from `a` to `b`."""
    first, middle, last = parts
    sides = (InterfaceQos("a", ingress=(first,)), InterfaceQos("b", egress=(last,)))
    return DeviceQos("test", sides, forward=(middle,))


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(stages, stages, stages, stages)
def test_devices_get_the_same_verdict(first, middle, last, changed):
    """Tags, bodies, jumps, drops, policers, predicates and unclear actions included."""
    one, other = _device(first, middle, last), _device(first, changed, last)
    model = Model()
    before, after = (model.after(device, "a", "b") for device in (one, other))
    truth, _ = verdict_on(before, after)
    found = compare(Side(one, "a", "b"), Side(other, "a", "b"), Space()).verdict
    if truth is Truth.EQUAL:
        # Two texts that are unclear alike are equal for z3, and not known to be for `compare`.
        assert found in (Verdict.EQUAL, Verdict.UNKNOWN)
        assert (found is Verdict.EQUAL) == _is_clear(before)
    else:
        assert found.value == {"unclear": "unknown"}.get(truth.value, truth.value)


def _is_clear(state: State) -> bool:
    solver = z3.SolverFor("QF_BV")
    solver.add(REAL, state.is_unclear)
    return solver.check() == z3.unsat


def _after_rules(*rules: Rule) -> State:
    return Model().through((Stage("", rules),), {})


def test_a_difference_that_an_unread_line_may_undo_is_unclear():
    unread = Rule(Predicate("line 3", unread=True), (Drop(),))
    drop = Rule(Match(), (Drop(),))
    assert verdict_on(_after_rules(unread), _after_rules())[0] is Truth.UNCLEAR
    assert verdict_on(_after_rules(unread, drop), _after_rules(drop))[0] is Truth.EQUAL
    mark = Rule(Match(), (set_code_point(CODE_POINTS[1]),))
    assert verdict_on(_after_rules(unread, mark), _after_rules(drop))[0] is Truth.UNCLEAR
    tcp = Rule(Match(protocols=(6,)), (Drop(),))
    assert verdict_on(_after_rules(tcp, unread), _after_rules(unread))[0] is Truth.UNCLEAR
    named = Rule(Predicate("nbar rtp"), (Drop(),))
    assert verdict_on(_after_rules(named), _after_rules())[0] is Truth.DIFFERENT


def test_texts_that_are_unclear_for_other_reasons_are_not_equal():
    reasons = [Rule(Match(), (Unclear(f"line {n}"),), Flow.NEXT) for n in (1, 2)]
    assert verdict_on(_after_rules(*reasons), _after_rules(*reasons[::-1]))[0] is Truth.EQUAL
    assert verdict_on(_after_rules(*reasons), _after_rules(reasons[0]))[0] is Truth.UNCLEAR
