"""A Junos device is given a whole policy, once, and gives it up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from push.junos.bench import MODELS, bench, intents_of

from translator.drivers.registry import driver
from translator.push import Ending, Journal, rollback
from translator.verify.prove import prove


@pytest.mark.parametrize("platform", MODELS)
def test_an_empty_device_gets_the_whole_policy_once_and_gives_it_back(
    platform: str, tmp_path: Path
) -> None:
    with bench(tmp_path, platform) as at:
        old = at.device.running
        outcome = at.push()
        assert outcome.ending is Ending.NEW
        chosen = driver(platform)
        found = chosen.parse(at.device.shown(), file="r1")
        assert prove(intents_of(platform), found, chosen.capabilities).ok
        assert at.leftovers() == []
        new, lines = at.device.running, at.device.lines_received
        assert at.push().ending is Ending.UNCHANGED
        assert (at.device.running, at.device.lines_received) == (new, lines)
        with Journal(at.journal) as journal:
            assert rollback(journal, outcome.run, at.open).ending is Ending.NEW
        assert at.device.running == old
        assert at.leftovers() == []
