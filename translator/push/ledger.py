"""The ledger of a rollout: one change of many hosts, each of them in exactly one state.

It lies in the journal, beside the runs of the single devices: a rollout whose process was killed
is continued from it, and its totals always add up to its hosts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from translator.errors import UsageError, Where
from translator.push.asked import Asked
from translator.push.journal import Journal, now
from translator.push.member import HostState, Member
from translator.push.places import who_we_are

__all__ = ["Kind", "Ledger", "Rollout", "rollout", "rollouts", "totals"]


class Kind(StrEnum):
    """What a rollout does."""

    PUSH = "push"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Rollout:
    """A rollout as the journal knows it.

    Attributes:
        kind: `push` or `rollback`.
        who: who started it: user and machine.
        asked: what was asked for, so that a later process can go on.
        ended: when it ended; None: it has not, or its process died.
    """

    name: str
    kind: Kind
    started: str
    who: str
    asked: Asked
    ended: str | None
    members: tuple[Member, ...]


class Ledger:
    """Writes down what becomes of the hosts of one rollout; for many threads.

    Every state is on disk before the next thing happens to a device.
    """

    def __init__(self, journal: Journal, name: str) -> None:
        """Continue a rollout.

        Raises:
            UsageError: the journal knows none of that name.
            LockedError: a living process is carrying it out.
        """
        found = rollout(journal, name)
        journal.claim(name)
        self.name = name
        self.asked = found.asked
        self.kind = found.kind
        self._journal = journal
        self._members = {member.device: member for member in found.members}
        self._numbers = {member.device: n for n, member in enumerate(found.members, start=1)}

    @classmethod
    def begin(
        cls,
        journal: Journal,
        name: str,
        kind: Kind,
        devices: Sequence[str],
        asked: Asked,
    ) -> Ledger:
        """Write down a new rollout; all its hosts are `not begun`."""
        row = (name, kind, now(), who_we_are(), msgspec.json.encode(asked).decode())
        journal.file.write("INSERT INTO rollouts VALUES (?, ?, ?, ?, ?, NULL)", row)
        at = now()
        members = (Member(device, at=at) for device in devices)
        journal.file.write_many(
            "INSERT INTO members VALUES (?, ?, ?, ?, ?)",
            [
                (name, number, member.device, member.state, _encoded(member))
                for number, member in enumerate(members, start=1)
            ],
        )
        return cls(journal, name)

    @property
    def members(self) -> tuple[Member, ...]:
        """All hosts, in the order of the inventory."""
        return tuple(self._members.values())

    def member(self, device: str) -> Member:
        """Return one host."""
        return self._members[device]

    def begun(self, device: str) -> str:
        """Write down that a host is begun; return the name of its run."""
        attempt = self._members[device].attempt + 1
        run = f"{self.name}-{self._numbers[device]}-{attempt}"
        self._store(Member(device, HostState.BEGUN, run=run, attempt=attempt))
        return run

    def record(self, member: Member) -> Member:
        """Write down what became of a host; return it as it was written, without secrets."""
        known = self._members[member.device]
        found = replace(member.redacted(self._journal.redact), attempt=known.attempt)
        if found.state is not HostState.NOT_BEGUN and not found.run:
            found = replace(found, run=known.run)
        return self._store(found)

    def end(self) -> None:
        """Write down that nothing is left to be done now, and give the rollout back."""
        if not any(member.state.is_open for member in self.members):
            self._journal.file.write(
                "UPDATE rollouts SET ended = ? WHERE rollout = ?", (now(), self.name)
            )
        self._journal.give_up(self.name)

    def _store(self, member: Member) -> Member:
        member = replace(member, at=now())
        self._journal.file.write(
            "UPDATE members SET state = ?, member = ? WHERE rollout = ? AND device = ?",
            (member.state, _encoded(member), self.name, member.device),
        )
        self._members[member.device] = member
        return member


def _encoded(member: Member) -> str:
    return msgspec.json.encode(member).decode()


def totals(members: Iterable[Member]) -> dict[HostState, int]:
    """Return how many hosts are in each state; the sum is the number of hosts."""
    found = Counter(member.state for member in members)
    return {state: found[state] for state in HostState}


def rollouts(journal: Journal) -> tuple[Rollout, ...]:
    """Return all rollouts, the oldest first."""
    names = journal.file.rows("SELECT rollout FROM rollouts ORDER BY started, rollout")
    return tuple(rollout(journal, name) for (name,) in names)


def rollout(journal: Journal, name: str) -> Rollout:
    """Return one rollout.

    Raises:
        UsageError: there is none of that name.
    """
    found = journal.file.rows("SELECT * FROM rollouts WHERE rollout = ?", (name,))
    if not found:
        raise UsageError(
            f"the journal knows no rollout {name!r}",
            where=Where(str(journal.path)),
            hint="`runs` lists those that it knows",
        )
    _, kind, started, who, asked, ended = found[0]
    rows = journal.file.rows(
        "SELECT member FROM members WHERE rollout = ? ORDER BY number", (name,)
    )
    members = tuple(msgspec.json.decode(row, type=Member) for (row,) in rows)
    return Rollout(
        name, Kind(kind), started, who, msgspec.json.decode(asked, type=Asked), ended, members
    )
