"""Pushes to a Nexus switch over SSH: kept when proven, saved after that, or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from devices import Faults, NxosDevice
from devices.server import LOOP
from push.faults import Ends, Fault, base_of, meet, raising, scene_of
from push.nxos.bench import HAD, NEXUS, configured
from push.nxos.cases import COUNTED, FAULTS, UNREACHABLE, UNREACHABLE_FOR_EVER

from translator.drivers.registry import driver
from translator.errors import StateUnknownError
from translator.push import Ending, resume, rollback

LASTING = driver("cisco_nxos").procedures.lasting  # type: ignore[attr-defined]


@pytest.fixture(scope="module", autouse=True)
def loop() -> Iterator[None]:
    """One thread serves all devices of the module."""
    with LOOP.used():
        yield


def test_a_push_is_kept_and_saved_and_a_second_one_sends_no_line(tmp_path: Path):
    change, old, new, _ = base_of(NEXUS)
    assert old != new
    with scene_of(NEXUS, Faults(), tmp_path) as scene:
        outcome = scene.push()
        device = scene.device
        assert isinstance(device, NxosDevice)
        assert (outcome.ending, outcome.sent) == (Ending.NEW, len(change.work.lines))
        assert device.running == device.startup == new
        assert (device.checkpoints, device.schedules) == ({}, {})
        events = device.log.all()
        (saved,) = device.log.of("saved")
        (armed,) = device.log.of("timer-armed")
        (confirmed,) = device.log.of("timer-cancelled")
        first = next(e.number for e in device.log.of("executed") if e.text.startswith("interface"))
        read = [e.number for e in events if e.text == "show running-config"]
        assert armed.number < first < read[-2] < confirmed.number < read[-1] < saved.number
        behind = [e.text for e in device.log.of("line") if e.number > read[-1]]
        assert behind[0].startswith("copy "), "nothing stands between comparison and writing"
        assert confirmed.session == saved.session != armed.session
        scene.change = None
        again = scene.push()
        assert (again.ending, again.sent) == (Ending.UNCHANGED, 0)
        run = outcome.run
        assert rollback(scene.journal, run, scene.connect).ending is Ending.NEW
        assert device.running == device.startup == old
        assert scene.everybody_left()


def test_a_switch_on_which_nothing_is_configured_gets_the_whole_policy(tmp_path: Path):
    empty = replace(NEXUS, build=lambda faults: NxosDevice("R1", faults=faults), wanted=HAD)
    with scene_of(empty, Faults(), tmp_path) as scene:
        before = scene.device.running
        outcome = scene.push()
        assert outcome.ending is Ending.NEW
        assert scene.device.startup == scene.device.running != before
        assert rollback(scene.journal, outcome.run, scene.connect).ending is Ending.NEW
        assert scene.device.running == before


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_ends_as_the_table_says(fault: Fault, tmp_path: Path):
    with scene_of(NEXUS, fault.faults, tmp_path) as scene:
        fault.prepare(scene)
        error = meet(scene, fault, fault.error)
        if fault.cause is not None:
            assert error is not None
            assert isinstance(error.__cause__, fault.cause), error.__cause__
        if fault.error is not None and fault.cause is None:
            assert scene.device.lines_received == 0
        if isinstance(error, StateUnknownError):
            assert any(text.startswith("rollback ") for text in error.commands)


def test_a_text_that_looks_whole_is_held_against_the_count_of_the_device(tmp_path: Path):
    with scene_of(NEXUS, Faults(), tmp_path) as scene:
        COUNTED.prepare(scene)
        theirs = scene.device.running
        with raising(COUNTED) as failed:
            scene.push()
        assert COUNTED.ends is Ends.THEIRS
        assert "the device counts" in failed.value.problem
        assert scene.device.running == theirs


def test_the_scheduler_goes_back_when_nobody_can_log_in(tmp_path: Path):
    _, old, new, _ = base_of(NEXUS)
    with scene_of(NEXUS, UNREACHABLE.faults, tmp_path) as scene:
        with raising(UNREACHABLE) as failed:
            scene.push()
        device = scene.device
        assert isinstance(device, NxosDevice)
        assert failed.value.commands  # type: ignore[attr-defined]
        device.clock.advance(minutes=121)
        assert UNREACHABLE.ends is Ends.OLD_LATER
        assert LASTING(device.running) == LASTING(old) != LASTING(new)
        assert device.startup == old
        device.faults = Faults()
        (record,) = scene.journal.unfinished()
        assert resume(scene.journal, record.run, scene.connect) is Ending.OLD
        assert device.running == old
        assert (device.checkpoints, device.schedules) == ({}, {})


def test_a_timer_that_does_not_fire_is_told_as_a_state_that_is_not_known(tmp_path: Path):
    _, old, new, _ = base_of(NEXUS)
    with scene_of(NEXUS, UNREACHABLE_FOR_EVER.faults, tmp_path) as scene:
        device = scene.device
        assert isinstance(device, NxosDevice)
        device.runs_rollback = False
        with raising(UNREACHABLE_FOR_EVER) as failed:
            scene.push()
        assert failed.value.commands[0].startswith("rollback ")  # type: ignore[attr-defined]
        device.clock.advance(minutes=121)
        assert UNREACHABLE_FOR_EVER.ends is Ends.BETWEEN
        assert LASTING(device.running) == LASTING(new)
        device.faults = Faults()
        (record,) = scene.journal.unfinished()
        assert resume(scene.journal, record.run, scene.connect) is Ending.OLD
        assert device.running == old


MENDED = {
    "an entry of a list": ("range 20000 20039", "range 20000 20030"),
    "a code point": ("    set dscp 46\n", "    set dscp 40\n"),
    "a weight": ("bandwidth remaining percent 20", "bandwidth remaining percent 10"),
    "a policy that is not bound": ("  service-policy type qos input QOS-IN-CLIENT\n", ""),
    "the policy of the system": (
        "system qos\n  service-policy type qos input QOS-SYSTEM\n",
        "",
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_what_is_mended_in_place_is_read_back_as_predicted(name: str, tmp_path: Path):
    old, new = MENDED[name]
    text = configured()
    assert old in text
    bench = replace(
        NEXUS,
        build=lambda faults: NxosDevice("R1", text.replace(old, new, 1), faults=faults),
        wanted=HAD,
    )
    with scene_of(bench, Faults(), tmp_path) as scene:
        before = scene.device.running
        outcome = scene.push()
        assert outcome.ending is Ending.NEW
        assert scene.device.startup == scene.device.running != before
        scene.change = None
        assert scene.push().ending is Ending.UNCHANGED
        assert rollback(scene.journal, outcome.run, scene.connect).ending is Ending.NEW
        assert scene.device.running == before
