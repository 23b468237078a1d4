"""Patterns say of names what `fnmatch` says of them, without its expressions."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.drivers.wildcard import Wildcard

# Sets whose bounds ascend: of others fnmatch itself says different things in different versions.
_PARTS = st.sampled_from(
    ["a", "b", "-", "]", "[", "*", "*", "?", "[ab]", "[!a]", "[a-c]", "[!b-c-]", "[]a]", "[!]]"]
)


@given(st.lists(_PARTS, max_size=7).map("".join), st.text("abc-][!", max_size=6))
def test_a_pattern_fits_what_fnmatch_says(pattern, name):
    assert Wildcard(pattern).fits(name) is fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("ge-*", ["ge-", "ge-0/0/1"], ["xe-0/0/1", "ge"]),
        ("ge-0/*/[0-3]", ["ge-0/0/2", "ge-0/1/9/3"], ["ge-0/0/4", "ge-0/2"]),
        ("[!g]e-?", ["xe-1"], ["ge-1", "xe-11"]),
        ("aa*a", ["aaa", "aaba"], ["aa"]),
    ],
)
def test_names_of_interfaces_fit_patterns(pattern, fitting, others):
    assert [name for name in (*fitting, *others) if Wildcard(pattern).fits(name)] == fitting
