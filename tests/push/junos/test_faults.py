"""What else goes wrong with a Junos device, once each: the right error, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from devices import Device, Faults, Hook, JunosDevice, Noise
from devices.junos.session import JunosSession
from devices.session import Reply
from devices.typist import Typist
from push.junos.bench import Bench, DeviceTime, bench
from push.junos.healthy import healthy

from translator.errors import (
    AuthorizationError,
    ConnectionLostError,
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    ProofError,
    RevertedError,
    StateUnknownError,
    TranslatorError,
)
from translator.push import Ending, Expected, Options, Patience, hands

FOREIGN = "set system domain-name example.net"
ACCEPT_ALL = "set firewall family inet filter F term A then accept"


def types(*lines: str) -> Callable[[JunosDevice], None]:
    """Return what somebody else types beforehand, and logs out."""

    def typed(device: JunosDevice) -> None:
        device.users["bob"] = "pw"
        typist = Typist(device, "bob")
        typist(*lines)
        device.drop(typist.shell)

    return typed


def foreign_change(device: Device) -> None:
    device.change(FOREIGN)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        before: what happens to the device before the push.
        raised: what the push raises.
        cause: what it is for a push that took everything back.
        expected: of the device that must answer.
        says: what is in the error or its hint.
        leaves: what of somebody else is still there afterwards.
    """

    raised: type[TranslatorError]
    exit_code: int
    faults: Faults = field(default_factory=Faults)
    before: Callable[[JunosDevice], None] = lambda device: None
    cause: type[TranslatorError] | None = None
    expected: Expected = field(default_factory=Expected)
    leaves: tuple[str, ...] = ()
    says: str = ""


def refused(text: str, says: str) -> Faults:
    """Return faults that refuse the line of a push that begins so."""
    number = next(at for at, line in enumerate(healthy().lines, 1) if line.startswith(text))
    return Faults(refuse={number: says})


def at_commit(act: Callable[[Device], None]) -> Faults:
    return Faults(hooks=(Hook("committed", act),))


def at_line(text: str, act: Callable[[Device], None], nth: int = 1) -> Faults:
    return Faults(hooks=(Hook("line", act, nth, text),))


def no_logins(device: Device) -> None:
    device.faults = replace(device.faults, login_refused=True)


def healed(device: Device) -> None:
    device.faults = Faults()


def fire(device: Device) -> None:
    device.clock.advance(minutes=6)


CHECK_FAILED = "error: configuration check-out failed\n"
FAULTS: dict[str, Callable[[], Fault]] = {
    "lock held by another": lambda: Fault(
        LockedError, 5, Faults(lock_owner="bob"), leaves=("lock",), says="bob on terminal p0"
    ),
    "lock held by our user, but not by this run": lambda: Fault(
        LockedError, 5, Faults(stale_lock=True), leaves=("lock",), says="admin on terminal p0"
    ),
    "candidate of another": lambda: Fault(
        LockedError,
        5,
        before=types("configure", FOREIGN),
        leaves=("candidate",),
        says="not committed",
    ),
    "another waits for the confirmation of a commit": lambda: Fault(
        PreflightError,
        5,
        before=types("configure", FOREIGN, "commit confirmed 15 comment mine", "exit"),
        leaves=("timer",),
        says="bob via cli",
    ),
    "no permission to configure": lambda: Fault(
        AuthorizationError, 5, before=lambda device: setattr(device, "permissions", ("view",))
    ),
    "no permission to roll back": lambda: Fault(
        PreflightError,
        5,
        before=lambda device: setattr(device, "permissions", ("view", "configure")),
        says="`rollback`",
    ),
    "disk full": lambda: Fault(PreflightError, 5, Faults(flash_free_bytes=4096), says="/var"),
    "hostname changed": lambda: Fault(IdentityError, 5, expected=Expected(hostname="R2")),
    "wrong serial": lambda: Fault(IdentityError, 5, expected=Expected(serial="JN0")),
    "another product line": lambda: Fault(
        IdentityError, 5, before=lambda device: setattr(device, "model", "qfx5120-48y")
    ),
    "drift before the change": lambda: Fault(DriftError, 5, before=foreign_change),
    "configuration cut": lambda: Fault(PreflightError, 5, Faults(shown_bytes=900)),
    "line refused": lambda: Fault(
        RevertedError, 7, refused("set", "syntax error.\n"), cause=LineRefusedError
    ),
    "commit check refused": lambda: Fault(
        RevertedError, 7, refused("commit check", CHECK_FAILED), cause=PreflightError
    ),
    "commit refused": lambda: Fault(
        RevertedError, 7, Faults(save_refused="error: commit failed"), cause=PreflightError
    ),
    "second login refused": lambda: Fault(
        RevertedError,
        7,
        Faults(hooks=(Hook("committed", no_logins), Hook("rolled-back", healed))),
        cause=LoginError,
    ),
    "no login any more": lambda: Fault(
        StateUnknownError, 6, Faults(login_refused_after="committed"), cause=LoginError
    ),
    "timer fires before the confirmation": lambda: Fault(
        RevertedError, 7, at_commit(fire), cause=ProofError
    ),
    "timer fires at the confirmation": lambda: Fault(
        RevertedError, 7, at_line('confirmed" and-quit', fire), cause=RevertedError
    ),
    "timer fires in the confirming session": lambda: Fault(
        RevertedError, 7, at_line("show system commit", fire, nth=2), cause=RevertedError
    ),
    "cut behind the commit": lambda: Fault(
        RevertedError,
        7,
        Faults(
            reset_after=[line.split()[:2] for line in healthy().lines].index(
                ["commit", "confirmed"]
            )
            + 1
        ),
        cause=ConnectionLostError,
    ),
}


