"""`docs/push-faults.md` says what the tests of all platforms hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from push.faults import all_cases, table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "push-faults.md"


def test_the_table_is_what_is_tested(pytestconfig: pytest.Config):
    text = table()
    if pytestconfig.getoption("update_golden"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text


def test_no_platform_states_a_fault_twice():
    names = [(platform, fault.name) for platform, fault in all_cases()]
    assert len(set(names)) == len(names)
