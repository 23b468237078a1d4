"""Faults of EOS switches, over SSH as they are met there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices import Device, EosDevice, Faults, Hook, Noise
from push.every.benches import EOS
from push.faults import Ends, Fault, Scene

from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    PrivilegeError,
    ProofError,
    RevertedError,
    StateUnknownError,
    UnreachableError,
)

__all__ = ["CASES", "FAULTS", "LINES", "LINE_FAULTS"]

_SYNTAX = "% Invalid input (at token 0: 'x')\n"
LINES = 9
"""What a push types in configuration mode: `end`, the seven lines of the change, `end`."""


def _alice(*lines: str) -> Callable[[Scene], None]:
    """Return what somebody else types beforehand, and logs out."""

    def typed(scene: Scene) -> None:
        session = scene.device.attach("alice")
        for line in ("enable", *lines):
            session.execute(line)
        scene.device.drop(session)
        scene.device.note("login", "alice")  # so that logins and logouts count alike

    return typed


def _died(step: str) -> Callable[[Scene], None]:
    """Return a push as by a process that is killed when a step is to begin."""

    def push(scene: Scene) -> None:
        import pytest

        def stop(*_: object) -> None:
            raise SystemExit

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(f"translator.drivers.arista_eos.change.EosProcedures.{step}", stop)
            patch.setattr("translator.push.protocol.Push._converged", stop)
            patch.setattr("translator.push.protocol.Push._leave", stop)
            with pytest.raises(SystemExit):
                scene.push()
        assert scene.change is not None
        run = scene.change.work.run
        assert isinstance(scene.device, EosDevice)
        assert scene.device.config_sessions[f"qos-{run}"].state.startswith("pending")
        scene.journal.release(run)
        scene.change = replace(scene.change, work=replace(scene.change.work, run=f"{run}-2"))

    return push


def _changed(device: Device) -> None:
    device.change("interface Ethernet4\n   description moved\n")


def _changed_its_qos(device: Device) -> None:
    device.change("interface Ethernet4\n   service-policy type qos input QOS-CLIENT\n")


def _in_our_section(device: Device) -> None:
    device.change("interface Ethernet3\n   description moved\n")


def _cut(inside: str) -> Callable[[Device], None]:
    def cut(device: Device) -> None:
        assert isinstance(device, EosDevice)
        end = device.shown().index(inside)
        device.faults = replace(device.faults, shown_bytes=end)

    return cut


def _whole(device: Device) -> None:
    device.faults = replace(device.faults, shown_bytes=None)


def _admit(device: Device) -> None:
    device.faults = replace(device.faults, login_refused_after=None)


def _time_passes(device: Device) -> None:
    device.clock.advance(minutes=6)


def _way_back_breaks(device: Device) -> None:
    device.faults = Faults(rollback_refused="% Rollback failed")
    for session in tuple(device.sessions.values()):
        device.drop(session)


def _sets(name: str, value: object) -> Callable[[Scene], None]:
    return lambda scene: setattr(scene.device, name, value)


def _at(kind: str, act: Callable[[Device], None], nth: int = 1, text: str = "") -> Faults:
    return Faults(hooks=(Hook(kind, act, nth, text),))  # type: ignore[arg-type]


def _fails(name: str, cause: type[ChangeError], faults: Faults, ends: Ends = Ends.OLD) -> Fault:
    """A fault behind the first line, after which the device is proven to be as before."""
    return Fault(name, ends, RevertedError, cause, faults)


def _refused(name: str, error: type[ChangeError], faults: Faults) -> Fault:
    """A fault before the first line: nothing is changed."""
    return Fault(name, Ends.OLD, error, None, faults)


def _beside(name: str, theirs: Callable[[Device], None], faults: Faults) -> Fault:
    """A change of somebody else, which stays; ours does not."""
    return Fault(name, Ends.BESIDE, RevertedError, DriftError, faults, theirs=theirs)


LINE_FAULTS = (
    Fault("connection reset before line k", Ends.OLD, RevertedError, ConnectionLostError,
          at_line=lambda k: Faults(reset_before=k)),
    Fault("refusal of line k", Ends.OLD, RevertedError, LineRefusedError,
          at_line=lambda k: Faults(refuse={k: _SYNTAX})),
)  # fmt: skip

_BEFORE = (
    _refused("no right to `enable`", PrivilegeError, Faults(enable_refused=True)),
    _refused("login refused", LoginError, Faults(login_refused=True)),
    _refused("no session is free", UnreachableError, Faults(session_limit=0)),
    _refused("lock held by another", LockedError, Faults(lock_owner="alice")),
    _refused("lock held by another session of our user", LockedError, Faults(stale_lock=True)),
    Fault("a change of somebody else waits for its confirmation", Ends.OLD, LockedError,
          prepare=_alice("configure session hers", "hostname R1", "commit timer 01:00:00")),
    _refused("flash full", PreflightError, Faults(flash_free_bytes=1000)),
    Fault("the configuration is listed in part", Ends.OLD, PreflightError,
          prepare=lambda scene: _cut("interface Ethernet2\n")(scene.device)),
    Fault("the configuration is listed up to inside a line", Ends.OLD, PreflightError,
          prepare=lambda scene: _cut("face Ethernet2\n")(scene.device)),
    Fault("another serial number", Ends.OLD, IdentityError, prepare=_sets("serial", "SIM9")),
    Fault("another host name", Ends.OLD, IdentityError,
          prepare=lambda scene: scene.device.change("hostname R9\n")),
    Fault("changed since the change was planned", Ends.OLD, DriftError,
          prepare=lambda scene: _changed(scene.device)),
)  # fmt: skip

_MET = (
    Fault("a run of ours died behind its timer", Ends.NEW, prepare=_died("confirm")),
    Fault("a run of ours died before its commit", Ends.NEW, prepare=_died("apply")),
    Fault("listings stop at `--More--`", Ends.NEW, faults=Faults(paging_stays=True)),
    Fault("messages of the log inside the echo", Ends.NEW,
          faults=Faults(noise=Noise(syslog=True, syslog_at="service-policy"))),
    Fault("colours around prompt and echo", Ends.NEW, faults=Faults(noise=Noise(ansi=True))),
    Fault("slow echo", Ends.NEW, faults=Faults(noise=Noise(echo_delay_s=0.01))),
    Fault("prompt shows another name", Ends.NEW, faults=Faults(prompt="core-7")),
    Fault("a release that tells of its timer above the table", Ends.NEW,
          prepare=_sets("version", "4.35.0F")),
)  # fmt: skip

_BEHIND = (
    _beside("changed by somebody else before the commit", _changed,
            _at("line", _changed, text="show session-config")),
    _beside("changed by somebody else before it is read back", _changed,
            _at("committed", _changed)),
    _beside("its QoS is changed by somebody else before it is read back", _changed_its_qos,
            _at("committed", _changed_its_qos)),
    _beside("an interface of ours is changed by somebody else", _in_our_section,
            _at("committed", _in_our_section)),
    _beside("changed by somebody else once it is confirmed", _changed,
            _at("timer-cancelled", _changed)),
    _fails("read back in part", ProofError,
           Faults(hooks=(Hook("committed", _cut("interface Ethernet2\n")),
                         Hook("rolled-back", _whole)))),
    _fails("the second login is refused until the timer has run out", LoginError,
           Faults(login_refused_after="timer-armed", hooks=(Hook("timer-fired", _admit),))),
    Fault("no login is possible any more", Ends.OLD_LATER, StateUnknownError, LoginError,
          Faults(login_refused_after="timer-armed")),
    _fails("only one session is free", UnreachableError, Faults(session_limit=1)),
    _fails("the timer runs out before the proof", ProofError,
           _at("line", _time_passes, nth=3, text="show running-config")),
    _fails("the timer runs out at the confirmation", PreflightError,
           _at("line", _time_passes, nth=2, text=" commit")),
    Fault("connection reset behind the commit, and the way back is refused", Ends.BETWEEN,
          StateUnknownError, faults=_at("committed", _way_back_breaks)),
    Fault("the startup configuration cannot be written", Ends.UNSAVED, StateUnknownError,
          PreflightError,
          Faults(save_refused="% Error copying system:/running-config (No space left on device)")),
)  # fmt: skip

FAULTS = (*_BEFORE, *_MET, *_BEHIND)
CASES = (
    *((EOS.driver, replace(fault, tried=LINES)) for fault in LINE_FAULTS),
    *((EOS.driver, fault) for fault in FAULTS),
)
