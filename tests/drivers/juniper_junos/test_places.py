"""Where QoS is applied: units, patterns, ranges, the forwarding table, VLANs, and odd corners."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos
from translator.drivers.juniper_junos.statements import statements

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46"
V6 = "udp [2001:db8::1]:20001 > [2001:db8::2]:50000 dscp 46"
COS = """\
set class-of-service forwarding-classes class VOICE queue-num 5
set class-of-service classifiers dscp CL forwarding-class VOICE loss-priority low code-points ef
set class-of-service scheduler-maps M forwarding-class VOICE scheduler S
set class-of-service schedulers S priority strict-high
"""
MARK = """\
set firewall family inet filter F term A from protocol udp
set firewall family inet filter F term A then dscp cs1
set firewall family inet filter F term B then accept
"""


def port(*statements: str) -> str:
    return "".join(f"set interfaces {statement}\n" for statement in statements)


def cos(*statements: str) -> str:
    return "".join(f"set class-of-service {statement}\n" for statement in statements)


def unread(text: str) -> list[int]:
    return [item.line for item in JuniperJunos().parse(text).unread]


def test_a_pattern_covers_the_units_that_the_text_names(ask) -> None:
    text = COS + cos(
        "interfaces ge-* scheduler-map M", "interfaces ge-* unit * classifiers dscp CL"
    )
    named = text + port("ge-0/0/1 unit 0 family inet", "ge-0/0/2 unit 7 family inet")
    for way in (("ge-0/0/1.0", "ge-0/0/2.7"), ("ge-0/0/1", "ge-0/0/2")):
        found = ask(named, UDP, in_interface=way[0], out_interface=way[1])
        assert (found.verdict, found.class_name, found.service) == ("known", "VOICE", "priority")
    # Whether a name that the text lacks is covered is not guessed.
    assert ask(named, UDP, in_interface="xe-0/0/0.0").verdict == "unknown"


def test_a_map_of_the_port_serves_units_that_class_of_service_does_not_name(ask) -> None:
    text = COS + cos(
        "interfaces ge-0/0/1 scheduler-map M", "interfaces ge-0/0/0 unit 0 forwarding-class VOICE"
    )
    assert ask(text, UDP, in_interface="ge-0/0/0", out_interface="ge-0/0/1.0").service == "priority"
    text += port("ge-0/0/1 unit 10 family inet", "ge-0/0/1 unit 20 family inet")
    for name in ("ge-0/0/1", "ge-0/0/1.10", "ge-0/0/1.20"):
        found = ask(text, UDP, in_interface="ge-0/0/0.0", out_interface=name)
        assert (found.verdict, found.service) == ("known", "priority")


@pytest.mark.parametrize(
    "member",
    [
        "member ge-0/0/3",
        'member "ge-0/0/[1-3]"',
        'member "ge-0/0/[1,3]"',
        "member ge-0/0/[1-3]",
        "member [ ge-0/0/1 ge-0/0/[2-3] ]",
        "member-range ge-0/0/2 to ge-0/0/4",
        "member ge-0/0/*",
    ],
)
def test_members_of_a_range_get_its_filter(ask, member: str) -> None:
    text = MARK + port(
        f"interface-range R {member}",
        "interface-range R unit 0 family inet filter input F",
        "ge-0/0/3 unit 0 family inet",
    )
    assert unread(text) == []
    assert ask(text, UDP, in_interface="ge-0/0/3.0").dscp_out == 8
    assert 5 in JuniperJunos().parse(text).understood


def test_a_member_keeps_its_own_statement(ask) -> None:
    text = MARK + "set firewall family inet filter G term A then accept\n"
    text += port(
        "interface-range R member ge-0/0/3",
        "interface-range R unit 0 family inet filter input F",
        "ge-0/0/3 unit 0 family inet filter input G",
    )
    assert ask(text, UDP, in_interface="ge-0/0/3.0").dscp_out == 46


@pytest.mark.parametrize(
    "shared",
    [
        "interface-range R unit 0 family inet filter input F",
        "apply-groups G\nset groups G interfaces <*> unit 0 family inet filter input F",
    ],
)
def test_what_members_share_stays_as_it_is_where_one_is_told_more(shared: str) -> None:
    text = MARK + port(
        "interface-range R member-range ge-0/0/1 to ge-0/0/3",
        "interface-range R mtu 9000",
        *(f"ge-0/0/{at} mtu 9000" for at in (1, 2, 3)),
        shared,
        "interface-range S member ge-0/0/2",
        "interface-range S unit 0 family inet filter output F",
    )
    found = {item.name: item for item in JuniperJunos().parse(text).interfaces}
    assert [bool(found[f"ge-0/0/{at}.0"].egress) for at in (1, 2, 3)] == [False, True, False]
    assert {found[f"ge-0/0/{at}.0"].ingress_policy for at in (1, 2, 3)} == {"F"}


def test_ranges_that_stand_for_more_than_any_device_leave_nothing_known(ask) -> None:
    units = (f"interface-range R unit {at} family inet filter input F" for at in range(900))
    few = MARK + port("interface-range R member-range ge-0/0/0 to ge-0/0/0", *units)
    assert ask(few, UDP, in_interface="ge-0/0/0.0").known
    many = few.replace("to ge-0/0/0", "to ge-0/0/9")
    answer = ask(many, UDP, in_interface="ge-0/0/0.0")
    assert not answer.known
    assert any("stand for more statements" in reason for reason in answer.reasons)


def test_class_of_service_may_name_a_range(ask) -> None:
    text = COS + port("interface-range R member ge-0/0/3", "ge-0/0/3 unit 0 family inet")
    text += cos("interfaces R unit 0 classifiers dscp CL")
    assert ask(text, UDP, in_interface="ge-0/0/3.0").class_name == "VOICE"


def test_a_range_without_a_known_member_is_not_read() -> None:
    text = port(
        "interface-range R member xe-*", "interface-range R unit 0 family inet filter input F"
    )
    assert unread(text) == [2]


def test_a_filter_of_the_forwarding_table_runs_on_every_way(ask) -> None:
    text = MARK + "set forwarding-options family inet filter input F\n"
    assert unread(text) == []
    assert ask(text, UDP, in_interface="ge-0/0/0.0", out_interface="ge-0/0/1.0").dscp_out == 8
    assert ask(text, V6, in_interface="ge-0/0/0.0", out_interface="ge-0/0/1.0").dscp_out == 46


@pytest.mark.parametrize(
    "place",
    [
        "vlans V filter input F",
        "vlans V forwarding-options filter input F",
        "bridge-domains V forwarding-options filter input F",
        "routing-instances I bridge-domains V forwarding-options filter input F",
    ],
)
def test_a_filter_of_a_vlan_runs_on_packets_that_are_switched_in_it(ask, place: str) -> None:
    family = "bridge" if "bridge" in place else "ethernet-switching"
    text = MARK.replace("inet", family).replace("dscp cs1", "discard") + f"set {place}\n"
    assert unread(text) == []
    way = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1.0"}
    assert ask(text, UDP, **way).verdict == "unknown"
    found = ask(text, f'{UDP} with "switched in VLAN V"', **way)
    assert (found.verdict, found.dropped) == ("known", True)


def test_a_filter_of_a_routing_instance_concerns_its_packets(ask) -> None:
    text = MARK + "set routing-instances I forwarding-options family inet filter input F\n"
    way = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1.0"}
    assert ask(text, UDP, **way).verdict == "unknown"
    assert ask(text, UDP.replace("udp", "tcp"), **way).verdict == "known"


def test_a_filter_of_labelled_packets_sees_no_ip_packet(ask) -> None:
    text = "set firewall family mpls filter L term A from exp 5\n"
    text += port("ge-0/0/0 unit 0 family mpls filter input L")
    found = ask(text, UDP, in_interface="ge-0/0/0.0")
    assert (found.verdict, found.dropped) == ("known", False)


def test_policers_of_a_unit_police_its_family(ask) -> None:
    text = "set firewall policer P if-exceeding bandwidth-limit 2m\n"
    text += port(
        "ge-0/0/0 unit 0 family inet policer input P", "ge-0/0/0 unit 0 family inet policer arp P"
    )
    assert unread(text) == []
    assert ask(text, UDP, in_interface="ge-0/0/0.0").policed_bps == 2_000_000
    assert ask(text, V6, in_interface="ge-0/0/0.0").policed_bps is None


@pytest.mark.parametrize(
    "statement",
    [
        "unit 0 family inet simple-filter input F",
        "unit 0 layer2-policer input-policer P",
        "unit 0 family inet policer wonder P",
        "unit 0 family inet filter wonder F",
        "gigether-options ethernet-switch-profile ethernet-policer-profile wonder",
    ],
)
def test_what_else_may_police_or_classify_is_not_skipped(ask, statement: str) -> None:
    text = port(f"ge-0/0/0 {statement}", "ge-0/0/0 unit 0 family inet")
    assert unread(text) == [1]
    assert ask(text, UDP, in_interface="ge-0/0/0.0").verdict == "unknown"


def test_a_missing_policer_is_not_guessed(ask) -> None:
    text = port("ge-0/0/0 unit 0 family inet policer output GONE")
    assert ask(text, UDP, out_interface="ge-0/0/0.0").verdict == "unknown"


@pytest.mark.parametrize(
    "line",
    [
        "logical-systems L firewall family inet filter F term A then accept",
        "logical-systems L interfaces ge-0/0/0 unit 1 family inet filter input F",
        "dynamic-profiles D interfaces pp0 unit 1 family inet filter input F",
        "services cos rule R term A then dscp ef",
        "forwarding-options family vpls flood input F",
        "class-of-service interfaces interface-set S output-traffic-control-profile T",
        "class-of-service interfaces ge-0/0/0 unit 0 classifiers no-default",
        "class-of-service interfaces ge-0/0/0 unit 0 rewrite-rules dscp R protocol mpls",
        "class-of-service non-strict-priority-scheduling",
    ],
)
def test_places_that_are_not_modelled_are_named(line: str) -> None:
    assert unread(f"set {line}\n") == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "application-traffic-control rule-sets R rule A then dscp-code-point 101110",
        "forwarding-policy class C classification-override forwarding-class VOICE",
    ],
)
def test_what_reclassifies_anywhere_leaves_nothing_certain(ask, statement: str) -> None:
    text = cos(statement)
    assert unread(text) == [1]
    assert ask(text, UDP, in_interface="ge-0/0/0", out_interface="ge-0/0/1").verdict == "unknown"


def test_only_multicast_is_open_under_multi_destination(ask) -> None:
    text = COS + cos("interfaces ge-0/0/0 unit 0 classifiers dscp CL")
    text += cos("multi-destination classifiers dscp CL")
    assert ask(text, UDP, in_interface="ge-0/0/0.0").class_name == "VOICE"
    group = UDP.replace("10.2.2.2", "239.1.1.1")
    assert ask(text, group, in_interface="ge-0/0/0.0").verdict == "unknown"


def test_sets_of_classes_share_a_port(ask) -> None:
    text = COS + cos(
        "interfaces ge-0/0/0 unit 0 classifiers dscp CL",
        "scheduler-maps N forwarding-class best-effort scheduler T",
        "schedulers T transmit-rate percent 12.5",
        "traffic-control-profiles X scheduler-map M",
        "traffic-control-profiles Y scheduler-map N",
        "forwarding-class-sets ONE class VOICE",
        "forwarding-class-sets TWO class best-effort",
        "interfaces ge-0/0/1 forwarding-class-set ONE output-traffic-control-profile X",
        "interfaces ge-0/0/1 forwarding-class-set TWO output-traffic-control-profile Y",
    )
    assert unread(text) == []
    way = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1"}
    assert ask(text, UDP, **way).service == "priority"
    assert ask(text, UDP.replace("46", "0"), **way).service == "guaranteed"
    queuing = JuniperJunos().parse(text).interface("ge-0/0/1").queuing
    assert queuing is not None
    assert [item.percent for item in queuing.classes] == [None, 12.5]


def test_low_latency_is_a_strict_queue(ask) -> None:
    text = COS.replace("strict-high", "low-latency") + cos(
        "interfaces ge-0/0/0 unit 0 classifiers dscp CL", "interfaces ge-0/0/1 scheduler-map M"
    )
    found = ask(text, UDP, in_interface="ge-0/0/0.0", out_interface="ge-0/0/1")
    assert (found.verdict, found.service) == ("known", "priority")


def test_tables_of_one_name_are_one_policy(ask) -> None:
    text = COS + COS.replace("dscp CL", "dscp-ipv6 CL").replace("VOICE", "VOICE6")
    assert ask(text, UDP, policy="CL").class_name == "VOICE"
    assert ask(text, V6, policy="CL").class_name == "VOICE6"


def test_policies_say_where_they_are_applied() -> None:
    text = COS + cos(
        "interfaces ge-0/0/0 unit 0 classifiers dscp CL", "interfaces ge-0/0/1 scheduler-map M"
    )
    device = JuniperJunos().parse(text)
    assert device.policy("CL").bound == (("ge-0/0/0.0", "in"),)
    assert device.policy("M").bound == (("ge-0/0/1", "out"),)


def test_the_line_of_an_answer_is_that_of_the_code_point(ask) -> None:
    text = COS + cos(
        "classifiers dscp CL forwarding-class VOICE loss-priority high code-points cs5",
        "interfaces ge-0/0/0 unit 0 classifiers dscp CL",
    )
    assert ask(text, UDP, in_interface="ge-0/0/0.0").lines == (2,)
    assert ask(text, UDP.replace("46", "40"), in_interface="ge-0/0/0.0").lines == (5,)


@pytest.mark.parametrize(
    ("several", "single"),
    [
        (
            "firewall family inet filter F term A from protocol udp destination-port 50000",
            [
                "firewall family inet filter F term A from protocol udp",
                "firewall family inet filter F term A from destination-port 50000",
            ],
        ),
        (
            "firewall filter F term then then count c dscp ef loss-priority low accept",
            [
                "firewall filter F term then then count c",
                "firewall filter F term then then dscp ef",
                "firewall filter F term then then loss-priority low",
                "firewall filter F term then then accept",
            ],
        ),
        (
            "class-of-service schedulers S transmit-rate percent 40 exact priority high",
            [
                "class-of-service schedulers S transmit-rate percent 40 exact",
                "class-of-service schedulers S priority high",
            ],
        ),
        (
            "class-of-service interfaces ge-0/0/0 scheduler-map M shaping-rate 5m unit 0 "
            "classifiers dscp A dscp-ipv6 B",
            [
                "class-of-service interfaces ge-0/0/0 scheduler-map M",
                "class-of-service interfaces ge-0/0/0 shaping-rate 5m",
                "class-of-service interfaces ge-0/0/0 unit 0 classifiers dscp A",
                "class-of-service interfaces ge-0/0/0 unit 0 classifiers dscp-ipv6 B",
            ],
        ),
        (
            "groups G interfaces ge-0/0/0 unit 0 family inet filter input A output B",
            [
                "groups G interfaces ge-0/0/0 unit 0 family inet filter input A",
                "groups G interfaces ge-0/0/0 unit 0 family inet filter output B",
            ],
        ),
        (
            "class-of-service schedulers S drop-profile-map loss-priority low protocol any",
            ["class-of-service schedulers S drop-profile-map loss-priority low protocol any"],
        ),
        (
            "firewall filter from term from from address 10.0.0.0/8 except is-fragment port 9",
            [
                "firewall filter from term from from address 10.0.0.0/8 except",
                "firewall filter from term from from is-fragment",
                "firewall filter from term from from port 9",
            ],
        ),
    ],
)
def test_a_command_that_sets_several_things_is_several_statements(
    several: str, single: list[str]
) -> None:
    assert [" ".join(path) for path in statements(several.split())] == single


def test_several_settings_of_one_command_are_all_in_force(ask) -> None:
    text = COS.replace("S priority strict-high", "S transmit-rate percent 9 priority strict-high")
    text += cos(
        "interfaces ge-0/0/0 unit 0 classifiers dscp CL", "interfaces ge-0/0/1 scheduler-map M"
    )
    assert unread(text) == []
    found = ask(text, UDP, in_interface="ge-0/0/0.0", out_interface="ge-0/0/1")
    assert (found.verdict, found.service) == ("known", "priority")


def test_a_table_may_be_imported_before_it_is_printed(ask) -> None:
    text = COS + cos(
        "classifiers dscp AA import CL", "interfaces ge-0/0/0 unit 0 classifiers dscp AA"
    )
    assert unread(text) == []
    assert ask(text, UDP, in_interface="ge-0/0/0.0").class_name == "VOICE"
    circle = cos("classifiers dscp A import B", "classifiers dscp B import A")
    assert unread(circle)
