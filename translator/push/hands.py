"""Carries out the steps of one run: each is in the journal before it acts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from translator.drivers.calls import Call
from translator.drivers.change import Command, Procedure, Procedures, Request, Work
from translator.errors import ChangeError, StateUnknownError, UnreachableError
from translator.push.journal import Journal, State, Step
from translator.push.logs import LOG
from translator.push.session import Opener, Session, run_procedure

__all__ = ["Hands", "Patience"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a device that cannot be reached is waited for, in seconds.

    Attributes:
        grace_s: beyond the time after which its timer must have brought back the old state.
        retry_s: between attempts.
        clock, sleep: by which it is waited.
    """

    grace_s: float = 30.0
    retry_s: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Hands:
    """What a run works with: the platform's procedures, logins, and the journal."""

    procedures: Procedures
    work: Work
    open: Opener
    journal: Journal
    patience: Patience = field(default_factory=Patience)

    def step(
        self,
        step: Step,
        session: Session,
        procedure: Procedure[_T],
        text: Callable[[_T], str] | None = None,
    ) -> _T:
        """Run a procedure as a step.

        Args:
            text: of the result, whose fingerprint the journal keeps.
        """
        with self.noted(step) as note:
            value = self.run(step, session, procedure)
            if text is not None:
                note.append(text(value))
        return value

    @contextmanager
    def noted(self, step: Step) -> Iterator[list[str]]:
        """Have what happens inside in the journal; a fingerprint put into the list as well."""
        found: list[str] = []
        LOG.info("%s: %s", self.work.device, step)
        self.journal.note(self.work, step, State.BEGUN)
        try:
            yield found
        except Exception as error:
            LOG.info("%s: %s failed: %s", self.work.device, step, error)
            self.journal.note(self.work, step, State.FAILED, f"{type(error).__name__}: {error}")
            raise
        fingerprint = found[0] if found else ""
        self.journal.note_hash(self.work, step, State.DONE, fingerprint=fingerprint)

    def run(self, step: Step, session: Session, procedure: Procedure[_T]) -> _T:
        """Run a procedure within a step; what may change the device is in the journal first."""

        def before(request: Request) -> None:
            if not isinstance(request, Command | Call) or not request.changes:
                return
            if request.line:
                self.journal.note_line(self.work, step, request.line, request.text)
            else:
                said = str(request) if isinstance(request, Call) else request.text
                self.journal.note(self.work, step, State.SENT, said, request.text or said)

        return run_procedure(procedure, session, before)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session, one attempt."""
        session = self.open()
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def patient_session(self) -> Iterator[Session]:
        """Open a session; a device that cannot be reached is waited for until it has reverted.

        Raises:
            StateUnknownError: there was none.
        """
        session = self._patiently()
        try:
            yield session
        finally:
            session.close()

    def _patiently(self) -> Session:
        patience = self.patience
        ends = patience.clock() + self.work.revert_s + patience.grace_s
        while True:
            try:
                return self.open()
            except ChangeError as error:
                rest = ends - patience.clock()
                if rest <= 0:
                    raise self.unknown(
                        f"{self.work.device} cannot be reached any more: {error.problem}"
                    ) from error
                # A login that was refused is not tried again before the device has gone back.
                again = isinstance(error, UnreachableError)
                patience.sleep(min(rest, patience.retry_s) if again else rest)

    def unknown(self, problem: str) -> StateUnknownError:
        """Return the error for a device of which nobody knows what it does."""
        return StateUnknownError(problem, self.procedures.manual(self.work))
