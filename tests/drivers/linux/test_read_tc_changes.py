"""Commands of tc that change what stands there: what is left, and what the kernel refuses."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask

PACKET = "udp 10.1.1.10:5060 > 10.2.2.2:50000 dscp 0"
TREE = """\
tc qdisc add dev wan root handle 1: htb default 30
tc class add dev wan parent 1: classid 1:1 htb rate 10mbit
tc class add dev wan parent 1:1 classid 1:10 htb rate 1mbit prio 0
tc class add dev wan parent 1:1 classid 1:20 htb rate 2mbit prio 1
tc class add dev wan parent 1:1 classid 1:30 htb rate 3mbit prio 1
"""
LEAF = "tc qdisc add dev wan parent 1:10 handle 10: prio\n"
# What a filter of preference 1 asks for, and where it puts the packets.
SIP = "u32 match ip sport 5060 0xffff flowid {}\n"
ADD = "tc filter add dev wan parent 1: protocol ip prio 1 "
REPLACE = ADD.replace(" add ", " replace ")
ACTED = "u32 match ip sport 5060 0xffff action ok\n"


def class_of(text: str, packet: str = PACKET, out: str = "wan") -> str | None:
    answer = ask(text, packet, out=out)
    assert answer.known, answer.reasons
    return answer.class_name


def unread_in(text: str) -> list[int]:
    return [item.line for item in LINUX.parse(text).unread]


def test_a_filter_without_a_parent_hangs_on_the_root() -> None:
    text = TREE + "tc filter add dev wan protocol ip prio 1 " + SIP.format("1:10")
    assert class_of(text) == "1:10"
    assert class_of(text + "tc filter del dev wan prio 1\n") == "1:30"
    without_root = "tc filter add dev wan protocol ip prio 1 " + SIP.format("1:10") + TREE
    assert unread_in(without_root) == [1]
    assert not ask(without_root, PACKET).known


def test_a_shown_filter_without_a_parent_hangs_where_the_command_asked() -> None:
    shown = (
        "filter protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 bkt 0 flowid 1:20\n"
        "  match 13c40000/ffff0000 at 20\n"
    )
    assert class_of(TREE + "tc filter show dev wan parent 1:\n" + shown) == "1:20"
    assert class_of(TREE + "tc filter show dev wan ingress\n" + shown) == "1:30"
    assert not ask(TREE + shown.replace("filter", "filter dev wan", 1), PACKET).known


@pytest.mark.parametrize(
    ("deletion", "expected"),
    [
        ("parent 1:10 handle 10:", "1:10"),
        ("parent 1:10", "1:10"),
        ("parent 1:20", "10:2"),  # nothing is there
        ("root", None),
    ],
)
def test_a_deleted_discipline_takes_along_what_hangs_below_it(
    deletion: str, expected: str | None
) -> None:
    text = TREE + LEAF + ADD + SIP.format("1:10") + f"tc qdisc del dev wan {deletion}\n"
    assert class_of(text) == expected


def test_below_a_leaf_that_is_gone_nothing_is_left_for_the_next_one() -> None:
    inside = "tc filter add dev wan parent 10: protocol ip prio 1 matchall flowid 10:3\n"
    text = TREE + LEAF + inside + ADD + SIP.format("1:10")
    assert class_of(text) == "10:3"
    assert class_of(text + LEAF.replace("add", "replace")) == "10:3"
    assert class_of(text + "tc qdisc replace dev wan parent 1:10 handle 11: prio\n") == "11:2"
    assert class_of(text + "tc qdisc del dev wan parent 1:10\n" + LEAF) == "10:2"


@pytest.mark.parametrize(
    "refused",
    [
        "tc qdisc del dev wan parent 1:10 handle 11:",
        "tc qdisc del dev wan handle 10:",
        "tc qdisc del dev wan",
        "tc qdisc del dev wan parent 1:10 sfq",
        "tc qdisc add dev wan handle 3: htb",
        "tc qdisc add dev wan parent 1:20 handle 10: pfifo",
        "tc filter replace dev wan parent 1: protocol ipv6 prio 1 " + SIP.format("1:20"),
        "tc filter add dev wan parent 1: protocol ip prio 1 matchall flowid 1:20",
        ADD + "handle 800::800 " + SIP.format("1:20"),
        "tc filter change dev wan parent 1: protocol ip prio 1 handle 800::900 "
        + SIP.format("1:20"),
        "tc filter change dev wan parent 1: protocol ip prio 2 " + SIP.format("1:20"),
        "tc filter del dev wan parent 1: protocol ip",
        "tc filter del dev wan parent 1: protocol ipv6 prio 1",
        "tc filter add dev wan parent 1: protocol ip prio 2 u32 ht 800: match u32 0 0 flowid 1:20",
    ],
)
def test_what_the_kernel_refuses_or_puts_elsewhere_makes_verdicts_unknown(refused: str) -> None:
    text = TREE + LEAF + ADD + SIP.format("1:20")
    assert unread_in(text + refused) == [text.count("\n") + 1]
    assert not ask(text + refused, PACKET).known


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (ADD + SIP.format("1:20") + REPLACE + "handle 800::800 " + SIP.format("1:10"), "1:10"),
        (ADD + SIP.format("1:20") + REPLACE + SIP.format("1:10"), "1:20"),  # a second one
        # The first match stays, whatever the new one says.
        (
            ADD + SIP.format("1:20") + REPLACE + "handle 800::800 u32 match ip sport 7 0xffff "
            "flowid 1:10\n",
            "1:10",
        ),
        (ADD + ACTED + REPLACE + "handle 800::800 " + SIP.format("1:10"), "1:10"),
        # Filters of u32 are asked by their number.
        (ADD + SIP.format("1:20") + ADD + "handle 800::1 " + SIP.format("1:10"), "1:10"),
        (
            ADD + "handle 800::801 " + SIP.format("1:20") + ADD + SIP.format("1:10"),
            "1:10",
        ),
        (
            "iptables -t mangle -A FORWARD -j MARK --set-mark 5\n"
            + ADD + "handle 5 fw classid 1:20\n" + REPLACE + "handle 5 fw classid 1:10\n",
            "1:10",
        ),
        (
            ADD + "handle 1 flower ip_proto udp classid 1:20\n"
            + REPLACE + "handle 1 flower ip_proto tcp classid 1:20\n",
            "1:30",
        ),
    ],
)  # fmt: skip
def test_a_filter_is_replaced_by_its_handle(changes: str, expected: str) -> None:
    assert class_of(TREE + changes) == expected


def test_a_replaced_filter_may_keep_the_class_that_is_not_named_again() -> None:
    text = TREE + ADD + SIP.format("1:20") + REPLACE + "handle 800::800 " + ACTED
    assert len(unread_in(text)) == 1
    assert not ask(text, PACKET).known


def test_filters_of_another_table_are_asked_by_a_link_only() -> None:
    node = ADD + "u32 ht 7: match ip src 10.1.1.10/32 flowid 1:10\n"
    link = ADD + "u32 ht 800: match ip protocol 6 0xff link 7:\n"
    text = TREE + ADD + "handle 7: u32 divisor 1\n" + node
    assert class_of(text) == "1:30"
    assert unread_in(text + link) == [text.count("\n") + 1]
    assert class_of(text + link) == "1:30"
    answer = ask(text + link, PACKET.replace("udp", "tcp"))
    assert not answer.known
    assert any("link of u32" in reason for reason in answer.reasons)


def services(text: str) -> dict[str, tuple[str, int | None]]:
    """Return service and rate of each class."""
    queuing = LINUX.parse(text).interface("wan").queuing
    assert queuing is not None
    return {item.name: (item.service.value, item.rate_bps) for item in queuing.classes}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("change dev wan classid 1:10 htb rate 4mbit prio 0", ("priority", 4_000_000)),
        ("change dev wan classid :10 htb rate 4mbit", ("priority", 4_000_000)),
        ("change dev wan classid 1:10 htb rate 4mbit prio 1", ("guaranteed", 4_000_000)),
        ("replace dev wan classid 1:10 htb rate 4mbit", ("priority", 4_000_000)),
        # Measured: another parent is not looked at.
        ("change dev wan parent 1:20 classid 1:10 htb rate 4mbit", ("priority", 4_000_000)),
    ],
)
def test_a_changed_class_stays_where_it_is(change: str, found: tuple[str, int]) -> None:
    changed = services(TREE + f"tc class {change}\n")
    assert changed == services(TREE) | {"1:10": found}


def test_a_class_without_a_parent_or_below_none_stands_at_the_top() -> None:
    top = TREE.replace("parent 1: ", "")
    assert services(top) == services(TREE)
    assert services(TREE.replace("parent 1: ", "parent 1:77 ")) == services(TREE)


def test_a_changed_curve_leaves_the_others() -> None:
    text = (
        "tc qdisc add dev wan root handle 1: hfsc default 2\n"
        "tc class add dev wan parent 1: classid 1:1 hfsc ls rate 9mbit\n"
        "tc class add dev wan parent 1:1 classid 1:2 hfsc ls rate 3mbit\n"
        "tc class change dev wan classid 1:2 hfsc ul rate 5mbit\n"
    )
    assert services(text) == {"1:2": ("best-effort", 3_000_000)}
    elsewhere = text + "tc class change dev wan parent 1: classid 1:2 hfsc ls rate 4mbit\n"
    assert len(unread_in(elsewhere)) == 1


@pytest.mark.parametrize(
    "refused",
    [
        "tc class add dev wan parent 1:1 classid 1:10 htb rate 4mbit",
        "tc class change dev wan parent 1:1 classid 1:40 htb rate 4mbit",
        "tc class del dev wan classid 1:1",
        "tc class del dev wan classid 1:20",
    ],
)
def test_what_the_kernel_refuses_of_classes(refused: str) -> None:
    text = TREE + ADD + SIP.format("1:20")
    assert unread_in(text + refused) == [text.count("\n") + 1]


def test_a_deleted_class_takes_along_its_discipline_and_filters() -> None:
    inside = "tc filter add dev wan parent 10: protocol ip prio 1 matchall flowid 10:3\n"
    again = "tc class add dev wan parent 1:1 classid 1:10 htb rate 1mbit prio 0\n"
    text = TREE + LEAF + inside + "tc class del dev wan classid 1:10\n" + again
    text += ADD + SIP.format("1:10")
    assert class_of(text) == "1:10"
    assert class_of(text + LEAF) == "10:2"


def test_a_discipline_of_the_kernel_itself_gives_way() -> None:
    shown = "qdisc fq_codel 0: dev wan root refcnt 2 limit 10240p flows 1024\n"
    assert class_of(shown) == "fq_codel"
    assert class_of(shown + TREE) == "1:30"


@pytest.mark.parametrize("option", ["-b", "-batch", "-force -batch"])
def test_commands_of_another_file_may_do_anything(option: str) -> None:
    text = TREE + f"tc {option} /etc/qos/filters.tc\n"
    assert unread_in(text) == [6]
    assert not ask(text, PACKET).known
    assert not ask(text, PACKET, out="lan").known


FLOWER = ADD + "flower src_ip {} classid 1:{}\n"


def test_flower_asks_all_filters_of_one_mask_before_those_of_the_next() -> None:
    text = TREE + FLOWER.format("10.9.9.9", 10) + FLOWER.format("10.1.0.0/16", 20)
    assert class_of(text) == "1:20"
    assert class_of(text + FLOWER.format("10.1.1.10/32", 10)) == "1:10"
    assert class_of(text + FLOWER.format("10.1.1.0/24", 10)) == "1:20"


def test_flower_that_continues_goes_past_its_neighbours() -> None:
    one = ADD + "flower src_ip 10.1.1.10 action skbedit mark 1 continue\n"
    after = FLOWER.replace("prio 1", "prio 2").format("10.1.0.0/16", 20)
    assert class_of(TREE + one + after) == "1:20"
    neighbour = FLOWER.format("10.1.0.0/16", 10)
    assert not ask(TREE + one + neighbour + after, PACKET).known
    assert class_of(TREE + one + neighbour + after, PACKET.replace("1.10:", "1.11:")) == "1:10"
