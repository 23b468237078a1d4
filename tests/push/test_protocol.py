"""The order of the steps, and the end of each failure: old or proven new, or said to be unknown."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from push.fake import LINES, NEW, OLD, RUN, Device, LostError, hands_of, push_of

from translator.drivers.change import Identity, Obstacle, Timer
from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    PreflightError,
    RevertedError,
    StateUnknownError,
    UnreachableError,
)
from translator.push.converge import converge
from translator.push.journal import Journal, State, Step
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.redact import Redactor
from translator.push.secret import Secret

STEPS = (
    "open", "identify", f"lock {RUN}", "show timer", "show running", "snapshot now", "arm timer",
    *LINES, "show running", "open", "confirm now", "show timer", "show running", "save now",
    "cleanup now", f"unlock {RUN}",
)  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


def at(number: int, happen: Callable[[], None]) -> Callable[[str], None]:
    """Return what lets something happen at the n-th thing that reaches the device."""
    seen: list[str] = []

    def breaks(text: str) -> None:
        seen.append(text)
        if len(seen) == number:
            happen()

    return breaks


def outcome_of(work: Callable[[], Outcome]) -> Ending | type[ChangeError]:
    """Return how a run ended: well, or with which error."""
    try:
        return work().ending
    except ChangeError as error:
        return type(error)


def lost() -> None:
    raise LostError


def test_the_steps_come_in_their_order(journal: Journal):
    device = Device()
    seen: list[str] = []
    device.breaks = seen.append
    outcome = push_of(device, journal).carry_out()
    assert tuple(seen) == STEPS
    assert (outcome.ending, outcome.sent, outcome.proof) == (Ending.NEW, 3, ("it is the new text",))
    assert (device.running, device.startup, device.lock, device.kept) == (NEW, NEW, "", "")
    assert device.sessions == 0
    assert journal.run(RUN).ending == "new"
    assert journal.unfinished() == ()


def test_each_step_is_in_the_journal_before_it_reaches_the_device(journal: Journal):
    device = Device()
    known: dict[str, list[tuple[Step, State]]] = {}

    def breaks(text: str) -> None:
        rows = [(entry.step, entry.state) for entry in journal.run(RUN).entries]
        known.setdefault(text, rows)

    device.breaks = breaks
    push_of(device, journal).carry_out()
    assert known["arm timer"][-2:] == [(Step.ARM, State.BEGUN), (Step.ARM, State.SENT)]
    assert known["confirm now"][-1] == (Step.CONFIRM, State.SENT)
    assert known["second"].count((Step.APPLY, State.SENT)) == 2


@pytest.mark.parametrize("number", range(2, len(STEPS) + 1))
def test_a_session_that_breaks_anywhere_ends_old_or_new(journal: Journal, number: int):
    device = Device()
    device.breaks = at(number, lost) if STEPS[number - 1] != "open" else at(number + 1, lost)
    before_arm = number <= STEPS.index("arm timer")
    ended = outcome_of(lambda: push_of(device, journal).carry_out())
    if ended is Ending.NEW:
        assert number > STEPS.index("confirm now")
        assert (device.running, device.startup) == (NEW, NEW)
    else:
        first = STEPS.index("first")
        assert ended is (ConnectionLostError if number <= first else RevertedError)
        assert (device.running, device.startup) == (OLD, OLD)
    if before_arm:  # nobody waited: what is left is found by the next run
        for record in journal.unfinished():
            hands = hands_of(device, journal)
            assert converge(hands, record) is Ending.OLD
    assert device.lock == ""
    assert journal.unfinished() == ()
    assert device.entered in ([], list(LINES[: len(device.entered)]))
    assert device.log.count("first") <= 1


@pytest.mark.parametrize("number", range(2, len(STEPS) + 1))
def test_a_process_that_dies_anywhere_is_brought_to_an_end_by_a_later_one(
    journal: Journal, number: int
):
    device = Device()

    def die() -> None:
        raise SystemExit  # the session is not even told

    device.breaks = at(number, die)
    push = push_of(device, journal)
    dead = RuntimeError("dead")

    def nothing(*_: object) -> None:
        raise dead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("translator.push.protocol.Push._leave", nothing)
        patch.setattr("translator.push.protocol.Push._converged", nothing)
        with pytest.raises((RuntimeError, SystemExit)):
            push.carry_out()
    device.breaks = lambda text: None
    record = journal.run(RUN)
    ending = converge(hands_of(device, journal), record)
    assert device.running == (NEW if ending is Ending.NEW else OLD)
    assert device.startup == device.running
    assert (device.lock, device.kept) == ("", "")
    assert device.log.count("first") <= 1
    assert (ending is Ending.NEW) == (number > len(STEPS) - 5)


@pytest.mark.parametrize("died_at", ["arm timer", "second", "show timer", "save now"])
def test_a_later_process_that_dies_too_is_followed_by_another(tmp_path: Path, died_at: str):
    first = STEPS.index(died_at, STEPS.index("first") if died_at == "show timer" else 0)
    endings = []
    for second in range(2, 9):
        device = Device()
        with Journal(tmp_path / f"{second}.sqlite") as journal:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("translator.push.protocol.Push._converged", stop)
                device.breaks = at(first + 1, stop)
                with pytest.raises(SystemExit):
                    push_of(device, journal).carry_out()
            device.breaks = at(second, stop)
            with suppress(SystemExit):
                converge(hands_of(device, journal), journal.run(RUN))
            device.breaks = lambda text: None
            for record in journal.unfinished():
                converge(hands_of(device, journal), record)
            endings.append(journal.run(RUN).ending)
        assert device.running == device.startup == (NEW if endings[-1] == "new" else OLD)
        assert device.lock == ""
        assert device.log.count("first") <= 1
    assert len(set(endings)) == 1


def stop(*_: object) -> None:
    raise SystemExit


def test_a_refused_line_stops_the_change_and_is_undone(journal: Journal):
    device = Device(refuses="second")
    with pytest.raises(RevertedError) as failed:
        push_of(device, journal).carry_out()
    cause = failed.value.__cause__
    assert isinstance(cause, LineRefusedError)
    assert (cause.line_number, cause.command, cause.message) == (2, "second", "% Invalid input")
    assert "third" not in device.log
    assert (device.running, device.lock) == (OLD, "")
    assert failed.value.exit_code == 7


def test_what_a_device_echoes_is_told_without_its_secrets(tmp_path: Path):
    device = Device(refuses="second", says="% Invalid input: enable secret hunter2 S3cretPw")
    hide = Redactor([Secret("S3cretPw")])
    with Journal(tmp_path / "other.sqlite", hide) as journal:
        with pytest.raises(RevertedError) as failed:
            push_of(device, journal).carry_out()
        shown = "".join(traceback.format_exception(failed.value))
        shown += "".join(entry.detail for entry in journal.run(RUN).entries)
    assert "Invalid input" in shown
    assert "hunter2" not in shown
    assert "S3cretPw" not in shown


def test_what_is_not_proven_is_undone_and_never_saved(journal: Journal):
    device = Device(result=NEW.replace("new", "other"))
    with pytest.raises(RevertedError, match="another text"):
        push_of(device, journal).carry_out()
    assert (device.running, device.startup) == (OLD, OLD)
    assert "save now" not in device.log


@pytest.mark.parametrize(
    "identity",
    [
        Identity("r2", "S1", "fake 1.0", True),
        Identity("r1", "S2", "fake 1.0", True),
        Identity("r1", "S1", "toaster", False),
    ],
)
def test_another_device_gets_nothing_but_the_question(journal: Journal, identity: Identity):
    device = Device(identity=identity)
    with pytest.raises(IdentityError):
        push_of(device, journal, Expected("r1", "S1")).carry_out()
    assert device.log == ["identify"]


def test_a_device_that_changed_is_left_alone(journal: Journal):
    device = Device(running=OLD.replace("old", "drifted"))
    with pytest.raises(DriftError):
        push_of(device, journal).carry_out()
    assert "arm timer" not in device.log
    assert device.lock == ""


def test_a_text_that_is_not_whole_is_no_ground_for_a_change(journal: Journal):
    device = Device(running=OLD[:-3])
    with pytest.raises(PreflightError, match="whole"):
        push_of(device, journal).carry_out()
    assert "arm timer" not in device.log


def test_obstacles_are_told_with_their_ways_out(journal: Journal):
    device = Device(obstacles=(Obstacle("no archive", "archive; path flash:a"),))
    with pytest.raises(PreflightError, match="no archive") as failed:
        push_of(device, journal).carry_out()
    assert failed.value.hint == "archive; path flash:a"
    assert device.lock == ""


def test_a_foreign_lock_is_never_broken(journal: Journal):
    device = Device(lock="alice")
    with pytest.raises(LockedError, match="alice"):
        push_of(device, journal).carry_out()
    assert device.lock == "alice"
    assert journal.unfinished() == ()


def test_a_confirmation_that_comes_too_late_leaves_the_old_state(journal: Journal):
    device = Device()
    device.breaks = lambda text: device.fire() if text == "confirm now" else None
    with pytest.raises(RevertedError):
        push_of(device, journal).carry_out()
    assert (device.running, device.startup) == (OLD, OLD)


def test_no_second_session_no_confirmation(journal: Journal):
    device = Device()
    opened = iter(range(99))

    def breaks(text: str) -> None:
        if text == "open" and next(opened) == 1:
            raise UnreachableError("nobody can log in any more")

    device.breaks = breaks
    with pytest.raises(RevertedError, match="nobody can log in"):
        push_of(device, journal).carry_out()
    assert "confirm now" not in device.log
    assert device.running == OLD


def test_a_device_that_is_gone_for_good_is_unknown_and_the_commands_are_told(journal: Journal):
    device = Device()

    def breaks(text: str) -> None:
        if text == "second" or ("second" in seen and text == "open"):
            seen.append("second")
            raise UnreachableError("gone") if text == "open" else LostError

    seen: list[str] = []
    device.breaks = breaks
    with pytest.raises(StateUnknownError) as failed:
        push_of(device, journal).carry_out()
    assert failed.value.commands == ("rollback 1", "commit")
    assert failed.value.exit_code == 6
    assert isinstance(failed.value.__cause__, ConnectionLostError)
    # The run stays open: when the device is back, it is brought to its end.
    device.breaks = lambda text: None
    (record,) = journal.unfinished("r1")
    assert converge(hands_of(device, journal), record) is Ending.OLD
    assert device.running == OLD


def test_a_rollback_that_does_not_bring_the_old_state_is_unknown(journal: Journal):
    device = Device(refuses="third")
    device.do_revert = lambda _: None  # type: ignore[method-assign]
    with pytest.raises(StateUnknownError, match="nothing proves"):
        push_of(device, journal).carry_out()


def test_an_interrupt_is_passed_on_when_the_device_is_as_before(journal: Journal):
    device = Device()

    def interrupt() -> None:
        raise KeyboardInterrupt

    device.breaks = at(STEPS.index("second") + 1, interrupt)
    with pytest.raises(KeyboardInterrupt):
        push_of(device, journal).carry_out()
    assert (device.running, device.lock, device.timer) == (OLD, "", Timer.FIRED)
    assert journal.run(RUN).ending == "old"
