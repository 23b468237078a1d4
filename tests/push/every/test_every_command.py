"""A fault at every command of a push, whichever mode it is typed in.

The device ends old or proven new, with the right error; nobody is logged in any more, nothing is
left on it, and the journal is closed.
"""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from devices import Faults
from push.every.benches import BENCHES, JUNOS, OWN_TIMER
from push.every.cases import (
    COMMANDS,
    EACH_COMMAND,
    ECHO_S,
    LONG_ENOUGH,
    NEVER_AUTHORIZED,
    SIBLINGS,
    TOO_SHORT,
    UNAUTHORIZED_AT_THE_END,
    UNDELETED,
)
from push.faults import Bench, Ends, Fault, raising
from push.junos.cases import JunosFault
from push.wire import Wired, healthy, wired

from translator.drivers.registry import driver
from translator.errors import ChangeError, ConnectionLostError, DeadlineError, RevertedError
from translator.push import Ending, resume
from translator.push.journal import Step

EACH = pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.driver)
FORGETS = "file delete"


def of_fault(fault: Fault) -> str:
    return fault.name.replace(" ", "-")


def push(scene: Wired) -> ChangeError | None:
    """Push; return what the user sees."""
    try:
        assert scene.push().ending is Ending.NEW
    except ChangeError as error:
        return error
    return None


def check_error(scene: Wired, fault: Fault, error: ChangeError) -> None:
    """Hold an error against a fault's row; before the change it is the cause itself."""
    (record,) = scene.journal.runs()
    reverted = record.reached(Step.APPLY)
    assert isinstance(error, RevertedError) == reverted
    cause = error.__cause__ if reverted else error
    assert type(cause) in fault.causes, repr(cause)
    assert error.exit_code == (7 if reverted else cause.exit_code)  # type: ignore[union-attr]


def check_end(scene: Wired, error: ChangeError | None) -> None:
    """The device is old or new as a whole, tidy, and stays so when all timers have run out."""
    device, known = scene.device, healthy(scene.bench)
    ends = known.new if error is None else known.old
    for _ in range(2):
        assert device.running == device.startup == ends
        assert scene.left() == []
        device.clock.advance(minutes=121)
    assert device.sessions_open == 0
    assert device.log.count("login") == device.log.count("logout")
    assert scene.journal.unfinished() == ()
    (record,) = scene.journal.runs()
    assert record.ending == (Ending.NEW if error is None else Ending.OLD)
    if driver(scene.bench.driver).procedures.saves_running:
        assert bool(device.log.count("saved")) == (error is None)


@EACH
def test_a_push_types_as_many_commands(bench: Bench):
    assert len(healthy(bench).typed) == COMMANDS[bench.driver]


@pytest.mark.parametrize(
    ("bench", "fault"),
    EACH_COMMAND,
    ids=[f"{bench.driver}-{of_fault(fault)}" for bench, fault in EACH_COMMAND],
)
def test_a_fault_at_any_command_leaves_the_old_or_the_new(bench: Bench, fault: Fault):
    assert fault.at_line is not None
    known, ended = healthy(bench), []
    for number in range(1, fault.tried + 1):
        with wired(bench, fault.at_line(number), known.change) as scene:
            error = push(scene)
            if error is not None:
                check_error(scene, fault, error)
            # A reset is seen at once, silence when the one command that met it is overdue.
            assert len(scene.waited) == (DeadlineError in fault.causes), known.typed[number - 1]
            assert scene.slept_s == 0
            assert scene.device.log.count("fault") == 1
            check_end(scene, error)
            ended.append(error is None)
    assert set(ended) == {False, True}
    if fault.causes[0] in (ConnectionLostError, DeadlineError):
        # The later it broke, the further it was: there is one point from which on it ends new.
        assert ended == sorted(ended)


def forbidden(bench: Bench) -> list[str]:
    """Return the commands of a push up to what is named after the run, each once."""
    typed = (text.partition(healthy(bench).change.work.run)[0] for text in healthy(bench).typed)
    return [text.strip() for text in dict.fromkeys(typed) if text]


