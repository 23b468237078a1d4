"""Faults of Nexus switches, over SSH; those at every command stand in `push/every`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices import Device, Faults, Hook, Noise, NxosDevice
from push.dying import died_behind_its_timer
from push.faults import Ends, Fault, Scene
from push.nxos.bench import NEXUS

from translator.errors import (
    ChangeError,
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    ProofError,
    RevertedError,
    StateUnknownError,
)

__all__ = ["CASES", "COUNTED", "FAULTS", "UNREACHABLE", "UNREACHABLE_FOR_EVER"]

_SYNTAX = "% Invalid command at '^' marker.\n"
# What a Nexus 9000 wrote when a policy was bound; the line stays in the configuration.
_EXHAUSTED = (
    "2017 Feb 13 18:18:52 R1 %$ VDC-1 %$ %ACLQOS-SLOT1-2-ACLQOS_OOTR: Tcam resource exhausted: "
    "Ingress L2 QOS [ing-l2-qos]\n"
)


def _changed(device: Device) -> None:
    device.change("interface Ethernet1/5\n  description moved\n")


def _changed_in_our_section(device: Device) -> None:
    device.change("interface Ethernet1/3\n  description moved\n")


def _on(scene: Scene) -> NxosDevice:
    assert isinstance(scene.device, NxosDevice)
    return scene.device


def _not_carved(scene: Scene) -> None:
    _on(scene).regions.update({"qos": 0, "l3qos": 0})


def _remote(scene: Scene) -> None:
    _on(scene).remote = True


def _many_checkpoints(scene: Scene) -> None:
    for number in range(9):
        _on(scene).checkpoint(f"of-{number}", "alice")


def _another_model(scene: Scene) -> None:
    _on(scene).model = "Nexus7000 C7009 (9 Slot)"


def _serial(scene: Scene) -> None:
    scene.device.serial = "SIM99999999"


def _cut(device: Device) -> None:
    assert isinstance(device, NxosDevice)
    inside = device.shown().index("interface Ethernet1/2") + 9
    device.faults = replace(device.faults, shown_bytes=inside)


def _cut_behind_the_terminal_lines(device: Device) -> None:
    """What is left looks whole; only the device's own count tells."""
    assert isinstance(device, NxosDevice)
    areas = "".join(f"  area {number} stub\n" for number in range(1, 9))
    device.change(f"router ospf 1\n{areas}")
    device.faults = replace(device.faults, shown_bytes=len(device.shown()) - len(areas) // 2)


def _whole(device: Device) -> None:
    device.faults = replace(device.faults, shown_bytes=None)


def _admit(device: Device) -> None:
    device.faults = replace(device.faults, login_refused_after=None)


def _time_passes(device: Device) -> None:
    device.clock.advance(minutes=121)


# The second `end` is the one behind the lines of the change; the first follows the timer's.
def _behind_the_lines(act: Callable[[Device], None]) -> Hook:
    return Hook("executed", act, nth=2, text="end")


def _refused(
    name: str,
    error: type[ChangeError],
    faults: Faults | None = None,
    prepare: Callable[[Scene], None] = lambda scene: None,
) -> Fault:
    """A fault before the first line: nothing is changed."""
    return Fault(name, Ends.OLD, error, None, faults or Faults(), prepare=prepare)


def _beside(name: str, theirs: Callable[[Device], None], hook: Hook) -> Fault:
    """A change of somebody else meanwhile: it stays, ours does not."""
    return Fault(name, Ends.BESIDE, RevertedError, DriftError, Faults(hooks=(hook,)), theirs=theirs)


_BEFORE = (
    _refused("login refused", LoginError, Faults(login_refused=True)),
    _refused("another run's checkpoint is on the device", LockedError, Faults(lock_owner="alice")),
    _refused("the scheduler is off", PreflightError, Faults(archive_missing=True)),
    _refused("no hardware entries are set aside for QoS", PreflightError, prepare=_not_carved),
    _refused("a user of a server, without a password for the scheduler", PreflightError,
             prepare=_remote),
    _refused("no checkpoint is left", PreflightError, prepare=_many_checkpoints),
    _refused("flash full", PreflightError, Faults(flash_free_bytes=1000)),
    _refused("the configuration is listed up to inside a line", PreflightError,
             prepare=lambda scene: _cut(scene.device)),
    _refused("another serial number", IdentityError, prepare=_serial),
    _refused("another host name", IdentityError,
             prepare=lambda scene: scene.device.change("hostname R9\n")),
    _refused("another product line", IdentityError, prepare=_another_model),
    _refused("changed since the change was planned", DriftError,
             prepare=lambda scene: _changed(scene.device)),
    Fault("changed while the change is prepared", Ends.THEIRS, DriftError, None,
          Faults(hooks=(Hook("file-written", _changed),))),
)  # fmt: skip

_MET = (
    Fault("a run of ours died behind its timer", Ends.NEW,
          prepare=died_behind_its_timer("translator.drivers.cisco_nxos.change")),
    Fault("listings stop at `--More--`", Ends.NEW, faults=Faults(paging_stays=True)),
    Fault("messages of the log inside the echo", Ends.NEW,
          faults=Faults(noise=Noise(syslog=True, syslog_at="service-policy"))),
    Fault("colours around prompt and echo", Ends.NEW, faults=Faults(noise=Noise(ansi=True))),
    Fault("slow echo", Ends.NEW, faults=Faults(noise=Noise(echo_delay_s=0.01))),
    Fault("prompt shows another name", Ends.NEW, faults=Faults(prompt="core-7")),
)  # fmt: skip

_BEHIND = (
    Fault("refusal of a line", Ends.OLD, RevertedError, LineRefusedError,
          Faults(refuse={11: _SYNTAX})),
    Fault("hardware entries run out", Ends.OLD, RevertedError, LineRefusedError,
          Faults(refuse={11: _EXHAUSTED})),
    _beside("changed by somebody else before it is read back", _changed,
            _behind_the_lines(_changed)),
    _beside("an interface of ours is changed by somebody else", _changed_in_our_section,
            _behind_the_lines(_changed_in_our_section)),
    _beside("changed by somebody else once it is confirmed", _changed,
            Hook("timer-cancelled", _changed)),
    Fault("read back in part", Ends.OLD, RevertedError, ProofError,
          Faults(hooks=(_behind_the_lines(_cut), Hook("rolled-back", _whole)))),
    Fault("the timer runs out before the proof", Ends.OLD, RevertedError, ProofError,
          Faults(hooks=(_behind_the_lines(_time_passes),))),
    Fault("the timer runs out at the confirmation", Ends.OLD, RevertedError, RevertedError,
          Faults(hooks=(Hook("line", _time_passes, nth=2, text="show scheduler schedule name"),))),
    Fault("the second login is refused until the timer has run out", Ends.OLD, RevertedError,
          LoginError, Faults(login_refused_after="timer-armed",
                             hooks=(Hook("timer-fired", _admit),))),
    Fault("a line is refused, and the way back too", Ends.BETWEEN, StateUnknownError,
          LineRefusedError, Faults(rollback_refused="Rollback failed.", refuse={11: _SYNTAX})),
    Fault("the startup configuration cannot be written", Ends.UNSAVED, StateUnknownError,
          PreflightError, Faults(save_refused="ERROR: No space left on device")),
)  # fmt: skip
UNREACHABLE = Fault(
    "no login is possible any more", Ends.OLD_LATER, StateUnknownError, LoginError,
    Faults(login_refused_after="timer-armed"),
)  # fmt: skip
UNREACHABLE_FOR_EVER = Fault(
    "no login is possible any more, and the scheduler does not roll back", Ends.BETWEEN,
    StateUnknownError, LoginError, Faults(login_refused_after="timer-armed"),
)  # fmt: skip
COUNTED = Fault(
    "the configuration is listed in part", Ends.THEIRS, PreflightError,
    prepare=lambda scene: _cut_behind_the_terminal_lines(scene.device),
)  # fmt: skip
FAULTS = (*_BEFORE, *_MET, *_BEHIND)
CASES = tuple(
    (NEXUS.driver, fault) for fault in (*FAULTS, UNREACHABLE, UNREACHABLE_FOR_EVER, COUNTED)
)
