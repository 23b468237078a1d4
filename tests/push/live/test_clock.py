"""How far off a clock is, by what devices of each platform print."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from translator.push.live.clock import skew_s

NOW = datetime(2026, 3, 2, 9, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "skew"),
    [
        ("*09:10:05.123 UTC Mon Mar 2 2026\n", 5),
        ("09:10:00.000 UTC Mon Mar 2 2026\n", 0),
        ("Current time: 2026-03-02 09:09:00 UTC\nSystem booted: ...\n", -60),
        ("Mon Mar  2 09:12:00 UTC 2026\n", 120),
        ("07:10:00.000 UTC Mon Mar 2 2026\n", -7200),
        # Another zone: what is left beside whole quarters of an hour.
        ("*10:10:30.000 CET Mon Mar 2 2026\n", 30),
        ("*14:53:00.000 NPT Mon Mar 2 2026\n", -120),
        ("% Invalid input detected\n", None),
        ("", None),
    ],
)
def test_the_time_that_a_device_shows_is_held_against_ours(text: str, skew: float | None):
    assert skew_s(text, NOW) == skew
