"""A candidate over NETCONF, as NAPALM speaks it: calls instead of lines, errors instead of prompts.

The lock lives as long as the session, and so does what was loaded and not committed: nothing else
has to be kept on the device. A session of ours that the device does not know to be dead holds the
lock until it does; such a session is waited for, as it cannot be told from somebody else's.

Sources: Junos OS NETCONF XML Management Protocol Developer Guide, "Lock and Unlock the Candidate
Configuration", "Commit the Candidate Configuration Only After Confirmation". Unverified: that the
text form of the operational commands is that of the command line, and that the device brings back
the old configuration when its timer fires while another session has it locked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from translator.drivers.calls import Call, Method
from translator.drivers.capture import END_MARK
from translator.drivers.change import Channel, Identity, Procedure, Work
from translator.drivers.juniper_junos.typed import LONG_S
from translator.drivers.juniper_junos.whole import why_incomplete
from translator.drivers.napalm_way import facts
from translator.errors import LineRefusedError

__all__ = ["Netconf"]


class Netconf:
    """See `translator.drivers.juniper_junos.editing.Editing`."""

    channel = Channel.NAPALM

    def identify(self, work: Work, models: re.Pattern[str]) -> Procedure[Identity]:
        """By NAPALM's facts; a device that is no Junos device does not get so far."""
        del work
        found = yield from facts()
        return Identity(
            found.hostname,
            found.serial,
            f"{found.model or 'no model'} with Junos {found.release or 'of no version'}",
            right_platform=bool(found.release) and models.match(found.model.lower()) is not None,
        )

    def listing(self, work: Work) -> Procedure[tuple[str, str]]:
        """By `get-configuration`; a reply that was cut is no XML, and an error of the session."""
        del work
        text = (yield Call(Method.CONFIG, timeout_s=LONG_S)).text.lstrip("\n")
        return text, why_incomplete(f"{text}\n{END_MARK}\n")

    def take(self, work: Work) -> Procedure[None]:
        """By `lock-configuration`."""
        del work
        yield Call(Method.LOCK, changes=True)

    def give_back(self, work: Work) -> Procedure[None]:
        """By `unlock-configuration`."""
        del work
        yield Call(Method.UNLOCK, changes=True)

    def has_lock(self) -> Procedure[bool]:
        """A session that has lost its lock has ended, which its next call shows."""
        yield from ()
        return True

    def enter(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        """Load all at once; if they are refused, one by one, to tell which it is."""
        del work
        try:
            yield Call(Method.LOAD, "\n".join(lines), timeout_s=LONG_S, changes=True)
        except LineRefusedError:
            for number, line in enumerate(lines, start=1):
                yield Call(Method.LOAD, line, timeout_s=LONG_S, changes=True, line=number)
            raise

    def compare(self, work: Work) -> Procedure[str]:
        """By `get-configuration compare="rollback"`."""
        del work
        return (yield Call(Method.COMPARE, timeout_s=LONG_S)).text

    def check(self, work: Work) -> Procedure[None]:
        """By `commit-configuration` with `check`."""
        del work
        yield Call(Method.CHECK, timeout_s=LONG_S)

    def commit(
        self, work: Work, comment: str, *, minutes: int = 0, leaves: bool = True
    ) -> Procedure[None]:
        """By `commit-configuration`; the lock is given up by a call of its own."""
        del work, leaves
        yield Call(Method.COMMIT, comment, minutes, LONG_S, changes=True)

    def after_commit(self, work: Work) -> Procedure[None]:
        """Give up the lock."""
        yield from self.give_back(work)

    def load_old(self, work: Work, depth: int) -> Procedure[None]:
        """By `load-configuration rollback="N"`."""
        del work
        yield Call(Method.ROLL_BACK, number=depth, timeout_s=LONG_S, changes=True)
