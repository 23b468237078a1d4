"""From wherever a run stopped to the old configuration or the proven new one.

A run that fails comes here, and so does a later process that finds a run whose process died. What
the journal says decides, and the device has the last word:

| the journal's last step | what is done |
|---|---|
| before anything was sent that may change the device | nothing: nothing was written |
| `lock` to `snapshot` | the run's files and its lock are taken away |
| `arm`, `apply`, `prove` | back to the snapshot; the old state is proven |
| `confirm` begun | the device tells whether it took it: on as below, else back as above |
| `confirm` done, `save`, `close` | the new state is proven again, saved, the lock given back |

No line of a change is ever sent a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from translator.drivers.change import Running, Timer
from translator.errors import (
    AuthorizationError,
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    LockedError,
    PreflightError,
    PrivilegeError,
    StateUnknownError,
    UnreachableError,
)
from translator.push.goal import fingerprint
from translator.push.hands import Hands
from translator.push.journal import Run, Step
from translator.push.outcome import Ending
from translator.push.session import Session

__all__ = ["converge"]

IsBase = Callable[[Running], bool]
_ATTEMPTS: Final = 3
_REFUSALS: Final = (PreflightError, AuthorizationError, PrivilegeError)


def converge(hands: Hands, record: Run, is_base: IsBase | None = None) -> Ending:
    """Bring a device to its old configuration, or finish the new one; the run is ended then.

    Args:
        record: what the journal holds of the run.
        is_base: whether a text is the old configuration; by its fingerprint without.

    Raises:
        StateUnknownError: neither could be proven; the run stays open.
        ChangeError: nothing was changed, but the device could not be tidied; the run stays open.
    """
    if not record.sent:
        return _ended(hands, Ending.OLD)
    if not record.reached(Step.ARM):
        with hands.session() as session:
            _tidy(hands, session)
        return _ended(hands, Ending.OLD)
    try:
        for _ in range(_ATTEMPTS - 1):
            with suppress(ConnectionLostError, DeadlineError, UnreachableError):
                return _attempt(hands, is_base)
        return _attempt(hands, is_base)
    except StateUnknownError:
        raise
    except ChangeError as error:
        raise hands.unknown(f"{record.device} is not in a known state: {error.problem}") from error


def _attempt(hands: Hands, is_base: IsBase | None) -> Ending:
    record = hands.journal.run(hands.work.run)  # a broken attempt has left rows
    with hands.patient_session() as session:
        try:
            return _converged(hands, session, record, is_base or _by_fingerprint(hands, record))
        except LockedError as error:
            raise hands.unknown(
                f"somebody else is changing {record.device} meanwhile: {error.problem}"
            ) from error


def _by_fingerprint(hands: Hands, record: Run) -> IsBase:
    return lambda now: fingerprint(hands.procedures, now.text) == record.base


def _converged(hands: Hands, session: Session, record: Run, is_base: IsBase) -> Ending:
    procedures, work = hands.procedures, hands.work
    hands.run(Step.LOCK, session, procedures.lock(work))
    if record.reached(Step.CONFIRM) and _was_confirmed(hands, session, record):
        return _finished(hands, session, record, is_base)
    problem = ""
    try:
        hands.step(Step.REVERT, session, procedures.revert(work))
    except ChangeError as error:
        problem = f" ({error.problem})"  # what counts is what the device does now
    now = hands.run(Step.REVERT, session, procedures.running(work))
    # Lines that came back may stand in another order; of a way back that failed all must be there.
    is_old = _by_fingerprint(hands, record) if problem else is_base
    if now.doubt or not is_old(now):
        raise hands.unknown(
            f"{work.device} was to go back, and nothing proves that it has{problem}"
        )
    _tidy(hands, session)
    return _ended(hands, Ending.OLD)


def _was_confirmed(hands: Hands, session: Session, record: Run) -> bool:
    if record.done(Step.CONFIRM) is not None:
        return True
    timer = hands.run(Step.CONFIRM, session, hands.procedures.timer(hands.work))
    if timer is Timer.ABSENT:
        # A device that does not remember: without a timer, what runs now stays.
        return _is_proven(hands, session, record)
    return timer is Timer.CONFIRMED


def _is_proven(hands: Hands, session: Session, record: Run) -> bool:
    proven = record.done(Step.PROVE)
    now = hands.run(Step.PROVE, session, hands.procedures.running(hands.work))
    return (
        proven is not None
        and not now.doubt
        and fingerprint(hands.procedures, now.text) == proven.hash
    )


def _finished(hands: Hands, session: Session, record: Run, is_base: IsBase) -> Ending:
    if _is_proven(hands, session, record):
        _save(hands, session)
        try:
            _tidy(hands, session)
        except _REFUSALS as error:
            raise hands.unknown(
                f"{record.device} runs the new configuration, proven, confirmed and saved, but "
                f"what the run left there cannot be taken away: {error.problem}"
            ) from error
        return _ended(hands, Ending.NEW)
    now = hands.run(Step.PROVE, session, hands.procedures.running(hands.work))
    if not now.doubt and is_base(now):  # it has started anew since
        _tidy(hands, session)
        return _ended(hands, Ending.OLD)
    raise hands.unknown(
        f"{record.device} confirmed the change and was changed by somebody else since then"
    )


def _save(hands: Hands, session: Session) -> None:
    try:
        hands.step(Step.SAVE, session, hands.procedures.save(hands.work))
    except _REFUSALS as error:
        raise hands.unknown(
            f"{hands.work.device} runs the new configuration, proven and confirmed, but cannot "
            f"save it, so it starts with the old one: {error.problem}"
        ) from error


def _tidy(hands: Hands, session: Session) -> None:
    with hands.noted(Step.CLOSE):
        hands.run(Step.CLOSE, session, hands.procedures.cleanup(hands.work))
        hands.run(Step.CLOSE, session, hands.procedures.unlock(hands.work))


def _ended(hands: Hands, ending: Ending) -> Ending:
    hands.journal.end(hands.work.run, ending)
    return ending
