"""A fault at every line of a real push: the device ends old or proven new, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from devices import Device, Faults, Hook
from devices.server import LOOP
from push.faults import Ends, Fault
from push.junos.bench import Bench, bench
from push.junos.cases import (
    CONNECTION_BREAKS,
    FIRST,
    LINE_FAULTS,
    LINES,
    LOCK_LINGERS,
    JunosFault,
)
from push.junos.healthy import healthy

from translator.errors import ChangeError, RevertedError
from translator.push import Ending

NETMIKO = ("set cli screen-", "set cli complete-")


@pytest.fixture(scope="module", autouse=True)
def loop() -> Iterator[None]:
    """One thread serves all devices of the module."""
    with LOOP.used():
        yield


def ending(at: Bench, fault: Fault, *, begun: bool | None = None) -> Ending:
    """Push, and let a later process finish what is open; the errors must be the right ones.

    `begun` is whether something of the change had been sent, where that is known.
    """
    try:
        return at.push(healthy().change).ending
    except ChangeError as problem:
        error = problem
    reverted = isinstance(error, RevertedError)
    assert begun in (None, reverted), repr(error)
    assert fault.error is not None
    assert type(error.__cause__ if reverted else error) is (fault.cause or fault.error)
    assert error.exit_code == 7 if reverted else error.exit_code in (4, 5)
    assert not reverted or at.device.running == healthy().old
    at.resume()
    return Ending.OLD


def check(at: Bench, ended: Ending, where: str) -> None:
    """Once all timers have had their time, the device is as the run said, and tidy."""
    assert at.device.log.count("fault"), where
    assert at.leftovers() == [], where
    expected = {Ending.NEW: healthy().new, Ending.OLD: healthy().old}[ended]
    assert at.device.running == expected, where


def endings(cases: Sequence[Callable[[], Ending]]) -> list[Ending]:
    """Return how pushes end that run side by side: most of their time they wait."""
    with ThreadPoolExecutor(6) as pool:
        return [each.result() for each in [pool.submit(case) for case in cases]]


def test_the_lines_are_those_of_a_push():
    assert len(healthy().lines) == len(LINES)
    for typed, line in zip(healthy().lines, LINES, strict=True):
        assert typed.startswith(line)


def test_each_fault_is_tried_at_every_line():
    every = list(range(1, len(LINES) + 1))
    for kind in {fault.name.split()[0] for fault in LINE_FAULTS if fault.lines != tuple(every)}:
        tried = [fault.lines for fault in LINE_FAULTS if fault.name.startswith(kind)]
        assert sorted(number for lines in tried for number in lines) == every


@pytest.mark.parametrize("fault", LINE_FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_at_any_line_leaves_the_device_as_the_table_says(fault: JunosFault, tmp_path: Path):
    def case(number: int) -> Ending:
        assert fault.at_line is not None
        faults = fault.at_line(number)
        with bench(tmp_path / str(number), initial=healthy().initial, faults=faults) as at:
            ended = ending(at, fault, begun=number >= FIRST)
            check(at, ended, f"line {number}: {LINES[number - 1]}")
            return ended

    found = endings([partial(case, number) for number in fault.lines])
    assert set(found) == {Ending.NEW if fault.ends is Ends.NEW else Ending.OLD}


def cut(device: Device) -> None:
    """Break all connections."""
    for session in tuple(device.sessions.values()):
        device.drop(session)


@pytest.mark.parametrize("lingers", [False, True])
def test_a_connection_that_breaks_at_any_command_is_survived(lingers: bool, tmp_path: Path):
    """Where a session keeps its lock, the run that it belongs to ends it.

    Not between the lock and the file that names its session: there only its idle time does.
    Without such a lock, what is typed in configuration mode is looked at above. How netmiko
    prepares a session is left out: where that breaks, there is none, and it waits long.
    """
    fault = LOCK_LINGERS if lingers else CONNECTION_BREAKS
    without = (*NETMIKO, *(("status ",) if lingers else healthy().lines))
    typed = [each for each in enumerate(healthy().typed, 1) if not each[1].startswith(without)]

    def case(number: int, text: str) -> Ending:
        nth = healthy().typed[:number].count(text)
        hook = Hook("line", cut, nth, text.split("qos-", 1)[0])
        faults = Faults(hooks=(hook,))
        folder = tmp_path / str(number)
        with bench(folder, initial=healthy().initial, faults=faults, lingers=lingers) as at:
            ended = ending(at, fault)
            check(at, ended, f"command {number}: {text}")
            return ended

    found = endings([partial(case, *each) for each in typed])
    assert fault.ends is Ends.EITHER
    # The later it broke, the further it was: there is one point from which on it ends new.
    assert found == sorted(found, key=lambda item: item is Ending.NEW)
    assert set(found) == {Ending.OLD, Ending.NEW}
