"""Filters of prio, and of disciplines that have no classes."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask

from translator.intents.pipeline import Service

PACKET = "udp 10.1.1.10:5060 > 10.2.2.2:50000 dscp 0"
PRIO = "tc qdisc add dev wan root handle 1: prio\n"
FILTER = "tc filter add dev wan parent 1: protocol ip prio {} u32 match {} {}\n"
SIP = "ip sport 5060 0xffff"
ALL = "u32 0 0"


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("flowid 1:1", "flowid 1:3", "1:1"),
        ("flowid :1", "flowid 1:3", "1:1"),
        ("flowid 7:3", "flowid 1:1", "1:3"),
        ("flowid 1:9", "flowid 1:1", "1:2"),
        ("action ok", "flowid 1:1", "1:2"),
        ("action continue", "flowid 1:1", "1:1"),
        ("flowid 1:3 action continue", "flowid 1:1", "1:1"),
        ("", "flowid 1:1", "1:1"),
        ("flowid 1:1 action drop", "flowid 1:1", None),
        ("action drop", "flowid 1:1", None),
    ],
)
def test_filters_of_prio(first: str, second: str, name: str | None) -> None:
    answer = ask(PRIO + FILTER.format(1, SIP, first) + FILTER.format(2, ALL, second), PACKET)
    assert answer.known, answer.reasons
    assert (answer.class_name, answer.dropped) == (name, name is None)


def test_a_policer_on_a_band_is_told() -> None:
    text = PRIO + FILTER.format(1, SIP, "police rate 64kbit burst 2k drop flowid 1:1")
    answer = ask(text, PACKET)
    assert (answer.known, answer.class_name, answer.policed_bps) == (True, "1:1", 64_000)


def test_a_priority_that_a_filter_sets_while_bands_are_chosen_is_unknown() -> None:
    text = PRIO + FILTER.format(1, SIP, "action skbedit priority 6 continue")
    assert not ask(text, PACKET).known
    assert ask(text, PACKET.replace("5060", "5061")).class_name == "1:2"


def test_a_priority_of_prio_itself_that_is_no_band_goes_past_the_filters() -> None:
    text = PRIO + FILTER.format(1, ALL, "flowid 1:3")
    text += "iptables -t mangle -A POSTROUTING -j CLASSIFY --set-class {}\n"
    assert ask(text.format("1:9"), PACKET).class_name == "1:2"
    assert ask(text.format("2:9"), PACKET).class_name == "1:3"


def test_prio_without_a_handle_gets_one() -> None:
    """Priorities by the ToS byte are small numbers, and no class of a discipline."""
    text = "tc qdisc add dev wan root prio\n"
    packet = "udp 10.1.1.10:1 > 10.2.2.2:1 tos {}"
    assert ask(text, packet.format("0x08")).class_name == "8001:3"
    assert ask(text, packet.format("0x10")).service is Service.PRIORITY


@pytest.mark.parametrize("kind", ["fq_codel", "sfq", "cake besteffort"])
def test_filters_of_a_discipline_without_classes_are_unknown(kind: str) -> None:
    text = f"tc qdisc add dev wan root handle 1: {kind}\n"
    assert ask(text, PACKET).known
    assert not ask(text + FILTER.format(1, SIP, "flowid 1:1"), PACKET).known
    leaf = PRIO + f"tc qdisc add dev wan parent 1:2 handle 2: {kind}\n"
    below = FILTER.replace("parent 1:", "parent 2:").format(1, SIP, "action drop")
    assert ask(leaf, PACKET).class_name == "1:2"
    assert not ask(leaf + below, PACKET).known
    assert ask(leaf + below, PACKET.replace("dscp 0", "tos 0x10")).class_name == "1:1"


CAKE = "tc qdisc add dev wan root handle 1: cake bandwidth 10mbit {}\n"
EF = PACKET.replace("dscp 0", "dscp 46")


@pytest.mark.parametrize(
    ("mode", "priority", "name"),
    [
        ("diffserv3", "1:1", "cake bulk"),
        ("diffserv3", "1:2", "cake"),
        ("diffserv3", "1:3", "cake voice"),
        ("diffserv3", "1:4", "cake voice"),  # no such tin: by the code point
        ("diffserv4", "1:3", "cake video"),
        ("diffserv4", "1:4", "cake voice"),
        ("diffserv4", "2:1", "cake voice"),
        ("besteffort", "1:1", "cake"),
    ],
)
def test_a_priority_names_a_tin_of_cake(mode: str, priority: str, name: str) -> None:
    text = CAKE.format(mode)
    text += f"iptables -t mangle -A POSTROUTING -j CLASSIFY --set-class {priority}\n"
    answer = ask(text, EF)
    assert (answer.known, answer.class_name) == (True, name)


def test_cake_in_a_leaf_clears_the_code_point() -> None:
    leaf = PRIO + "tc qdisc add dev wan parent 1:2 handle 2: {}\n"
    inside = "tc qdisc add dev wan parent 2:1 cake besteffort wash\n"
    assert ask(leaf.format("cake besteffort wash"), EF).dscp_out == 0
    assert ask(leaf.format("cake besteffort"), EF).dscp_out == 46
    assert ask(leaf.format("tbf rate 1mbit burst 10k latency 9ms") + inside, EF).dscp_out == 0


@pytest.mark.parametrize("verb", ["change", "replace"])
def test_a_changed_cake_keeps_what_is_not_named(verb: str) -> None:
    text = CAKE.format("diffserv4 wash") + f"tc qdisc {verb} dev wan root cake "
    video = PACKET.replace("dscp 0", "dscp 34")
    answer = ask(text + "bandwidth 5mbit", video)
    assert (answer.known, answer.class_name, answer.dscp_out) == (True, "cake video", 0)
    assert ask(text + "nowash", video).dscp_out == 34
    assert ask(text + "diffserv3", video).class_name == "cake"
    queuing = LINUX.parse(text + "wash").interface("wan").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 10_000_000
    assert LINUX.parse(text + "unlimited").interface("wan").queuing is None
    new = text.replace("root cake", "root handle 2: cake")
    if verb == "replace":  # another handle: it is made anew
        assert ask(new + "bandwidth 5mbit", video).class_name == "cake"
