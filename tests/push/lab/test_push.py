"""A change of a real router over a real SSH server: kept when proven, undone when not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab.agreement import disagreements, edges
from push.lab.router import LINUX, Router, intents

from translator.errors import DriftError, PreflightError, RevertedError
from translator.push import Ending, Journal, rollback

pytestmark = pytest.mark.netns


def test_a_push_marks_and_queues_real_packets_and_a_second_one_sends_nothing(router: Router):
    wanted = intents()
    outcome = router.push(wanted)
    assert outcome.ending is Ending.NEW
    assert any("read back" in sentence for sentence in outcome.proof)
    device = LINUX.parse(LINUX.render(wanted).config)
    assert disagreements(router.lab, device, edges(wanted)) == []
    state = router.state()
    again = router.push(wanted)
    assert (again.ending, again.sent, again.run) == (Ending.UNCHANGED, 0, "")
    assert router.state() == state
    assert router.leftovers() == []
