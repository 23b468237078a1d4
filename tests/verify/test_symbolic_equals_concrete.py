"""Two evaluators that share no code agree: the diagram and the step-by-step trace."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verify import randoms

from tests.support.values import replace
from translator.codepoint import TOS_DSCP_MASK, CodePoint
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Assign, Rule, SetTos, Stage, set_code_point
from translator.verify.behaviour import behaviour, stages_between
from translator.verify.boxes import boxes, value_at
from translator.verify.classes import class_diagram
from translator.verify.diagram import Space
from translator.verify.packet import Packet
from translator.verify.trace import trace, traces
from translator.verify.treatment import KEEP, Change, Marking

devices = st.builds(
    lambda ingress, forward, egress: DeviceQos(
        "test",
        (InterfaceQos("a", ingress=(ingress,)), InterfaceQos("b", egress=(egress,))),
        forward=(forward,),
    ),
    randoms.stages,
    randoms.stages,
    randoms.stages,
)
NAMES = {"in_interface": "a", "out_interface": "b"}


@settings(max_examples=300)
@given(devices, st.lists(randoms.packets, min_size=1, max_size=8))
def test_both_evaluators_agree_on_any_packet(device, packets):
    space = Space()
    node = behaviour(device, "a", "b", space)
    classes = class_diagram(device, "a", "b", space)
    stages = stages_between(device, "a", "b")
    queues_only = [Stage(stage.name, _served(stage.rules)) for stage in stages]
    for packet in packets:
        assert value_at(space, node, packet) == trace(stages, packet, NAMES).treatment
        queue = trace(queues_only, packet, NAMES).class_name
        assert value_at(space, classes, packet) == (queue or "")


def _served(rules):
    """The rules without classes that only mark: those are no queues."""
    return tuple(
        replace(
            rule,
            actions=tuple(
                action
                for action in rule.actions
                if not isinstance(action, Assign) or action.service is not None
            ),
            body=_served(rule.body),
        )
        for rule in rules
    )


@settings(max_examples=100)
@given(devices)
def test_both_evaluators_agree_on_the_lowest_packet_of_every_box(device):
    space = Space()
    node = behaviour(device, "a", "b", space)
    for box, treatment in boxes(space, node, 50):
        assert trace(stages_between(device, "a", "b"), box.lowest, NAMES).treatment == treatment


@settings(max_examples=100)
@given(devices, randoms.packets)
def test_open_predicates_are_followed_both_ways(device, packet):
    stages = stages_between(device, "a", "b")
    packet = replace(packet, predicates=())
    every = {
        trace(stages, replace(packet, predicates=names), NAMES).treatment
        for names in _subsets(randoms.NAMES)
    }
    assert {item.treatment for item in traces(stages, packet, NAMES)} == every


@settings(max_examples=100)
@given(randoms.stages)
def test_lines_and_names_play_no_part(stage):
    space = Space()
    renamed = Stage("other", tuple(replace(rule, lines=(9,), rows=("x",)) for rule in stage.rules))
    one, other = (
        behaviour(DeviceQos("test", (InterfaceQos(name, (item,)),)), name, None, space)
        for item, name in ((stage, "x"), (renamed, "y"))
    )
    assert one == other


@pytest.mark.parametrize("target", range(64))
def test_every_code_point_and_ecn_when_set_trusted_or_shifted_wrongly(target):
    space = Space()
    point = CodePoint(target)
    right = _node(space, set_code_point(point))
    kept = _node(space, SetTos(0, 0))
    wrong = _node(space, SetTos(target, 0xFF))
    for tos in range(256):
        packet = Packet.of(f"udp 10.0.0.1:1 > 10.0.0.2:2 tos {tos}")
        marking = value_at(space, right, packet).marking
        assert marking.applied(tos) == target << 2 | tos & 3
        assert (marking is KEEP or marking == KEEP) == (tos >> 2 == target)
        assert value_at(space, kept, packet).marking == KEEP
        shifted = value_at(space, wrong, packet).marking
        assert shifted.applied(tos) == target
        assert (shifted == marking) == (target == target << 2 | tos & 3)


def test_writing_what_is_there_is_the_same_as_keeping_it():
    space = Space()
    ef = CodePoint(46)
    rules = (Rule(Match(code_points=(ef,)), (set_code_point(ef),)),)
    device = DeviceQos("test", forward=(Stage("", rules),))
    assert behaviour(device, None, None, space) == behaviour(DeviceQos("test"), None, None, space)


def test_markings_are_canonical():
    assert Marking.between(184, 184) == KEEP
    assert Marking.between(1, 185) == Marking(Change.SET_DSCP, 46)
    assert Marking.between(1, 184) == Marking(Change.SET_TOS, 184)
    assert str(Marking.between(0, TOS_DSCP_MASK)) == "set dscp 63"


def _node(space, action):
    device = DeviceQos("test", forward=(Stage("", (Rule(ANY, (action,)),)),))
    return behaviour(device, None, None, space)


def _subsets(names):
    for number in range(2 ** len(names)):
        yield tuple(name for bit, name in enumerate(names) if number >> bit & 1)
