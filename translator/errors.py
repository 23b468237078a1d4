"""Every error a user can meet: what is wrong, where, and what to do about it.

One tree; the exit code of a command is the class attribute of the error's branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "AuthorizationError",
    "CaptureError",
    "ChangeError",
    "ConnectionLostError",
    "DeadlineError",
    "DriftError",
    "DriverError",
    "HostKeyError",
    "HostsFailedError",
    "IdentityError",
    "InventoryError",
    "LineRefusedError",
    "LockedError",
    "LoginError",
    "ParseError",
    "PlanError",
    "PreflightError",
    "PrivilegeError",
    "ProofError",
    "RefusedError",
    "RevertedError",
    "StateUnknownError",
    "StoppedError",
    "TranslatorError",
    "UndecidedError",
    "UnreachableError",
    "UnsupportedIntentError",
    "UsageError",
    "Where",
]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in an input: file name and, where known, line number (from 1)."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class TranslatorError(Exception):
    """Base of all errors we raise on purpose; `str()` is what a user reads.

    Attributes:
        listed: what the problem is about where it is a list too long for a line, an item each.
        known: what the hint ends with where it is a list too long for a line, an item each.
    """

    exit_code = 1

    def __init__(
        self,
        problem: str,
        *,
        where: Where | None = None,
        hint: str = "",
        known: Sequence[str] = (),
        listed: Sequence[str] = (),
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint
        self.known = tuple(known)
        self.listed = tuple(listed)

    @property
    def headline(self) -> str:
        """The place and the problem, without what is listed."""
        line = self.problem if self.where is None else f"{self.where}: {self.problem}"
        return f"{line}:" if self.listed else line

    def __str__(self) -> str:
        return "\n  ".join((self.headline, *self.listed))


class UsageError(TranslatorError):
    """The command line or a value on it is wrong."""

    exit_code = 2


class PlanError(TranslatorError):
    """The plan cannot be read, contradicts itself, or must not be rendered as it is."""

    exit_code = 2


class InventoryError(TranslatorError):
    """The inventory cannot be read or names something that does not exist."""

    exit_code = 2


class ParseError(TranslatorError):
    """A device text is not what its platform prints (truncated, binary, another format)."""

    exit_code = 2


class CaptureError(TranslatorError):
    """A capture file is none, or cannot be read to its end."""

    exit_code = 2


class DriverError(TranslatorError):
    """There is no driver for a platform, or a driver breaks its contract."""

    exit_code = 2


class UnsupportedIntentError(TranslatorError):
    """A platform cannot express an intent exactly; the hint names the nearest thing it can."""

    exit_code = 2


class ProofError(TranslatorError):
    """A configuration treats a packet otherwise than the intents want; nothing is printed."""

    exit_code = 1


class HostsFailedError(TranslatorError):
    """Some of several hosts failed; `failures` holds the error of each."""

    exit_code = 3

    def __init__(self, problem: str, failures: Sequence[TranslatorError], *, hint: str) -> None:
        super().__init__(problem, hint=hint)
        self.failures = tuple(failures)


class RefusedError(TranslatorError):
    """A safety check refuses a change: a device would not take it, or traffic would suffer."""

    exit_code = 5


class UndecidedError(TranslatorError):
    """A diagram outgrew its node budget: the answer is not known, and none is guessed."""

    exit_code = 6


class ChangeError(TranslatorError):
    """A device could not be changed; the branches say how far it came."""


class UnreachableError(ChangeError):
    """No session with the device came about, for another reason than keys and passwords."""

    exit_code = 4


class HostKeyError(ChangeError):
    """The device shows another host key than is known, or one that nobody knows."""

    exit_code = 4


class LoginError(ChangeError):
    """The device refuses the credentials."""

    exit_code = 4


class PrivilegeError(ChangeError):
    """The user is logged in, but may not change the configuration at all."""

    exit_code = 4


class ConnectionLostError(ChangeError):
    """A session broke, or fell silent; alone it means that nothing was changed."""

    exit_code = 4


class AuthorizationError(ChangeError):
    """The device does not allow this user a single command."""

    exit_code = 5


class DriftError(ChangeError):
    """The device is not as it was when the change was planned."""

    exit_code = 5


class IdentityError(ChangeError):
    """It is another device than was meant; nothing was written to it."""

    exit_code = 5


class LockedError(ChangeError):
    """Somebody else is changing the device; `run` is ours that holds it, "" for a stranger."""

    exit_code = 5

    def __init__(self, problem: str, *, run: str = "", hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.run = run


class PreflightError(ChangeError):
    """Something would break the change, or the way back; nothing was changed."""

    exit_code = 5


class DeadlineError(ChangeError):
    """The device did not answer in time; what it did meanwhile is not known."""

    exit_code = 4


class LineRefusedError(ChangeError):
    """The device refused a line; no line behind it was sent.

    Attributes:
        device, line_number, command: which line, counted from 1.
        message: what the device said.
    """

    exit_code = 5

    def __init__(self, device: str, line_number: int, command: str, message: str) -> None:
        super().__init__(
            f"{device} refused line {line_number}, `{command}`: {message}",
            hint="nothing behind that line was sent",
        )
        self.device = device
        self.line_number = line_number
        self.command = command
        self.message = message


class RevertedError(ChangeError):
    """The change failed, and the device is proven to be as before; the cause says why."""

    exit_code = 7


class StoppedError(ChangeError):
    """A person stopped it; alone it means that nothing was changed."""

    exit_code = 130


class StateUnknownError(ChangeError):
    """Nothing proves that the device is old or new; `commands` are to be typed by hand."""

    exit_code = 6

    def __init__(self, problem: str, commands: Sequence[str], *, hint: str = "") -> None:
        super().__init__(problem, hint=hint or "type: " + "; ".join(commands))
        self.commands = tuple(commands)
