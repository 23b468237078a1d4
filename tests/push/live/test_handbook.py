"""The documentation of the commands that look at devices is in step with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.push.live.checks import CHECKS, Check
from translator.push.live.handbook import handbook

PAGE = Path(__file__).resolve().parents[3] / "docs" / "commands-live.md"


def test_the_page_is_in_step():
    assert PAGE.read_text(encoding="utf-8") == handbook(), "run make readme"


@pytest.mark.parametrize("check", Check)
def test_each_check_has_a_meaning_and_a_fix(check: Check):
    assert CHECKS[check].meaning.endswith(".")
    assert CHECKS[check].fix.endswith(".")
