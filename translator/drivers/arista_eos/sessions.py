"""The configuration sessions of a switch: whose they are, and which waits for its confirmation.

Releases differ in how `show configuration sessions detail` tells of a commit with a timer: up to
4.31 the state of its row is `pendingCommitTimer`, later the row says `committed` and a line above
the table names it. What is rolled back or aborted has no row any more. Sources: a listing of
4.20 or so and one of 4.35, both quoted in public; NAPALM's `_get_pending_commits`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.drivers.change import Work

__all__ = ["Sessions", "name_of", "read_sessions", "run_in"]

_ROW: Final = re.compile(
    r"(?m)^[* ]{0,4}(?P<name>\S{1,100}) +"
    r"(?P<state>pendingCommitTimer|pending|completed|committed|aborted\w*)\b(?P<rest>.*)"
)
_TIMER: Final = re.compile(r"(?m)^ *Session with pending commit timer: *(\S{1,100})")
_MOST: Final = re.compile(r"(?m)^ *Maximum number of pending sessions: *(\d{1,4})")
# EOS opens some itself when a commit has a timer. Source: NAPALM, `_obtain_lock`.
_INTERNAL: Final = re.compile(r"cfg-\d+-{1,2}\d+-\d+")
_PREFIX: Final = "qos-"


@dataclass(frozen=True, slots=True)
class Sessions:
    """What a switch tells of its sessions.

    Attributes:
        pending: sessions that are neither committed nor dropped, with who has them.
        listed: the names of all.
        timer: the session whose commit waits for its confirmation; "" where none does.
        most: how many may be pending; None where it is not told.
    """

    pending: dict[str, str]
    listed: frozenset[str]
    timer: str = ""
    most: int | None = None

    def others(self, work: Work) -> dict[str, str]:
        """Return the pending sessions of others than a run, runs of ours first."""
        own = name_of(work)
        names = sorted(self.pending.keys() - {own}, key=lambda name: (not run_in(name), name))
        return {name: self.pending[name] for name in names}


def name_of(work: Work) -> str:
    """Return the name of the session of a run."""
    return f"{_PREFIX}{work.run}"


def run_in(session: str) -> str:
    """Return the run whose session it is, "" for others."""
    return session.removeprefix(_PREFIX) if session.startswith(_PREFIX) else ""


def read_sessions(text: str) -> Sessions:
    """Return what `show configuration sessions detail` says."""
    pending: dict[str, str] = {}
    listed: set[str] = set()
    named = _TIMER.search(text)
    timer = "" if named is None else named[1]
    for row in _ROW.finditer(text):
        name = row["name"]
        if _INTERNAL.fullmatch(name):
            continue
        listed.add(name)
        if row["state"] == "pendingCommitTimer":
            timer = timer or name
        elif row["state"] == "pending":
            pending[name] = " ".join(row["rest"].split()[:2])
    most = _MOST.search(text)
    return Sessions(pending, frozenset(listed), timer, None if most is None else int(most[1]))
