"""Fleets in memory, and their journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from push.fleet.fakes import Fleet


@pytest.fixture
def fleet_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Fleet]]:
    made: list[Fleet] = []

    def make(count: int) -> Fleet:
        made.append(Fleet.of(count, tmp_path / "journal.sqlite", monkeypatch))
        return made[-1]

    yield make
    for fleet in made:
        fleet.journal.close()
