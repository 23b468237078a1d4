"""Takes back a run that had succeeded, as a change of its own with all its safeguards."""

from __future__ import annotations

from dataclasses import replace

from translator.drivers.change import Procedures, Work
from translator.drivers.registry import driver
from translator.errors import DriftError, PreflightError
from translator.inventory.transport import Transport
from translator.push.change import Change, new_run, procedures_of, refuse_secrets
from translator.push.goal import Exactly, fingerprint
from translator.push.hands import Hands, Patience
from translator.push.journal import Journal, Run, Step
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.protocol import Push
from translator.push.resume import resume_all
from translator.push.session import Opener, run_procedure

__all__ = ["backwards", "rollback"]


def rollback(
    journal: Journal,
    run: str,
    connect: Opener,
    *,
    expected: Expected | None = None,
    patience: Patience | None = None,
    name: str | None = None,
    transport: Transport = Transport.NETMIKO,
) -> Outcome:
    """Bring a device back to what it was before a run, byte for byte.

    Args:
        name: of the run that does it; a new one without.
        transport: that of the sessions.

    Raises:
        UsageError: the journal knows no such run.
        DriftError: the device was changed since; then there is no way back that is known.
        PreflightError: the run changed nothing, or its way back is not known.
        ChangeError: as `Push.carry_out`.
    """
    record = journal.run(run)
    resume_all(journal, record.device, connect, patience=patience, transport=transport)
    record = journal.run(run)
    proven = record.done(Step.PROVE)
    if record.ending != Ending.NEW or proven is None:
        raise PreflightError(
            f"run {run} left {record.device} as it was: there is nothing to take back",
            hint="see `runs` for those that changed something",
        )
    work = replace(backwards(journal, record), run=name or new_run())
    refuse_secrets(work)
    procedures = procedures_of(driver(record.driver), transport)
    _refuse_drift(procedures, work, connect, proven.hash)
    change = Change(record.device, record.driver, proven.hash, work, None, needed=True)
    hands = Hands(procedures, work, connect, journal, patience or Patience())
    goal = Exactly(procedures, record.device, record.base)
    return Push(hands, change, goal, expected or Expected()).carry_out()


def _refuse_drift(procedures: Procedures, work: Work, connect: Opener, proven: str) -> None:
    session = connect()
    try:
        now = run_procedure(procedures.running(work), session)
    finally:
        session.close()
    if now.doubt or fingerprint(procedures, now.text) != proven:
        raise DriftError(
            f"{work.device} was changed since the run that is to be taken back",
            hint="its rollback would meet another configuration than it was made for",
        )


def backwards(journal: Journal, record: Run) -> Work:
    """Return the work that undoes the work of a run; under the same name."""
    work = record.work
    if not work.script:
        return replace(work, lines=record.work.rollback, rollback=record.work.lines)
    before = _installed_before(journal, record)
    if before is None:
        return replace(work, script=work.removal, files=())
    return replace(work, script=before.script, removal=before.removal, files=before.files)


def _installed_before(journal: Journal, record: Run) -> Work | None:
    """Return the work whose proven result the run found; None: there was nothing of ours."""
    for other in reversed(journal.runs()):
        proven = other.done(Step.PROVE)
        if (
            other.device == record.device
            and other.ending == Ending.NEW
            and proven is not None
            and proven.hash == record.base
            and other.run != record.run
        ):
            return other.work
    return None