def push(at: Bench, expected: Expected | None = None) -> Ending:
    options = Options(expected=expected or Expected(), patience=Patience(5.0, 1.0))
    return at.push(healthy().change, options).ending


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Callable[[Bench], None]:
    """Our side waits on the clock of the device."""
    return lambda at: monkeypatch.setattr(hands, "time", DeviceTime(at.device.clock))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_its_name_and_leaves_the_device_as_it_was(
    name: str, tmp_path: Path, patient: Callable[[Bench], None]
):
    fault = FAULTS[name]()
    with bench(tmp_path, initial=healthy().initial, faults=fault.faults) as at:
        patient(at)
        fault.before(at.device)
        old, typed = at.device.running, at.device.lines_received
        with pytest.raises(fault.raised) as failed:
            push(at, fault.expected)
        assert type(failed.value) is fault.raised
        assert failed.value.exit_code == fault.exit_code
        assert fault.says in f"{failed.value} {failed.value.hint}"
        if fault.cause is not None:
            assert isinstance(failed.value.__cause__, fault.cause)
        if fault.raised is IdentityError:
            assert at.device.lines_received == typed
        assert at.device.running == old
        at.device.clock.advance(minutes=6)
        assert tuple(at.left()) == fault.leaves
        assert at.device.running == old


def test_a_rollback_that_is_refused_is_told_with_what_to_type(tmp_path: Path):
    def break_all(device: Device) -> None:
        device.faults = Faults(rollback_refused="error: rollback failed")
        for session in tuple(device.sessions.values()):
            device.drop(session)

    with bench(tmp_path, initial=healthy().initial, faults=at_commit(break_all)) as at:
        with pytest.raises(StateUnknownError) as failed:
            push(at)
        assert failed.value.exit_code == 6
        assert failed.value.commands[-1] == "commit"
        assert "configure exclusive" in failed.value.hint
        assert at.leftovers() == []
        assert at.device.running == healthy().new, "nobody could bring back the old one"


def test_what_others_commit_meanwhile_is_never_taken_back(tmp_path: Path):
    """Their commit confirms ours; with it the device is not what was proven."""
    with bench(tmp_path, initial=healthy().initial) as at:
        faults = at_line("show system commit", foreign_change, nth=2)
        at.device.faults = faults
        with pytest.raises(StateUnknownError) as failed:
            push(at)
        assert isinstance(failed.value.__cause__, DriftError)
        assert "example.net" in at.device.running
        assert [name.split("-")[0] for name in at.leftovers()] == ["qos"], "the run stays open"


def test_what_others_commit_before_the_proof_is_proven_with_it(tmp_path: Path):
    with bench(tmp_path, initial=healthy().initial, faults=at_commit(foreign_change)) as at:
        assert push(at) is Ending.NEW
        new = at.device.running
        assert "example.net" in new
        assert at.leftovers() == []
        assert at.device.running == new


NOISES = {
    "paging": Faults(paging_stays=True),
    "colours": Faults(noise=Noise(ansi=True)),
    "slow echo": Faults(noise=Noise(echo_delay_s=0.02)),
    "line ends": Faults(noise=Noise(newline="\r\r\n")),
    "prompt of another name": Faults(prompt="router-with-a-very-long-name-in-its-prompt"),
}


@pytest.mark.parametrize("noise", NOISES)
def test_a_noisy_terminal_changes_nothing_of_it(noise: str, tmp_path: Path):
    with bench(tmp_path, initial=healthy().initial, faults=NOISES[noise]) as at:
        assert push(at) is Ending.NEW
        assert at.leftovers() == []
        assert at.device.running == healthy().new


LOG = "Mar  2 09:00:07  R1 mgd[4711]: UI_CMDLINE_READ_LINE: User 'bob', command 'error: not done'\n"


def test_log_lines_behind_commands_are_no_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    execute = JunosSession.execute

    def logging(session: JunosSession, line: str) -> Reply:
        reply = execute(session, line)
        plain = line.startswith(("set ", "commit", "configure"))
        return replace(reply, text=f"{LOG}{reply.text}{LOG}") if plain else reply

    monkeypatch.setattr(JunosSession, "execute", logging)
    with bench(tmp_path, initial=healthy().initial) as at:
        assert push(at) is Ending.NEW
        assert at.leftovers() == []
        assert at.device.running == healthy().new


def test_log_lines_within_a_configuration_stop_the_push(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shown = JunosDevice.shown

    def logged(device: JunosDevice) -> str:
        head, brace, rest = shown(device).partition("class-of-service {\n")
        return f"{head}{brace}{LOG}{rest}"

    with bench(tmp_path, initial=healthy().initial) as at:
        monkeypatch.setattr(JunosDevice, "shown", logged)
        with pytest.raises(DriftError):
            push(at)
        assert at.leftovers() == []
        assert at.device.running == healthy().old
