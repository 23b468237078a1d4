"""A fault at every line of a real push: the device ends old or proven new, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_line_leaves_the_device_old_or_proven_new(fault: str, tmp_path: Path):
    endings = set()
    for number, text in enumerate(healthy().lines, 1):
        faults = FAULTS[fault].faults(number)
        with bench(tmp_path / str(number), initial=healthy().initial, faults=faults) as at:
            ended = ending(at, FAULTS[fault].cause)
            check(at, ended, f"line {number}: {text}")
            endings.add(ended)
    assert Ending.OLD in endings


def test_a_session_that_keeps_its_lock_is_ended_by_the_run_that_it_belongs_to(tmp_path: Path):
    def cut(device: Device) -> None:
        for session in tuple(device.sessions.values()):
            device.drop(session)

    for number, text in enumerate(healthy().lines[1:], 2):
        hook = Hook("line", cut, text=_without_run(text), nth=1)
        faults = Faults(hooks=(hook,))
        with bench(
            tmp_path / str(number), initial=healthy().initial, faults=faults, lingers=True
        ) as at:
            check(at, ending(at, ConnectionLostError), f"line {number}: {text}")


def _without_run(text: str) -> str:
    return text.split("qos-", maxsplit=1)[0]
