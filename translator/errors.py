"""Every error a user can meet: what is wrong, where, and what to do about it.

One tree; the exit code of a command is the class attribute of the error's branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "DriverError",
    "HostsFailedError",
    "InventoryError",
    "ParseError",
    "PlanError",
    "ProofError",
    "RefusedError",
    "TranslatorError",
    "UndecidedError",
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
    """Base of all errors we raise on purpose; `str()` is the one line that a user reads."""

    exit_code = 1

    def __init__(self, problem: str, *, where: Where | None = None, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return self.problem if self.where is None else f"{self.where}: {self.problem}"


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
