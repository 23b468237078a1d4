"""Sections by keyword state: indentation, comments, banners, carriage returns, pasted text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.drivers.cisco.reader import read_sections

WANTED = frozenset({"class-map", "policy-map", "ip access-list", "interface", "mls qos"})


def heads(text: str) -> list[tuple[str, int, list[int]]]:
    return [
        (section.kind, section.head.number, [line.number for line in section.body])
        for section in read_sections(text, WANTED).sections
    ]


def test_lines_keep_their_numbers() -> None:
    text = "!\n\nclass-map match-any Voice\n match  dscp ef  af41 \n"
    assert heads(text) == [("class-map", 3, [4])]


def test_names_keep_their_case_and_keywords_do_not() -> None:
    reading = read_sections("CLASS-MAP MATCH-ANY Gold\n MATCH  IP DSCP  EF \n", WANTED)
    (section,) = reading.sections
    assert section.kind == "class-map"
    assert section.head.words[-1] == "Gold"
    assert section.body[0].keys == ["match", "ip", "dscp", "ef"]


@pytest.mark.parametrize("blanks", ["", " ", "     ", "\t"])
def test_indentation_says_nothing_about_parenthood(blanks: str) -> None:
    text = (
        f"policy-map P\n{blanks}class A\n{blanks * 3}shape average 5000000\n{blanks}police 8000\n"
    )
    assert heads(text) == [("policy-map", 1, [2, 3, 4])]


def test_a_header_of_another_kind_ends_a_section_even_when_indented() -> None:
    text = "   class-map A\n    match any\n   policy-map P\n    class A\n"
    assert heads(text) == [("class-map", 1, [2]), ("policy-map", 3, [4])]


def test_carriage_returns_are_no_part_of_a_line() -> None:
    (section,) = read_sections("class-map A\r\n match dscp ef\r\n", WANTED).sections
    assert section.body[0].words[-1] == "ef"


@pytest.mark.parametrize(
    "banner",
    [
        "banner motd ^C\nclass-map FAKE\n match any\n^C",
        "banner login #\nclass-map FAKE\n#",
        "banner exec ^C class-map FAKE ^C",
        "aaa authentication banner %\nclass-map FAKE\n%",
        "macro name DESK\nclass-map FAKE\n match any\n@",
    ],
)
def test_text_of_banners_and_macros_is_no_configuration(banner: str) -> None:
    reading = read_sections(f"{banner}\nclass-map REAL\n match dscp ef\n", WANTED)
    assert [section.head.words[1] for section in reading.sections] == ["REAL"]
    assert reading.notes == ()


def test_a_banner_without_end_hides_nothing_and_is_noted() -> None:
    reading = read_sections("banner motd ^C\nclass-map REAL\n match dscp ef\n", WANTED)
    assert [section.head.words[1] for section in reading.sections] == ["REAL"]
    assert "line 1" in reading.notes[0]


def test_a_line_at_the_margin_ends_a_section() -> None:
    text = "interface e0\n ip address dhcp\nrouter ospf 1\n service-policy input X\nmls qos\n"
    assert heads(text) == [("interface", 1, [2]), ("mls qos", 5, [])]


def test_a_comment_does_not_end_a_section() -> None:
    assert heads("class-map A\n!\n match dscp ef\n") == [("class-map", 1, [3])]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for section in read_sections(text, WANTED).sections:
        assert section.kind in WANTED


def test_a_section_in_which_nothing_matters_is_left_out_and_ends_the_one_before() -> None:
    text = (
        "interface Gi0/1\nvlan 1\n name A\nroute-map R\n set metric 1\ninterface Gi0/2\n shape 1\n"
    )
    bearing = {
        "interface": frozenset({"shape", "mls"}),
        "vlan": frozenset({"service-policy"}),
        "route-map": frozenset({"set ip"}),
    }
    for says, more in ((" set  ip tos 1\n", ["route-map"]), ("", [])):
        sections = read_sections(
            text + f"route-map R\n{says}", frozenset(bearing), bearing
        ).sections
        assert [item.kind for item in sections] == ["interface", "interface", *more]
        assert [len(item.body) for item in sections] == [0, 1, *[1 for _ in more]]


@pytest.mark.parametrize(
    ("header", "goes_on", "ends"),
    [
        ("class-map A", ("no match dscp ef", "no description"), ("no ip route", "no class-map A")),
        ("policy-map P", ("no class A", "no set dscp ef", "no police 8000"), ("no aaa new-model",)),
        ("ip access-list extended L", ("no 10", "no permit ip any any"), ("no cdp run",)),
        (
            "interface e0",
            ("no shutdown", "no ip address", "no service-policy input P", "no mls qos trust"),
            ("no interface e1", "no ip access-list extended L", "default interface e0"),
        ),
    ],
)
def test_in_flat_text_a_line_with_no_goes_on_with_a_section_as_one_without_it(
    header: str, goes_on: tuple[str, ...], ends: tuple[str, ...]
) -> None:
    below = list(range(2, 2 + len(goes_on)))
    text = "\n".join((header, *goes_on)) + "\n"
    kind = " ".join(header.split()[:-1]) if "list" not in header else "ip access-list"
    for line in ends:
        assert heads(f"{text}{line}\nservice-policy input P\nset dscp 1\n") == [(kind, 1, below)]


def test_a_typed_removal_at_the_margin_goes_on_with_an_indented_section() -> None:
    entries = " permit udp any any\nno permit udp any any\n permit ip any any\n"
    text = f"ip access-list extended L\n{entries}"
    assert heads(text) == [("ip access-list", 1, [2, 3, 4])]
    text = "interface e0\n ip address dhcp\nno service-policy input P\nno ip http server\n exit\n"
    assert heads(text) == [("interface", 1, [2, 3])]


@pytest.mark.parametrize(
    ("kind", "below"),
    [
        ("route-map", ("match ip address 101", "set ip precedence 5")),
        ("object-group", ("description phones", "10.1.1.0 255.255.255.0", "icmp", "host 10.2.2.2")),
        ("map-class", ("service-policy output P",)),
    ],
)
def test_flat_sections_of_all_kinds_keep_their_lines(kind: str, below: tuple[str, ...]) -> None:
    text = "\n".join((f"{kind} network G", *below, "interface e0"))
    sections = read_sections(text, frozenset({kind, "interface"})).sections
    assert [line.text for line in sections[0].body] == list(below)


@pytest.mark.parametrize(
    "line", ["no class-map A", "no ip access-list extended A", "no  CLASS-MAP A"]
)
def test_a_removal_of_a_section_is_found_where_it_is_asked_for(line: str) -> None:
    kind = "no class-map" if "lass" in line.lower()[:9] else "no ip access-list"
    text = f"interface e0\n mtu 1500\nno ip http server\nno ip route 10.0.0.0\n{line}\n"
    assert heads(text)[1:] == []
    found = read_sections(text, WANTED | {kind}).sections
    assert [(item.kind, item.head.number) for item in found[1:]] == [(kind, 5)]


@pytest.mark.parametrize("line", ["default interface e0", "default int e0", "no int e0"])
def test_interfaces_that_are_reset_are_found_where_that_is_asked_for(line: str) -> None:
    wanted = WANTED | {"default interface", "no interface"}
    found = read_sections(f"interface e0\n mtu 1500\nrouter rip\n{line}\n", wanted).sections
    assert [item.head.number for item in found] == [1, 4]
    assert found[1].kind in wanted
