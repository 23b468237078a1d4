"""nftables: each construct by what it does to packets. The kernel lab holds the same reader."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask, dscp_of

UDP = "udp 10.1.1.10:{port} > 10.2.2.2:50000 dscp {dscp}"
UDP6 = "udp [2001:db8::1]:{port} > [2001:db8::2]:50000 dscp {dscp}"


def forward(*rules: str, table: str = "inet t", before: str = "") -> str:
    body = "\n".join(f"\t\t{rule}" for rule in rules)
    head = "\t\ttype filter hook forward priority mangle; policy accept;"
    return f"table {table} {{\n{before}\n\tchain c {{\n{head}\n{body}\n\t}}\n}}\n"


@pytest.mark.parametrize(
    ("rule", "port", "dscp", "out"),
    [
        ("udp sport 20000-20039 ip dscp set ef", 20039, 0, 46),
        ("udp sport 20000-20039 ip dscp set ef", 20040, 0, 0),
        ("udp sport { 5004, 5060-5061 } ip dscp set 0x22", 5061, 0, 34),
        ("udp sport != 5004 ip dscp set cs1", 5004, 0, 0),
        ("udp sport < 1024 ip dscp set lephb", 1023, 0, 1),
        ("udp sport >= 1024 ip dscp set va", 1024, 0, 44),
        ("tcp sport 5004 ip dscp set ef", 5004, 0, 0),
        ("meta l4proto { tcp, udp } th sport 5004 ip dscp set ef", 5004, 0, 46),
        ("ip protocol udp ip dscp set ef", 1, 0, 46),
        ("ip dscp cs5 ip dscp set ef", 1, 40, 46),
        ("ip dscp { cs4, 40-41 } ip dscp set ef", 1, 41, 46),
        ("ip6 dscp cs5 ip6 dscp set ef", 1, 40, 40),
        ("ip saddr 10.1.0.0/16 ip dscp set ef", 1, 0, 46),
        ("ip saddr != 10.1.1.9-10.1.1.11 ip dscp set ef", 1, 0, 0),
        ("ip saddr . udp sport { 10.1.1.10 . 5004 } ip dscp set ef", 5004, 0, 46),
        ("meta nfproto ipv6 ip dscp set ef", 1, 0, 0),
        ('iifname "lan" oifname { "wan", "dsl" } ip dscp set ef', 1, 0, 46),
        ('iifname != "lan" ip dscp set ef', 1, 0, 0),
        ('counter packets 5 bytes 7 log prefix "a drop" ip dscp set ef', 1, 0, 46),
        ("tcp flags syn / syn,rst tcp option maxseg size set rt mtu counter", 1, 7, 7),
        ("ip dscp & 0x38 == 0x28 ip dscp set ef", 1, 41, 46),
        ("ip ecn 1 ip dscp set ef", 1, 41, 41),
        ("ct mark set 0x5 ct mark 0x5 ip dscp set ef", 1, 0, 46),
        ('counter name "x" ip dscp set ef comment "set drop accept"', 1, 0, 46),
        ("meta mark set 0x12 meta mark and 0xf0 == 0x10 ip dscp set ef", 1, 0, 46),
        ("ip dscp set udp sport map { 5004 : ef, 5005 : af41 }", 5005, 7, 34),
        ("ip dscp set udp sport map { 5004 : ef, 5005 : af41 }", 5006, 7, 7),
        ("meta l4proto udp ip dscp set ef ip6 dscp set cs1", 1, 0, 46),
    ],
)
def test_one_rule(rule: str, port: int, dscp: int, out: int) -> None:
    text = forward(rule)
    assert dscp_of(text, UDP.format(port=port, dscp=dscp)) == out


FRAGMENT = "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment"
ICMP = "icmp 10.1.1.10 > 10.2.2.2"
TCP = "tcp 10.1.1.10:{port} > 10.2.2.2:50000 dscp {dscp}"
TCP6 = "tcp [2001:db8::1]:{port} > [2001:db8::2]:50000 dscp {dscp}"


@pytest.mark.parametrize(
    ("condition", "caught", "passing"),
    [
        ("ip saddr != 10.0.0.0/16", [UDP], [UDP6]),
        ("ip6 saddr != 2001:db8:9::/48", [UDP6], [UDP]),
        ("ip dscp != ef", [UDP], [UDP6]),
        ("ip6 dscp != { ef, cs1 }", [UDP6], [UDP]),
        ("ip dscp & 0x38 != 0x28", [UDP], [UDP6]),
        ("ip protocol != tcp", [UDP, FRAGMENT], [UDP6, TCP]),
        ("ip6 nexthdr != tcp", [UDP6], [UDP, TCP6]),
        ("meta l4proto != tcp", [UDP, UDP6], [TCP, TCP6]),
        ("udp sport != 5", [UDP, UDP6], [TCP, FRAGMENT]),
        ("th sport != 5", [UDP, TCP6], [FRAGMENT]),
        ("ip saddr . udp sport != { 10.9.9.9 . 80 }", [UDP], [UDP6, TCP, FRAGMENT]),
        ("ip saddr . udp sport != { 10.1.1.10 . 1 }", [], [UDP]),
        ("icmp type != echo-request", [], [UDP, UDP6]),
        ("ip ttl != 1", [], [UDP6]),
        ("ip6 hoplimit != 1", [], [UDP]),
        ("esp spi != 5", [], [UDP, UDP6]),
        ("ip saddr != @filled", [], [UDP6]),
    ],
)
def test_an_unequal_field_is_one_that_is_there(
    condition: str, caught: list[str], passing: list[str]
) -> None:
    """In an inet table, `!=` says nothing of packets of the other IP version or protocol."""
    before = "\tset filled { type ipv4_addr; flags dynamic; timeout 1m; }"
    text = forward(f"{condition} drop", before=before)
    for dropped, packets in ((True, caught), (False, passing)):
        for packet in packets:
            answer = ask(text, packet.format(port=1, dscp=0))
            assert (answer.known, answer.dropped) == (True, dropped), packet


def test_both_answers_stay_open_where_the_field_is_there() -> None:
    assert not ask(forward("icmp type != echo-request drop"), ICMP).known


def test_a_verdict_map_is_looked_up_once() -> None:
    """The chain that is jumped to changes the key; the second element must not match then."""
    chain = "\tchain up { ip dscp set cs2; }\n\tchain down { ip dscp set cs7; }"
    rules = ("ip dscp vmap { cs1 : jump up, cs2 : jump down, cs3 : accept }", "ip dscp cs3 drop")
    text = forward(*rules, before=chain)
    assert [dscp_of(text, UDP.format(port=1, dscp=n)) for n in (0, 8, 16, 24)] == [0, 16, 56, 24]


def test_a_connection_mark_is_copied() -> None:
    text = forward("ct mark set 0x15", "meta mark set ct mark and 0xf", "mark 0x5 ip dscp set ef")
    assert dscp_of(text, UDP.format(port=1, dscp=0)) == 46
    assert "connection mark" in " ".join(LINUX.parse(text).notes)


def test_jump_returns_goto_does_not_and_accept_ends_one_base_chain_only() -> None:
    text = """
