"""tc: commands and printed trees, by the class and service that packets get."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask

from translator.intents.device import Queuing
from translator.intents.pipeline import Service

UDP = "udp 10.1.1.10:{port} > 10.2.2.2:50000 dscp {dscp}"
TREE = """\
tc qdisc add dev wan root handle 1: htb default 30
tc class add dev wan parent 1: classid 1:1 htb rate 10mbit ceil 12mbit
tc class add dev wan parent 1:1 classid 1:10 htb rate 1mbit ceil 2mbit prio 0
tc class add dev wan parent 1:1 classid 1:20 htb rate 250kbps ceil 10mbit prio 1
tc class add dev wan parent 1:1 classid 1:30 htb rate 2000000 prio 1
tc qdisc add dev wan parent 1:20 handle 20: fq_codel
"""
SHOWN = """\
qdisc htb 1: dev wan root refcnt 2 r2q 10 default 0x30 direct_packets_stat 0 direct_qlen 1000
qdisc fq_codel 20: dev wan parent 1:20 limit 10240p flows 1024 quantum 1514 target 5ms
class htb 1:1 root rate 10Mbit ceil 12Mbit burst 1600b cburst 1600b
 Sent 420 bytes 6 pkt (dropped 0, overlimits 0 requeues 0)
class htb 1:10 parent 1:1 prio 0 rate 1Mbit ceil 2Mbit burst 1600b cburst 1600b
class htb 1:20 parent 1:1 leaf 20: prio 1 rate 2Mbit ceil 10Mbit burst 1600b cburst 1600b
class htb 1:30 parent 1:1 prio 1 rate 2Mbit ceil 2Mbit burst 1600b cburst 1600b
filter parent 1: protocol ip pref 1 u32 chain 0
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800: ht divisor 1
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 flowid 1:10
  match 4e200000/ffe00000 at 20
  match 00110000/00ff0000 at 8
