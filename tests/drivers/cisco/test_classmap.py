"""Class-maps: every kind of match line, and how lines are put together."""

from __future__ import annotations

import pytest

from translator.codepoint import CodePoint
from translator.drivers.cisco.classmap import ClassMaps
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.lists import LIST_KINDS, AccessLists
from translator.drivers.cisco.reader import read_sections
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.match import ANY, Match

KINDS = LIST_KINDS | {"class-map"}
EF = Match(code_points=(CodePoint(46),))
CS3 = Match(code_points=(CodePoint(24),))


def read(text: str, name: str = "C") -> tuple[Condition, Ledger]:
    ledger = Ledger()
    sections = read_sections(text, KINDS).sections
    lists = AccessLists(
        [item for item in sections if item.kind in LIST_KINDS], Groups([], ledger), ledger
    )
    maps = ClassMaps([item for item in sections if item.kind == "class-map"], lists, ledger)
    return maps.condition(name), ledger


def either(*parts: tuple[Condition, int]) -> AccessList:
    """Any of the lines: a list of permits, which keeps the line of each."""
    return AccessList(tuple(Entry(True, condition, line) for condition, line in parts))


def one(line: str) -> Condition:
    condition, ledger = read(f"class-map match-any C\n {line}\n")
    assert ledger.unread_lines == ()
    return condition


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("match any", ANY),
        ("match dscp ef ", EF),
        ("match dscp 46", EF),
        ("match  dscp  af41  af42 ", Match(code_points=(CodePoint(34), CodePoint(36)))),
        ("match ip dscp ef", Match(version=4, code_points=(CodePoint(46),))),
        ("match dscp default", Match(code_points=(CodePoint(0),))),
        ("match not dscp ef", Not(EF)),
        ("match precedence 5", Match(code_points=tuple(CodePoint(n) for n in range(40, 48)))),
        (
            "match ip precedence network",
            Match(version=4, code_points=tuple(CodePoint(n) for n in range(56, 64))),
        ),
        ("match cos  4 ", Predicate("cos 4")),
        ("match cos 1 2", AnyOf((Predicate("cos 1"), Predicate("cos 2")))),
        ("match vlan 10", Predicate("vlan 10")),
        ("match qos-group 3", Tagged("qos-group", (3,))),
        ("match protocol ip", Match(version=4)),
        ("match protocol ipv6", Match(version=6)),
        ("match protocol ms-lync-audio", Predicate("nbar:ms-lync-audio")),
        (
            "match protocol attribute traffic-class voip-telephony",
            Predicate("nbar:attribute traffic-class voip-telephony"),
        ),
        (
            "match input-interface GigabitEthernet0/1",
            Tagged("in_interface", ("GigabitEthernet0/1",)),
        ),
        ("match packet length min 64 max 128", Predicate("packet length 64-128")),
        ("match mpls experimental topmost 5", Predicate("mpls experimental topmost 5")),
    ],
)
def test_kinds_of_match_lines(line: str, expected: Condition) -> None:
    assert one(line) == expected


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Gi0/1", {"GigabitEthernet0/1"}),
        ("gigabitethernet 0/1", {"GigabitEthernet0/1"}),
        ("f0/1", {"FastEthernet0/1", "FiveGigabitEthernet0/1", "FortyGigabitEthernet0/1"}),
        ("wlan-ap0", set()),
    ],
)
def test_an_input_interface_is_known_by_its_printed_name_too(typed: str, printed: set[str]) -> None:
    found = one(f"match input-interface {typed}")
    assert isinstance(found, Tagged)
    assert set(found.values) == {typed.replace(" ", ""), *printed}


def test_rtp_is_a_start_and_a_length_over_even_ports() -> None:
    found = one("match ip rtp 20001 9")
    assert isinstance(found, AnyOf)  # ports, or a later fragment without any
    ports = found.parts[0]
    assert isinstance(ports, Match)
    assert ports.version == 4
    assert [item.low for item in ports.destination_ports] == [20002, 20004, 20006, 20008, 20010]


def test_values_of_a_line_are_alternatives_even_in_match_all() -> None:
    condition, _ = read("class-map match-all C\n match dscp ef cs3\n match cos 5\n")
    points = Match(code_points=(CodePoint(46), CodePoint(24)))
    assert condition == AllOf((points, Predicate("cos 5")))


def test_lines_are_put_together_by_the_keyword_and_all_is_the_default() -> None:
    body = "\n match dscp ef\n match dscp cs3\n"
    assert read(f"class-map match-any C{body}")[0] == either((EF, 2), (CS3, 3))
    assert read(f"class-map match-all C{body}")[0] == AllOf((EF, CS3))
    assert read(f"class-map C{body}")[0] == AllOf((EF, CS3))


def test_nested_classes_in_any_order_of_the_text() -> None:
    text = (
        "class-map match-any C\n match class-map D\n match dscp cs3\nclass-map D\n match dscp ef\n"
    )
    assert read(text)[0] == either((EF, 2), (CS3, 3))


