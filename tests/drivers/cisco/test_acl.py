"""Access list entries: every operator, name and option, read and written."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.drivers.cisco.acl import read_entry, read_standard_entry, write_entries
from translator.drivers.cisco.addresses import prefixes_of_wildcard
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import line_of, read_sections
from translator.intents.condition import AllOf, AnyOf, Condition, Predicate
from translator.intents.match import Match
from translator.ports import PortRange

GROUPS = """object-group service MEDIA
 description media ports
 udp range 20000 20039
 tcp source range 1 2 eq www
 tcp-udp
 group-object MORE
object-group service MORE
 icmp
object-group network SITES
 host 10.0.0.1
 10.1.0.0 255.255.0.0
 range 10.2.0.0 10.2.0.2
 group-object OTHER
object-group network OTHER
 192.0.2.0/24
object-group network LOOP
 group-object LOOP
object-group network ODD
 fqdn example.net
object-group network EMPTY
"""


def groups(ledger: Ledger | None = None) -> Groups:
    sections = read_sections(GROUPS, frozenset({"object-group"})).sections
    return Groups(sections, ledger or Ledger())


def condition(text: str, version: int = 4) -> Condition:
    entry = read_entry(line_of(text), version, groups())
    assert entry is not None
    assert entry.permit
    return entry.condition


def ports(*pairs: tuple[int, int]) -> tuple[PortRange, ...]:
    return tuple(PortRange(low, high) for low, high in pairs)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("eq 5060", ports((5060, 5060))),
        ("eq 5060 5061 443", ports((443, 443), (5060, 5061))),
        ("eq domain ntp", ports((53, 53), (123, 123))),
        ("neq 5060", ports((0, 5059), (5061, 65535))),
        ("neq 0 65535", ports((1, 65534))),
        ("gt 1023", ports((1024, 65535))),
        ("lt 1024", ports((0, 1023))),
        ("range 20000 20039", ports((20000, 20039))),
        ("range 20039 20000", ports((20000, 20039))),
        ("eq syslog", ports((514, 514))),
        ("EQ SNMP", ports((161, 161))),
    ],
)
def test_port_operators(words: str, expected: tuple[PortRange, ...]) -> None:
    assert condition(f"permit udp any any {words}") == Match(
        version=4, protocols=(17,), destination_ports=expected, fragment=False
    )
    assert condition(f"permit udp any {words} any") == Match(
        version=4, protocols=(17,), source_ports=expected, fragment=False
    )


def test_a_name_means_the_port_of_its_protocol() -> None:
    assert condition("permit tcp any any eq cmd") == Match(
        version=4, protocols=(6,), destination_ports=ports((514, 514)), fragment=False
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("any", ()),
        ("host 10.0.0.1", (ip_network("10.0.0.1/32"),)),
        ("10.1.0.0 0.0.255.255", (ip_network("10.1.0.0/16"),)),
        ("10.1.2.3 0.0.255.255", (ip_network("10.1.0.0/16"),)),
        ("10.1.0.0/16", (ip_network("10.1.0.0/16"),)),
        ("0.0.0.0 255.255.255.255", ()),
        ("10.0.0.0 0.0.1.0", (ip_network("10.0.0.0/32"), ip_network("10.0.1.0/32"))),
        ("10.0.0.0 0.0.2.255", (ip_network("10.0.0.0/24"), ip_network("10.0.2.0/24"))),
    ],
)
def test_addresses(words: str, expected: tuple[object, ...]) -> None:
    assert condition(f"permit ip {words} any") == Match(version=4, sources=expected)
    assert condition(f"permit ip any {words}") == Match(version=4, destinations=expected)


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 31), max_size=6),
    st.integers(0, 2**32 - 1),
)
def test_a_wildcard_is_expanded_exactly(value: int, free: list[int], probe: int) -> None:
    wildcard = sum(1 << bit for bit in set(free))
    found = prefixes_of_wildcard(str(IPv4Address(value)), str(IPv4Address(wildcard)))
    near = (value & ~wildcard) | (probe & wildcard)
    for address in (probe, near):
        fits = (address ^ value) & ~wildcard == 0
        assert any(IPv4Address(address) in prefix for prefix in found) is fits


def test_a_wildcard_with_too_many_holes_is_not_read() -> None:
    with pytest.raises(NotReadError):
        prefixes_of_wildcard("10.0.0.0", "85.85.85.84")


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("dscp ef", Match(code_points=(CodePoint(46),))),
        ("dscp 45", Match(code_points=(CodePoint(45),))),
        ("precedence critical", Match(code_points=tuple(CodePoint(n) for n in range(40, 48)))),
        ("precedence 0", Match(code_points=tuple(CodePoint(n) for n in range(8)))),
        ("tos min-delay", Match(tos=((0x10, 0x1E),))),
        ("fragments", Match(fragment=True)),
        ("time-range NIGHT", Predicate("time-range NIGHT")),
        ("ttl eq 255", Predicate("ttl eq 255")),
    ],
)
def test_options(words: str, extra: Condition) -> None:
    base = Match(version=4, protocols=(17,))
    assert condition(f"permit udp any any {words}") == AllOf((base, extra))


def test_established_is_a_fact_that_a_header_does_not_show() -> None:
    assert condition("permit tcp any any established") == AllOf(
        (Match(version=4, protocols=(6,)), Predicate("tcp established"))
    )


@pytest.mark.parametrize("tail", ["", " log", " log-input", " log tag 7"])
def test_logging_decides_nothing(tail: str) -> None:
    assert condition(f"10 permit ip any any{tail}") == Match(version=4)


@pytest.mark.parametrize("log", ["log", "log-input", "log COOKIE", "log tag 7", "reflect SEEN"])
@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("fragments", Match(fragment=True)),
        ("time-range NIGHT", Predicate("time-range NIGHT")),
        ("dscp ef", Match(code_points=(CodePoint(46),))),
    ],
)
def test_what_stands_behind_logging_is_read(log: str, words: str, extra: Condition) -> None:
    base = Match(version=4, protocols=(17,))
    assert condition(f"permit udp any any {log} {words}") == AllOf((base, extra))


def test_behind_the_word_of_the_log_nothing_unknown_is_passed_over() -> None:
    assert condition("permit ip any any log sequence 20", 6) == Match(version=6)
    with pytest.raises(NotReadError, match="wonder"):
        condition("permit ip any any log COOKIE wonder")


def test_icmp_types_are_facts_beside_the_protocol() -> None:
    assert condition("permit icmp any any echo-reply") == AllOf(
        (Match(version=4, protocols=(1,)), Predicate("icmp echo-reply"))
    )
    assert condition("permit icmp any any", 6) == Match(version=6, protocols=(58,))


def test_an_ipv6_entry() -> None:
    assert condition("sequence 20 permit udp 2001:DB8::/32 any range 1 2", 6) == Match(
        version=6,
        protocols=(17,),
        sources=(ip_network("2001:db8::/32"),),
        destination_ports=ports((1, 2)),
        fragment=False,
    )


def test_deny_and_remark() -> None:
    denied = read_entry(line_of("deny   tcp any any eq www"), 4, groups())
    assert denied is not None
    assert not denied.permit
    assert read_entry(line_of("20 remark permit ip any any"), 4, groups()) is None


def test_a_standard_entry_sees_sources_only() -> None:
    for text in ("permit 10.0.0.5", "permit host 10.0.0.5", "permit 10.0.0.5 0.0.0.0 log"):
        entry = read_standard_entry(line_of(text), groups())
        assert entry is not None
        assert entry.condition == Match(version=4, sources=(ip_network("10.0.0.5/32"),))
    entry = read_standard_entry(line_of("deny   any"), groups())
    assert entry is not None
    assert entry.condition == Match(version=4)


def test_object_groups_are_resolved() -> None:
    found = condition("permit object-group MEDIA object-group SITES any")
    assert isinstance(found, AnyOf)
    sources = {
        str(prefix) for part in found.parts if isinstance(part, Match) for prefix in part.sources
    }
    assert sources == {"10.0.0.1/32", "10.1.0.0/16", "10.2.0.0/31", "10.2.0.2/32", "192.0.2.0/24"}
    assert [
        (part.protocols, part.source_ports, part.destination_ports) for part in found.parts
    ] == [
        ((17,), (), ports((20000, 20039))),
        ((6,), ports((1, 2)), ports((80, 80))),
        ((6, 17), (), ()),
        ((1,), (), ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "permit udp any any eq nonsense",
        "permit udp any any gt 65535",
        "permit udp any",
        "permit spam any any",
        "permit ip 10.0.0.0 any",
        "permit ip any any spam",
        "permit ip any any dscp 64",
        "permit object-group NONE any any",
        "permit ip object-group LOOP any",
        "permit ip object-group ODD any",
        "permit ip object-group EMPTY any",
        "dynamic X permit ip any any",
        "evaluate X",
        "spam",
    ],
)
def test_what_is_not_known_is_never_guessed(text: str) -> None:
    with pytest.raises(NotReadError):
        read_entry(line_of(text), 4, groups())


def test_a_group_line_that_is_not_known_is_named() -> None:
    ledger = Ledger()
    with pytest.raises(NotReadError):
        read_entry(line_of("permit ip object-group ODD any"), 4, groups(ledger))
    assert [item.text for item in ledger.unread_lines] == ["fqdn example.net"]


@pytest.mark.parametrize(
    "line",
    [
        "permit udp any range 20000 20039 any",
        "permit udp any any eq ntp",
        "permit tcp any any eq 123",
        "permit tcp any any eq www",
        "permit tcp any any eq 443",
        "permit ip any any dscp cs5",
        "permit ip host 10.0.0.1 10.1.0.0 0.0.255.255",
        "permit esp any any",
        "permit 132 any any",
        "permit udp any range 20000 20039 any range 1024 65535 dscp ef",
    ],
)
def test_an_entry_is_written_as_it_was_read(line: str) -> None:
    found = condition(line)
    parts = found.parts if isinstance(found, AllOf) else (found,)
    match, *marks = parts
    assert isinstance(match, Match)
    points = marks[0].code_points if marks and isinstance(marks[0], Match) else ()
    both = Match(
        protocols=match.protocols,
        sources=match.sources,
        destinations=match.destinations,
        source_ports=match.source_ports,
        destination_ports=match.destination_ports,
        code_points=points,
    )
    assert list(write_entries(both, 4)) == [line]
