"""Which class of a policy a line belongs to: keyword state against ciscoconfparse's indentation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.cisco_peer import parsed_by_ciscoconfparse
from support.corpus import corpus_files

from translator.drivers.cisco_ios import CiscoIos

PLATFORMS = ("cisco_ios", "cisco_catalyst", "cisco_cat9k", "cisco_cat4500")
# File and line: why indentation is wrong about the class of this line.
EXPLAINED: Mapping[tuple[str, int], str] = {}


def _ours(text: str) -> dict[int, int]:
    """For each line of a class, the number of its `class` line."""
    device = CiscoIos().parse(text)
    found: dict[int, int] = {}
    for policy in device.policies:
        for stage in policy.stages:
            for rule in stage.rules:
                own = [number for number in rule.lines if number in policy.lines]
                found.update((number, own[0]) for number in own[1:])
    return found


def _theirs(text: str) -> dict[int, int]:
    found: dict[int, int] = {}
    with parsed_by_ciscoconfparse(text) as items:
        for item in items:
            above = [one for one in item.all_parents if one.text.split()[:1] == ["class"]]
            if above and item.geneology[0].text.lower().startswith("policy-map"):
                found[item.linenum + 1] = above[0].linenum + 1
    return found


def _differences(path: Path) -> set[tuple[str, int]]:
    text = path.read_bytes().decode("utf-8", "replace")
    lines = text.split("\n")
    ours = _ours(text)
    theirs = {
        number: head
        for number, head in _theirs(text).items()
        if number in ours or not lines[number - 1].strip().startswith("!")
    }
    known = {number for policy in CiscoIos().parse(text).policies for number in policy.lines}
    return {
        (path.name, number)
        for number in ours.keys() | (theirs.keys() & known)
        if ours.get(number) != theirs.get(number)
    }


def test_lines_belong_to_the_class_that_ciscoconfparse_sees_or_the_difference_is_explained() -> (
    None
):
    paths = [path for platform in PLATFORMS for path in corpus_files(platform)]
    if not paths:
        pytest.skip("no corpus on this machine (set QOS_SHARED)")
    assert {one for path in paths for one in _differences(path)} == set(EXPLAINED)
