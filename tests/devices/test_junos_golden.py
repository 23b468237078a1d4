"""What the Junos driver renders, loaded into a device: kept, proven, deleted."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, accepted_cases, outcome

from devices import JunosDevice
from translator.verify import prove

# The sibling platforms load the same kinds of statements: one shape of each is enough.
CASES = [
    (platform, shape)
    for platform, shape in accepted_cases()
    if platform == "juniper_junos" or (platform.startswith("juniper") and shape == "branch")
]


def committed(device: JunosDevice, verb: str, text: str) -> str:
    session = device.attach("admin")
    said = ""
    for line in ("configure exclusive", f"load {verb} terminal", *text.splitlines()):
        said += device.receive(session, line).text
    said += session.interrupt("\x04").text
    said += device.receive(session, "commit and-quit").text
    device.drop(session)
    return said


@pytest.mark.parametrize(("platform", "shape"), CASES)
def test_rendered_text_is_taken_and_means_the_same(platform: str, shape: str) -> None:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    device = JunosDevice("R1")
    said = committed(device, "merge", case.rendered.config)
    assert "error" not in said
    assert "commit complete" in said
    for text in (device.shown(), device.active.sets()):
        parsed = case.driver.parse(text, file="active")
        assert parsed.unread == ()
        assert prove(case.wanted, parsed, case.driver.capabilities).ok
    after = device.running
    committed(device, "merge", case.rendered.config)
    assert device.running == after, "a second load changes nothing"
    again = JunosDevice("R1")
    committed(again, "set", device.active.sets())
    assert again.active.sets() == device.active.sets()
    said = committed(device, "set", case.rendered.removal)
    assert "error" not in said
    assert "QOS" not in device.running
