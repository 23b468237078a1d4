"""What the drivers render, pushed line by line: kept, proven, removed without a trace."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, accepted_cases, outcome

from devices import Device, IosDevice
from translator.verify import prove

CASES = [case for case in accepted_cases() if case[0] in ("cisco_ios", "cisco_catalyst")]
PORTS = {
    "cisco_ios": tuple(f"GigabitEthernet0/{n}" for n in range(5)),
    "cisco_catalyst": tuple(f"GigabitEthernet1/0/{n}" for n in range(1, 6)),
}


def push(device: Device, text: str) -> None:
    session = device.attach("admin")
    for line in ("configure terminal", *text.splitlines(), "end"):
        reply = device.receive(session, line)
        assert not reply.refused, f"{line!r}: {reply.text}"
    device.drop(session)


@pytest.mark.parametrize(
    ("platform", "shape", "numbered"),
    [*((*case, False) for case in CASES), ("cisco_ios", "everything", True)],
)
def test_rendered_text_is_taken_and_means_the_same(
    platform: str, shape: str, numbered: bool
) -> None:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    device = IosDevice("R1", interfaces=PORTS[platform], numbered=numbered)
    before = device.running
    push(device, case.rendered.config)
    parsed = case.driver.parse(device.shown(), file="running")
    assert parsed.unread == ()
    assert prove(case.wanted, parsed, case.driver.capabilities).ok
    after = device.running
    push(device, case.rendered.config)
    assert device.running == after, "a second push changes nothing"
    push(device, case.rendered.removal)
    assert device.running == before


@pytest.mark.parametrize(("platform", "shape"), CASES)
def test_what_is_printed_can_be_loaded_again(platform: str, shape: str) -> None:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    device = IosDevice("R1", interfaces=PORTS[platform])
    push(device, case.rendered.config)
    text = device.running
    session = device.attach("admin")
    device.store("flash:/kept", text)
    device.receive(session, "reload")
    device.receive(session, "")
    assert device.running != text
    session = device.attach("admin")
    assert "Rollback Done" in device.receive(session, "configure replace flash:/kept force").text
    assert device.running == text
