"""Faults of IOS routers and Catalyst switches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from signal import SIGKILL

from devices import Device, Faults, Hook, IosDevice, Noise
from push.dying import died_behind_its_timer
from push.faults import Bench, Ends, Fault, Scene

from translator.drivers.registry import driver
from translator.errors import (
    AuthorizationError,
    ChangeError,
    ConnectionLostError,
    DeadlineError,
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
from translator.intents.lower import lower

__all__ = [
    "BENCHES",
    "CASES",
    "CATALYST",
    "CUT",
    "FAULTS",
    "FROM_NOTHING",
    "KILLED",
    "LINES",
    "LINE_FAULTS",
    "LOST",
    "ROUTER",
]

_SYNTAX = "% Invalid input detected at '^' marker.\n"
_LOGGING = Faults(noise=Noise(syslog=True, syslog_at="service-policy"))
_ABORTED = "Rollback aborted after 1 passes"


def _has(name: str, *interfaces: str) -> str:
    """Return the configuration that a driver renders for interfaces of the Lync plan."""
    from lab.agreement import intents_for

    platform = driver(name)
    return platform.render(lower(intents_for(*interfaces), platform.capabilities)).config


# Nothing is copied to these devices, so SCP is off on all of them.


def _router(faults: Faults) -> Device:
    return IosDevice("R1", _has("cisco_ios", "GigabitEthernet0/0=wan:10M"), faults=_no_scp(faults))


def _switch(faults: Faults) -> Device:
    text = _has("cisco_catalyst", "GigabitEthernet0/1=client")
    return IosDevice(
        "R1", text, model="WS-C2960-24TT-L", version="15.0(2)SE", faults=_no_scp(faults)
    )


def _no_scp(faults: Faults) -> Faults:
    return replace(faults, scp_off=True)


def _bare_router(faults: Faults) -> Device:
    return IosDevice("R1", faults=faults)


def _bare_switch(faults: Faults) -> Device:
    return IosDevice("R1", "mls qos\n", model="WS-C3560-24TS", faults=faults)


ROUTER = Bench(
    "cisco_ios",
    _router,
    ("GigabitEthernet0/0=wan:20M", "GigabitEthernet0/1=uplink", "GigabitEthernet0/2=uplink"),
)
CATALYST = Bench(
    "cisco_catalyst",
    _switch,
    ("GigabitEthernet0/1=client", "GigabitEthernet0/2=client", "GigabitEthernet0/3=client"),
)
FROM_NOTHING = (
    Bench("cisco_ios", _bare_router, ("GigabitEthernet0/0=wan:10M",)),
    Bench("cisco_catalyst", _bare_switch, ("GigabitEthernet0/1=client",)),
)
BENCHES = (ROUTER, CATALYST)


def _somebodys_timer(scene: Scene) -> None:
    session = scene.device.attach("alice")
    session.execute("configure terminal revert timer 7")
    scene.device.drop(session)
    scene.device.note("login", "alice")  # so that logins and logouts count alike


def _changed(device: Device) -> None:
    device.change("interface GigabitEthernet0/4\n description moved\n")


def _changed_its_qos(device: Device) -> None:
    kept = "output QOS-OUT" if "policy-map QOS-OUT\n" in device.running else "input QOS-CLIENT"
    device.change(f"interface GigabitEthernet0/4\n service-policy {kept}\n")


def _cut(device: Device) -> None:
    assert isinstance(device, IosDevice)
    end_of_line = device.shown().index("\n", 400) + 1
    device.faults = replace(device.faults, shown_bytes=end_of_line)


def _cut_inside(device: Device) -> None:
    assert isinstance(device, IosDevice)
    inside = device.shown().index("interface GigabitEthernet0/2") + 9
    device.faults = replace(device.faults, shown_bytes=inside)


def _whole(device: Device) -> None:
    device.faults = replace(device.faults, shown_bytes=None)


def _admit(device: Device) -> None:
    device.faults = replace(device.faults, login_refused_after=None)


def _serial(scene: Scene) -> None:
    scene.device.serial = "SIM99999999"


# The second `end` is the one behind the lines of the change; the first follows the timer.
def _behind_the_lines(act: object) -> Hook:
    return Hook("executed", act, nth=2, text="end")  # type: ignore[arg-type]


def _fails(name: str, cause: type[ChangeError], faults: Faults, ends: Ends = Ends.OLD) -> Fault:
    """A fault behind the first line, after which the device is proven to be as before."""
    return Fault(name, ends, RevertedError, cause, faults)


def _refused(name: str, error: type[ChangeError], faults: Faults, ends: Ends = Ends.OLD) -> Fault:
    """A fault before the first line: nothing is changed."""
    return Fault(name, ends, error, None, faults)


LINES = {"cisco_ios": 9, "cisco_catalyst": 6}
"""What a push types in configuration mode."""
LINE_FAULTS = tuple(
    Fault(f"{what} line k", Ends.OLD, RevertedError, cause, at_line=faults)
    for what, cause, faults in (
        ("connection reset before", ConnectionLostError, lambda k: Faults(reset_before=k)),
        ("connection reset behind", ConnectionLostError, lambda k: Faults(reset_after=k)),
        ("silence at", DeadlineError, lambda k: Faults(hang_at=k)),
        ("refusal of", LineRefusedError, lambda k: Faults(refuse={k: _SYNTAX})),
        ("authorization fails at", AuthorizationError, lambda k: Faults(unauthorized_at=k)),
    )
)

_BEFORE = (
    Fault("no right to `enable`", Ends.OLD, PrivilegeError, None, Faults(enable_refused=True),
          secret="wrong", prepare=lambda scene: setattr(scene.device, "enable", "other")),
    _refused("login refused", LoginError, Faults(login_refused=True)),
    _refused("no session is free", UnreachableError, Faults(session_limit=0)),
    _refused("lock held by another", LockedError, Faults(lock_owner="alice")),
    Fault("a change of somebody else waits for its confirmation", Ends.OLD, LockedError,
          prepare=_somebodys_timer),
    _refused("the archive is not configured", PreflightError, Faults(archive_missing=True)),
    _refused("flash full", PreflightError, Faults(flash_free_bytes=1000)),
    Fault("the configuration is listed in part", Ends.OLD, PreflightError,
          prepare=lambda scene: _cut(scene.device)),
    Fault("the configuration is listed up to inside a line", Ends.OLD, PreflightError,
          prepare=lambda scene: _cut_inside(scene.device)),
    Fault("another serial number", Ends.OLD, IdentityError, prepare=_serial),
    Fault("another host name", Ends.OLD, IdentityError,
          prepare=lambda scene: scene.device.change("hostname R9\n")),
    Fault("changed since the change was planned", Ends.OLD, DriftError,
          prepare=lambda scene: _changed(scene.device)),
    Fault("changed while the change is prepared", Ends.THEIRS, DriftError, None,
          Faults(hooks=(Hook("file-written", _changed),))),
)  # fmt: skip

_MET = (
    Fault("SCP is off", Ends.NEW),
    Fault("lock left behind by a lost session of ours", Ends.NEW, faults=Faults(stale_lock=True)),
    Fault(
        "a run of ours died behind its timer",
        Ends.NEW,
        prepare=died_behind_its_timer("translator.drivers.cisco.change"),
    ),
    Fault("listings stop at `--More--`", Ends.NEW, faults=Faults(paging_stays=True)),
    Fault("messages of the log inside the echo", Ends.NEW, faults=_LOGGING),
    Fault(
        "messages of the log inside every echo, from the login on",
        Ends.NEW,
        faults=Faults(noise=Noise(syslog=True, syslog_at=" ")),
    ),
    Fault("colours around prompt and echo", Ends.NEW, faults=Faults(noise=Noise(ansi=True))),
    Fault("slow echo", Ends.NEW, faults=Faults(noise=Noise(echo_delay_s=0.01))),
    Fault("prompt shows another name", Ends.NEW, faults=Faults(prompt="core-7")),
)


def _by_itself(device: Device) -> None:
    device.change(
        "ntp clock-period 17180153\n"
        "crypto pki certificate chain TP-self-signed-1\n certificate self-signed 02\n"
    )


def _in_our_section(device: Device) -> None:
    device.change("interface GigabitEthernet0/1\n description moved\n")


def _in_our_section_and_stuck(device: Device) -> None:
    """Somebody else changes it, and no line goes in after that."""
    _in_our_section(device)
    device.faults = replace(device.faults, unauthorized="configure terminal")


def _beside(name: str, theirs: Callable[[Device], None]) -> Fault:
    """A change of somebody else that is there when ours is read back: it stays, ours does not."""
    return Fault(name, Ends.BESIDE, RevertedError, DriftError,
                 Faults(hooks=(_behind_the_lines(theirs),)), theirs=theirs)  # fmt: skip


_BEHIND = (
    _beside("changed by somebody else before it is read back", _changed),
    _beside("its QoS is changed by somebody else before it is read back", _changed_its_qos),
    _beside("an interface of ours is changed by somebody else", _in_our_section),
    _fails("changed by somebody else, and our lines cannot be taken back alone", DriftError,
           Faults(hooks=(_behind_the_lines(_in_our_section_and_stuck),))),
    Fault("changed by somebody else once it is confirmed", Ends.BESIDE, RevertedError, DriftError,
          Faults(hooks=(Hook("timer-cancelled", _changed),)), theirs=_changed),
    Fault("changed by somebody else once it is confirmed, and our lines cannot be taken back",
          Ends.BETWEEN, StateUnknownError, DriftError,
          Faults(hooks=(Hook("timer-cancelled", _in_our_section_and_stuck),))),
    Fault("the device changes lines by itself before it is read back", Ends.NEW,
          faults=Faults(hooks=(_behind_the_lines(_by_itself),)), by_itself=True),
    _fails("read back in part", ProofError,
           Faults(hooks=(_behind_the_lines(_cut), Hook("rolled-back", _whole)))),
    _fails("the second login is refused until the timer has run out", LoginError,
           Faults(login_refused_after="timer-armed", hooks=(Hook("timer-fired", _admit),))),
    Fault("no login is possible any more", Ends.OLD_LATER, StateUnknownError, LoginError,
          Faults(login_refused_after="timer-armed")),
    _fails("only one session is free", UnreachableError, Faults(session_limit=1)),
    _fails("the confirmation is not authorized", AuthorizationError,
           Faults(unauthorized="configure confirm")),
    Fault("a line is refused, and the way back too", Ends.BETWEEN, StateUnknownError,
          LineRefusedError, Faults(rollback_refused=_ABORTED, refuse={5: _SYNTAX})),
    Fault("the startup configuration cannot be written", Ends.UNSAVED, StateUnknownError,
          PreflightError,
          Faults(save_refused="startup-config file open failed (Not enough space)")),
)  # fmt: skip

FAULTS = (*LINE_FAULTS, *_BEFORE, *_MET, *_BEHIND)
CUT = ("dir flash:", "show archive", "show users", "configure confirm", "write memory")
LOST = Fault(
    "connection reset before a command outside of configuration mode", Ends.CONFIRMED,
    RevertedError, causes=(ConnectionLostError,), tried=len(CUT),
)  # fmt: skip
KILLED = Fault("SIGKILL of our process at a random line", Ends.EITHER, signal=SIGKILL)
CASES = (
    *(
        (bench.driver, replace(fault, tried=LINES[bench.driver] if fault.at_line else 1))
        for bench in BENCHES
        for fault in FAULTS
    ),
    (ROUTER.driver, LOST),
    (ROUTER.driver, KILLED),
)
