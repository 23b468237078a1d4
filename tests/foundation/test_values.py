"""Code points, ports and configuration lines: the values everything else is made of."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.drivers.line import Line, safe
from translator.errors import DriverError, PlanError, UsageError
from translator.ports import PortBlock, PortRange, merge_ranges

HOSTILE = ["", "a\nb", "a\rb", "a\0b", "a\u2028b", "a\u2029b", "a\x1bb", "a\x85b", "a\tb"]


@pytest.mark.parametrize(
    ("name", "number", "tos", "dot1p"),
    [
        ("ef", 46, 184, 5),
        ("AF41", 34, 136, 4),
        ("cs5", 40, 160, 5),
        ("cs3", 24, 96, 3),
        ("af21", 18, 72, 2),
        ("af13", 14, 56, 1),
        ("default", 0, 0, 0),
        ("va", 44, 176, 5),
        ("le", 1, 4, 0),
        ("45", 45, 180, 5),
    ],
)
def test_code_points_have_one_number_and_one_byte(
    name: str, number: int, tos: int, dot1p: int
) -> None:
    point = CodePoint.of(name)
    assert (point, point.tos, point.dot1p) == (number, tos, dot1p)


def test_every_code_point_survives_its_own_name() -> None:
    assert [CodePoint.of(CodePoint(n).name) for n in range(64)] == list(range(64))


@pytest.mark.parametrize("text", ["64", "184", "-1", "", "af44", "efef", "4 6", "٤٦"])
def test_what_is_no_code_point_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        CodePoint.of(text)
    assert refused.value.hint
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(("low", "high"), [(20039, 20000), (20000, 200039), (-1, 5)])
def test_a_port_range_ascends_within_the_field(low: int, high: int) -> None:
    with pytest.raises(PlanError, match="does not ascend"):
        PortRange(low, high)


def test_a_range_is_a_count_not_an_end() -> None:
    assert PortBlock(5350, 3).range == PortRange(5350, 5352)
    assert PortBlock(20000, 40).range == PortRange(20000, 20039)
    with pytest.raises(PlanError):
        PortBlock(20000, 0)
    with pytest.raises(PlanError):
        PortBlock(65530, 7)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=12))
def test_merged_ranges_hold_the_same_ports(pairs: list[tuple[int, int]]) -> None:
    ranges = [PortRange(min(pair), max(pair)) for pair in pairs]
    merged = merge_ranges(ranges)
    assert {p for r in ranges for p in range(r.low, r.high + 1)} == {
        p for r in merged for p in range(r.low, r.high + 1)
    }
    assert all(a.high + 1 < b.low for a, b in pairwise(merged))


ACE = Line("permit {protocol:word} any range {low:int} {high:int} any")


def test_a_line_reads_what_it_writes() -> None:
    text = ACE.write(protocol="udp", low=20000, high=20039)
    assert text == "permit udp any range 20000 20039 any"
    assert ACE.read(text) == {"protocol": "udp", "low": "20000", "high": "20039"}


def test_reading_ignores_blanks_and_case_of_keywords() -> None:
    assert ACE.read("  PERMIT  udp any  range 1 2   any ") is not None
    assert ACE.read("permit udp any range 1 any") is None


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_breaks_out_of_its_line(value: str) -> None:
    with pytest.raises(DriverError):
        ACE.write(protocol=value, low=1, high=2)
    with pytest.raises(DriverError):
        safe(value, "name")