def test_a_denied_entry_means_that_the_list_does_not_match() -> None:
    text = (
        "class-map match-any C\n match access-group name A\n match access-group 101\n"
        "ip access-list extended A\n deny   tcp any any\n permit ip any any\n"
        "access-list 101 permit tcp any any\naccess-list 102 permit udp any any\n"
    )
    condition, ledger = read(text)
    assert isinstance(condition, AccessList)
    assert [(entry.permit, entry.line) for entry in condition.entries] == [(True, 2), (True, 3)]
    named, numbered = (entry.condition for entry in condition.entries)
    assert isinstance(named, AccessList)
    assert [entry.permit for entry in named.entries] == [False, True]
    assert isinstance(numbered, AccessList)
    assert ledger.qos_lines == (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("class-map C\n match access-group name NONE\n", "not defined"),
        ("class-map C\n match access-group name E\nip access-list extended E\n", "empty"),
        ("class-map C\n", "no match line"),
        ("class-map X\n match any\n", "not defined"),
        ("class-map C\n match class-map C\n", "itself"),
    ],
)
def test_what_is_missing_makes_the_class_unknown(text: str, note: str) -> None:
    condition, ledger = read(text)
    assert isinstance(condition, Predicate)
    assert condition.unread
    assert any(note in item for item in ledger.notes)


@pytest.mark.parametrize(
    "line",
    [
        "match spam 1",
        "match dscp",
        "match dscp 64",
        "match cos 8",
        "match ip spam",
        "match access-group",
        "spam",
        "match ip rtp 60000 16383",
    ],
)
def test_an_unknown_line_is_named_and_makes_the_class_unknown(line: str) -> None:
    condition, ledger = read(f"class-map match-any C\n match dscp ef\n {line}\n")
    assert [item.line for item in ledger.unread_lines] == [3]
    assert isinstance(condition, AccessList)
    read_part, unread_part = (entry.condition for entry in condition.entries)
    assert read_part == EF
    assert isinstance(unread_part, Predicate)
    assert unread_part.unread


def test_a_line_of_a_used_list_that_is_not_known_is_named() -> None:
    text = "class-map C\n match access-group name A\nip access-list extended A\n permit spam any\n"
    condition, ledger = read(text)
    assert [item.text for item in ledger.unread_lines] == ["permit spam any"]
    assert isinstance(condition, AccessList)
    assert isinstance(condition.entries[0].condition, Predicate)
    assert condition.entries[0].condition.unread


def test_firewall_and_control_plane_classes_are_no_qos() -> None:
    ledger = Ledger()
    text = (
        "class-map type inspect match-all F\n match protocol tcp\n"
        "class-map match-any system-cpp-police-data\n  description x\n"
    )
    maps = ClassMaps(
        read_sections(text, KINDS).sections, AccessLists([], Groups([], ledger), ledger), ledger
    )
    maps.read_all()
    assert ledger.qos_lines == ()


def test_a_type_of_class_that_nobody_knows_is_named() -> None:
    _, ledger = read("class-map type spam match-any C\n match any\n")
    assert [item.line for item in ledger.unread_lines] == [1, 2]


def test_a_map_written_twice_gathers_its_lines_and_says_so() -> None:
    condition, ledger = read(
        "class-map match-any C\n match dscp ef\nclass-map match-any C\n match dscp cs3\n"
    )
    assert condition == either((EF, 2), (CS3, 4))
    assert any("twice" in note for note in ledger.notes)


@pytest.mark.parametrize(
    "line", ["no match dscp ef", "no match dscp  46", "NO match dscp ef", "no  match dscp ef"]
)
@pytest.mark.parametrize("again", ["", "class-map match-all C\n"])
def test_a_criterion_that_is_taken_back_asks_for_nothing(line: str, again: str) -> None:
    text = f"class-map match-all C\n match dscp ef\n match cos 5\n{again} {line}\n"
    condition, ledger = read(text)
    assert condition == Predicate("cos 5")
    assert ledger.understood == ledger.qos_lines == tuple(range(1, text.count("\n") + 1))


def test_a_criterion_entered_again_stands_again() -> None:
    text = "class-map match-any C\n match dscp ef\n no match dscp ef\n match dscp ef\n"
    assert read(text)[0] == EF


@pytest.mark.parametrize(
    "line", ["no match dscp cs3", "no match ip dscp ef", "no match spam", "no spam"]
)
@pytest.mark.parametrize("kind", ["match-any", "match-all"])
def test_a_removal_that_finds_no_equal_criterion_leaves_the_whole_class_unknown(
    kind: str, line: str
) -> None:
    condition, ledger = read(f"class-map {kind} C\n match dscp ef\n match cos 5\n {line}\n")
    assert condition == Predicate(f"line 4: {line}", unread=True)
    assert [item.line for item in ledger.unread_lines] == [4]


@pytest.mark.parametrize(("first", "then"), [("any", "all"), ("all", "any")])
def test_a_class_opened_anew_with_the_other_keyword_is_unknown_where_they_differ(
    first: str, then: str
) -> None:
    text = f"class-map match-{first} C\n match dscp ef\n"
    more = f"class-map match-{then} C\n match dscp cs3\n"
    condition, ledger = read(text + more)
    unread = Predicate(f"line 3: class-map match-{then} C", unread=True)
    some = AllOf((either((EF, 2), (CS3, 4)), unread))
    assert condition == AnyOf((AllOf((EF, CS3)), some))
    assert [item.line for item in ledger.unread_lines] == [3]
    assert read(text + f"class-map match-{then} C\n")[0] == EF  # of one criterion it is the same
