"""Every fault of the table, and each of its line faults at every line of a real push."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import EosDevice
from devices.server import LOOP
from push.eos.cases import FAULTS, LINE_FAULTS, LINES
from push.every.benches import EOS
from push.faults import Ends, Fault, lines_of, meet, scene_of

from translator.errors import LineRefusedError, PreflightError, RevertedError


def of_fault(fault: Fault) -> str:
    return fault.name.replace(" ", "-")


@pytest.fixture(scope="module", autouse=True)
def loop() -> Iterator[None]:
    """One thread serves all devices of the module."""
    with LOOP.used():
        yield


def test_every_line_is_tried():
    assert len(lines_of(EOS)) == LINES


@pytest.mark.parametrize("number", range(1, LINES + 1))
@pytest.mark.parametrize("fault", LINE_FAULTS, ids=of_fault)
def test_a_fault_at_any_line_leaves_the_old_configuration(
    number: int, fault: Fault, tmp_path: Path
):
    assert fault.at_line is not None
    cause = fault.cause
    if cause is LineRefusedError and number in (1, LINES):
        cause = PreflightError  # these are `end`, which belongs to no change
    opens_session = number == 1  # no line of the change has been sent
    with scene_of(EOS, fault.at_line(number), tmp_path) as scene:
        error = meet(scene, fault, cause if opens_session else RevertedError)
        assert error is not None
        failed = error if opens_session else error.__cause__
        assert type(failed) is cause
        if isinstance(failed, LineRefusedError):
            assert failed.line_number == number - 1
        assert scene.device.log.count("committed") == 0
        assert sessions_of(scene.device) == []
        assert scene.journal.unfinished() == ()


@pytest.mark.parametrize("fault", FAULTS, ids=of_fault)
def test_a_fault_ends_as_the_table_says(fault: Fault, tmp_path: Path):
    with scene_of(EOS, fault.faults, tmp_path) as scene:
        fault.prepare(scene)
        error = meet(scene, fault, fault.error)
        if fault.cause is not None:
            assert error is not None
            assert isinstance(error.__cause__, fault.cause), error.__cause__
        if fault.ends not in (Ends.OLD_LATER, Ends.BETWEEN):
            assert sessions_of(scene.device) == []


def sessions_of(device: object) -> list[str]:
    """Return the sessions of runs that wait for something."""
    assert isinstance(device, EosDevice)
    return [
        name
        for name, each in device.config_sessions.items()
        if name.startswith("qos-") and each.state != "completed"
    ]
