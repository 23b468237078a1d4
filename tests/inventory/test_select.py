"""Host patterns choose as Ansible's --limit does."""

from __future__ import annotations

import pytest

from translator.errors import InventoryError
from translator.inventory import Host, Inventory, select

INVENTORY = Inventory(
    hosts=(
        Host("core", "linux", "linux", groups=("hq",)),
        Host("branch-1", "linux", "linux", groups=("branch", "lab")),
        Host("branch-2", "linux", "linux", groups=("branch",)),
        Host("sw10.example.com", "linux", "linux", groups=("hq", "lab")),
    ),
    folder="test",
    group_names=("hq", "branch", "lab", "empty"),
)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("all", "core branch-1 branch-2 sw10.example.com"),
        ("*", "core branch-1 branch-2 sw10.example.com"),
        ("core", "core"),
        ("branch", "branch-1 branch-2"),
        ("branch-*", "branch-1 branch-2"),
        ("branch-[2-9]", "branch-2"),
        ("br*", "branch-1 branch-2"),
        ("core,branch-2", "core branch-2"),
        ("branch-2:core", "core branch-2"),
        ("hq:&lab", "sw10.example.com"),
        ("&lab,hq", "sw10.example.com"),
        ("all:!branch", "core sw10.example.com"),
        ("!branch", "core sw10.example.com"),
        ("!lab,branch", "branch-2"),
        ("branch:hq:&lab:!core", "branch-1 sw10.example.com"),
        (r"~sw\d+\.example", "sw10.example.com"),
        ("~(core|branch-1)$", "core branch-1"),
        ("empty", ""),
    ],
)
def test_pattern(pattern, names):
    assert [host.name for host in select(INVENTORY, pattern)] == names.split()


@pytest.mark.parametrize(
    "pattern", ["", "core,", "nowhere", "core,!nowhere", "~[", "!", "sw1*.org"]
)
def test_pattern_that_names_nothing_is_an_error(pattern):
    with pytest.raises(InventoryError) as caught:
        select(INVENTORY, pattern)
    assert caught.value.hint
