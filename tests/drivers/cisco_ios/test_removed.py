"""Definitions that a typed line takes away as a whole, behind what a device printed."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.intents.device import DeviceQos
from translator.verify.explain import explain
from translator.verify.packet import Packet

LIST = "ip access-list extended L\n permit udp any any\n"
CLASS = "class-map match-any A\n match access-group name L\n"
POLICY = "policy-map P\n class A\n  set dscp ef\n"
BOUND = "interface e0\n service-policy input P\n"
ALL = f"hostname r\n{LIST}{CLASS}{POLICY}{BOUND}"
UNBOUND = "interface e0\n no service-policy input P\n"
UDP = "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 0"


def parse(text: str) -> DeviceQos:
    return CiscoIos().parse(text)


def mark(text: str, packet: str = UDP) -> int | str | None:
    """What packets are marked with that enter by e0, or why that is not known."""
    found = explain(parse(text), Packet.of(packet), in_interface="e0")
    return found.dscp_out if found.known else found.reasons[0]


@pytest.mark.parametrize(
    "line", ["no ip access-list extended L", "NO IP access-list  extended L", "no ip access-list L"]
)
def test_a_list_that_is_taken_away_holds_what_is_entered_behind_that(line: str) -> None:
    text = f"{ALL}{line}\nip access-list extended L\n permit tcp any any\n"
    assert mark(text) == 0
    assert mark(text, UDP.replace("udp", "tcp")) == 46
    device = parse(text)
    assert device.unread == ()
    assert 11 in device.understood  # the line that took it away


def test_a_list_that_is_not_entered_again_is_not_there() -> None:
    assert "access list L is not defined" in str(mark(f"{ALL}no ip access-list extended L\n"))


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        ("access-list 101", "no access-list 101", 0),
        ("access-list 101", "no ip access-list extended 101", 0),
        ("access-list 101", "no access-list 101 permit udp any any", None),
        ("access-list 101", "no access-list 102", 46),
        ("access-list 101", "no ipv6 access-list 101", 46),
        ("ip access-list standard L", "no ip access-list extended L", None),
    ],
)
def test_a_list_is_told_by_its_kind_and_name(kind: str, line: str, expected: int | None) -> None:
    name = kind.rsplit(maxsplit=1)[-1]
    entry = "permit any" if "standard" in kind else "permit udp any any"
    old = f"{kind} {entry}\n" if kind.startswith("access") else f"{kind}\n {entry}\n"
    again = f"access-list {name} permit tcp any any\n" if name.isdigit() else ""
    use = f"class-map match-any A\n match access-group name {name}\n{POLICY}{BOUND}"
    found = mark(f"hostname r\n{old}{use}{line}\n{again}")
    assert found == expected if expected is not None else line in str(found)


def test_what_is_taken_away_in_the_right_order_is_gone() -> None:
    gone = f"{UNBOUND}no policy-map P\nno class-map match-any A\nno ip access-list extended L\n"
    device = parse(ALL + gone)
    assert (device.policies, device.unread, device.notes) == ((), (), ())
    assert device.understood == device.qos_lines
    assert mark(ALL + gone) == 0
    anew = f"{ALL}{gone}{LIST}{CLASS}{POLICY.replace('ef', 'cs1')}{BOUND}"
    assert mark(anew) == 8


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("no class-map match-any A", CLASS.replace("name L", "name M")),
        ("no class-map A", ""),
        ("no policy-map P", POLICY.replace("ef", "cs1")),
        ("no policy-map P", ""),
    ],
)
def test_a_class_or_policy_in_use_may_be_taken_away_or_not(line: str, again: str) -> None:
    text = f"{ALL}{line}\n{again}"
    assert line in str(mark(text))
    assert [item.line for item in parse(text).unread] == [11]


@pytest.mark.parametrize(
    ("freed", "line"),
    [
        ("policy-map P\n no class A\n class class-default\n  set dscp 1\n", "no class-map A"),
        ("class-map B\n match class-map A\n no match class-map A\n", "no class-map A"),
        ("default interface e0\n", "no policy-map P"),
    ],
)
def test_what_its_users_let_go_is_not_in_use(freed: str, line: str) -> None:
    before = ALL if freed.startswith(("policy", "default")) else f"{LIST}{CLASS}"
    assert [x for x in parse(f"{before}{freed}{line}\n").unread if x.text == line] == []


def test_groups_and_tables_in_use_are_unknown_once_they_may_be_gone() -> None:
    group = "object-group network G\n host 10.1.1.1\n"
    text = ALL.replace("udp any", "udp object-group G") + group
    assert mark(text) == 46
    device = parse(f"{text}no object-group network G\n")
    assert "no object-group network G" in [item.text for item in device.unread]
    assert "object-group G any" in str(mark(f"{text}no object-group network G\n"))
    assert mark(f"{text}no object-group service G\n") == 46
    table = "table-map T\n map from 0 to 8\n"
    text = ALL.replace("set dscp ef", "set dscp dscp table T") + table
    assert mark(text) == 8
    assert "set dscp dscp table T" in str(mark(f"{text}no table-map T\n"))


def test_what_was_not_there_before_is_not_taken_away() -> None:
    lines = "no ip access-list extended L\nno class-map A\nno policy-map P\nno table-map T\n"
    assert mark(f"hostname r\n{lines}{ALL}") == 46
    assert parse(f"hostname r\n{lines}{ALL}").unread == ()


def test_shared_numbers_change_nothing() -> None:
    text = f"{ALL}no ip access-list extended L\n{LIST}"
    found, numbers = CiscoIos().parse_shared(text)
    assert (found, numbers) == (parse(text), {})


@pytest.mark.parametrize(
    "typed",
    [
        "ip access-list extended L\n permit tcp any any\n no permit udp any any",
        "class-map match-any A\n match dscp cs1\n no match access-group name L",
        "policy-map P\n class A\n  no set dscp ef\n  set dscp cs1",
        "policy-map P\n no class A",
        UNBOUND + "no policy-map P\nno class-map match-any A\nno ip access-list extended L",
    ],
)
def test_commands_behind_a_text_read_as_the_text_that_they_make(typed: str) -> None:
    ios, commands = CiscoIos(), typed.splitlines()
    made = ios.apply(f"{ALL}end\n", commands)
    packets = (UDP, UDP.replace("udp", "tcp"), UDP.replace("dscp 0", "dscp 8"))
    for lines in (commands, [f"R1(config)#{line.strip()}" for line in commands]):
        pasted = ALL + "\n".join(lines) + "\n"
        assert [mark(pasted, packet) for packet in packets] == [mark(made, x) for x in packets]
        assert parse(pasted).unread == ()
