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
