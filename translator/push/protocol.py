"""The protocol: what happens in which order, so that a device ends old or proven new.

    open -> identify -> lock -> preflight -> drift check -> snapshot -> arm the device's timer
    -> apply, stop at the first refused line -> read back whole, prove -> confirm from a second
    session -> save -> close

What is read back must hold no change of anybody else: such a one was not reviewed, must not be
saved with ours, and is not ours to take back. Then our lines go alone. Where `save` keeps all that
is running, that is compared once more, with nothing but the writing behind it.

Identity comes first: a lock is already something written. Until `arm` nothing has changed, so a
failure only tidies up; from there on, any failure goes through `converge`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from translator.drivers.change import KeepsOthers, Obstacle, Running
from translator.drivers.registry import driver
from translator.errors import (
    ChangeError,
    DriftError,
    PreflightError,
    ProofError,
    RevertedError,
    StateUnknownError,
    TranslatorError,
)
from translator.push.change import Change
from translator.push.converge import converge
from translator.push.goal import Goal, fingerprint
from translator.push.hands import Hands
from translator.push.journal import Step
from translator.push.others import ChangedByOthersError, ours_is_gone, theirs_in
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.redact import redacted
from translator.push.session import Session

__all__ = ["Push"]


@dataclass(frozen=True, slots=True)
class Push:
    """One change of one device."""

    hands: Hands
    change: Change
    goal: Goal
    expected: Expected = field(default_factory=Expected)

    def carry_out(self) -> Outcome:
        """Make the change.

        Raises:
            UnreachableError, HostKeyError, LoginError, PrivilegeError, IdentityError, LockedError,
            PreflightError, DriftError, ConnectionLostError: nothing was changed.
            RevertedError: the device is proven to be as before; the cause says what failed.
            StateUnknownError: nothing is proven; the error holds the commands to type.
        """
        try:
            return self._carried_out()
        except Exception as error:
            redacted(error, self.hands.journal.redact)
            raise

    def _carried_out(self) -> Outcome:
        hands = self.hands
        hands.journal.begin(self.change.driver, self.change.base, hands.work)
        try:
            with hands.noted(Step.OPEN):
                session = hands.open()
        except TranslatorError:
            hands.journal.end(hands.work.run, Ending.OLD)
            raise
        try:
            return self._in_session(session)
        finally:
            session.close()

    def _in_session(self, session: Session) -> Outcome:
        try:
            before = self._prepared(session)
        except BaseException:
            self._leave(session)
            raise
        try:
            proof = self._made(session, before)
            self._kept(session, before)
        except ChangedByOthersError as error:
            raise self._withdrawn(session, before, error) from error
        except BaseException as error:
            session.close()
            return self._converged(error, before)
        return self._outcome(Ending.NEW, (*self.change.proof, *proof))

    def _prepared(self, session: Session) -> Running:
        """All that comes before the first change; returns the old configuration."""
        hands, work, procedures = self.hands, self.hands.work, self.hands.procedures
        with hands.noted(Step.IDENTIFY):
            found = hands.run(Step.IDENTIFY, session, procedures.identify(work))
            self.expected.check(self.change.device, found)
        hands.step(Step.LOCK, session, procedures.lock(work))
        with hands.noted(Step.PREFLIGHT):
            self._refuse(hands.run(Step.PREFLIGHT, session, procedures.preflight(work)))
        with hands.noted(Step.DRIFT):
            before = hands.run(Step.DRIFT, session, procedures.running(work))
            self._check_drift(before)
        hands.step(Step.SNAPSHOT, session, procedures.snapshot(work, before))
        return before

    def _made(self, session: Session, before: Running) -> tuple[str, ...]:
        hands, work, procedures = self.hands, self.hands.work, self.hands.procedures
        hands.step(Step.ARM, session, procedures.arm(work))
        hands.step(Step.APPLY, session, procedures.apply(work))
        with hands.noted(Step.PROVE) as note:
            after = hands.run(Step.PROVE, session, procedures.running(work))
            self._refuse_theirs(before, after)
            proof = self.goal.check(before, after)
            note.append(fingerprint(procedures, after.text))
        return proof

    def _kept(self, session: Session, before: Running) -> None:
        """Confirm from a second session: only that shows that one can still log in."""
        hands, work, procedures = self.hands, self.hands.work, self.hands.procedures
        with hands.session() as second:
            hands.step(Step.CONFIRM, second, procedures.confirm(work))
            with hands.noted(Step.SAVE):
                if procedures.saves_running:
                    self._check_once_more(second, before)
                hands.run(Step.SAVE, second, procedures.save(work))
            with hands.noted(Step.CLOSE):
                hands.run(Step.CLOSE, second, procedures.cleanup(work))
                # Some platforms bind a lock to the session that took it.
                hands.run(Step.CLOSE, session, procedures.unlock(work))
        hands.journal.end(work.run, Ending.NEW)

    def _check_once_more(self, session: Session, before: Running) -> None:
        """See that what is about to be saved is what was proven."""
        hands, work, procedures = self.hands, self.hands.work, self.hands.procedures
        proven = hands.journal.run(work.run).done(Step.PROVE)
        now = hands.run(Step.SAVE, session, procedures.running(work))
        if proven is not None and fingerprint(procedures, now.text) == proven.hash:
            return
        self._refuse_theirs(before, now)
        raise ProofError(f"{work.device} does not hold any more what was proven")

    def _refuse_theirs(self, before: Running, now: Running) -> None:
        hands, work = self.hands, self.hands.work
        theirs = theirs_in(hands.procedures, driver(self.change.driver), work, before, now)
        if theirs:
            raise ChangedByOthersError(work.device, theirs, hands.journal.redact)

    def _withdrawn(
        self, session: Session, before: Running, error: ChangedByOthersError
    ) -> RevertedError:
        """Take back our lines alone; where that fails all goes back, and the error says so."""
        hands, work, procedures = self.hands, self.hands.work, self.hands.procedures
        assert isinstance(procedures, KeepsOthers), "only these tell of others"
        try:
            with hands.noted(Step.REVERT):
                hands.run(Step.REVERT, session, procedures.withdraw(work))
                now = hands.run(Step.REVERT, session, procedures.running(work))
                if not ours_is_gone(procedures, before, now, error.theirs, self.goal.same):
                    raise ProofError(f"nothing proves that our lines alone left {work.device}")
                if hands.journal.run(work.run).done(Step.CONFIRM) is None:
                    hands.run(Step.REVERT, session, procedures.release(work))
            with hands.noted(Step.CLOSE):
                hands.run(Step.CLOSE, session, procedures.cleanup(work))
                hands.run(Step.CLOSE, session, procedures.unlock(work))
            hands.journal.end(work.run, Ending.OLD)
        except BaseException as failed:
            session.close()
            self._converged(error.kept_not(failed), before)
            raise  # it does not come back: nothing was confirmed, so the run ends old or not known
        return RevertedError(
            f"this run's lines were taken back, and what somebody else did is still there: "
            f"{error.problem}",
            hint=error.hint,
        )

    def _converged(self, error: BaseException, before: Running) -> Outcome:
        hands = self.hands
        record = hands.journal.run(hands.work.run)
        try:
            ending = converge(
                hands,
                record,
                lambda now: (
                    fingerprint(hands.procedures, now.text) == record.base
                    or self.goal.same(before, now)
                ),
            )
        except StateUnknownError as unknown:
            raise unknown from error
        if not isinstance(error, Exception):
            raise error  # interrupted; the device is as before, or finished
        if ending is Ending.NEW:
            return self._outcome(ending, self.change.proof, f"in between: {error}")
        if not record.reached(Step.APPLY):
            raise error
        raise RevertedError(
            f"{self.change.device} is proven to be as before: {_problem(error)}",
            hint=error.hint if isinstance(error, TranslatorError) else "",
        ) from error

    def _leave(self, session: Session) -> None:
        """Tidy up after a failure that changed nothing; what fails here is left to `resume`."""
        hands, work = self.hands, self.hands.work
        record = hands.journal.run(work.run)
        with suppress(ChangeError):
            try:
                if record.sent:
                    with hands.noted(Step.CLOSE):
                        hands.run(Step.CLOSE, session, hands.procedures.cleanup(work))
                        hands.run(Step.CLOSE, session, hands.procedures.unlock(work))
                hands.journal.end(work.run, Ending.OLD)
            except ChangeError:  # this session is lost, or no further request may be made in it
                session.close()
                converge(hands, record)

    def _refuse(self, obstacles: tuple[Obstacle, ...]) -> None:
        if obstacles:
            raise PreflightError(
                f"{self.change.device}: " + "; ".join(item.problem for item in obstacles),
                hint="; ".join(item.fix for item in obstacles),
            )

    def _check_drift(self, before: Running) -> None:
        if before.doubt:
            raise PreflightError(
                f"{self.change.device}: its configuration cannot be read whole: {before.doubt}",
                hint="a change is never made on a part",
            )
        if fingerprint(self.hands.procedures, before.text) != self.change.base:
            raise DriftError(
                f"{self.change.device} was changed since this change was planned",
                hint="plan it again, and look at what changed with `semdiff`",
            )

    def _outcome(self, ending: Ending, proof: tuple[str, ...], note: str = "") -> Outcome:
        work = self.hands.work
        sent = len(work.lines) + len(work.script.splitlines())
        notes = (*self.change.notes, *((note,) if note else ()))
        return Outcome(self.change.device, work.run, ending, sent, proof, notes)


def _problem(error: BaseException) -> str:
    return error.problem if isinstance(error, TranslatorError) else repr(error)
