"""The lock of the configuration: `configure exclusive`, held by a session.

A session that broke may hold the lock for long. While a run has the lock, a file on the device says
with which session, so that the same run, and only that, ends such a session: user, terminal,
process and time must all be the same.

Sources: Junos CLI User Guide, "configure exclusive", "status", "save (pipe)"; `request system
logout pid` is what it tells an administrator to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.drivers.change import Command, Procedure, Work
from translator.drivers.juniper_junos.replies import JUNOS_REPLIES
from translator.drivers.juniper_junos.typed import configuring, leave
from translator.drivers.replies import Kind, Refusal, Reply
from translator.errors import AuthorizationError, LockedError

__all__ = ["forget", "give_back", "take"]

_SHORT_S: Final = 30.0
_SHORTEST_IDLE: Final = 10
_HOLDER: Final = re.compile(
    r"^ *(?P<user>\S+) (?:terminal (?P<terminal>\S+) )?\(pid (?P<pid>\d{1,9})\) on since "
    r"(?P<since>[^,\n]{1,60}?)(?:, idle [^\n]{1,40})?\s*\n\s+exclusive\b",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Holder:
    """The session that holds the lock."""

    user: str
    terminal: str
    pid: str
    since: str

    def __str__(self) -> str:
        return f"{self.user} on terminal {self.terminal} (pid {self.pid}) since {self.since}"


def take(work: Work) -> Procedure[None]:
    """Lock the configuration, in this session; a session of this run that broke is ended.

    Raises:
        LockedError: another holds it, or has left changes in the candidate.
        AuthorizationError: the user may not configure.
    """
    if (yield from configuring()):
        return  # a procedure enters configuration mode in no other way
    # Should we never come back, the device ends the session, and with it the lock, by itself.
    idle = max(_SHORTEST_IDLE, 2 * -(-work.revert_s // 60))
    yield Command(f"set cli idle-timeout {idle}")
    reply = yield from _enter()
    holder = _holder(reply)
    if holder is not None and _refusal(reply) and (yield from _is_ours(work, holder)):
        yield Command(f"request system logout pid {holder.pid}", _SHORT_S, changes=True)
        reply = yield from _enter()
    _refuse(work, reply)
    yield Command(f"status | save {_file(work)}", _SHORT_S, changes=True)


def give_back(work: Work) -> Procedure[None]:
    """Unlock the configuration, also where a session of this run that broke still holds it."""
    if not (yield from configuring()):
        kept = yield Command(f"file show {_file(work)}", _SHORT_S)
        if _holder(kept) is None:
            return
        yield from take(work)
    yield from leave()
    yield from forget(work)


def forget(work: Work) -> Procedure[None]:
    """Take away the run's file, once its session has given up the lock."""
    yield Command(f"file delete {_file(work)}", _SHORT_S)


_ENTER: Final = "configure exclusive"


def _enter() -> Procedure[Reply]:
    return (yield Command(_ENTER, _SHORT_S, changes=True))


def _refusal(reply: Reply) -> Refusal | None:
    return JUNOS_REPLIES.answer(_ENTER, reply).refusal


def _file(work: Work) -> str:
    return f"/var/tmp/qos-{work.run}"  # noqa: S108  # a folder of the device; the name is the run's


def _holder(reply: Reply) -> _Holder | None:
    found = _HOLDER.search(reply.text)
    if found is None:
        return None
    return _Holder(found["user"], found["terminal"] or "-", found["pid"], found["since"].strip())


def _is_ours(work: Work, holder: _Holder) -> Procedure[bool]:
    """Tell whether the session is the one with which this run took the lock."""
    kept = yield Command(f"file show {_file(work)}", _SHORT_S)
    return _holder(kept) == holder


def _refuse(work: Work, reply: Reply) -> None:
    refusal = _refusal(reply)
    if refusal is None:
        return
    if refusal.kind in (Kind.AUTHORIZATION, Kind.PRIVILEGE):
        raise AuthorizationError(
            f"{work.device} does not let us configure: {refusal}",
            hint="give the login class of the user the permission `configure`",
        )
    holder = _holder(reply)
    if holder is not None:
        raise LockedError(
            f"the configuration of {work.device} is locked by {holder}",
            hint="wait, or ask that person; a session of somebody else is never ended",
        )
    raise LockedError(
        f"{work.device} does not give us its configuration alone: {refusal}",
        hint="somebody has changes that are not committed: `configure`, `show | compare`, then "
        "`commit` or `rollback 0`",
    )
