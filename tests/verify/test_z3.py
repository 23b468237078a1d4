"""z3 as second evaluator: it must give the same verdict on random pairs of rule lists.

The reading of a match is written here a second time, as arithmetic over bit vectors.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import z3
from verify.randoms import CODE_POINTS, random_match

from translator.intents.device import DeviceQos
from translator.intents.match import Match
from translator.intents.pipeline import Rule, Stage, set_code_point
from translator.ports import PortRange
from translator.verify.compare import Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.trace import trace

PAIRS = 2000
VERSION = z3.Bool("six")
FRAGMENT = z3.Bool("fragment")
PROTOCOL = z3.BitVec("protocol", 8)
SOURCE = z3.BitVec("source", 128)
DESTINATION = z3.BitVec("destination", 128)
SOURCE_PORT = z3.BitVec("source_port", 16)
DESTINATION_PORT = z3.BitVec("destination_port", 16)
TOS = z3.BitVec("tos", 8)
REAL = z3.Implies(z3.Not(VERSION), z3.And(z3.ULT(SOURCE, 2**32), z3.ULT(DESTINATION, 2**32)))


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
        term = z3.If(_holds(rule.condition), written, term)
    return term


def _holds(match: Match) -> z3.BoolRef:
    parts = []
    if match.version is not None:
        parts.append((match.version == 6) == VERSION)
    if match.fragment is not None:
        parts.append(match.fragment == FRAGMENT)
    if match.protocols:
        parts.append(z3.Or([number == PROTOCOL for number in match.protocols]))
    for field, prefixes in ((SOURCE, match.sources), (DESTINATION, match.destinations)):
        if prefixes:
            parts.append(z3.Or([_in_prefix(field, prefix) for prefix in prefixes]))
    for field, ranges in (
        (SOURCE_PORT, match.source_ports),
        (DESTINATION_PORT, match.destination_ports),
    ):
        if ranges:
            parts.append(z3.Not(FRAGMENT))
            parts.append(
                z3.Or([z3.And(z3.UGE(field, r.low), z3.ULE(field, r.high)) for r in ranges])
            )
    if match.code_points or match.tos:
        masked = [TOS & mask == value & mask for value, mask in match.tos]
        parts.append(z3.Or([z3.LShR(TOS, 2) == int(p) for p in match.code_points] + masked))
    return z3.And(parts)


def _in_prefix(field, prefix):
    six = prefix.version == 6
    shift = (128 if six else 32) - prefix.prefixlen
    address = int(prefix.network_address)
    return z3.And(six == VERSION, z3.LShR(field, shift) == address >> shift)


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
