"""What the driver renders, pushed line by line: kept, proven, removed without a trace."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, accepted_cases, outcome

from devices import Device, NxosDevice
from translator.verify import prove

CASES = [shape for platform, shape in accepted_cases() if platform == "cisco_nxos"]


def push(device: Device, text: str) -> None:
    session = device.attach("admin")
    for line in ("configure terminal", *text.splitlines(), "end"):
        reply = device.receive(session, line)
        assert not reply.refused, f"{line!r}: {reply.text}"
    device.drop(session)


@pytest.mark.parametrize("shape", CASES)
def test_rendered_text_is_taken_and_means_the_same(shape: str) -> None:
    case = outcome("cisco_nxos", shape)
    assert isinstance(case, Accepted)
    device = NxosDevice("R1")
    before = device.running
    push(device, case.rendered.config)
    parsed = case.driver.parse(device.shown(), file="running")
    assert parsed.unread == ()
    assert parsed.incomplete == ""
    assert prove(case.wanted, parsed, case.driver.capabilities).ok
    after = device.running
    wanted = [line for line in case.rendered.config.splitlines() if not line.startswith("!")]
    assert set(wanted) <= set(after.splitlines()), "it is printed as it was written"
    push(device, case.rendered.config)
    assert device.running == after, "a second push changes nothing"
    push(device, case.rendered.removal)
    assert device.running == before
