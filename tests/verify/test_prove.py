"""Proofs of whole devices, and of mistakes put into them."""

from __future__ import annotations

import pytest

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.base import Rendered
from translator.errors import ProofError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.condition import AllOf, Predicate, Tagged
from translator.intents.device import DeviceQos, InterfaceQos, Unread
from translator.intents.match import ANY, Match
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
)
from translator.intents.pipeline import (
    Police,
    Rule,
    Service,
    SetTag,
    SetTos,
    Stage,
    Unclear,
    set_code_point,
)
from translator.intents.stages import device_of
from translator.ports import PortRange
from translator.verify.compare import Verdict
from translator.verify.diagram import Space
from translator.verify.prove import OTHER, prove, render_proven
from translator.verify.scheduling import Tolerance

EF, AF41 = CodePoint(46), CodePoint(34)
CAPABILITIES = Capabilities(Feature.MARK_INGRESS | Feature.QUEUE, fragments_proven=True)
AUDIO = ClassifierRule(
    Match(protocols=(17,), source_ports=(PortRange(50000, 50019),)),
    TrafficClass("audio", EF),
    rows=("A01",),
)
VIDEO = ClassifierRule(
    Match(protocols=(17,), source_ports=(PortRange(50020, 50039),)), TrafficClass("video", AF41)
)
QUEUING = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (EF,), 20),
        QueueIntent("video", Service.GUARANTEED, (AF41,), 30),
        QueueIntent("default", Service.BEST_EFFORT, (), 50),
    ),
    shaping_bps=10_000_000,
)
INTENTS = DeviceIntents(
    "r1",
    "test",
    (
        InterfaceIntents("lan0", Role.CLIENT, (AUDIO, VIDEO), reset=(EF, AF41)),
        InterfaceIntents("lan1", Role.CLIENT, (AUDIO, VIDEO), reset=(EF, AF41)),
        InterfaceIntents("wan", Role.WAN, queuing=QUEUING),
    ),
)
RIGHT = device_of(INTENTS)


def _with(name: str, **changes: object) -> DeviceQos:
    """Return the right device with something changed on one interface."""
    interfaces = tuple(
        replace(item, **changes) if item.name == name else item for item in RIGHT.interfaces
    )
    return replace(RIGHT, interfaces=interfaces)


def _ingress(*rules: Rule) -> DeviceQos:
    return _with("lan0", ingress=(Stage("policy", rules),))


RULES = RIGHT.interface("lan0").ingress[0].rules


def test_the_intents_own_behaviour_is_proven():
    proof = prove(INTENTS, RIGHT, CAPABILITIES)
    assert (proof.ok, proof.verdict, proof.problem) == (True, Verdict.EQUAL, "")
    assert ("lan0", "wan") in proof.pairs
    assert (OTHER, "wan") in proof.pairs
    assert "all packets" in proof.packets_note


def test_swapped_classes_are_no_difference_when_they_do_not_meet():
    assert prove(INTENTS, _ingress(RULES[1], RULES[0], *RULES[2:]), CAPABILITIES).ok


def test_swapped_rules_that_meet_are_found_with_packet_and_origin():
    proof = prove(INTENTS, _ingress(RULES[2], *RULES[:2], RULES[3]), CAPABILITIES)
    assert proof.verdict is Verdict.DIFFERENT
    marked = [
        item.difference
        for item in proof.differences
        if item.difference.wanted_origin.class_name == "audio"
    ]
    assert marked[0].wanted_origin.rows == ("A01",)
    assert marked[0].box.source_ports == ((50000, 50019),)
    assert str(marked[0].packet) == "udp 0.0.0.0:50000 > 0.0.0.0:0 dscp 34"


def test_one_port_off_is_one_box():
    wide = replace(RULES[0].condition, source_ports=(PortRange(50000, 50020),))
    proof = prove(INTENTS, _ingress(replace(RULES[0], condition=wide), *RULES[1:]), CAPABILITIES)
    boxes = {item.difference.box for item in proof.differences}
    assert {box.source_ports for box in boxes} == {((50020, 50020),)}
    assert "50020" in proof.problem


