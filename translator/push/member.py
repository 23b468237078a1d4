"""One host of a rollout: how far it came, and how that counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from translator.errors import (
    ConnectionLostError,
    DeadlineError,
    HostKeyError,
    LoginError,
    PrivilegeError,
    RevertedError,
    StateUnknownError,
    StoppedError,
    TranslatorError,
    UnreachableError,
)
from translator.push.outcome import Ending, Outcome
from translator.push.redact import Redactor

__all__ = ["EXIT_ORDER", "HostState", "Member", "failed_member", "finished_member", "worst"]

_SOME_FAILED: Final = 3
_UNREACHABLE: Final = 4
_REFUSED: Final = 5
EXIT_ORDER: Final = (6, 130, 7, _REFUSED, _SOME_FAILED, _UNREACHABLE, 1, 0)
"""Exit codes of several hosts, the worst first: what a person has to do something about soonest."""

_UNREACHED: Final = (
    UnreachableError,
    HostKeyError,
    LoginError,
    PrivilegeError,
    ConnectionLostError,
    DeadlineError,
)


class HostState(StrEnum):
    """How far a host came. Each host of a rollout is in exactly one of these states."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"  # in flight, or its process died
    DONE = "done"  # proven to do what is wanted, and saved
    UNCHANGED = "unchanged"  # it did already; nothing was sent
    REFUSED = "refused"  # a check refused the change; nothing was changed
    UNREACHABLE = "unreachable"  # there was no session; nothing was changed
    REVERTED = "reverted"  # the change failed, the device is proven to be as before
    UNKNOWN = "unknown"  # nothing is proven; somebody has to look

    @property
    def is_open(self) -> bool:
        """Whether a later process has something left to do."""
        return self in (HostState.NOT_BEGUN, HostState.BEGUN, HostState.UNKNOWN)

    @property
    def is_failure(self) -> bool:
        """Whether it counts against `--max-failures`."""
        return self in _FAILURES


_FAILURES: Final = frozenset(
    {HostState.REFUSED, HostState.UNREACHABLE, HostState.REVERTED, HostState.UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class Member:
    """One host of a rollout.

    Attributes:
        run: the run of this device in the journal; "" where none was begun.
        attempt: how often the host was begun.
        code: its part in the exit code.
        sent: lines that were sent.
        commands: what a person has to type where the state is unknown.
        at: when it came into this state, UTC.
    """

    device: str
    state: HostState = HostState.NOT_BEGUN
    run: str = ""
    attempt: int = 0
    code: int = 0
    sent: int = 0
    problem: str = ""
    hint: str = ""
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    at: str = ""

    def redacted(self, redact: Redactor) -> Member:
        """Return the same without secrets in what devices and libraries said."""
        return replace(
            self,
            problem=redact(self.problem),
            hint=redact(self.hint),
            proof=tuple(map(redact, self.proof)),
            notes=tuple(map(redact, self.notes)),
            commands=tuple(map(redact, self.commands)),
        )


def worst(codes: Iterable[int]) -> int:
    """Return the exit code of several; see `EXIT_ORDER`."""
    return min(codes, key=EXIT_ORDER.index, default=0)


def finished_member(outcome: Outcome) -> Member:
    """Return the member of a host whose run ended well."""
    state = HostState.UNCHANGED if outcome.ending is Ending.UNCHANGED else HostState.DONE
    return Member(
        outcome.device,
        state,
        run=outcome.run,
        sent=outcome.sent,
        proof=outcome.proof,
        notes=outcome.notes,
    )


def failed_member(device: str, error: Exception, *, manual: tuple[str, ...] = ()) -> Member:
    """Return the member of a host that failed.

    Args:
        manual: what brings the device back, where the journal holds a run of it that is open
            behind its first change: then its state is unknown, whatever the error is.
    """
    hint = error.hint if isinstance(error, TranslatorError) else ""
    problem = str(error) if isinstance(error, TranslatorError) else f"{_name(error)}: {error}"
    if isinstance(error, StateUnknownError) or manual:
        commands = error.commands if isinstance(error, StateUnknownError) else manual
        return Member(
            device, HostState.UNKNOWN, code=6, problem=problem, hint=hint, commands=commands
        )
    if isinstance(error, StoppedError):
        return Member(device, problem=problem, hint=hint)
    if isinstance(error, RevertedError):
        return Member(device, HostState.REVERTED, code=error.exit_code, problem=problem, hint=hint)
    if isinstance(error, _UNREACHED):
        return Member(device, HostState.UNREACHABLE, code=_UNREACHABLE, problem=problem, hint=hint)
    return Member(device, HostState.REFUSED, code=_code(error), problem=problem, hint=hint)


def _code(error: Exception) -> int:
    """A safety check of ours says 5 by itself; everything else is one host that failed."""
    refused = isinstance(error, TranslatorError) and error.exit_code == _REFUSED
    return _REFUSED if refused else _SOME_FAILED


def _name(error: Exception) -> str:
    return f"an error of the program, {type(error).__name__}"
