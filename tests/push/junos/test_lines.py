"""A fault at every line of a real push: the device ends old or proven new, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from devices import Device, Faults, Hook
from push.junos.bench import Bench, bench
from push.junos.healthy import healthy

from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    RevertedError,
    TranslatorError,
)
from translator.push import Ending

NETMIKO = ("set cli screen-", "set cli complete-")
NO = "error: configuration database is not writable\n"


@dataclass(frozen=True)
class AtLine:
    """What happens at a line, and what a run that ends old calls it."""

    faults: Callable[[int], Faults]
    cause: type[TranslatorError] = TranslatorError


FAULTS = {
    "reset before": AtLine(lambda line: Faults(reset_before=line), ConnectionLostError),
    "reset after": AtLine(lambda line: Faults(reset_after=line), ConnectionLostError),
    "hang": AtLine(lambda line: Faults(hang_at=line), DeadlineError),
    "refused": AtLine(lambda line: Faults(refuse={line: NO})),
    "not authorized": AtLine(lambda line: Faults(unauthorized_at=line)),
}


def ending(at: Bench, cause: type[TranslatorError]) -> Ending:
    """Push, and let a later process finish what is open; the errors must be the right ones."""
    try:
        return at.push(healthy().change).ending
    except ChangeError as error:
        reverted = isinstance(error, RevertedError)
        why = error.__cause__ if reverted else error
        assert isinstance(why, cause), repr(why)  # some lines end so, some do not
        assert error.exit_code == 7 if reverted else error.exit_code in (4, 5)  # noqa: PT017
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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_line_leaves_the_device_old_or_proven_new(fault: str, tmp_path: Path):
    def case(number: int, text: str) -> Ending:
        faults = FAULTS[fault].faults(number)
        with bench(tmp_path / str(number), initial=healthy().initial, faults=faults) as at:
            ended = ending(at, FAULTS[fault].cause)
            check(at, ended, f"line {number}: {text}")
            return ended

    found = endings([partial(case, *each) for each in enumerate(healthy().lines, 1)])
    assert Ending.OLD in found


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
    without = (*NETMIKO, *(("status ",) if lingers else healthy().lines))
    typed = [each for each in enumerate(healthy().typed, 1) if not each[1].startswith(without)]

    def case(number: int, text: str) -> Ending:
        nth = healthy().typed[:number].count(text)
        hook = Hook("line", cut, nth, text.split("qos-", 1)[0])
        faults = Faults(hooks=(hook,))
        folder = tmp_path / str(number)
        with bench(folder, initial=healthy().initial, faults=faults, lingers=lingers) as at:
            ended = ending(at, ConnectionLostError)
            check(at, ended, f"command {number}: {text}")
            return ended

    found = endings([partial(case, *each) for each in typed])
    assert Ending.OLD in found
