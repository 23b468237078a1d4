"""Stepping over lines that do not matter changes nothing: the plain reading is the measure."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translator.drivers.cisco.pasted import pasted
from translator.drivers.cisco.reader import Section, read_sections

KINDS = frozenset({"class-map", "policy-map", "ip access-list", "interface", "vlan", "mls qos"})
WORDS = frozenset({"shape", "mls", "ip policy", "shutdown"})
BEARING = {"interface": WORDS, "vlan": frozenset({"service-policy"})}
LINES = st.sampled_from(
    [
        "interface Gi0/1", "INTERFACE Gi0/2", "int gi0/3", " interface Gi0/4", "interface Gi0/1.5",
        "vlan 10", "class-map match-any A", "  class-map B", "policy-map P", " policy-map Q",
        "ip access-list extended L", " ip access-list extended M", "IP  Access-List extended N",
        "mls qos", " mls qos trust dscp", " MLS qos cos 5", "router ospf 1", "hostname r1",
        " match any", "match any", " class A", "  set dscp ef", " permit ip any any", "10 permit x",
        " description interface of mls", " ip address dhcp", " ip policy route-map R", " ip",
        " shape average 1", " shaped", "  deeper", "   deeper still", "\tshape peak 2", "\t\tx",
        " service-policy output P", "service-policy input P", " no service-policy output P",
        " ip nhrp map group G service-policy output P", " ! service-policy", " shutdown",
        "", " ", "!", " !", "exit", " exit", "end", "banner motd #", "#", " # interface Gi0/9",
        "aaa new-model", "macro name M", "@", "\x0cvlan 20", "\u0130nterface Gi0/5",
    ]
)  # fmt: skip


def bears(section: Section, first: str, second: str, text: str) -> bool:
    words = BEARING.get(section.kind)
    pair = f"{first} {second}"
    return words is None or first in words or pair in words or "service-policy" in text.lower()


def without_idle_lines(section: Section, raw: list[str]) -> list[int]:
    """The lines of a section that were read in full: those that bear, and what is deeper below."""
    chosen, kept, before = [], False, section.head.number
    for line in section.body:
        # `exit` ends what is below a line, and is no line of the section itself.
        kept = kept and not any(x.strip(" \t!") for x in raw[before : line.number - 1])
        before = line.number
        first, second = (*line.keys, "", "")[:2]
        deeper = raw[line.number - 1][:1] in " \t" and raw[line.number - 1][1:2] in (" ", "\t")
        at_margin = raw[line.number - 1][:1] not in (" ", "\t")
        kept = at_margin or bears(section, first, second, line.text) or (kept and deeper)
        if kept:
            chosen.append(line.number)
    return chosen


def binds(section: Section) -> bool:
    return any("service-policy" in line.text.lower() for line in section.body)


@given(st.lists(LINES, max_size=40))
@example(["vlan 10", "match any"])
@example(["interface Gi0/1", "\tshape peak 2", "exit", "  set dscp ef"])
@example(["interface Gi0/1", " mls qos trust dscp", " ", "  deeper"])
@example([" service-policy output P", "\x0cvlan 20", " shutdown"])
def test_only_idle_lines_are_left_out(lines: list[str]) -> None:
    text = "\n".join(lines)
    full = read_sections(text, KINDS)
    found = read_sections(text, KINDS, BEARING)
    raw = pasted(text).lines  # without the blanks that all lines have in common
    # A VLAN matters for the policies that it binds; one without may be there or not.
    sections, whole_sections = (
        [item for item in reading.sections if item.kind != "vlan" or binds(item)]
        for reading in (found, full)
    )
    assert [item.head for item in sections] == [item.head for item in whole_sections]
    assert {item.head.number for item in found.sections} <= {x.head.number for x in full.sections}
    assert found.notes == full.notes
    for item, whole in zip(sections, whole_sections, strict=True):
        numbers = {line.number for line in item.body}
        assert numbers <= {line.number for line in whole.body}
        assert numbers >= set(without_idle_lines(whole, raw))


@given(st.lists(LINES, max_size=30))
def test_lines_of_other_sections_change_nothing(lines: list[str]) -> None:
    """A long stretch that nobody asks for stands between two texts without an effect."""
    header = ["router bgp 1", " bgp log-neighbor-changes"]  # so that neither text is a flat one
    idle = [" network 10.0.0.0 area 0"] * 50 + ["ip route 0.0.0.0 0.0.0.0 Null0"] * 50
    before = read_sections("\n".join([*header, *idle, *lines]), KINDS)
    alone = read_sections("\n".join([*header, *lines]), KINDS)
    assert [
        (item.kind, item.head.text, [(line.number - 100, line.text) for line in item.body])
        for item in before.sections
    ] == [
        (item.kind, item.head.text, [(line.number, line.text) for line in item.body])
        for item in alone.sections
    ]


@pytest.mark.parametrize("text", ["interface Gi0/1\n" * 20_000, "banner motd #\n" * 3_000])
def test_what_is_repeated_is_read_in_one_go(text: str) -> None:
    assert len(read_sections(text, KINDS, BEARING).sections) == text.count("interface")


@pytest.mark.parametrize("header", ["int gi0/1", "Interface Gi0/1", "interface\tGi0/1"])
def test_a_header_as_people_type_it_is_found_between_printed_ones(header: str) -> None:
    """Stretches that are read at a glance are told by the header as devices print it."""
    printed = "interface Gi0/{}\n description x\n service-policy input P\n!\n"
    text = f"{printed.format(7)}router rip\n!\n{header}\n mls qos cos 5\n!\n{printed.format(9)}end"
    found = read_sections(text, KINDS, BEARING).sections
    assert [(item.head.number, item.body[0].number) for item in found] == [(1, 3), (7, 8), (10, 12)]