@pytest.mark.parametrize("action", [SetTos(46, 0xFF), SetTos(46 << 2, 0xFF), SetTos(46 << 2, 0xF8)])
def test_a_wrong_shift_or_mask_is_found(action):
    wrong = replace(RULES[0], actions=(action,))
    assert not prove(INTENTS, _ingress(wrong, *RULES[1:]), CAPABILITIES).ok


def test_a_policer_nobody_asked_for_is_found():
    policed = replace(RULES[0], actions=(*RULES[0].actions, Police(64_000)))
    proof = prove(INTENTS, _ingress(policed, *RULES[1:]), CAPABILITIES)
    assert "policed at 64000 bit/s" in proof.problem


def test_an_interface_without_the_policy_is_found():
    proof = prove(INTENTS, _with("lan1", ingress=()), CAPABILITIES)
    assert {item.in_interface for item in proof.differences} == {"lan1"}


def test_what_was_not_read_makes_the_verdict_unknown():
    unclear = replace(RULES[0], actions=(*RULES[0].actions, Unclear("line 12")))
    proof = prove(INTENTS, _ingress(unclear, *RULES[1:]), CAPABILITIES)
    assert (proof.ok, proof.verdict) == (False, Verdict.UNKNOWN)
    assert proof.reasons == ("line 12",)
    guarded = replace(
        RULES[0], condition=AllOf((RULES[0].condition, Predicate("line 13", unread=True)))
    )
    proof = prove(INTENTS, _ingress(guarded, *RULES[1:]), CAPABILITIES)
    assert (proof.verdict, proof.reasons) == (Verdict.UNKNOWN, ("it hangs on line 13",))


def test_a_certain_difference_beside_an_unread_line_is_different():
    guarded = replace(
        RULES[0], condition=AllOf((RULES[0].condition, Predicate("line 13", unread=True)))
    )
    proof = prove(INTENTS, _ingress(guarded, *RULES[2:]), CAPABILITIES)
    assert proof.verdict is Verdict.DIFFERENT
    assert all(item.difference.certain for item in proof.differences)


def test_a_condition_on_what_no_header_shows_is_a_difference():
    guarded = replace(RULES[0], condition=AllOf((RULES[0].condition, Predicate("nbar rtp"))))
    proof = prove(INTENTS, _ingress(guarded, *RULES[1:]), CAPABILITIES)
    assert proof.verdict is Verdict.DIFFERENT
    assert proof.differences[0].difference.box.predicates == (("nbar rtp", False),)


def test_an_unread_line_of_an_interface_in_use_is_unknown_elsewhere_it_is_not():
    unread = (Unread(7, "strange words"),)
    here = replace(_with("wan", lines=(5, 6, 7)), unread=unread)
    proof = prove(INTENTS, here, CAPABILITIES)
    assert (proof.verdict, proof.ok) == (Verdict.UNKNOWN, False)
    assert "line 7" in proof.problem
    assert prove(INTENTS, replace(RIGHT, unread=unread), CAPABILITIES).ok


def test_fragments_are_left_out_and_it_is_said():
    late = Rule(Match(fragment=True), (set_code_point(EF),))
    device = _ingress(late, *RULES)
    assert not prove(INTENTS, device, CAPABILITIES).ok
    proof = prove(INTENTS, device, replace(CAPABILITIES, fragments_proven=False))
    assert proof.ok
    assert any("fragments are left out" in text for text in proof.assumptions)
    assert "all but fragments" in proof.packets_note


def test_the_domain_of_the_intents_bounds_the_proof():
    device = _ingress(Rule(Match(version=6), (set_code_point(EF),)), *RULES)
    assert not prove(INTENTS, device, CAPABILITIES).ok
    assert prove(replace(INTENTS, domain=Match(version=4)), device, CAPABILITIES).ok


