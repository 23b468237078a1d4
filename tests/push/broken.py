"""Sessions that break, fall silent or are refused at the k-th request of a push.

For platforms whose commands have a channel of their own: what lies below a request is the same for
all of them, so the fault is put right there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from push.faults import Ends, Fault

from translator.drivers.change import Request
from translator.drivers.replies import Reply
from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    IdentityError,
    LineRefusedError,
    PreflightError,
    PrivilegeError,
    ProofError,
    RevertedError,
)
from translator.push import Session

__all__ = ["Breaks", "How", "each_command"]


class How(StrEnum):
    """What happens at the request; the words are those of the table."""

    RESET_BEFORE = "connection reset before command k"
    RESET_BEHIND = "connection reset behind command k"
    SILENCE = "silence at command k"
    LATE = "command k is carried out, and not answered in time"
    REFUSAL = "refusal of command k"
    AUTHORIZATION = "authorization fails at command k"


_ANSWERS = {
    How.REFUSAL: Reply("sh: 1: no such thing: not found\n", 127),
    How.AUTHORIZATION: Reply("sh: 1: Operation not permitted\n", 1),
}


def each_command(commands: int) -> tuple[Fault, ...]:
    """Return the rows of the table for a push of so many commands and files."""
    refused = (LineRefusedError, PreflightError, PrivilegeError, IdentityError, ProofError)
    causes: dict[How, tuple[type[ChangeError], ...]] = {
        How.RESET_BEFORE: (ConnectionLostError,),
        How.RESET_BEHIND: (ConnectionLostError,),
        How.SILENCE: (DeadlineError,),
        How.LATE: (DeadlineError,),
        How.REFUSAL: refused,
        How.AUTHORIZATION: refused,
    }
    return tuple(
        Fault(how, Ends.CONFIRMED, RevertedError, causes=causes[how], tried=commands) for how in How
    )


@dataclass
class Breaks:
    """Opens sessions; `number` counts the requests of all of them, 0 breaks none.

    Attributes:
        asked: how many requests were made.
        open: how many sessions are.
    """

    connect: Callable[[], Session]
    how: How
    number: int = 0
    asked: list[Request] = field(default_factory=list)
    open: int = 0

    def __call__(self) -> Session:
        session = _Broken(self.connect(), self)
        self.open += 1
        return session


@dataclass
class _Broken:
    inner: Session
    plan: Breaks
    lost: bool = False
    closed: bool = False

    def perform(self, request: Request) -> Reply:
        if self.lost:
            raise ConnectionLostError("the session was given up before")
        self.plan.asked.append(request)
        if len(self.plan.asked) != self.plan.number:
            return self.inner.perform(request)
        how = self.plan.how
        if how in _ANSWERS:
            return _ANSWERS[how]
        if how in (How.RESET_BEHIND, How.LATE):
            self.inner.perform(request)
        if how in (How.SILENCE, How.LATE):
            raise DeadlineError("no answer in time")
        self.lost = True
        raise ConnectionLostError("reset")

    def close(self) -> None:
        self.inner.close()
        self.plan.open -= not self.closed
        self.closed = True
