"""What is said about one packet."""

from __future__ import annotations

import pytest

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.errors import UsageError
from translator.intents.condition import AccessList, AnyOf, Entry, Predicate
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Assign,
    Drop,
    Flow,
    Rule,
    Service,
    Stage,
    Unclear,
    set_code_point,
)
from translator.ports import PortRange
from translator.verify.explain import explain
from translator.verify.packet import Packet

VOICE = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
EF = CodePoint(46)
ACL = AccessList(
    (
        Entry(False, Match(protocols=(6,)), 3),
        Entry(True, Match(source_ports=(PortRange(20000, 20039),)), 4),
        Entry(True, Match(source_ports=(PortRange(20001, 20001),)), 5),
    )
)
MARK = Stage(
    "MARK",
    (
        Rule(ACL, (Assign("AUDIO"), set_code_point(EF)), lines=(10, 12), rows=("A10",)),
        Rule(ANY, (Assign("class-default"),), lines=(14,)),
    ),
)
QUEUE = Stage(
    "QUEUE",
    (
        Rule(Match(code_points=(EF,)), (Assign("RT", Service.PRIORITY),), lines=(20,)),
        Rule(ANY, (Assign("class-default", Service.BEST_EFFORT),), lines=(22,)),
    ),
)
DEVICE = DeviceQos(
    "test",
    interfaces=(InterfaceQos("Gi1", ingress=(MARK,)), InterfaceQos("Gi2", egress=(QUEUE,))),
    policies=(PolicyQos("MARK", "policy-map", (MARK,)), PolicyQos("QUEUE", "policy-map", (QUEUE,))),
)


def _alone(*rules: Rule) -> DeviceQos:
    stage = Stage("P", rules)
    return DeviceQos("test", policies=(PolicyQos("P", "policy-map", (stage,)),))


def test_through_both_interfaces_with_class_lines_and_rows():
    seen = explain(DEVICE, VOICE, "Gi1", "Gi2")
    assert (seen.verdict, seen.dscp_in, seen.dscp_out) == ("known", 0, 46)
    assert (seen.service, seen.dropped, seen.class_name) == (Service.PRIORITY, False, "RT")
    assert seen.lines == (10, 12, 4, 20)
    assert seen.rows == ("A10",)
    assert seen.notes == ()


def test_ingress_alone_says_so():
    seen = explain(DEVICE, VOICE, in_interface="Gi1")
    assert (seen.dscp_out, seen.service, seen.class_name) == (46, Service.BEST_EFFORT, "AUDIO")
    assert seen.notes == ("no out-interface is given: what it does is left out",)


def test_a_denied_packet_falls_to_the_default_class():
    seen = explain(DEVICE, Packet.of("tcp 10.1.1.1:20001 > 10.2.2.2:5 dscp 10"), policy="MARK")
    assert (seen.dscp_out, seen.class_name, seen.lines) == (10, "class-default", (14,))


def test_an_unknown_policy_names_those_there_are():
    with pytest.raises(UsageError, match="NONE") as caught:
        explain(DEVICE, VOICE, policy="NONE")
    assert "MARK, QUEUE" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        explain(DEVICE, VOICE)
    assert "Gi1, Gi2" in caught.value.hint
    with pytest.raises(UsageError):
        explain(DEVICE, VOICE, in_interface="Gi1", policy="MARK")


def test_the_only_policy_or_interface_is_taken():
    one = replace(DEVICE, interfaces=(), policies=DEVICE.policies[:1])
    assert explain(one, VOICE).notes == ("policy MARK, the only one, is taken alone",)
    bound = replace(DEVICE, interfaces=DEVICE.interfaces[1:])
    seen = explain(bound, VOICE)
    assert seen.notes == ("the packet leaves by Gi2, the only interface with a policy",)
    assert seen.lines == (22,)
    assert explain(DeviceQos("test"), VOICE).notes == ("the text binds no policy to an interface",)


def test_an_interface_that_the_text_does_not_name_has_the_default():
    reset = InterfaceQos("*", ingress=(Stage("", (Rule(ANY, (set_code_point(CodePoint(0)),)),)),))
    marked = replace(VOICE, tos=EF.tos)
    seen = explain(replace(DEVICE, other_interface=reset), marked, "Gi9", "Gi2")
    assert (seen.dscp_out, seen.class_name) == (0, "class-default")
    assert any("Gi9" in note for note in seen.notes)


def test_what_a_text_has_for_all_interfaces_is_not_called_the_platforms_default():
    everywhere = replace(DEVICE, other_interface=InterfaceQos("*", ingress=(MARK,)))
    seen = explain(everywhere, VOICE, in_interface="Gi9", out_interface="Gi2")
    (note,) = seen.notes
    assert "Gi9" in note
    assert note.endswith("what it has for all interfaces holds")
    (note,) = explain(DEVICE, VOICE, in_interface="Gi9", out_interface="Gi2").notes
    assert note.endswith("the platform's default holds")


def test_unclear_and_open_predicates_are_unknown_and_named():
    seen = explain(_alone(Rule(ANY, (Unclear("line 7: odd"), set_code_point(EF)))), VOICE)
    assert (seen.verdict, seen.reasons, seen.dscp_out) == ("unknown", ("line 7: odd",), 46)
    open_rule = Rule(Predicate("nbar rtp"), (Assign("RTP"), set_code_point(EF)))
    seen = explain(_alone(open_rule), VOICE)
    assert (seen.verdict, seen.dscp_out, seen.class_name) == ("unknown", None, None)
    assert seen.reasons == ("it hangs on what no header shows: nbar rtp",)
    unread = Rule(Predicate("line 9", unread=True), (set_code_point(EF),))
    assert "line 9" in explain(_alone(unread), VOICE).reasons[0]


def test_a_predicate_that_the_packet_carries_or_that_changes_nothing_is_known():
    rule = Rule(Predicate("nbar rtp"), (set_code_point(EF),))
    assert explain(_alone(rule), replace(VOICE, predicates=("nbar rtp",))).dscp_out == 46
    either = AnyOf((Predicate("nbar rtp"), Match(protocols=(17,))))
    assert explain(_alone(Rule(either, (set_code_point(EF),))), VOICE).verdict == "known"
    same = Rule(ANY, (set_code_point(EF),))
    assert explain(_alone(rule, same), VOICE).verdict == "known"
    denied = AccessList((Entry(True, Predicate("x")), Entry(True, ANY)))
    assert explain(_alone(Rule(denied, (set_code_point(EF),))), VOICE).verdict == "known"


def test_a_dropped_packet_has_no_code_point():
    seen = explain(_alone(Rule(ANY, (Assign("X"), Drop(), set_code_point(EF)))), VOICE)
    assert (seen.verdict, seen.dropped, seen.dscp_out, seen.class_name) == (
        "known",
        True,
        None,
        "X",
    )


def test_too_many_predicates_are_unknown_not_endless():
    rules = [
        Rule(Predicate(str(n)), (set_code_point(CodePoint(n)),), flow=Flow.NEXT) for n in range(40)
    ]
    seen = explain(_alone(*rules), VOICE)
    assert seen.verdict == "unknown"
    assert "too many predicates" in seen.reasons[0]


def test_a_long_list_of_predicates_is_followed():
    rules = [Rule(Predicate(str(n)), (set_code_point(EF),)) for n in range(200)]
    seen = explain(_alone(*rules, Rule(ANY, (set_code_point(EF),))), VOICE)
    assert (seen.verdict, seen.dscp_out) == ("known", 46)
