"""Firewall filters: conditions, actions, and the traps of their order."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos
from translator.verify.explain import Explanation

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"


def term(*statements: str, name: str = "A", family: str = "inet") -> str:
    start = f"set firewall family {family} filter F term {name} "
    return "".join(f"{start}{statement}\n" for statement in statements)


REST = term("then accept", name="REST")


def marked(found: Explanation) -> int | None:
    assert found.verdict == "known", found.reasons
    return None if found.dropped else int(found.dscp_out or 0)


def understood(text: str) -> bool:
    return not JuniperJunos().parse(text).unread


@pytest.mark.parametrize(
    ("match", "packet", "hits"),
    [
        ("from protocol udp", UDP, True),
        ("from protocol 17", UDP, True),
        ("from protocol [ tcp icmp ]", UDP, False),
        ("from protocol-except tcp", UDP, True),
        ("from protocol-except [ tcp udp ]", UDP, False),
        ("from source-port 20000-20039", UDP, True),
        ("from source-port [ 1-5 20001 ]", UDP, True),
        ("from source-port 20002-20039", UDP, False),
        ("from destination-port 50000", UDP, True),
        ("from destination-port 20001", UDP, False),
        ("from port 20001", UDP, True),
        ("from port 50000", UDP, True),
        ("from port 50001", UDP, False),
        ("from port-except 50000", UDP, False),
        ("from port-except 1", UDP, True),
        ("from source-port-except 20001", UDP, False),
        ("from destination-port sip", "tcp 10.0.0.1:9 > 10.0.0.2:5060", True),
        ("from destination-port http-https", "tcp 10.0.0.1:9 > 10.0.0.2:300", True),
        ("from dscp ef", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", True),
        ("from dscp 46", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", True),
        ("from dscp 0x2e", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", True),
        ("from dscp b101110", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", True),
        ("from dscp ef", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 45", False),
        ("from dscp [ af41 cs3 ]", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 24", True),
        ("from dscp af11-af13", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 11", True),
        ("from dscp-except ef", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", False),
        ("from precedence critical-ecp", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 46", True),
        ("from precedence 5", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 34", False),
        ("from precedence-except 5", "udp 10.0.0.1:9 > 10.0.0.2:9 dscp 34", True),
        ("from source-address 10.1.0.0/16", UDP, True),
        ("from source-address 10.2.0.0/16", UDP, False),
        ("from destination-address 10.2.2.2", UDP, True),
        ("from address 10.2.2.0/24", UDP, True),
        ("from address 10.3.0.0/16", UDP, False),
    ],
)
def test_conditions_of_inet(ask, match: str, packet: str, hits: bool) -> None:
    text = term(match, "then dscp cs1") + term("then dscp cs2", name="REST")
    assert understood(text)
    assert marked(ask(text, packet, policy="F")) == (8 if hits else 16)


@pytest.mark.parametrize(
    ("match", "packet", "hits"),
    [
        ("from next-header udp", "udp [2001:db8::1]:9 > [2001:db8::2]:9", True),
        ("from next-header-except udp", "udp [2001:db8::1]:9 > [2001:db8::2]:9", False),
        ("from traffic-class ef", "udp [2001:db8::1]:9 > [2001:db8::2]:9 dscp 46", True),
        ("from source-address 2001:db8::/64", "udp [2001:db8::1]:9 > [2001:db8::2]:9", True),
        ("from payload-protocol tcp", "udp [2001:db8::1]:9 > [2001:db8::2]:9", False),
    ],
)
def test_conditions_of_inet6(ask, match: str, packet: str, hits: bool) -> None:
    text = term(match, "then traffic-class cs1", family="inet6")
    text += term("then traffic-class cs2", name="REST", family="inet6")
    assert understood(text)
    assert marked(ask(text, packet, policy="F")) == (8 if hits else 16)


def test_different_conditions_are_all_required(ask) -> None:
    text = term("from protocol udp", "from source-port 20001", "then dscp ef") + REST
    assert marked(ask(text, UDP, policy="F")) == 46
    assert marked(ask(text, UDP.replace("udp", "tcp"), policy="F")) == 0


def test_a_filter_ends_in_a_discard(ask) -> None:
    text = term("from protocol tcp", "then accept")
    assert ask(text, UDP, policy="F").dropped
    assert not ask(text + REST, UDP, policy="F").dropped


def test_a_filter_of_one_version_leaves_the_other_alone(ask) -> None:
    text = term("from protocol tcp", "then accept")
    text += "set interfaces ge-0/0/0 unit 0 family inet filter input F\n"
    six = ask(text, "udp [2001:db8::1]:9 > [2001:db8::2]:9 dscp 46", in_interface="ge-0/0/0.0")
    assert marked(six) == 46
    assert ask(text, UDP, in_interface="ge-0/0/0.0").dropped


def test_actions_that_do_not_end_accept_all_the_same(ask) -> None:
    text = term("from protocol udp", "then dscp ef", "then count C") + term(
        "then dscp cs1", name="REST"
    )
    assert marked(ask(text, UDP, policy="F")) == 46


def test_next_term_goes_on(ask) -> None:
    text = term("from protocol udp", "then dscp ef", "then next term")
    text += term("then forwarding-class X", "then accept", name="REST")
    found = ask(text, UDP, policy="F")
    assert marked(found) == 46
    assert found.class_name == "X"


@pytest.mark.parametrize("action", ["discard", "reject", "reject tcp-reset"])
def test_discard_and_reject_drop(ask, action: str) -> None:
    assert ask(term(f"then {action}"), UDP, policy="F").dropped


def test_a_term_without_from_takes_every_packet(ask) -> None:
    assert marked(ask(term("then dscp 11"), UDP, policy="F")) == 11


def test_a_port_alone_matches_any_protocol(ask) -> None:
    text = term("from source-port 20001", "then dscp ef") + REST
    assert marked(ask(text, "sctp 10.0.0.1:20001 > 10.0.0.2:9", policy="F")) == 46


def test_ports_of_a_fragment_are_not_guessed(ask) -> None:
    text = term("from protocol udp", "from source-port 20001", "then dscp ef") + REST
    found = ask(text, "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment", policy="F")
    assert found.verdict == "unknown"
    assert marked(ask(text, "tcp 10.1.1.10 > 10.2.2.2 dscp 0 fragment", policy="F")) == 0


def test_is_fragment_takes_fragments_only(ask) -> None:
    text = term("from is-fragment", "then dscp cs1") + REST
    assert marked(ask(text, "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment", policy="F")) == 8
    assert marked(ask(text, UDP, policy="F")) == 0


def test_port_beside_source_port_is_not_guessed(ask) -> None:
    text = term("from source-port 20001", "from port 50000", "then dscp ef") + REST
    assert not understood(text)
    assert ask(text, UDP, policy="F").verdict == "unknown"


def test_the_longest_prefix_decides_about_exceptions(ask) -> None:
    text = term(
        "from source-address 10.0.0.0/8",
        "from source-address 10.1.0.0/16 except",
        "from source-address 10.1.1.0/24",
        "then dscp ef",
    )
    for host, expected in (("10.1.1.1", 46), ("10.1.2.1", 0), ("10.9.9.9", 46), ("192.0.2.1", 0)):
        found = ask(text + REST, f"udp {host}:9 > 10.2.2.2:9", policy="F")
        assert marked(found) == expected, host


PREFIX_LIST = "set policy-options prefix-list L 10.1.0.0/16\n"


@pytest.mark.parametrize("word", ["source-prefix-list L", "prefix-list L"])
def test_prefix_lists_stand_for_their_prefixes(ask, word: str) -> None:
    text = PREFIX_LIST + term(f"from {word}", "then dscp ef") + REST
    assert marked(ask(text, UDP, policy="F")) == 46
    assert marked(ask(text, UDP.replace("10.1.1.10", "10.9.9.9"), policy="F")) == 0


@pytest.mark.parametrize(
    "other", ["", 'set policy-options prefix-list L apply-path "interfaces"\n']
)
def test_a_list_that_the_text_does_not_show_is_not_guessed(ask, other: str) -> None:
    text = other + term("from source-prefix-list L", "then dscp ef") + REST
    assert not understood(text)
    assert ask(text, UDP, policy="F").verdict == "unknown"


@pytest.mark.parametrize(
    "statement",
    [
        "then wonder",
        "then dscp nonsense",
        "then policer MISSING",
        "then next filter",
        "filter MISSING",
        "wonder",
    ],
)
def test_what_is_not_understood_is_named_and_makes_the_verdict_unknown(ask, statement: str) -> None:
    text = term("from protocol udp", statement) + REST
    device = JuniperJunos().parse(text)
    assert [item.line for item in device.unread] == [2]
    assert device.understood == (1, 3)
    assert ask(text, UDP, policy="F").verdict == "unknown"


@pytest.mark.parametrize(
    "statement",
    [
        "from protocol nonsense",
        "from source-port 70000",
        "from source-port 20039-20000",
        "from dscp b1011101",
        "from dscp 64",
        "from wonder yes",
    ],
)
def test_a_condition_that_is_not_understood_is_not_guessed(ask, statement: str) -> None:
    text = term("from source-address 10.1.0.0/16", statement, "then discard") + REST
    device = JuniperJunos().parse(text)
    assert [item.line for item in device.unread] == [2]
    assert ask(text, UDP, policy="F").verdict == "unknown"
    assert marked(ask(text, UDP.replace("10.1.1.10", "10.9.9.9"), policy="F")) == 0


def test_facts_outside_the_header_are_considered_both_ways(ask) -> None:
    text = term("from tcp-established", "then dscp ef") + REST
    assert understood(text)
    assert ask(text, UDP, policy="F").verdict == "unknown"
    assert marked(ask(text, f'{UDP} with "tcp-established"', policy="F")) == 46


def test_a_policer_is_read_with_its_rate(ask) -> None:
    text = (
        "set firewall policer P if-exceeding bandwidth-limit 10m\n"
        "set firewall policer P if-exceeding burst-size-limit 15k\n"
        "set firewall policer P then discard\n"
    )
    text += term("then policer P", "then accept")
    assert understood(text)
    assert ask(text, UDP, policy="F").policed_bps == 10_000_000


def test_a_filter_may_call_another(ask) -> None:
    inner = "set firewall family inet filter G term X from protocol udp\n"
    inner += "set firewall family inet filter G term X then dscp ef\n"
    text = inner + term("filter G") + term("then dscp cs1", name="REST")
    assert marked(ask(text, UDP, policy="F")) == 46
    assert marked(ask(text, UDP.replace("udp", "tcp"), policy="F")) == 8


def test_a_filter_that_calls_itself_is_not_followed(ask) -> None:
    assert ask(term("filter F") + REST, UDP, policy="F").verdict == "unknown"


def test_filters_of_a_list_run_one_after_the_other(ask) -> None:
    text = term("from protocol udp", "then dscp ef")
    text += "set firewall family inet filter G term X then dscp cs1\n"
    text += "set interfaces ge-0/0/0 unit 0 family inet filter input-list [ F G ]\n"
    assert marked(ask(text, UDP, in_interface="ge-0/0/0.0")) == 46
    assert marked(ask(text, UDP.replace("udp", "tcp"), in_interface="ge-0/0/0.0")) == 8


def test_a_missing_filter_is_not_guessed(ask) -> None:
    text = "set interfaces ge-0/0/0 unit 0 family inet filter input GONE\n"
    assert ask(text, UDP, in_interface="ge-0/0/0.0").verdict == "unknown"


def test_lines_of_the_answer_are_those_of_the_term(ask) -> None:
    text = term("from protocol tcp", "then accept") + term(
        "from protocol udp", "then dscp ef", name="B"
    )
    assert ask(text, UDP, policy="F").lines == (3, 4)


@pytest.mark.parametrize(
    ("conditions", "source", "known"),
    [
        (("from source-address 10.0.0.0/8", "from source-prefix-list GONE except"), "10.1.1.1", 0),
        (("from source-address 10.0.0.0/8", "from source-prefix-list GONE except"), "11.1.1.1", 1),
        (("from source-address 10.0.0.0/8", "from source-prefix-list GONE"), "10.1.1.1", 1),
        (("from source-address 10.0.0.0/8", "from source-prefix-list GONE"), "11.1.1.1", 0),
        (("from source-address 10.0.0.0/8 except", "from source-prefix-list GONE"), "11.1.1.1", 0),
        (("from source-prefix-list GONE except",), "10.1.1.1", 0),
        (("from address 10.0.0.0/8", "from prefix-list GONE except"), "10.1.1.1", 0),
    ],
)
def test_a_prefix_list_of_elsewhere_leaves_unknown_what_it_may_decide(
    ask, conditions: tuple[str, ...], source: str, known: int
) -> None:
    text = term(*conditions, "then dscp ef") + REST
    found = ask(text, f"udp {source}:1 > 192.0.2.1:2", policy="F")
    assert found.known is bool(known)


def test_a_list_of_elsewhere_may_hold_one_address_of_a_packet_and_not_the_other(ask) -> None:
    text = term("from source-prefix-list GONE", "then dscp ef")
    text += term(
        "from destination-address 0.0.0.0/0",
        "from destination-prefix-list GONE except",
        "then dscp ef",
        name="B",
    )
    assert not ask(text + REST, UDP, policy="F").known


@pytest.mark.parametrize(
    ("addresses", "source", "known", "hits"),
    [
        (("10.0.0.0/255.0.0.0",), "10.9.9.9", True, True),
        (("10.0.0.0/255.0.0.0",), "11.9.9.9", True, False),
        (("0.0.0.10/0.0.0.255",), "1.1.1.10", False, False),
        (("10.0.0.10/255.0.0.255",), "10.1.1.10", False, False),
        (("192.0.2.0/24", "0.0.0.10/0.0.0.255"), "192.0.2.1", True, True),
        (("192.0.2.0/24", "0.0.0.10/0.0.0.255"), "1.1.1.10", False, False),
        (("0.0.0.0/0", "0.0.0.10/0.0.0.255 except"), "1.1.1.10", False, False),
    ],
)
def test_masks_with_holes_are_no_prefixes(
    ask, addresses: tuple[str, ...], source: str, known: bool, hits: bool
) -> None:
    conditions = (f"from source-address {address}" for address in addresses)
    text = term(*conditions, "then dscp ef") + REST
    found = ask(text, f"udp {source}:1 > 198.51.100.1:2", policy="F")
    assert found.known is known
    assert not known or (marked(found) == 46) is hits


def test_an_alias_of_one_ip_version_means_nothing_to_the_other(ask) -> None:
    aliases = (
        "set class-of-service code-point-aliases dscp voice 101110\n"
        "set class-of-service code-point-aliases dscp-ipv6 voice 101000\n"
    )
    four, six = term("then dscp voice"), term("then traffic-class voice", family="inet6")
    assert marked(ask(aliases + four, UDP, policy="F")) == 46
    packet = "udp [2001:db8::1]:1 > [2001:db8::2]:2"
    assert marked(ask(aliases + six, packet, policy="F")) == 40
    assert not ask(aliases.replace("dscp voice", "dscp other") + four, UDP, policy="F").known


@pytest.mark.parametrize(
    ("actions", "condition", "known"),
    [
        (("then dscp ef", "then next term"), "from dscp ef", False),
        (("then dscp ef", "then next term"), "from precedence 5", False),
        (("then dscp ef", "then next term"), "from protocol udp", True),
        (("then count C", "then next term"), "from dscp ef", True),
        (("from protocol tcp", "then dscp ef", "then next term"), "from dscp ef", True),
        (("filter G",), "from dscp ef", False),
    ],
)
def test_whether_a_term_sees_what_one_before_it_wrote_is_not_known(
    ask, actions: tuple[str, ...], condition: str, known: bool
) -> None:
    text = term(*actions) + term(condition, "then dscp af41", name="B") + REST
    text += term("then dscp ef", "then next term").replace("filter F", "filter G")
    placed = "set interfaces ge-0/0/0 unit 0 family inet filter input F\n"
    found = ask(text + placed, UDP, in_interface="ge-0/0/0.0")
    assert found.known is known


def test_a_filter_where_packets_leave_sees_what_was_written_where_they_came_in(ask) -> None:
    placed = "set interfaces ge-0/0/0 unit 0 family inet filter input F\n"
    out = term("from dscp ef", "then discard").replace("filter F", "filter O") + REST.replace(
        "filter F", "filter O"
    )
    out += "set interfaces ge-0/0/1 unit 0 family inet filter output O\n"
    first = term("then dscp ef", "then next term") + REST + placed + out
    way = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1.0"}
    assert marked(ask(first, UDP, **way)) is None