def test_service_does_not_count_where_nothing_is_asked_of_it():
    egress = RIGHT.interface("wan").egress
    assert prove(INTENTS, _with("lan1", egress=egress), CAPABILITIES).ok
    assert not prove(INTENTS, _with("wan", egress=()), CAPABILITIES).ok


def test_a_default_of_unnamed_interfaces_is_said_and_does_not_decide():
    untrusted = InterfaceQos("*", ingress=(Stage("", (Rule(ANY, (SetTos(0, 0xFC),)),)),))
    proof = prove(INTENTS, replace(RIGHT, other_interface=untrusted), CAPABILITIES)
    assert proof.ok
    said = [text for text in proof.assumptions if "platform's default" in text]
    assert len(said) == 1
    assert "* -> wan" in said[0]
    assert (OTHER, "wan") not in proof.pairs


def test_a_chain_that_asks_for_interface_names_is_proven():
    classify = Stage(
        "forward",
        tuple(
            replace(
                rule, condition=AllOf((Tagged("in_interface", ("lan0", "lan1")), rule.condition))
            )
            for rule in RULES
        ),
    )
    bare = tuple(replace(item, ingress=()) for item in RIGHT.interfaces)
    device = replace(RIGHT, interfaces=bare, forward=(classify,))
    assert prove(INTENTS, device, CAPABILITIES).ok
    one = replace(
        classify,
        rules=tuple(
            replace(rule, condition=AllOf((Tagged("in_interface", ("lan0",)), rule.condition)))
            for rule in RULES
        ),
    )
    proof = prove(INTENTS, replace(device, forward=(one,)), CAPABILITIES)
    assert {item.in_interface for item in proof.differences} == {"lan1"}


def test_a_mark_set_at_ingress_chooses_the_queue_at_egress():
    tagged = tuple(
        replace(rule, actions=(*rule.actions, SetTag("group", number, 0xF0)))
        for number, rule in zip((0x10, 0x20, 0x30, 0x30), RULES, strict=True)
    )
    egress = Stage(
        "queues",
        (
            Rule(Tagged("group", (0x10,), 0xF0), RIGHT.interface("wan").egress[0].rules[0].actions),
            Rule(Tagged("group", (0x20,), 0xF0), RIGHT.interface("wan").egress[0].rules[1].actions),
            *RIGHT.interface("wan").egress[0].rules,
        ),
    )
    lan0 = replace(RIGHT.interface("lan0"), ingress=(Stage("", tagged),))
    wan = replace(RIGHT.interface("wan"), egress=(egress,))
    device = replace(RIGHT, interfaces=(lan0, RIGHT.interface("lan1"), wan))
    assert prove(INTENTS, device, CAPABILITIES).ok


def test_past_the_budget_the_verdict_is_undecided():
    proof = prove(INTENTS, RIGHT, CAPABILITIES, Space(budget=60))
    assert (proof.ok, proof.verdict) == (False, Verdict.UNDECIDED)
    assert "budget" in proof.problem


def test_ten_thousand_names_share_one_diagram():
    space = Space()
    prove(INTENTS, RIGHT, CAPABILITIES, space)
    size = space.size
    for number in range(50):
        names = {item.name: f"{item.name}/{number}" for item in INTENTS.interfaces}
        intents = replace(
            INTENTS,
            interfaces=tuple(replace(i, name=names[i.name]) for i in INTENTS.interfaces),
        )
        assert prove(intents, device_of(intents), CAPABILITIES, space).ok
    assert space.size == size


class _Driver:
    """A driver whose text is a key to a device."""

    platform = "test"
    capabilities = CAPABILITIES

    def __init__(self, device: DeviceQos) -> None:
        self.device = device

    def render(self, intents: DeviceIntents) -> Rendered:
        return Rendered("text", "")

    def parse(self, text: str, *, file: str = "") -> DeviceQos:
        return self.device


def test_render_proven_gives_text_and_proof():
    rendered, proof = render_proven(_Driver(RIGHT), INTENTS)
    assert (rendered.config, proof.ok) == ("text", True)


