"""The history of commits, by which a run finds what it did and what became of its timer.

A run signs its commits: `qos-RUN` the one that wants confirmation, `qos-RUN confirmed` the one that
confirms it, `qos-RUN reverted` the one that takes it back.

    0   2026-03-02 09:01:00 UTC by admin via cli commit confirmed, rollback in 5mins
        qos-20260302-090000-abcdef
        rollback pending
    1   2026-03-02 09:00:00 UTC by root via other

Source: Junos operational command reference, "show system commit"; the comment below a row and the
line `rollback pending` are as vMX and vSRX print them. The words `commit confirmed, rollback in`
stay with a row for good, so that they alone do not say that a timer is running.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from translator.drivers.change import Timer

__all__ = ["CONFIRMED", "REVERTED", "Commit", "History", "read_history", "signature"]

CONFIRMED: Final = "confirmed"
REVERTED: Final = "reverted"

_ROW: Final = re.compile(
    r" {0,3}(?P<number>\d{1,2}) +(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<zone>\S+) "
    r"by (?P<user>\S+) via (?P<way>\S+)(?P<rest>.*)"
)
_ASKED: Final = re.compile(r"commit confirmed, rollback in (\d{1,5}) ?min")
_SCHEDULED: Final = re.compile(r"commit requested by (\S+) via \S+ at .+")
# The second is what configuration mode prints above its prompt while a timer runs.
_PENDING: Final = re.compile(
    r"(?m)^[^\S\n]*rollback pending[^\S\n]*$|commit confirmed will be rolled back in"
)
_TIME: Final = "%Y-%m-%d %H:%M:%S"


def signature(run: str, what: str = "") -> str:
    """Return the comment with which a run signs a commit."""
    return f"qos-{run} {what}".rstrip()


@dataclass(frozen=True, slots=True)
class Commit:
    """One row of the history.

    Attributes:
        at: device time.
        minutes: after how many it was to be rolled back unless confirmed; 0: it asked for none.
    """

    at: datetime
    user: str
    way: str
    comment: str
    minutes: int = 0

    def signed(self, run: str) -> bool:
        """Whether a run made it."""
        return self.comment.split(" ")[0] == signature(run)

    def keeps(self, run: str) -> bool:
        """Whether a run made it and the run's change is in force with it."""
        return self.signed(run) and self.comment != signature(run, REVERTED)

    @property
    def by_itself(self) -> bool:
        """Whether the device made it when a timer fired (unverified for all releases)."""
        return (self.user, self.way) == ("root", "other")

    def __str__(self) -> str:
        comment = f" ({self.comment})" if self.comment else ""
        return f"{self.user} via {self.way} at {self.at:{_TIME}}{comment}"


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a device, the last one first.

    Attributes:
        pending: the device says that the last commit waits for its confirmation.
        scheduled: who has ordered a commit for later; "" where nobody has.
    """

    commits: tuple[Commit, ...]
    pending: bool
    scheduled: str = ""

    def depth(self, run: str) -> int:
        """Return how many commits lie between now and the configuration before the run.

        0 where the last commit is none of the run: what it did is not in force, or others have
        built on it. A confirmation without changes may have a row of its own or none.
        """
        found = 0
        while found < len(self.commits) and self.commits[found].keeps(run):
            found += 1
        return found

    def timer(self, run: str, now: datetime | None) -> Timer:
        """Return what became of the timer of a run.

        Args:
            now: device time; None: not known. Not every release is known to print that a commit
                waits, so one that was made a moment ago counts as waiting.
        """
        at = next((at for at, each in enumerate(self.commits) if each.signed(run)), None)
        if at is None:
            return Timer.ABSENT
        last = self.commits[at]
        if last.comment == signature(run, REVERTED) or (at and self.commits[at - 1].by_itself):
            return Timer.FIRED
        if last.comment == signature(run, CONFIRMED) or at:
            return Timer.CONFIRMED  # any commit on top of it confirms it
        return Timer.ARMED if self.may_wait(now) else Timer.CONFIRMED

    def may_wait(self, now: datetime | None) -> bool:
        """Whether the last commit waits for its confirmation, or nothing shows that it does not."""
        if self.pending or not self.commits:
            return self.pending
        last = self.commits[0]
        if not last.minutes:
            return False
        return now is None or now < last.at + timedelta(minutes=last.minutes)

    @property
    def of_some_run(self) -> bool:
        """Whether a run made the last commit; runs that died are finished before others begin."""
        return self.commits[0].comment.startswith(signature(""))


def read_history(text: str) -> History:
    """Return what `show system commit` says; no commits where the text is something else."""
    rows: list[tuple[re.Match[str], list[str]]] = []
    scheduled = _SCHEDULED.search(text)
    for line in text.splitlines():
        found = _ROW.fullmatch(line.rstrip())
        if found is not None:
            rows.append((found, []))
        elif rows and line.startswith("    ") and line.strip() != "rollback pending":
            rows[-1][1].append(line.strip())
    return History(
        tuple(_commit(row, below) for row, below in rows),
        _PENDING.search(text) is not None,
        "" if scheduled is None else scheduled[1],
    )


def _commit(row: re.Match[str], below: list[str]) -> Commit:
    asked = _ASKED.search(row["rest"])
    return Commit(
        datetime.strptime(row["at"], _TIME),  # only compared with the same clock
        row["user"],
        row["way"],
        below[0].strip('"') if below else "",
        int(asked[1]) if asked else 0,
    )
