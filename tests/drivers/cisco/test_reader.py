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