@EACH
def test_a_command_that_is_never_authorized_leaves_the_old_or_the_new(bench: Bench):
    told = [text for known, text, _ in UNAUTHORIZED_AT_THE_END if known is bench]
    for text in forbidden(bench):
        if text.startswith((*told, FORGETS)):
            continue
        with wired(bench, Faults(unauthorized=text), healthy(bench).change) as scene:
            error = push(scene)
            if error is not None:
                check_error(scene, NEVER_AUTHORIZED, error)
            check_end(scene, error)


@pytest.mark.parametrize("bench", JUNOS, ids=lambda bench: bench.driver)
def test_a_file_that_may_not_be_deleted_is_all_that_is_left(bench: Bench):
    with wired(bench, UNDELETED.faults, healthy(bench).change) as scene:
        assert push(scene) is None
        scene.device.clock.advance(minutes=121)
        assert scene.device.running == healthy(bench).new
        assert [name.split("-")[0] for name in scene.left()] == ["qos"]


@pytest.mark.parametrize(
    ("bench", "text", "fault"),
    UNAUTHORIZED_AT_THE_END,
    ids=[f"{bench.driver}-{text}" for bench, text, _ in UNAUTHORIZED_AT_THE_END],
)
def test_what_is_not_authorized_at_the_end_is_told_with_what_to_type(
    bench: Bench, text: str, fault: Fault
):
    known = healthy(bench)
    with wired(bench, Faults(unauthorized=text), known.change) as scene:
        old = scene.device.startup
        with raising(fault) as failed:
            scene.push()
        assert failed.value.commands  # type: ignore[attr-defined]
        assert scene.device.running == known.new
        assert scene.device.startup == (old if fault.ends is Ends.UNSAVED else known.new)
        (record,) = scene.journal.unfinished()
        scene.device.faults = Faults()
        assert resume(scene.journal, record.run, scene.connect) is Ending.NEW
        assert scene.device.running == scene.device.startup == known.new
        assert scene.left() == []


@EACH
def test_twenty_seconds_for_each_echo_are_waited_for(bench: Bench):
    planned = healthy(bench).change
    patient = replace(planned, work=replace(planned.work, revert_s=3600))
    with wired(bench, LONG_ENOUGH.faults, patient) as scene:
        assert LONG_ENOUGH.ends is Ends.NEW
        assert push(scene) is None
        assert scene.waited == []
        assert scene.device.clock.elapsed_s() > ECHO_S * COMMANDS[bench.driver]
        check_end(scene, None)


@pytest.mark.parametrize("bench", OWN_TIMER, ids=lambda bench: bench.driver)
def test_a_device_that_is_too_slow_for_its_timer_goes_back(bench: Bench):
    with wired(bench, TOO_SHORT.faults, healthy(bench).change) as scene:
        with raising(TOO_SHORT) as failed:
            scene.push()
        check_end(scene, failed.value)


@pytest.mark.parametrize("fault", SIBLINGS, ids=of_fault)
@pytest.mark.parametrize("bench", JUNOS[1:], ids=lambda bench: bench.driver)
def test_a_sibling_of_junos_does_the_same(bench: Bench, fault: JunosFault):
    known = healthy(bench)
    expected = {name: value for name, value in asdict(fault.expected).items() if value}
    with wired(replace(bench, **expected), fault.faults, known.change) as scene:
        device = scene.device
        fault.prepare(scene)
        old, startup = device.running, device.startup
        if fault.ends is Ends.NEW:
            assert push(scene) is None
            check_end(scene, None)
            return
        with raising(fault) as failed:
            scene.push()
        assert fault.says in f"{failed.value} {failed.value.hint}"
        assert device.sessions_open == 0
        if fault.ends is Ends.BESIDE:
            fault.theirs(twin := bench.build(Faults()))
            assert device.running == device.startup != old
            # What is taken back may stand in another place than before.
            assert sorted(device.running.split("\n")) == sorted(twin.running.split("\n"))
            return
        assert fault.ends is Ends.OLD_LATER or device.running == old
        device.clock.advance(minutes=6)
        assert (device.running, device.startup) in ((old, startup), (old, old))
        assert tuple(scene.left()) == fault.leaves