"""
FILTER = "tc filter add dev wan parent 1: protocol ip "


def queuing_of(text: str) -> Queuing:
    found = LINUX.parse(text).interface("wan").queuing
    assert found is not None
    return found


@pytest.mark.parametrize("text", [TREE, SHOWN])
def test_the_parameters_of_a_tree(text: str) -> None:
    found = queuing_of(text)
    assert found.shaping_bps == 10_000_000
    assert [(item.name, item.service, item.rate_bps) for item in found.classes] == [
        ("1:10", Service.PRIORITY, 1_000_000),
        ("1:20", Service.GUARANTEED, 2_000_000),
        ("1:30", Service.BEST_EFFORT, 2_000_000),
    ]
    assert [item.congestion_avoidance for item in found.classes] == [False, True, False]
    assert found.classes[0].limit_bps == 2_000_000


@pytest.mark.parametrize(
    ("filters", "port", "dscp", "name"),
    [
        ("", 5004, 46, "1:30"),
        (FILTER + "prio 1 u32 match ip sport 5004 0xffff flowid 1:10", 5004, 0, "1:10"),
        (FILTER + "prio 1 u32 match ip sport 20000 0xffe0 flowid 1:10", 20031, 0, "1:10"),
        (FILTER + "prio 1 u32 match ip sport 20000 0xffe0 flowid 1:10", 20032, 0, "1:30"),
        (FILTER + "prio 1 u32 match ip dsfield 0xb8 0xfc flowid 1:20", 1, 46, "1:20"),
        (FILTER + "prio 1 u32 match ip src 10.1.0.0/16 flowid 1:20", 1, 0, "1:20"),
        (FILTER + "prio 1 u32 match ip protocol 6 0xff flowid 1:20", 1, 0, "1:30"),
        ("tc filter add dev wan parent 1: protocol ipv6 prio 1 matchall flowid 1:20", 1, 0, "1:30"),
        (FILTER + "prio 1 flower ip_proto udp src_port 5-9 flowid 1:20", 9, 0, "1:20"),
        (FILTER + "prio 1 u32 match u8 0xb8 0xfc at 1 flowid 1:20", 9, 46, "1:20"),
        (FILTER + "prio 1 u32 match u16 0x0007 0xffff at 20 flowid 1:20", 7, 0, "1:20"),
        (FILTER + "prio 1 u32 match u32 0 0 flowid 1:20", 7, 0, "1:20"),
        (FILTER + "prio 1 flower ip_tos 0xb8/0xfc flowid 1:20", 9, 46, "1:20"),
        (FILTER + "prio 1 u32 match ip sport 7 0xffff flowid 1:99", 7, 0, "1:30"),
        (FILTER + "prio 1 u32 match ip sport 7 0xffff flowid 1:", 7, 0, "direct"),
    ],
)
def test_filters(filters: str, port: int, dscp: int, name: str) -> None:
    answer = ask(TREE + filters, UDP.format(port=port, dscp=dscp))
    assert (answer.verdict, answer.class_name) == ("known", name)


def test_filters_run_by_preference_and_without_one_the_last_comes_first() -> None:
    one = "matchall flowid 1:10\n"
    other = "matchall flowid 1:20\n"
    text = TREE + FILTER + "prio 2 " + one + FILTER + "prio 1 " + other
    assert ask(text, UDP.format(port=1, dscp=0)).class_name == "1:20"
    text = TREE + FILTER + one + FILTER + other
    assert ask(text, UDP.format(port=1, dscp=0)).class_name == "1:20"


def test_a_mark_filter_reads_the_mark_that_netfilter_set() -> None:
    text = TREE + FILTER + "prio 1 handle 0x3/0xf fw flowid 1:10\n"
    text += "iptables -t mangle -A POSTROUTING -p udp --sport 7 -j MARK --set-mark 0x13\n"
    assert ask(text, UDP.format(port=7, dscp=0)).class_name == "1:10"
    assert ask(text, UDP.format(port=8, dscp=0)).class_name == "1:30"


def test_an_inner_class_hands_over_to_its_own_filters() -> None:
    text = TREE + FILTER + "prio 1 matchall flowid 1:1\n"
    text += (
        FILTER.replace("parent 1:", "parent 1:1")
        + "prio 1 u32 match ip sport 7 0xffff flowid 1:20\n"
    )
    assert ask(text, UDP.format(port=7, dscp=0)).class_name == "1:20"
    assert ask(text, UDP.format(port=8, dscp=0)).class_name == "1:30"


def test_minor_numbers_are_hexadecimal() -> None:
    text = TREE.replace("default 30", "default 0x1e").replace("classid 1:30", "classid 1:1e")
    assert ask(text, UDP.format(port=1, dscp=0)).class_name == "1:1e"
    wrong = TREE.replace("default 30", "default 48")
    assert ask(wrong, UDP.format(port=1, dscp=0)).class_name == "direct"


def test_ports_of_a_later_fragment_are_payload_that_nobody_knows() -> None:
    text = TREE + FILTER + "prio 1 u32 match ip sport 7 0xffff flowid 1:10\n"
    assert not ask(text, "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment").known


def test_a_printed_flower_filter_stands_on_many_lines() -> None:
    text = TREE + (
        "filter dev wan parent 1: protocol ip pref 2 flower chain 0 handle 0x1 classid 1:10\n"
        "  eth_type ipv4\n  ip_proto udp\n  src_port 20000-20039\n  not_in_hw\n"
    )
    assert ask(text, UDP.format(port=20039, dscp=0)).class_name == "1:10"
    assert ask(text, UDP.format(port=20040, dscp=0)).class_name == "1:30"
    assert len(LINUX.parse(text.replace("ip_proto udp", "ct_state +est")).unread) == 1


def test_cake_without_tins_may_clear_the_code_point() -> None:
    text = "tc qdisc add dev wan root cake bandwidth 10mbit besteffort"
    assert ask(text, UDP.format(port=1, dscp=46)).dscp_out == 46
    assert ask(text + " wash", UDP.format(port=1, dscp=46)).dscp_out == 0
    assert queuing_of(text).shaping_bps == 10_000_000


def test_a_priority_set_on_entry_is_lost_for_ipv4_only() -> None:
    text = TREE + "tc qdisc add dev lan ingress\n"
    text += "tc filter add dev lan ingress matchall action skbedit priority 1:10\n"
    assert ask(text, UDP.format(port=1, dscp=0)).class_name == "1:30"
    assert ask(text, "udp [::1]:1 > [::2]:1").class_name == "1:10"


def test_service_curves() -> None:
    text = (
        "tc qdisc add dev wan root handle 1: hfsc default 3\n"
        "tc class add dev wan parent 1: classid 1:1 hfsc sc rate 10mbit ul rate 10mbit\n"
        "tc class add dev wan parent 1:1 classid 1:2 hfsc rt m1 4mbit d 9ms m2 2mbit\n"
        "tc class add dev wan parent 1:1 classid 1:3 hfsc ls rate 1mbit\n"
    )
    found = queuing_of(text)
    assert [(item.name, item.rate_bps) for item in found.classes] == [
        ("1:2", 2_000_000),
        ("1:3", 1_000_000),
    ]
    assert ask(text, UDP.format(port=1, dscp=46)).class_name == "1:3"
    no_default = text.replace(" default 3", "")
    assert ask(no_default, UDP.format(port=1, dscp=46)).dropped is True


def test_bands_follow_the_tos_byte_that_the_packet_came_with() -> None:
    """The kernel takes the priority from the ToS byte before the forward chain writes it."""
    text = "tc qdisc add dev wan root handle 1: prio\n"
    assert ask(text, "udp 10.1.1.10:1 > 10.2.2.2:1 tos 0x10").service is Service.PRIORITY
    assert ask(text, "udp 10.1.1.10:1 > 10.2.2.2:1 tos 0x08").class_name == "1:3"
    assert ask(text, "udp [::1]:1 > [::2]:1 tos 0x10").class_name == "1:2"
    text += "iptables -t mangle -A FORWARD -j TOS --set-tos 0x10\n"
    assert ask(text, "udp 10.1.1.10:1 > 10.2.2.2:1 tos 0x08").class_name == "1:3"


@pytest.mark.parametrize(
    "line",
    [
        "tc qdisc add dev wan root cake bandwidth 10mbit precedence wash",
        TREE + FILTER + "prio 1 bpf bytecode '1,6 0 0 0' flowid 1:10",
        TREE + FILTER + "prio 1 u32 match u8 0x10 0x1f at 9 flowid 1:10",
        TREE + "tc class change dev wan parent 1:1 classid 1:40 htb rate fast",
        "tc qdisc add dev wan root handle 1: prio bands 2 priomap 9",
    ],
)
def test_what_is_not_understood_makes_verdicts_unknown(line: str) -> None:
    device = LINUX.parse(line)
    assert len(device.unread) == 1
    assert not ask(line, UDP.format(port=1, dscp=0)).known


def test_a_tree_without_a_device_holds_for_every_interface() -> None:
    text = SHOWN.replace("dev wan ", "")
    assert ask(text, UDP.format(port=20001, dscp=0), out="any").class_name == "1:10"


def test_without_tc_everything_is_best_effort() -> None:
    answer = ask("table ip t {\n}\n", UDP.format(port=1, dscp=46))
    assert (answer.known, answer.service) == (True, Service.BEST_EFFORT)


def _class(text: str, packet: str = "udp 10.1.1.1:20000 > 10.2.2.2:5060 dscp 46") -> str | None:
    answer = ask(text, packet)
    assert answer.known, answer.reasons
    return answer.class_name


FW = (
    "tc filter add dev wan parent 1: protocol ip prio {} u32 match ip dsfield 0xb8 0xfc flowid {}\n"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("tc filter del dev wan parent 1: prio 1", "1:20"),
        ("tc filter del dev wan parent 1: protocol ip prio 2", "1:10"),
        ("tc filter del dev wan parent 1:", "1:30"),
        ("tc filter del dev wan", "1:30"),
        ("tc filter del dev wan parent ffff:", "1:10"),
        ("tc qdisc replace dev wan root handle 2: htb default 7", "direct"),
        ("tc qdisc replace dev wan root pfifo", "pfifo"),
    ],
)
def test_commands_take_away_what_they_name(changes: str, expected: str) -> None:
    assert _class(TREE + FW.format(1, "1:10") + FW.format(2, "1:20") + changes) == expected


@pytest.mark.parametrize(
    "changes",
    [
        "tc qdisc change dev wan root handle 1: htb default 20",
        "tc qdisc replace dev wan root handle 1: htb default 20",
        "tc qdisc add dev wan root handle 2: htb default 20",
        "tc filter del dev wan parent 1: prio 1 handle 800::800 u32",
        "tc filter add dev wan parent 1: prio 1 basic match 'meta(priority eq 6)' classid 1:10",
        "tc filter add dev wan parent 1: prio 1 cgroup",
    ],
)
def test_what_the_kernel_refuses_or_we_do_not_know_is_unknown(changes: str) -> None:
    device = LINUX.parse(TREE + changes)
    assert [item.line for item in device.unread] == [TREE.count("\n") + 1]
    assert not ask(TREE + changes, "udp 10.1.1.1:20000 > 10.2.2.2:5060").known


def test_a_policer_drops_only_above_its_rate() -> None:
    shown = (
        "qdisc ingress ffff: dev wan parent ffff:fff1 ----------------\n"
        "filter dev wan parent ffff: protocol ip pref 50 u32 fh 800::800 order 2048 key ht 800 "
        "bkt 0 flowid :1\n"
        "  match 00000000/00000000 at 12\n"
        " police 1 action drop rate 9000Kbit burst 10Kb mtu 2Kb\n"
    )
    answer = ask(shown, "udp 10.1.1.1:20000 > 10.2.2.2:5060", in_interface="wan", out="lan")
    assert (answer.known, answer.dropped) == (True, False)


def test_a_printed_filter_that_only_drops_drops() -> None:
    shown = (
        "qdisc htb 1: dev wan root refcnt 2 r2q 10 default 0x20\n"
        "filter dev wan parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 "
        "bkt 0 terminal not_in_hw\n"
        "  match 000013c4/0000ffff at 20\n\taction order 1: gact action drop\n"
    )
    assert ask(shown, "udp 10.1.1.1:20000 > 10.2.2.2:5060").dropped
    assert not ask(shown, "udp 10.1.1.1:20000 > 10.2.2.2:5061").dropped


def test_a_filter_that_only_acts_ends_the_search() -> None:
    acts = FILTER + "prio 1 u32 match ip dport 5060 0xffff action {}\n"
    assert _class(TREE + acts.format("pass") + FW.format(2, "1:20")) == "1:30"
    assert _class(TREE + acts.format("continue") + FW.format(2, "1:20")) == "1:20"


@pytest.mark.parametrize(
    ("mode", "dscp", "name", "service"),
    [
        ("", 46, "cake voice", "priority"),
        ("diffserv3", 34, "cake", "best-effort"),
        ("diffserv4", 34, "cake video", "guaranteed"),
        ("diffserv4", 8, "cake bulk", "scavenger"),
        ("besteffort", 46, "cake", "best-effort"),
    ],
)
def test_the_tins_of_cake(mode: str, dscp: int, name: str, service: str) -> None:
    text = f"tc qdisc add dev wan root cake bandwidth 10mbit {mode}"
    answer = ask(text, f"udp 10.1.1.1:20000 > 10.2.2.2:5060 dscp {dscp}")
    assert (answer.known, answer.class_name, answer.service) == (True, name, service)


def test_a_tin_that_differs_between_kernels_is_unknown() -> None:
    text = "tc qdisc add dev wan root cake bandwidth 10mbit diffserv4"
    assert not ask(text, "udp 10.1.1.1:20000 > 10.2.2.2:5060 dscp 40").known
    assert any("unverified" in note for note in LINUX.parse(text).notes)


def test_behind_source_nat_a_filter_sees_another_address() -> None:
    by_source = (
        TREE + "tc filter add dev wan parent 1: protocol ip prio 1 u32 "
        "match ip src 10.1.1.0/24 match ip dport 5060 0xffff flowid 1:10\n"
    )
    nat = "iptables -t nat -A POSTROUTING -o wan -j MASQUERADE\n"
    assert _class(by_source) == "1:10"
    assert not ask(nat + by_source, "udp 10.1.1.1:20000 > 10.2.2.2:5060").known
    assert _class(nat + by_source, "udp 10.1.1.1:20000 > 10.2.2.2:5061") == "1:30"
    assert any("source NAT" in note for note in LINUX.parse(nat + by_source).notes)


def test_bytes_that_no_header_of_ours_shows_are_facts() -> None:
    text = TREE + (
        "tc filter add dev wan parent 1: protocol ip prio 1 u32 match ip protocol 6 0xff "
        "match u8 0x05 0x0f at 0 match u16 0x0000 0xffc0 at 2 match u8 0x10 0xff at 33 "
        "flowid 1:10\n"
    )
    assert LINUX.parse(text).unread == ()
    assert _class(text) == "1:30"
    assert not ask(text, "tcp 10.1.1.1:20000 > 10.2.2.2:443").known


def test_a_filter_of_all_protocols_says_nothing_about_the_other_version() -> None:
    text = (
        TREE + "tc filter add dev wan parent 1: prio 1 u32 match ip dport 5060 0xffff flowid 1:10"
    )
    assert _class(text, "udp 10.1.1.1:20000 > 10.2.2.2:5060") == "1:10"
    assert not ask(text, "udp [2001:db8::1]:20000 > [2001:db8::2]:5060").known
    whole = TREE + "tc filter add dev wan parent 1: prio 1 u32 match u32 0 0 flowid 1:10"
    assert _class(whole, "udp [2001:db8::1]:20000 > [2001:db8::2]:5060") == "1:10"
