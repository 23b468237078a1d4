"""What policies do to packets, asked of whole texts: actions, nesting, bindings, gaps."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.errors import ParseError
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

AUDIO = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
AUDIO_V6 = "udp [2001:db8::1]:20001 > [2001:db8::2]:50000 dscp 0"
CLASSES = """class-map match-any EF
 match dscp ef
class-map match-any AF4
 match dscp af41  af42  af43
class-map match-any SIG
 match dscp cs3
"""


def parse(text: str) -> DeviceQos:
    return CiscoIos().parse(text)


def ask(text: str, packet: str = AUDIO, policy: str | None = "P") -> Explanation:
    return explain(parse(text), Packet.of(packet), policy=policy)


def marked(body: str, packet: str = AUDIO) -> tuple[str, int | None]:
    """Verdict and code point after a policy whose only class has this body."""
    answer = ask(f"class-map A\n match any\npolicy-map P\n class A\n{body}\n", packet)
    return answer.verdict, answer.dscp_out


def served(
    body: str, packet: str, classes: str = CLASSES
) -> tuple[str, Service | None, str | None]:
    answer = ask(f"{classes}policy-map P\n{body}", packet)
    return answer.verdict, answer.service, answer.class_name


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("set dscp ef", 46),
        ("set dscp 45", 45),
        ("SET DSCP AF41", 34),
        ("set ip dscp ef", 46),
        ("set precedence 5", 40),
        ("set ip precedence critical", 40),
        ("set cos 5", 0),
        ("set qos-group 3", 0),
        ("set dscp tunnel ef", 0),
        ("set mpls experimental imposition 5", 0),
        ("police 8000 conform-action set-dscp-transmit cs1 exceed-action drop", 8),
        ("", 0),
    ],
)
def test_marks_of_a_class(line: str, expected: int) -> None:
    assert marked(f"  {line}") == ("known", expected)


def test_set_ip_dscp_leaves_ipv6_alone_and_set_dscp_does_not() -> None:
    assert marked("  set ip dscp ef", AUDIO_V6) == ("known", 0)
    assert marked("  set dscp ef", AUDIO_V6) == ("known", 46)


def test_a_table_map_is_looked_up() -> None:
    text = (
        "table-map T\n map from 40 to 46\n default copy\n"
        "policy-map P\n class class-default\n  set dscp dscp table T\n"
    )
    for before, after in ((40, 46), (34, 34)):
        packet = f"udp 10.1.1.10:1 > 10.2.2.2:2 dscp {before}"
        assert ask(text, packet).dscp_out == after


def test_a_qos_group_set_on_input_is_seen_on_output() -> None:
    text = (
        "class-map A\n match any\nclass-map G\n match qos-group 7\n"
        "policy-map IN\n class A\n  set qos-group 7\n"
        "policy-map OUT\n class G\n  set dscp cs3\n"
        "interface e0\n service-policy input IN\ninterface e1\n service-policy output OUT\n"
    )
    answer = explain(parse(text), Packet.of(AUDIO), "e0", "e1")
    assert (answer.verdict, answer.dscp_out) == ("known", 24)
    assert explain(parse(text), Packet.of(AUDIO), "e2", "e1").dscp_out == 0


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("priority", Service.PRIORITY),
        ("priority 512", Service.PRIORITY),
        ("priority 512 16000", Service.PRIORITY),
        ("priority percent 10", Service.PRIORITY),
        ("priority level 1 percent 10", Service.PRIORITY),
        ("priority level 2", Service.PRIORITY),
        ("bandwidth 512", Service.GUARANTEED),
        ("bandwidth percent 20", Service.GUARANTEED),
        ("bandwidth remaining percent 20", Service.GUARANTEED),
        ("bandwidth remaining ratio 4", Service.GUARANTEED),
        ("shape average 1000000", Service.GUARANTEED),
        ("shape peak 1000000", Service.GUARANTEED),
        ("fair-queue", Service.BEST_EFFORT),
        ("random-detect dscp-based", Service.BEST_EFFORT),
        ("queue-limit 64 packets", Service.BEST_EFFORT),
    ],
)
def test_services_of_a_class(line: str, service: Service) -> None:
    packet = "udp 10.1.1.10:1 > 10.2.2.2:2 dscp 46"
    assert served(f" class EF\n  {line}\n", packet) == ("known", service, "EF")
    assert served(f" class EF\n  {line}\n", AUDIO)[1:] == (Service.BEST_EFFORT, "class-default")


def test_class_default_has_a_share_only_where_it_is_given_one() -> None:
    assert served(" class class-default\n  bandwidth percent 25\n", AUDIO)[1] is Service.GUARANTEED
    assert served(" class class-default\n  fair-queue\n", AUDIO)[1] is Service.BEST_EFFORT
    assert served(" class class-default\n  shape average 8000\n", AUDIO)[1] is Service.BEST_EFFORT


def test_the_first_class_decides_and_one_without_actions_stops_too() -> None:
    text = (
        "class-map A\n match access-group name A\nclass-map B\n match any\n"
        "ip access-list extended A\n permit udp any range 20000 20039 any\n"
        "policy-map P\n class A\n class B\n  set dscp cs1\n"
    )
    assert ask(text).dscp_out == 0
    assert ask(text).class_name == "A"
    swapped = text.replace(
        " class A\n class B\n  set dscp cs1\n", " class B\n  set dscp cs1\n class A\n"
    )
    assert ask(swapped).dscp_out == 8


def test_class_default_comes_last_wherever_it_stands() -> None:
    text = f"{CLASSES}policy-map P\n class class-default\n  set dscp 0\n class EF\n"
    assert ask(text, "udp 10.1.1.10:1 > 10.2.2.2:2 dscp 46").dscp_out == 46


def test_match_ip_dscp_does_not_see_ipv6() -> None:
    text = "class-map A\n match ip dscp default\npolicy-map P\n class A\n  set dscp ef\n"
    assert ask(text, AUDIO).dscp_out == 46
    assert ask(text, AUDIO_V6).dscp_out == 0


def test_a_shaped_parent_gives_its_rate_and_the_child_its_services() -> None:
    text = (
        f"{CLASSES}policy-map CHILD\n class EF\n  priority percent 10\n class AF4\n"
        "  bandwidth percent 30\n   random-detect dscp-based\n class class-default\n  fair-queue\n"
        "policy-map P\n class class-default\n  shape average 5000000\n   service-policy CHILD\n"
        "interface e1\n service-policy output P\n"
    )
    device = parse(text)
    queuing = device.interface("e1").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 5_000_000
    assert [(item.name, item.service, item.percent) for item in queuing.classes] == [
        ("EF", Service.PRIORITY, 10.0),
        ("AF4", Service.GUARANTEED, 30.0),
        ("class-default", Service.BEST_EFFORT, None),
    ]
    assert queuing.classes[1].congestion_avoidance
    answer = ask(text, "udp 10.1.1.10:1 > 10.2.2.2:2 dscp 36")
    assert (answer.class_name, answer.service) == ("AF4", Service.GUARANTEED)
    assert device.policy("P").bound == (("e1", "out"),)  # type: ignore[union-attr]
    assert device.policy("CHILD").bound == ()  # type: ignore[union-attr]


def test_a_policed_priority_class_has_the_policer_as_its_limit() -> None:
    text = f"{CLASSES}policy-map P\n class EF\n  police rate percent 10\n  priority\n"
    policy = parse(text).policy("P")
    assert policy is not None
    assert policy.queuing is not None
    assert policy.queuing.classes[0].limit_percent == 10


def test_parent_and_child_that_both_mark_are_unknown() -> None:
    text = (
        f"{CLASSES}policy-map C\n class EF\n  set cos 5\n"
        "policy-map P\n class class-default\n  set dscp ef\n  service-policy C\n"
    )
    assert ask(text).verdict == "unknown"


def test_police_lines_of_three_or_five_blanks_belong_to_their_class() -> None:
    body = "  police cir 128000 bc 8000\n     conform-action transmit \n     exceed-action drop\n"
    answer = ask(
        f"{CLASSES}policy-map P\n class EF\n{body}  priority level 1\n class SIG\n",
        "udp 10.1.1.10:1 > 10.2.2.2:2 dscp 46",
    )
    assert (answer.verdict, answer.service, answer.policed_bps) == (
        "known",
        Service.PRIORITY,
        128_000,
    )


def test_a_drop_is_a_drop() -> None:
    assert ask("policy-map P\n class class-default\n  drop\n").dropped is True


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("policy-map P\n class class-default\n  set spam 1\n", 3),
        ("policy-map P\n class class-default\n  priority fast\n", 3),
        ("policy-map P\n class class-default\n  bandwidth remaining spam 1\n", 3),
        ("policy-map P\n class class-default\n  police spam\n", 3),
        ("policy-map P\n class class-default\n  conform-action drop\n", 3),
        ("policy-map P\n class class-default\n  service-policy A B\n", 3),
        ("policy-map P\n class class-default fragment F\n", 2),
        ("policy-map P\n set dscp ef\n", 2),
        ("policy-map P\n class class-default\n  set dscp cos\n", 3),
        (f"policy-map P\n class class-default\n  bandwidth {'9' * 5000}\n", 3),
        ("policy-map P\n class class-default\n  set dscp ²\n", 3),
        ("policy-map P\n class class-default\n  no set dscp ef\n", 3),
    ],
)
def test_an_unknown_line_is_named_and_the_verdict_is_unknown(text: str, line: int) -> None:
    device = parse(text)
    assert [item.line for item in device.unread] == [line]
    assert line not in device.understood
    assert ask(text).verdict == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "policy-map P\n class NONE\n  set dscp ef\n",
        "class-map A\n match access-group name NONE\npolicy-map P\n class A\n  set dscp ef\n",
        "policy-map P\n class class-default\n  service-policy NONE\n",
        "policy-map P\n class class-default\n  service-policy P\n",
    ],
)
def test_what_is_referred_to_and_missing_is_noted_and_unknown(text: str) -> None:
    device = parse(text)
    assert device.notes
    assert ask(text).verdict == "unknown"


def test_a_binding_to_a_missing_policy_is_unknown() -> None:
    device = parse("interface e0\n service-policy input NONE\n")
    assert any("NONE is not defined" in note for note in device.notes)
    assert explain(device, Packet.of(AUDIO), "e0", "e1").verdict == "unknown"


INTERFACES = """policy-map IN
 class class-default
  set dscp cs1
