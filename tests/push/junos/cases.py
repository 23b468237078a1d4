"""Faults of Junos routers: at each line of a push, once each, and those that a test stages itself.

The device that is pushed to has two wrong marks and a queue too few; `LINES` is what such a push
types in configuration mode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices import Device, Faults, Hook, JunosDevice, Noise
from devices.typist import Typist
from push.faults import Ends, Fault

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
    ProofError,
    RevertedError,
    StateUnknownError,
)
from translator.push import Expected

__all__ = [
    "BROKEN_WAY_BACK",
    "CASES",
    "CHANGED_AT_CONFIRMATION",
    "CHANGED_ELSEWHERE",
    "CONNECTION_BREAKS",
    "FIRST",
    "LINES",
    "LINE_FAULTS",
    "LOCK_LINGERS",
    "LOG_BEHIND_COMMANDS",
    "LOG_IN_CONFIGURATION",
    "ONCE",
    "JunosFault",
]

LINES = (
    "status", "run show cli authorization", "run show system storage", "run show system commit",
    "show | compare", "run show configuration", "set ", "set ", "set ", "show | compare",
    "commit check", "commit confirmed", "status", "run show system commit",
    "run show system uptime", "commit comment",
)  # fmt: skip
FIRST = LINES.index("set ") + 1  # before it nothing of the change has been sent
_EACH = tuple(range(1, len(LINES) + 1))
_ANY = Expected()
_NOT_WRITABLE = "error: configuration database is not writable\n"
_CHECK_FAILED = "error: configuration check-out failed\n"
_FOREIGN = "set system domain-name example.net"


@dataclass(frozen=True, slots=True)
class JunosFault(Fault):
    """One row of the table.

    Attributes:
        lines: where `at_line` is tried.
        expected: of the device that must answer.
        leaves: what of somebody else is still there afterwards.
        says: what is in the error or its hint.
    """

    lines: tuple[int, ...] = ()
    expected: Expected = _ANY
    leaves: tuple[str, ...] = ()
    says: str = ""


def _refused(name: str, error: type[ChangeError], **more: object) -> JunosFault:
    """A fault before the first line: nothing is changed."""
    return JunosFault(name, Ends.OLD, error, **more)  # type: ignore[arg-type]


def _fails(name: str, cause: type[ChangeError], faults: Faults) -> JunosFault:
    """A fault behind the first line, after which the device is proven to be as before."""
    return JunosFault(name, Ends.OLD, RevertedError, cause, faults)


def _met(name: str, faults: Faults) -> JunosFault:
    return JunosFault(name, Ends.NEW, faults=faults)


def _line_of(text: str) -> int:
    """Return the number of the first line of a push that begins so."""
    return next(number for number, line in enumerate(LINES, 1) if line.startswith(text))


def _refuses(text: str, says: str) -> Faults:
    return Faults(refuse={_line_of(text): says})


def _at(kind: str, act: Callable[[Device], None], nth: int = 1, text: str = "") -> Faults:
    return Faults(hooks=(Hook(kind, act, nth, text),))  # type: ignore[arg-type]


# Each line is in one of these: where it is not answered as it should be, the same happens.
_ANSWERS = (
    ("line k", Ends.OLD, RevertedError, LineRefusedError, (7, 8, 9)),
    ("a listing before the change", Ends.OLD, PreflightError, None, (4, 5, 6)),
    ("the listing of the candidate", Ends.OLD, RevertedError, DriftError, (10,)),
    ("a commit, or of the list of commits", Ends.OLD, RevertedError, PreflightError,
     (11, 12, 14, 16)),
    ("a question that a push can do without", Ends.NEW, None, None, (1, 2, 3, 13, 15)),
)  # fmt: skip

_UNAUTHORIZED = (
    ("line k", Ends.OLD, RevertedError, AuthorizationError, (7, 8, 9)),
    ("a listing before the change", Ends.OLD, AuthorizationError, None, (4, 5, 6)),
    ("the listing of the candidate, a commit, or the list of commits", Ends.OLD, RevertedError,
     AuthorizationError, (10, 11, 12, 14, 16)),
    ("a question that a push can do without", Ends.NEW, None, None, (1, 2, 3, 13, 15)),
)  # fmt: skip

LINE_FAULTS = (
    *(
        JunosFault(f"{what} line k", Ends.OLD, RevertedError, cause, at_line=faults, lines=_EACH)
        for what, cause, faults in (
            ("connection reset before", ConnectionLostError, lambda k: Faults(reset_before=k)),
            ("connection reset behind", ConnectionLostError, lambda k: Faults(reset_after=k)),
            ("silence at", DeadlineError, lambda k: Faults(hang_at=k)),
        )
    ),
    *(
        JunosFault(f"{what} {where}", ends, error, cause, at_line=faults, lines=lines)
        for what, faults, answers in (
            ("refusal of", lambda k: Faults(refuse={k: _NOT_WRITABLE}), _ANSWERS),
            ("authorization fails at", lambda k: Faults(unauthorized_at=k), _UNAUTHORIZED),
        )
        for where, ends, error, cause, lines in answers
    ),
)


def _types(*lines: str) -> Callable[[object], None]:
    """Return what somebody else types beforehand, and logs out."""

    def typed(scene: object) -> None:
        device: JunosDevice = scene.device  # type: ignore[attr-defined]
        device.users["bob"] = "pw"
        typist = Typist(device, "bob")
        typist(*lines)
        device.drop(typist.shell)

    return typed


def _sets(name: str, value: object) -> Callable[[object], None]:
    return lambda scene: setattr(scene.device, name, value)  # type: ignore[attr-defined]


def _foreign_change(device: Device) -> None:
    device.change(_FOREIGN)


def _no_logins(device: Device) -> None:
    device.faults = replace(device.faults, login_refused=True)


def _healed(device: Device) -> None:
    device.faults = Faults()


def _timer_runs_out(device: Device) -> None:
    device.clock.advance(minutes=6)


def _way_back_breaks(device: Device) -> None:
    device.faults = Faults(rollback_refused="error: rollback failed")
    for session in tuple(device.sessions.values()):
        device.drop(session)


_BEFORE = (
    _refused("lock held by another", LockedError, faults=Faults(lock_owner="bob"),
             leaves=("lock",), says="bob on terminal p0"),
    _refused("lock held by another session of our user", LockedError,
             faults=Faults(stale_lock=True), leaves=("lock",), says="admin on terminal p0"),
    _refused("changes of somebody else are not committed", LockedError,
             prepare=_types("configure", _FOREIGN), leaves=("candidate",), says="not committed"),
    _refused("a change of somebody else waits for its confirmation", PreflightError,
             prepare=_types("configure", _FOREIGN, "commit confirmed 15 comment mine", "exit"),
             leaves=("timer",), says="bob via cli"),
    _refused("no permission to configure", AuthorizationError,
             prepare=_sets("permissions", ("view",))),
    _refused("no permission to roll back", PreflightError,
             prepare=_sets("permissions", ("view", "configure")), says="`rollback`"),
    _refused("flash full", PreflightError, faults=Faults(flash_free_bytes=4096), says="/var"),
    _refused("another host name", IdentityError, expected=Expected(hostname="R2")),
    _refused("another serial number", IdentityError, expected=Expected(serial="JN0")),
    _refused("another product line", IdentityError, prepare=_sets("model", "qfx5120-48y")),
    _refused("changed since the change was planned", DriftError,
             prepare=lambda scene: _foreign_change(scene.device)),
    _refused("the configuration is listed in part", PreflightError,
             faults=Faults(shown_bytes=900)),
)  # fmt: skip

_BEHIND = (
    _fails("a line is not understood", LineRefusedError, _refuses("set", "syntax error.\n")),
    _fails("the candidate fails its check", PreflightError,
           _refuses("commit check", _CHECK_FAILED)),
    _fails("the commit fails", PreflightError, Faults(save_refused="error: commit failed")),
    _fails("the second login is refused until the timer has run out", LoginError,
           Faults(hooks=(Hook("committed", _no_logins), Hook("rolled-back", _healed)))),
    JunosFault("no login is possible any more", Ends.OLD_LATER, StateUnknownError, LoginError,
               Faults(login_refused_after="committed")),
    _fails("the timer runs out before the proof", ProofError, _at("committed", _timer_runs_out)),
    _fails("the timer runs out at the confirmation", RevertedError,
           _at("line", _timer_runs_out, text='confirmed" and-quit')),
    _fails("the timer runs out in the confirming session", RevertedError,
           _at("line", _timer_runs_out, nth=2, text="show system commit")),
    _fails("connection reset behind `commit confirmed`", ConnectionLostError,
           Faults(reset_after=_line_of("commit confirmed"))),
)  # fmt: skip

_MET = (
    _met("listings stop at `--More--`", Faults(paging_stays=True)),
    _met("colours around prompt and echo", Faults(noise=Noise(ansi=True))),
    _met("slow echo", Faults(noise=Noise(echo_delay_s=0.02))),
    _met("lines end with two carriage returns", Faults(noise=Noise(newline="\r\r\n"))),
    _met("prompt shows another name",
         Faults(prompt="router-with-a-very-long-name-in-its-prompt")),
)  # fmt: skip

ONCE = (*_BEFORE, *_MET, *_BEHIND)

BROKEN_WAY_BACK = JunosFault(
    "connection reset behind the commit, and the way back is refused",
    Ends.BETWEEN, StateUnknownError, faults=_at("committed", _way_back_breaks),
)  # fmt: skip
CHANGED_AT_CONFIRMATION = JunosFault(
    "changed by somebody else at the confirmation", Ends.THEIRS, StateUnknownError, DriftError,
    _at("line", _foreign_change, nth=2, text="show system commit"),
)  # fmt: skip
CHANGED_ELSEWHERE = JunosFault(
    "changed by somebody else before it is read back", Ends.BESIDE, RevertedError, DriftError,
    _at("committed", _foreign_change), theirs=_foreign_change,
)  # fmt: skip
CONNECTION_BREAKS = JunosFault(
    "connection reset at a command outside of configuration mode",
    Ends.EITHER, RevertedError, ConnectionLostError,
)  # fmt: skip
LOCK_LINGERS = replace(
    CONNECTION_BREAKS, name="connection reset at any command, and the lost session keeps its lock"
)
LOG_BEHIND_COMMANDS = _met("messages of the log around answers", Faults())
LOG_IN_CONFIGURATION = _refused("messages of the log inside the configuration", DriftError)

_STAGED = (
    BROKEN_WAY_BACK, CHANGED_AT_CONFIRMATION, CHANGED_ELSEWHERE, CONNECTION_BREAKS, LOCK_LINGERS,
    LOG_BEHIND_COMMANDS, LOG_IN_CONFIGURATION,
)  # fmt: skip
CASES = (
    *(("juniper_junos", replace(fault, tried=len(fault.lines))) for fault in LINE_FAULTS),
    *(("juniper_junos", fault) for fault in (*ONCE, *_STAGED)),
)
