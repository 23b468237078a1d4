"""Every fault of the table, and each of its line faults at every line of a real push."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import Device, Faults, Hook
from devices.server import LOOP
from push.faults import Bench, Ends, Fault, base_of, lines_of, meet, scene_of
from push.ios.cases import BENCHES, CUT, FAULTS, LINE_FAULTS, LINES, LOST, ROUTER

from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    LineRefusedError,
    PreflightError,
    RevertedError,
)

ONCE = [fault for fault in FAULTS if fault.at_line is None]


def of_bench(bench: Bench) -> str:
    return bench.driver


def of_fault(fault: Fault) -> str:
    return fault.name.replace(" ", "-")


@pytest.fixture(scope="module", autouse=True)
def loop() -> Iterator[None]:
    """One thread serves all devices of the module."""
    with LOOP.used():
        yield


@pytest.mark.parametrize("bench", BENCHES, ids=of_bench)
def test_every_line_is_tried(bench: Bench):
    assert len(lines_of(bench)) == LINES[bench.driver]


@pytest.mark.parametrize(
    ("bench", "number"),
    [(bench, number) for bench in BENCHES for number in range(1, LINES[bench.driver] + 1)],
    ids=lambda value: value.driver if isinstance(value, Bench) else str(value),
)
@pytest.mark.parametrize("fault", LINE_FAULTS, ids=of_fault)
def test_a_fault_at_any_line_leaves_the_old_configuration(
    bench: Bench, number: int, fault: Fault, tmp_path: Path
):
    assert fault.at_line is not None
    cause = fault.cause
    if cause is LineRefusedError and number in (1, LINES[bench.driver]):
        cause = PreflightError  # these are `end`, which belongs to no change
    starts_timer = number == 1  # no line of the change has been sent
    with scene_of(bench, fault.at_line(number), tmp_path) as scene:
        error = meet(scene, fault, cause if starts_timer else RevertedError)
        assert error is not None
        failed = error if starts_timer else error.__cause__
        assert type(failed) is cause
        if isinstance(failed, LineRefusedError):
            assert failed.line_number == number - 1
        # A reset is seen at once, silence when the one line that met it is overdue.
        assert scene.waited == ([30.0] if cause is DeadlineError else [])
        assert scene.slept_s == 0
        # Netmiko says `end` when it leaves a session; nothing else comes behind the fault.
        sent = [line for line in scene.device.log.of("line") if line.mode.startswith("config")]
        assert len([line for line in sent if line.text not in ("", "end")]) <= number - 1
        assert scene.device.log.count("fault") == 1
        assert scene.journal.unfinished() == ()
        assert cause is not ConnectionLostError or error.exit_code in (4, 7)


@pytest.mark.parametrize("bench", BENCHES, ids=of_bench)
@pytest.mark.parametrize("fault", ONCE, ids=of_fault)
def test_a_fault_ends_as_the_table_says(bench: Bench, fault: Fault, tmp_path: Path):
    with scene_of(bench, fault.faults, tmp_path, fault.secret) as scene:
        fault.prepare(scene)
        error = meet(scene, fault, fault.error)
        if fault.cause is not None:
            assert error is not None
            assert isinstance(error.__cause__, fault.cause), error.__cause__
        if fault.error is not None and fault.cause is None:
            assert scene.device.lines_received == 0


def cut(device: Device) -> None:
    """Break all connections."""
    for session in tuple(device.sessions.values()):
        device.drop(session)


@pytest.mark.parametrize("text", CUT)
def test_a_connection_that_breaks_at_a_command_is_noticed_at_once(text: str, tmp_path: Path):
    """At every command the same is tried without SSH, in `push/every`."""
    with scene_of(ROUTER, Faults(hooks=(Hook("line", cut, text=text),)), tmp_path) as scene:
        old = scene.device.running
        error: ChangeError | None = None
        try:
            scene.push()
        except ChangeError as problem:
            error = problem
        assert LOST.ends is Ends.CONFIRMED
        assert scene.device.log.count("fault") == 1
        assert scene.everybody_left()
        assert (scene.waited, scene.slept_s) == ([], 0)
        assert scene.journal.unfinished() == ()
        if text == "write memory":
            assert error is None
            assert scene.device.running == scene.device.startup == base_of(ROUTER)[2]
            return
        failed = error.__cause__ if isinstance(error, RevertedError) else error
        assert type(failed) in LOST.causes
        assert scene.device.running == scene.device.startup == old