policy-map OUT
 class class-default
  set dscp cs2
interface GigabitEthernet0/0
 service-policy input IN
 no shutdown
interface GigabitEthernet0/0.10
 encapsulation dot1Q 10
interface GigabitEthernet0/0.20
 service-policy input OUT
interface GigabitEthernet0/1
 shutdown
 service instance 7 ethernet
  service-policy output OUT
 service-policy type inspect input FW
interface GigabitEthernet0/2
 service-policy output OUT
 shutdown
"""


def test_interfaces_and_what_is_bound_to_them() -> None:
    device = parse(INTERFACES)
    assert device.unread == ()
    assert device.interface("GigabitEthernet0/0").ingress_policy == "IN"
    assert device.interface("GigabitEthernet0/0.10").ingress_policy == "IN"
    assert device.interface("GigabitEthernet0/0.20").ingress_policy == "OUT"
    assert device.interface("GigabitEthernet0/1").egress_policy is None
    assert device.interface("GigabitEthernet0/1 service instance 7").egress_policy == "OUT"
    assert any("GigabitEthernet0/2 has QoS but is shut down" in note for note in device.notes)
    out = device.policy("OUT")
    assert out is not None
    assert ("GigabitEthernet0/2", "out") in out.bound


@pytest.mark.parametrize(
    "line",
    [
        "rate-limit input 8000 1500 2000 conform-action transmit exceed-action drop",
        "traffic-shape rate 8000",
        "mls qos trust dscp",
        "auto qos voip trust",
        "service-policy type queuing output Q",
        "service-policy X",
        "priority-group 1",
        "ip nhrp map group SPOKES service-policy P",
        "ip rtp priority 16384 16383 128",
    ],
)
def test_other_ways_to_treat_packets_are_unknown_not_absent(line: str) -> None:
    device = parse(f"interface e0\n {line}\n")
    assert [item.line for item in device.unread] == [2]
    verdicts = {
        explain(device, Packet.of(AUDIO), "e0", "e1").verdict,
        explain(device, Packet.of(AUDIO), "e1", "e0").verdict,
    }
    assert "unknown" in verdicts


def test_lines_below_an_unknown_line_are_named_too() -> None:
    device = parse("interface e0\n tx-queue 1\n   bandwidth percent 49\n ip address dhcp\n")
    assert [item.line for item in device.unread] == [2, 3]


def test_a_policy_bound_by_a_template_leaves_no_interface_known() -> None:
    text = "policy-map P\n class class-default\ntemplate T\n service-policy input P\ninterface e0\n"
    assert explain(parse(text), Packet.of(AUDIO), "e0", "e1").verdict == "unknown"


def test_a_route_map_that_marks_is_unknown_where_it_is_used() -> None:
    text = (
        "route-map PBR permit 10\n set ip precedence critical\n"
        "interface e0\n ip policy route-map PBR\ninterface e1\n"
    )
    device = parse(text)
    assert explain(device, Packet.of(AUDIO), "e0", "e1").verdict == "unknown"
    assert explain(device, Packet.of(AUDIO), "e1", "e0").verdict == "known"


def test_firewall_and_control_plane_policies_are_no_qos() -> None:
    text = (
        "policy-map type inspect FW\n class type inspect A\n  inspect\n"
        "policy-map system-cpp-policy\ncontrol-plane\n service-policy input copp\n"
        "zone-pair security Z source a destination b\n service-policy type inspect FW\n"
    )
    device = parse(text)
    assert device.qos_lines == ()
    assert device.policies == ()


def test_switch_wide_qos_leaves_no_interface_known() -> None:
    device = parse("mls qos\ninterface e0\n")
    assert explain(device, Packet.of(AUDIO), "e0", "e1").verdict == "unknown"


def test_a_policy_of_a_sibling_platform_is_read_but_cannot_be_bound_here() -> None:
    text = "policy-map type queuing Q\n class type queuing C\n  bandwidth percent 10\n  dbl\n"
    device = parse(text)
    assert device.unread == ()
    assert device.policies == ()


def test_output_policies_classify_what_input_has_marked() -> None:
    text = (
        f"{CLASSES}policy-map IN\n class class-default\n  set dscp ef\n"
        "policy-map OUT\n class EF\n  priority percent 10\n"
        "interface e0\n service-policy input IN\ninterface e1\n service-policy output OUT\n"
    )
    answer = explain(parse(text), Packet.of(AUDIO), "e0", "e1")
    assert (answer.dscp_out, answer.service, answer.class_name) == (46, Service.PRIORITY, "EF")


def test_a_queuing_policy_bound_to_input_is_noted_and_serves_nobody() -> None:
    text = f"{CLASSES}policy-map P\n class EF\n  priority\ninterface e0\n service-policy input P\n"
    device = parse(text)
    assert any("bound to input" in note for note in device.notes)
    answer = explain(device, Packet.of("udp 10.1.1.1:1 > 10.2.2.2:2 dscp 46"), "e0", "e1")
    assert (answer.verdict, answer.service) == ("known", Service.BEST_EFFORT)
    assert answer.class_name is None


def test_what_a_queuing_policy_marks_on_input_is_unknown() -> None:
    text = "policy-map P\n class class-default\n  bandwidth percent 5\n  set dscp cs1\n"
    answer = explain(
        parse(f"{text}interface e0\n service-policy input P\n"), Packet.of(AUDIO), "e0"
    )
    assert answer.verdict == "unknown"
    assert "line 1: policy-map P queues on input" in answer.reasons[0]


@pytest.mark.parametrize("text", ["\0\1", "<rpc-reply/>", '{"a": 1}'])
def test_another_format_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)
