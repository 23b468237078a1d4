"""What switches of other people hold: ranges, templates, typed and pasted lines."""

from __future__ import annotations

import pytest
from drivers.cisco_catalyst.wanted import CATALYST

from translator.intents.pipeline import Service
from translator.verify import Explanation, Packet, explain

VOICE = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46"


def entering(text: str, port: str, packet: str = VOICE) -> Explanation:
    return explain(CATALYST.parse(text), Packet.of(packet), in_interface=port)


POLICY = "class-map match-all EF\n match ip dscp ef\npolicy-map P\n class EF\n  set ip dscp 46\n"


@pytest.mark.parametrize(
    "text",
    [
        "mls qos\ninterface range Fa0/1 - 3\n mls qos trust dscp\n",
        "SW(config)# mls qos\nSW(config)# interface range Fa0/1-3\n"
        "SW(config-if-range)# switchport mode trunk\nSW(config-if-range)# mls qos trust dscp\n",
        f"mls qos\n{POLICY}interface range Fa0/1 , Fa0/3\n service-policy in P\n",
    ],
)
def test_lines_below_a_range_are_those_of_each_port(text: str) -> None:
    for port, code_point in (("Fa0/1", 46), ("Fa0/3", 46), ("Fa0/4", 0)):
        answer = entering(text, port)
        assert (answer.verdict, answer.dscp_out) == ("known", code_point)


def test_a_range_of_unknown_ports_leaves_none_known() -> None:
    text = "mls qos\ninterface range macro DESKS\n mls qos trust dscp\n"
    assert entering(text, "Fa0/4").verdict == "unknown"


def test_lines_of_a_template_leave_the_ports_that_name_it_unknown() -> None:
    text = (
        "mls qos\ntemplate DESK\n switchport mode access\n mls qos trust dscp\n"
        "interface Fa0/1\n source template DESK\ninterface Fa0/2\n source template OTHER\n"
    )
    assert [item.line for item in CATALYST.parse(text).unread] == [4]
    assert entering(text, "Fa0/1").verdict == "unknown"
    assert (entering(text, "Fa0/2").verdict, entering(text, "Fa0/2").dscp_out) == ("known", 0)
    assert entering(f"{text}interface Fa0/1\n no source template DESK\n", "Fa0/1").known


def test_text_without_indentation_gives_a_port_its_lines() -> None:
    text = (
        "mls qos\ninterface Gi1/0/1\nno mls qos trust\nqueue-set 1\n"
        "srr-queue bandwidth share 1 55 37 7\npriority-queue out\n"
        "interface Te1/1/1\nmls qos trust DSCP\n"
    )
    answer = explain(CATALYST.parse(text), Packet.of(VOICE), "Te1/1/1", "Gi1/0/1")
    assert (answer.verdict, answer.dscp_out) == ("known", 46)
    assert answer.service is Service.PRIORITY


def test_a_class_put_before_another_leaves_the_whole_policy_unknown() -> None:
    text = f"mls qos\n{POLICY} class NEW insert-before EF\n  set dscp 8\n"
    text += "interface Fa0/1\n service-policy input P\n"
    assert entering(text, "Fa0/1").verdict == "unknown"


@pytest.mark.parametrize("line", ["police 1m 8000 exceed-action drop", "police aggregate A"])
def test_rates_may_be_typed_short(line: str) -> None:
    text = f"mls qos\nmls qos aggregate-policer A 1m 8000 exceed-action drop\n{POLICY}  {line}\n"
    text += "interface Fa0/1\n service-policy input P\n"
    assert CATALYST.parse(text).unread == ()
    assert entering(text, "Fa0/1").policed_bps == 1_000_000


@pytest.mark.parametrize("line", ["rate-limit input 8000 1500 2000", "traffic-shape rate 64000"])
def test_ways_of_routers_are_named_not_passed_over(line: str) -> None:
    text = f"mls qos\ninterface Fa0/1\n mls qos trust dscp\n {line}\n"
    assert [item.line for item in CATALYST.parse(text).unread] == [4]
    assert entering(text, "Fa0/1").verdict == "unknown"


def test_a_class_of_a_list_of_ports_is_read_as_each_of_them() -> None:
    text = (
        "mls qos\nclass-map A\n match input-interface Fa0/1 - Fa0/2\n"
        "policy-map P\n class A\n  set dscp 8\ninterface Vlan1\n service-policy input P\n"
    )
    assert CATALYST.parse(text).unread == ()
    assert entering(text, "Vlan1").dscp_out == 0


@pytest.mark.parametrize(
    ("lines", "service"),
    [
        ("", Service.GUARANTEED),
        ("no mls qos srr-queue output dscp-map\n", Service.PRIORITY),
        ("no mls qos queue-set output 1 buffers\n", Service.GUARANTEED),
    ],
)
def test_a_map_that_is_undone_is_the_default_again(lines: str, service: Service) -> None:
    text = (
        f"mls qos\nmls qos srr-queue output dscp-map queue 2 threshold 3 46\n{lines}"
        "interface Fa0/1\n mls qos trust dscp\n"
        "interface Fa0/2\n srr-queue bandwidth share 1 30 35 5\n priority-queue out\n"
    )
    answer = explain(CATALYST.parse(text), Packet.of(VOICE), "Fa0/1", "Fa0/2")
    assert (answer.verdict, answer.service) == ("known", service)


def test_what_else_is_undone_leaves_every_port_unknown() -> None:
    port = "interface Fa0/1\n mls qos trust dscp\n"
    text = f"mls qos\nno mls qos srr-queue output dscp-map queue 1\n{port}"
    assert entering(text, "Fa0/1").verdict == "unknown"
