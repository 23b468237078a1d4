"""The capture of docs/capture.md is what its script writes."""

from __future__ import annotations

from capture.example import EXAMPLE, example


def test_the_example_is_written_by_its_script():
    assert EXAMPLE.read_bytes() == example()
