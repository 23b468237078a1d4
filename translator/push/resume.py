"""Runs that were not finished: their processes died, or a device could not be reached."""

from __future__ import annotations

from translator.drivers.registry import driver
from translator.inventory.transport import Transport
from translator.push.change import procedures_of
from translator.push.converge import converge
from translator.push.hands import Hands, Patience
from translator.push.journal import Journal
from translator.push.outcome import Ending
from translator.push.session import Opener

__all__ = ["resume", "resume_all"]


def resume(
    journal: Journal,
    run: str,
    connect: Opener,
    *,
    patience: Patience | None = None,
    transport: Transport = Transport.NETMIKO,
) -> Ending:
    """Bring the device of a run to its old configuration, or finish the new one.

    Nothing is done for a run that has ended; no line of a change is ever sent twice.

    Args:
        transport: that of the sessions, whichever the run had.

    Raises:
        UsageError: the journal knows no such run.
        LockedError: a living process is carrying it out.
        StateUnknownError: neither could be proven; the run stays open.
    """
    with journal.claimed(run):
        record = journal.run(run)
        if record.ending is not None:
            return Ending(record.ending)
        procedures = procedures_of(driver(record.driver), transport)
        hands = Hands(procedures, record.work, connect, journal, patience or Patience())
        return converge(hands, record)


def resume_all(
    journal: Journal,
    device: str,
    connect: Opener,
    *,
    patience: Patience | None = None,
    transport: Transport = Transport.NETMIKO,
) -> dict[str, Ending]:
    """Do the same for all open runs of a device; return how each ended.

    Raises:
        LockedError, StateUnknownError: as `resume`, at the first that fails.
    """
    return {
        record.run: resume(journal, record.run, connect, patience=patience, transport=transport)
        for record in journal.unfinished(device)
    }
