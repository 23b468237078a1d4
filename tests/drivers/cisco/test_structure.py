"""The nesting that our reader sees in real files against ciscoconfparse's parents and children."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.cisco_peer import parsed_by_ciscoconfparse
from support.corpus import corpus_files

from translator.drivers.cisco.reader import read_sections

PLATFORMS = ("cisco_ios", "cisco_catalyst", "cisco_cat9k", "cisco_cat4500", "cisco_cat6500")
KINDS = frozenset(
    {
        "class-map",
        "policy-map",
        "table-map",
        "ip access-list",
        "ipv6 access-list",
        "object-group",
        "interface",
    }
)
# Where the two nest lines differently: file, first and last such line, and why ours is right.
EXPLAINED: Mapping[tuple[str, int, int], str] = {
    ("ez-2k3k-acl-skeleton.cfg", 13, 59): (
        "entries pasted without indentation: a device stays in the list, ciscoconfparse leaves it"
    ),
}


def _all_files() -> list[Path]:
    return [path for platform in PLATFORMS for path in corpus_files(platform)]


def _ours(text: str) -> dict[int, int]:
    """For each line of a wanted section, the line number of its header."""
    return {
        line.number: section.head.number
        for section in read_sections(text, KINDS).sections
        for line in section.body
    }


def _theirs(text: str) -> dict[int, int]:
    """For each line below another, the line number of its outermost ancestor."""
    with parsed_by_ciscoconfparse(text) as items:
        return {
            item.linenum + 1: item.geneology[0].linenum + 1
            for item in items
            if len(item.geneology) > 1 and not item.text.strip().startswith("!")
        }


def _is_wanted(header: str) -> bool:
    words = header.lower().split()
    return bool(words) and (words[0] in KINDS or " ".join(words[:2]) in KINDS)


def _differences(path: Path) -> set[tuple[str, int]]:
    """The lines that belong to one header for us and to another, or to none, for them."""
    text = path.read_bytes().decode("utf-8", "replace")
    lines = text.split("\n")
    ours = _ours(text)
    theirs = {
        number: head
        for number, head in _theirs(text).items()
        if _is_wanted(lines[head - 1]) and lines[number - 1].strip() not in ("", "exit", "end")
    }
    return {
        (path.name, number)
        for number in ours.keys() | theirs.keys()
        if ours.get(number) != theirs.get(number)
    }


def _explains(place: tuple[str, int, int], found: tuple[str, int]) -> bool:
    return place[0] == found[0] and place[1] <= found[1] <= place[2]


def test_our_sections_are_ciscoconfparses_families_or_the_difference_is_explained() -> None:
    paths = _all_files()
    if not paths:
        pytest.skip("no corpus on this machine (set QOS_SHARED)")
    found = {place for path in paths for place in _differences(path)}
    assert {one for one in found if not any(_explains(place, one) for place in EXPLAINED)} == set()
    unused = [place for place in EXPLAINED if not any(_explains(place, one) for one in found)]
    assert unused == []


def test_reading_a_configuration_does_not_load_ciscoconfparse() -> None:
    code = (
        "import sys; from translator.drivers.cisco_ios import CiscoIos; "
        "CiscoIos().parse('class-map A'); print('ciscoconfparse' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"
