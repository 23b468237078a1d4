"""Erlang B against published tables, and against the sum of its definition."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.errors import UsageError
from translator.sizing.erlang import MAX_ERLANGS, blocking, channels_for, traffic_for

# Channels, blocking, erlangs: the common tables (as in ITU-T's traffic handbook), three digits.
TABLE = [
    (1, 0.01, 0.0101),
    (1, 0.05, 0.0526),
    (2, 0.01, 0.153),
    (5, 0.01, 1.36),
    (10, 0.01, 4.46),
    (10, 0.02, 5.08),
    (10, 0.001, 3.09),
    (20, 0.01, 12.0),
    (30, 0.01, 20.3),
    (50, 0.01, 37.9),
    (100, 0.01, 84.1),
    (100, 0.001, 75.2),
    # Reference values of the Erlang library for spreadsheets by Abstract Micro Systems.
    (17, 0.01, 9.65160),
    (17, 0.05, 12.4613),
    (25, 0.01, 16.1245),
]


@pytest.mark.parametrize(("channels", "target", "erlangs"), TABLE)
def test_traffic_is_that_of_the_tables(channels, target, erlangs):
    assert traffic_for(channels, target) == pytest.approx(erlangs, rel=4e-3)
    if erlangs in (9.65160, 12.4613, 16.1245):
        assert traffic_for(channels, target) == pytest.approx(erlangs, rel=1e-5)


def by_definition(channels: int, erlangs: Fraction) -> Fraction:
    """(A^N / N!) / sum of (A^n / n!), term by term, without any rounding."""
    term = total = Fraction(1)
    for number in range(1, channels + 1):
        term = term * erlangs / number
        total += term
    return term / total


@given(
    st.integers(0, 80),
    st.fractions(min_value=Fraction(1, 100), max_value=120, max_denominator=1000),
)
def test_recursion_is_the_definition(channels, erlangs):
    exact = by_definition(channels, erlangs)
    assert blocking(channels, float(erlangs)) == pytest.approx(float(exact), rel=1e-12)


@given(st.floats(0, 2000), st.floats(1e-6, 0.5))
def test_channels_are_the_fewest(erlangs, target):
    found = channels_for(erlangs, target)
    assert blocking(found, erlangs) <= target
    assert not found or blocking(found - 1, erlangs) > target


@given(st.integers(0, 500), st.floats(1e-6, 0.5))
def test_traffic_is_the_most(channels, target):
    found = traffic_for(channels, target)
    assert blocking(channels, found) <= target
    assert blocking(channels, found * (1 + 1e-9) + 1e-12) > target
    assert channels_for(found, target) <= channels


@given(st.integers(0, 200), st.floats(0, 500), st.floats(0, 500))
def test_more_traffic_never_blocks_less_and_more_channels_never_more(channels, one, other):
    low, high = sorted((one, other))
    assert blocking(channels, low) <= blocking(channels, high) + 1e-15
    assert blocking(channels + 1, high) <= blocking(channels, high)
    assert 0 <= blocking(channels, high) <= 1


def test_ends_of_the_range():
    assert blocking(0, 0) == 0
    assert blocking(0, 5) == 1
    assert channels_for(0, 0.01) == 0
    assert blocking(10**9, 1.0) == 0  # no float is left long before the last channel
    assert blocking(1, MAX_ERLANGS) == pytest.approx(1, abs=2e-5)
    assert traffic_for(0, 0.01) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("erlangs", [-1, float("nan"), float("inf"), 1e308, MAX_ERLANGS + 1])
def test_traffic_that_is_none(erlangs):
    with pytest.raises(UsageError, match="not within"):
        blocking(10, erlangs)
    with pytest.raises(UsageError):
        channels_for(erlangs, 0.01)


@pytest.mark.parametrize("target", [0, 1, -0.1, 1.5, float("nan")])
def test_targets_that_are_none(target):
    with pytest.raises(UsageError, match="blocking"):
        channels_for(10, target)
    with pytest.raises(UsageError):
        traffic_for(10, target)


def test_channels_that_are_none():
    with pytest.raises(UsageError, match="-1 channels"):
        blocking(-1, 1)