table ip a {
	chain jumped { ip dscp cs1 return
		ip dscp set cs2 }
	chain gone { ip dscp set cs3 }
	chain first {
		type filter hook forward priority -150
		udp sport 1 jump jumped
		udp sport 2 goto gone
		udp sport 3 accept
		ip dscp 0 ip dscp set cs7
	}
	chain second {
		type filter hook forward priority filter + 5
		udp sport 3 ip dscp set cs6
	}
}
"""
    answers = [dscp_of(text, UDP.format(port=port, dscp=0)) for port in (1, 2, 3, 4)]
    assert answers == [16, 24, 48, 56]
    assert dscp_of(text, UDP.format(port=1, dscp=8)) == 8


def test_a_class_set_before_routing_is_lost_for_ipv4_only() -> None:
    text = forward("meta priority set 1:10").replace("hook forward", "hook prerouting")
    text += "tc qdisc add dev wan root handle 1: htb default 30\n"
    for minor in (10, 30):
        text += f"tc class add dev wan parent 1: classid 1:{minor} htb rate 1mbit\n"
    assert ask(text, UDP.format(port=1, dscp=0)).class_name == "1:30"
    assert ask(text, UDP6.format(port=1, dscp=0)).class_name == "1:10"


def test_a_later_fragment_has_no_ports() -> None:
    text = forward("udp sport != 5 ip dscp set ef", "udp sport 0-65535 ip dscp set ef")
    packet = "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment"
    assert dscp_of(text, packet) == 0
    assert dscp_of(forward("ip protocol udp ip dscp set ef"), packet) == 46


def test_sets_are_read_wherever_they_stand() -> None:
    text = forward("udp sport @phones ip dscp set ef", before="")
    text = text.rstrip("}\n") + "\t}\n\tset phones { type inet_service; elements = { 7 } }\n}\n"
    assert dscp_of(text, UDP.format(port=7, dscp=0)) == 46


def test_a_set_that_packets_fill_leaves_both_answers_open() -> None:
    before = "\tset seen { type ipv4_addr; flags dynamic; timeout 1m; }"
    text = forward("ip saddr @seen ip dscp set ef", before=before)
    assert LINUX.parse(text).unread == ()
    assert not ask(text, UDP.format(port=1, dscp=0)).known


def test_verbs_change_what_is_there() -> None:
    text = forward("ip dscp set cs1")
    assert dscp_of(text + "flush chain inet t c\n", UDP.format(port=1, dscp=0)) == 0
    assert dscp_of(text + "delete table inet t\n", UDP.format(port=1, dscp=0)) == 0
    assert dscp_of(text + "flush ruleset\n", UDP.format(port=1, dscp=0)) == 0
    added = text + "nft add rule inet t c ip dscp set cs2\n"
    assert dscp_of(added, UDP.format(port=1, dscp=0)) == 16
    inserted = text + "insert rule inet t c udp sport 1 ip dscp set cs2 accept\n"
    assert dscp_of(inserted, UDP.format(port=1, dscp=0)) == 16


def test_no_packet_passes_the_chains_of_a_dormant_table() -> None:
    text = forward("ip dscp set ef").replace("table inet t {", "table inet t {\n\tflags dormant")
    packet = UDP.format(port=1, dscp=0)
    assert dscp_of(text, packet) == 0
    assert dscp_of(text + "add table inet t\n", packet) == 46
    slept = forward("ip dscp set ef") + "add table inet t { flags dormant; }\n"
    assert dscp_of(slept, packet) == 0
    assert dscp_of("nft add table inet t '{ flags dormant; }'\n" + slept, packet) == 0


def test_a_renamed_chain_is_named() -> None:
    text = forward("ip dscp set ef") + "rename chain inet t c d\ndelete chain inet t d\n"
    device = LINUX.parse(text)
    assert [item.line for item in device.unread] == [8]
    assert not ask(text, UDP.format(port=1, dscp=0)).known


def test_chains_of_bridges_alone_are_read() -> None:
    text = forward("ip dscp set ef", table="bridge t").replace("priority mangle", "priority 0")
    assert dscp_of(text, UDP.format(port=1, dscp=0)) == 0
    assert LINUX.parse(text).policies == ()


def test_definitions_are_filled_in() -> None:
    text = "define voice = { 7, 9 }\ndefine ef_ = 46\n"
    text += forward("udp sport $voice ip dscp set $ef_")
    assert dscp_of(text, UDP.format(port=9, dscp=0)) == 46


def test_an_unread_rule_makes_verdicts_unknown() -> None:
    text = forward("ip dscp set frobnicate", "udp sport 1 ip dscp set ef")
    device = LINUX.parse(text)
    (unread,) = device.unread
    assert (unread.line, unread.text) == (5, "ip dscp set frobnicate")
    assert set(device.qos_lines) - set(device.understood) == {5}
    assert not ask(text, UDP.format(port=1, dscp=0)).known


def test_a_policy_of_drop_drops_and_names_its_lines() -> None:
    text = forward("udp sport 5 accept").replace("policy accept", "policy drop")
    assert ask(text, UDP.format(port=5, dscp=0)).dropped is False
    assert ask(text, UDP.format(port=6, dscp=0)).dropped is True


def test_chains_for_the_router_itself_do_not_bear_on_forwarded_packets() -> None:
    text = forward("ip daddr 10.2.2.2 drop").replace("hook forward", "hook input")
    device = LINUX.parse(text)
    assert device.qos_lines == ()
    assert ask(text, UDP.format(port=5, dscp=0)).dropped is False


def test_windows_line_ends_and_numbers() -> None:
    text = forward("udp sport 1 ip dscp set ef").replace("\n", "\r\n")
    assert ask(text, UDP.format(port=1, dscp=0)).lines == (5,)


MASKED = """\
table inet t {
	chain voice {
		ip dscp set ef
	}
	chain forward {
		type %s hook forward priority mangle
		meta mark set 0x16e
		meta mark & 0xff vmap { 0x6e : goto voice, 0x62 : drop }
	}
}
"""


def test_a_verdict_map_behind_a_mask() -> None:
    assert dscp_of(MASKED % "filter", "udp 10.1.1.1:7 > 10.2.2.2:7") == 46
    other = (MASKED % "filter").replace("0x16e", "0x16f")
    assert dscp_of(other, "udp 10.1.1.1:7 > 10.2.2.2:7") == 0


def test_marking_in_a_chain_of_type_nat_concerns_first_packets() -> None:
    assert any("type nat" in note for note in LINUX.parse(MASKED % "nat").notes)
    assert not any("type nat" in note for note in LINUX.parse(MASKED % "filter").notes)