def test_render_proven_refuses_a_wrong_text_with_the_packet():
    with pytest.raises(ProofError) as caught:
        render_proven(_Driver(_ingress(*RULES[1:])), INTENTS)
    assert "udp 0.0.0.0:50000 > 0.0.0.0:0 dscp 0: wanted set dscp ef" in str(caught.value)


def test_render_proven_refuses_a_line_that_is_not_read_back():
    with pytest.raises(ProofError, match="line 3 was written but not understood: odd"):
        render_proven(_Driver(replace(RIGHT, unread=(Unread(3, " odd"),))), INTENTS)


def _scheduling(**changes: object) -> list[str]:
    queuing = RIGHT.interface("wan").queuing
    classes = tuple(
        replace(item, **changes) if item.name == "video" else item for item in queuing.classes
    )
    device = _with("wan", queuing=replace(queuing, classes=classes))
    return [str(item) for item in prove(INTENTS, device, CAPABILITIES).scheduling]


def test_shares_are_compared_in_whatever_unit_the_text_uses():
    assert _scheduling(percent=31.0) == []
    assert _scheduling(percent=None, rate_bps=3_000_000) == []
    assert _scheduling(percent=None, remaining_percent=37.5) == []
    assert _scheduling(percent=25.0) == ["wan, queue video: share: wanted 30 %, found 25 %"]
    assert _scheduling(percent=None) == ["wan, queue video: share: wanted 30 %, found none"]


def test_the_tolerance_can_be_chosen():
    queuing = RIGHT.interface("wan").queuing
    device = _with("wan", queuing=replace(queuing, shaping_bps=10_200_000))
    assert [item.problem for item in prove(INTENTS, device, CAPABILITIES).scheduling] == [
        "shaping rate"
    ]
    loose = Tolerance(rate_percent=3)
    assert prove(INTENTS, device, CAPABILITIES, tolerance=loose).ok


def test_a_queue_is_found_by_its_packets_not_by_its_name():
    queuing = RIGHT.interface("wan").queuing
    names = {"audio": "Q1", "video": "Q2", "default": "class-default"}
    classes = tuple(replace(item, name=names[item.name]) for item in queuing.classes)
    stage = RIGHT.interface("wan").egress[0]
    rules = tuple(
        replace(
            rule,
            actions=tuple(replace(a, class_name=names[a.class_name]) for a in rule.actions),
        )
        for rule in stage.rules
    )
    device = _with(
        "wan", queuing=replace(queuing, classes=classes), egress=(replace(stage, rules=rules),)
    )
    assert prove(INTENTS, device, CAPABILITIES).ok
    swapped = replace(queuing, classes=(classes[0], replace(classes[1], percent=12.0), classes[2]))
    device = _with("wan", queuing=swapped, egress=(replace(stage, rules=rules),))
    assert "queue video: share" in prove(INTENTS, device, CAPABILITIES).problem


def test_queues_that_are_missing_altogether():
    proof = prove(INTENTS, _with("wan", queuing=None), CAPABILITIES)
    assert proof.problem == "wan: no queues are configured: wanted queues, found none"


def test_a_shaper_at_the_rate_of_the_line_is_no_difference():
    queuing = replace(QUEUING, shaping_bps=None)
    wan = InterfaceIntents("wan", Role.UPLINK, queuing=queuing, link_bps=1_000_000_000)
    intents = replace(INTENTS, interfaces=(*INTENTS.interfaces[:2], wan))
    right = device_of(intents)
    assert prove(intents, right, CAPABILITIES).ok
    for rate_bps, ok in ((1_000_000_000, True), (995_000_000, True), (900_000_000, False)):
        shaped = replace(right.interface("wan").queuing, shaping_bps=rate_bps)
        interfaces = tuple(
            replace(item, queuing=shaped) if item.name == "wan" else item
            for item in right.interfaces
        )
        assert prove(intents, replace(right, interfaces=interfaces), CAPABILITIES).ok is ok
