"""All that would stop a change of a Junos device, or its way back; nothing of it changes anything.

`commit check` is not among it: like a commit it confirms a commit that waits for its confirmation
(Junos CLI User Guide, "Activate a configuration but require confirmation"), and that may be
somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from translator.drivers.change import Obstacle, Procedure, Work
from translator.drivers.juniper_junos.commits import History, read_history
from translator.drivers.juniper_junos.typed import ask, need
from translator.drivers.replies import Reply
from translator.errors import PreflightError

__all__ = ["history_and_time", "obstacles"]

# Source: Junos user access guide, "Login class permission flags". Deny-expressions of a class are
# not in the list: a line that they forbid is refused when it is entered, before any commit.
_NEEDED: Final = ("configure", "rollback")
_PERMISSION: Final = re.compile(r"(?m)^ +([a-z][a-z-]+?) *-- ")
_NOW: Final = re.compile(r"Current time: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_MOUNT: Final = re.compile(
    r"(?m)^\S+ +\S+ +\S+ +(?P<left>-?[\d.]+)(?P<unit>[BKMGT]?)i? +-?\d+% +(?P<at>/\S*)\s*$"
)
_UNITS: Final = {"": 1 << 10, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
# The active configuration and its first three predecessors, then the others.
# Source: Junos CLI User Guide, "Commit the configuration".
_FOLDERS: Final = ("/config", "/var", "/.mount/config", "/.mount/var")
_ROOM_BYTES: Final = 10 << 20
"""Room for one more compressed configuration and what a commit writes meanwhile; unverified."""


def obstacles(
    work: Work, compare: Callable[[Work], Procedure[str]]
) -> Procedure[tuple[Obstacle, ...]]:
    """Return what stands in the way; the session holds the lock.

    Args:
        compare: returns in what the candidate differs.
    """
    found: list[Obstacle] = []
    permissions = yield from ask("show cli authorization | no-more")
    found += _missing(permissions.text)
    storage = yield from ask("show system storage | no-more", after=permissions)
    found += _full(storage.text)
    history, now = yield from history_and_time(work, after=storage)
    found += _waiting(history, now)
    if work.only_looks:
        return tuple(found)  # a candidate is shown in configuration mode only
    left = yield from compare(work)
    if left.strip():
        found.append(
            Obstacle(
                f"the candidate holds changes of somebody else: {left.strip()[:200]}",
                "`configure`, `show | compare`, then `commit` or `rollback 0`",
            )
        )
    return tuple(found)


def history_and_time(
    work: Work, *, after: Reply | None = None
) -> Procedure[tuple[History, datetime | None]]:
    """Return the commits of the device and its time.

    Args:
        after: as of `ask`.

    Raises:
        PreflightError: the device does not list its commits.
    """
    commits = yield from need(work, "show system commit | no-more", after=after)
    history = read_history(commits.text)
    if not history.commits:
        raise PreflightError(
            f"{work.device} does not list its commits: {commits.text.strip()[:200]!r}",
            hint="the user needs the permission `view`; check `show system commit` by hand",
        )
    if not history.commits[0].minutes:
        return history, None
    clock = yield from ask("show system uptime | no-more", after=commits)
    now = _NOW.search(clock.text)
    if now is None:
        return history, None
    return history, datetime.strptime(now[1], "%Y-%m-%d %H:%M:%S")


def _missing(text: str) -> Iterator[Obstacle]:
    """Yield permissions that are missing; none where the device does not tell them."""
    granted = set(_PERMISSION.findall(text))
    if not granted or "all" in granted:
        return
    for name in _NEEDED:
        if name not in granted:
            yield Obstacle(
                f"the user has no permission `{name}`",
                f"`set system login class CLASS permissions {name}`",
            )


def _full(text: str) -> Iterator[Obstacle]:
    """Yield file systems on which a commit finds no room."""
    mounts = {
        each["at"]: float(each["left"]) * _UNITS[each["unit"]] for each in _MOUNT.finditer(text)
    }
    for folder in _FOLDERS:
        left = mounts.get(folder, _ROOM_BYTES)
        if left < _ROOM_BYTES:
            yield Obstacle(
                f"the file system {folder} is full: {max(0.0, left) / (1 << 20):.1f} MiB are left",
                "`request system storage cleanup`",
            )


def _waiting(history: History, now: datetime | None) -> Iterator[Obstacle]:
    if history.pending or (history.may_wait(now) and not history.of_some_run):
        yield Obstacle(
            f"a commit waits for its confirmation: {history.commits[0]}",
            "let its owner confirm it, or wait until it has been rolled back",
        )
    if history.scheduled:
        yield Obstacle(
            f"a commit of {history.scheduled} is scheduled for later",
            "wait for it, or `clear system commit`",
        )
