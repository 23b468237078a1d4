"""Interfaces that are alike but for numbers are known again, and never taken for others."""

from __future__ import annotations

import pytest

from translator.drivers.cisco.pasted import pasted
from translator.drivers.cisco.printed import printed_interfaces
from translator.drivers.cisco.scan import OPENINGS
from translator.drivers.cisco_catalyst.port import PORT_WORDS
from translator.drivers.cisco_ios import CiscoIos
from translator.drivers.cisco_ios.bearing import BEARING
from translator.intents.port import PortMode

ONE = "interface Gi0/{0}\n description {1}\n bandwidth {2}\n ipv6 address 2001:db8::{0}/64\n"


def test_only_descriptions_and_digits_are_told_apart_elsewhere() -> None:
    parts = (ONE.format(1, "desk 1", 512), ONE.format(2, "a lab", 768), ONE.format(3, "", 9))
    first, second, third = printed_interfaces(pasted("!\n".join(parts) + "!\nend"))
    assert [item.number for item in (first, second, third)] == [0, 5, 10]
    assert first.like is second.like
    assert third.like is not first.like
    assert (first.like.own, first.like.size, third.like.own, third.like.size) == (3, 5, 3, 6)


def test_what_is_alike_but_for_numbers_has_numbers_of_its_own() -> None:
    text = "hostname r\n" + ONE.format(1, "x", 512) + "!\n" + ONE.format(2, "y", 768) + "!\nend\n"
    ports = CiscoIos().ports(text)
    assert [port.circuit_bps for port in ports] == [512_000, 768_000]
    assert {port.mode for port in ports} == {PortMode.ROUTED}
    assert [port.line for port in ports] == [2, 7]


def test_policies_are_told_apart_by_their_numbers() -> None:
    text = "".join(f"interface Gi0/{n}\n service-policy input P{n}\n!\n" for n in (1, 2))
    found = CiscoIos().parse(f"hostname r\n{text}end\n")
    assert [item.ingress_policy for item in found.interfaces] == ["P1", "P2"]


def test_words_that_readers_ask_for_hold_no_digit_but_ipv6() -> None:
    """With each digit as a zero they would not be found: `ipv6` is looked for as `ipv0`."""
    asked = {word for item in BEARING | PORT_WORDS | OPENINGS for word in item.split()}
    assert {word for word in asked if any(map(str.isdigit, word))} <= {"ipv6"}


def test_a_filter_of_ipv6_is_seen() -> None:
    text = "hostname r\ninterface Gi0/1\n ipv6 traffic-filter F in\n service-policy input P\n!\nend"
    assert any("ipv6 traffic-filter" in note for note in CiscoIos().parse(text).notes)


@pytest.mark.parametrize("below", ["\n ", "\n \n", "\n  \n", "\n\t"])
def test_a_blank_line_that_ends_the_text_is_no_line_of_words(below: str) -> None:
    (port,) = CiscoIos().ports(f"hostname r\ninterface Gi0/1{below}")
    assert port.name == "Gi0/1"


def test_what_stands_behind_the_interface_is_not_its_own() -> None:
    text = "hostname r\ninterface Gi0/1\n!\npolicy-map P\n description x\n shutdown\n"
    (port,) = CiscoIos().ports(text)
    assert (port.shutdown, port.line) == (False, 2)
