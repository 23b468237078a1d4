"""Filters of tc where packets enter and where they leave, before any queue."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask

PACKET = "udp 10.1.1.10:5060 > 10.2.2.2:50000 dscp 0"
INGRESS = "tc qdisc add dev lan handle ffff: ingress\n"
ENTERS = "tc filter add dev lan parent ffff: protocol ip prio {} u32 match {} {}\n"
SIP = "ip sport 5060 0xffff"
ALL = "u32 0 0"
MARKS_EF = "iptables -t mangle -A POSTROUTING -m mark --mark {} -j DSCP --set-dscp 46\n"


@pytest.mark.parametrize(
    ("first", "second", "dropped"),
    [
        ("action ok", "action drop", False),
        ("flowid :1", "action drop", False),
        ("", "action drop", True),
        ("action continue", "action drop", True),
        ("action skbedit mark 1 continue", "action drop", True),
        ("action skbedit mark 1", "action drop", False),
        ("action skbedit mark 1 drop", "action ok", True),
        ("action ok action drop", "action drop", False),
        ("action skbedit mark 1 action drop", "action ok", True),
        ("police rate 1mbit burst 10k drop", "action drop", False),
        ("police rate 1mbit burst 10k conform-exceed drop/continue", "action drop", True),
        ("action mirred egress mirror dev dump0", "action drop", False),
        ("action mirred egress mirror dev dump0 continue", "action drop", True),
        ("action mirred egress redirect dev ifb0", "action drop", False),
    ],
)
def test_the_first_filter_that_ends_the_search_decides(
    first: str, second: str, dropped: bool
) -> None:
    text = INGRESS + ENTERS.format(1, SIP, first) + ENTERS.format(2, ALL, second)
    answer = ask(text, PACKET)
    assert (answer.known, answer.dropped) == (True, dropped)


def test_a_filter_that_continues_leaves_what_it_set() -> None:
    text = (
        INGRESS
        + ENTERS.format(1, ALL, "action skbedit mark 5 continue")
        + ENTERS.format(2, SIP, "action skbedit mark 6")
    )
    assert ask(text + MARKS_EF.format(6), PACKET).dscp_out == 46
    assert ask(text + MARKS_EF.format(5), PACKET).dscp_out == 0
    assert ask(text + MARKS_EF.format(5), PACKET.replace("5060", "5061")).dscp_out == 46


@pytest.mark.parametrize(
    "action",
    [
        "police rate 1mbit burst 10k continue",
        "action mirred egress redirect dev eth7",
    ],
)
def test_what_is_not_known_of_an_action_concerns_its_packets_only(action: str) -> None:
    text = INGRESS + ENTERS.format(1, SIP, action)
    assert [item.line for item in LINUX.parse(text).unread] == [2]
    assert not ask(text, PACKET).known
    assert ask(text, PACKET.replace("5060", "5061")).known


@pytest.mark.parametrize("action", ["action gact pass random netrand drop 10", "action reclassify"])
def test_actions_that_are_not_read(action: str) -> None:
    text = INGRESS + ENTERS.format(1, SIP, action)
    assert [item.line for item in LINUX.parse(text).unread] == [2]
    assert not ask(text, PACKET).known


CLSACT = "tc qdisc add dev wan clsact\n"
EGRESS = "tc filter add dev wan {} protocol ip prio 1 u32 match ip sport 5060 0xffff {}\n"
TREE = """\
tc qdisc add dev wan root handle 1: htb default 30
tc class add dev wan parent 1: classid 1:10 htb rate 1mbit prio 0
tc class add dev wan parent 1: classid 1:30 htb rate 3mbit prio 1
"""


@pytest.mark.parametrize("place", ["egress", "parent ffff:fff3"])
def test_filters_of_clsact_where_packets_leave(place: str) -> None:
    """Measured: 6.18 lists what hangs on ffff:fff3 below `egress`."""
    text = CLSACT + EGRESS.format(place, "action drop")
    assert ask(text, PACKET).dropped is True
    assert ask(text, PACKET, in_interface="wan", out="lan").dropped is False
    assert ask(text, PACKET.replace("5060", "5061")).dropped is False
    assert ask(text + f"tc filter del dev wan {place} prio 1\n", PACKET).dropped is False
    assert ask(text + "tc qdisc del dev wan clsact\n", PACKET).dropped is False


def test_filters_of_clsact_come_before_the_root() -> None:
    text = TREE + CLSACT + EGRESS.format("egress", "action skbedit priority 1:10")
    assert ask(text, PACKET).class_name == "1:10"
    assert ask(text, PACKET.replace("5060", "5061")).class_name == "1:30"
    accepts = TREE + CLSACT + EGRESS.format("egress", "flowid 1:10")
    assert ask(accepts, PACKET).class_name == "1:30"
    assert ask(text + "tc qdisc del dev wan root\n", PACKET).class_name is None


def test_the_discipline_ingress_takes_egress_for_itself() -> None:
    """Measured: it has one list of filters, whatever the minor number says."""
    text = "tc qdisc add dev wan ingress\n" + EGRESS.format("egress", "action drop")
    assert ask(text, PACKET).dropped is False
    assert ask(text, PACKET, in_interface="wan", out="lan").dropped is True


@pytest.mark.parametrize(
    ("line", "enters", "leaves"),
    [
        (EGRESS.format("egress", "action ct"), True, False),
        (EGRESS.format("ingress", "action ct"), False, True),
        (EGRESS.format("parent ffff:fff2", "action mirred egress redirect dev"), False, True),
        (EGRESS.format("parent ffff:", "action ok"), False, True),  # clsact has no such place
        ("tc qdisc del dev wan ingress\n", False, True),  # clsact is there
        ("tc qdisc add dev wan clsact\n", False, False),
    ],
)
def test_a_line_about_one_side_leaves_the_other_known(
    line: str, enters: bool, leaves: bool
) -> None:
    text = CLSACT + line
    assert [item.line for item in LINUX.parse(text).unread] == [2]
    assert ask(text, PACKET, in_interface="wan", out="lan").known is enters
    assert ask(text, PACKET).known is leaves
