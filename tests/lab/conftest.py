"""The lab fixture: a fresh client, router and server for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab.netns import Lab, why_not


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A running lab; the test is skipped, with the reason, where the machine cannot have one."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab() as running:
        yield running
