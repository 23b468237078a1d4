"""How the configuration of a Junos device is changed: one candidate, one commit, its own timer.

Nothing acts before the commit, and the commit acts as a whole. `commit confirmed` binds the timer
to it: unless a commit follows, the device goes back by itself. A second session can commit only
when the first has given up its lock, so `apply` ends with it.

Sources: Junos CLI User Guide, "Commit the configuration", "configure exclusive", "rollback".
Unverified: that the device brings back the old configuration when its timer fires while another
session has it locked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from translator.drivers.capture import END_MARK
from translator.drivers.change import (
    Channel,
    Identity,
    Obstacle,
    Procedure,
    Running,
    Timer,
    Wait,
    Work,
)
from translator.drivers.deviations import Part, Path
from translator.drivers.juniper_junos.candidate import unplanned
from translator.drivers.juniper_junos.commits import CONFIRMED, REVERTED, signature
from translator.drivers.juniper_junos.edit import Candidate
from translator.drivers.juniper_junos.editing import Editing, Typed
from translator.drivers.juniper_junos.preflight import history_and_time, obstacles
from translator.drivers.juniper_junos.words import words_of_line
from translator.errors import (
    AuthorizationError,
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    DriftError,
    LockedError,
    PreflightError,
    RevertedError,
)

__all__ = ["JunosProcedures"]

_MINUTE_S: Final = 60
_LONGEST_MIN: Final = 65535
_BY_ITSELF: Final = re.compile(r"(?m)^## Last (?:commit|changed): .*\n?")
# Source: Junos user access guide: what the login class may not see is left out with this remark.
_HIDDEN: Final = "ACCESS-DENIED"


class JunosProcedures:
    """See `translator.drivers.change.Procedures`; the user needs a class that may configure.

    Args:
        models: of the product line; see `translator.drivers.juniper_junos.signs`.
        editing: how the candidate is worked on; at the command line without.
    """

    installs_script = False
    saves_running = False
    shortest_revert_s = _MINUTE_S

    def __init__(self, models: re.Pattern[str], editing: Editing | None = None) -> None:
        self._models = models
        self._editing: Editing = Typed() if editing is None else editing

    @property
    def channel(self) -> Channel:
        """That of the way in which the candidate is worked on."""
        return self._editing.channel

    def lasting(self, text: str) -> str:
        """Return a text without who committed last, and when."""
        return _BY_ITSELF.sub("", text)

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell host name, serial number of the chassis, model and release."""
        return (yield from self._editing.identify(work, self._models))

    def lock(self, work: Work) -> Procedure[None]:
        """Lock the candidate, as `configure exclusive` does; it stays locked up to the commit."""
        yield from self._editing.take(work)

    def unlock(self, work: Work) -> Procedure[None]:
        """Unlock it, also where a session of the run that broke had it."""
        yield from self._editing.give_back(work)

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at permissions, disks, timers, scheduled commits and the candidate."""
        if _minutes(work) > _LONGEST_MIN:
            return (Obstacle("the device's timer is too short", f"{_LONGEST_MIN} minutes at most"),)
        return (yield from obstacles(work, self._editing.compare))

    def running(self, work: Work) -> Procedure[Running]:
        """Read the active configuration."""
        text, doubt = yield from self._editing.listing(work)
        doubt = doubt or _unbalanced(text)
        if _HIDDEN in text:
            doubt = "the user may not see all of it (ACCESS-DENIED)"
        if doubt:
            return Running(text, f"{work.device}: {doubt}")
        return Running(f"{text}{END_MARK}\n")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Nothing to do: the commit itself keeps its predecessor as `rollback 1`.

        The rescue configuration is its owner's and is left alone.
        """
        del work, running
        yield from ()

    def arm(self, work: Work) -> Procedure[None]:
        """Nothing to do but to have the lock: the timer starts with the commit."""
        yield from self._need_lock(work)

    def apply(self, work: Work) -> Procedure[None]:
        """Enter the lines, look at the candidate, check it, commit it for a while."""
        yield from self._need_lock(work)
        # No timer is running: preflight has seen none, and under our lock nobody can start one.
        # With a timer running it would confirm.
        yield from self._committed(work, work.lines, signature(work.run), _minutes(work))

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the statements, in set form, those that are inactive marked."""
        found = Candidate(text)
        return (*found.paths, *(("inactive:", *words) for words in found.inactive))

    def part(self, work: Work) -> Part:
        """Return the statements that the lines set and delete."""
        return Part(tuple(tuple(words_of_line(line)[1:]) for line in work.lines))

    def withdraw(self, work: Work) -> Procedure[None]:
        """Commit what takes the lines back; a commit of others, which has confirmed ours, stays."""
        yield from self._editing.take(work)
        yield from self._committed(work, work.rollback, signature(work.run, REVERTED))

    def release(self, work: Work) -> Procedure[None]:
        """Nothing to do: the commit has ended the timer."""
        del work
        yield from ()

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell by the history what became of the commit."""
        history, now = yield from history_and_time(work)
        return history.timer(work.run, now)

    def confirm(self, work: Work) -> Procedure[None]:
        """Commit once more, in this session, provided that our commit is the last one."""
        yield from self._editing.take(work)
        try:
            yield from self._need_last(work)
            yield from self._editing.commit(work, signature(work.run, CONFIRMED))
        except (ConnectionLostError, DeadlineError):
            raise
        except ChangeError:
            yield from self._editing.give_back(work)
            raise
        yield from self._editing.after_commit(work)
        if (yield from self._need_last(work)):
            raise PreflightError(
                f"{work.device} still waits for a confirmation after it was given",
                hint="it goes back by itself",
            )

    def save(self, work: Work) -> Procedure[None]:
        """Nothing to do: a Junos device starts with what was committed last."""
        del work
        yield from ()

    def revert(self, work: Work) -> Procedure[None]:
        """Load what was before the run and commit it, provided that our commit is the last one."""
        history, _ = yield from history_and_time(work)
        depth = history.depth(work.run)
        if not depth:
            return
        yield from self._editing.take(work)
        try:
            yield from self._editing.load_old(work, depth)
            name = signature(work.run, REVERTED)
            yield from self._editing.commit(work, name, leaves=False)
        except (PreflightError, AuthorizationError) as error:
            yield from self._wait_for_timer(work, error)

    def cleanup(self, work: Work) -> Procedure[None]:
        """Nothing to do: what a run leaves goes with its lock, and its commits are history."""
        del work
        yield from ()

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the commands; the history tells whether there is anything to take back."""
        return (
            "configure exclusive",
            "run show system commit",
            f"rollback 1  (only if entry 0 says {signature(work.run)}; else find the number of the "
            "entry below it)",
            "show | compare",
            "commit",
        )

    def _committed(
        self, work: Work, lines: Sequence[str], comment: str, minutes: int = 0
    ) -> Procedure[None]:
        """Enter lines, compare, check and commit; the lock is given up then."""
        editing = self._editing
        try:
            yield from editing.enter(work, lines)
            problem = unplanned((yield from editing.compare(work)), lines)
            if problem:
                raise DriftError(
                    f"{work.device}: {problem}", hint="nothing was committed; compare it by hand"
                )
            yield from editing.check(work)
            yield from editing.commit(work, comment, minutes=minutes)
        except (ConnectionLostError, DeadlineError):
            raise  # nobody can work in that session any more
        except ChangeError:
            yield from editing.give_back(work)  # the candidate goes with the lock
            raise
        yield from editing.after_commit(work)

    def _need_lock(self, work: Work) -> Procedure[None]:
        if not (yield from self._editing.has_lock()):
            raise LockedError(
                f"{work.device} has put us out of its configuration mode",
                hint="somebody may have ended the session",
            )

    def _need_last(self, work: Work) -> Procedure[bool]:
        """Return whether our commit, the last one, is known to wait for its confirmation.

        Raises:
            RevertedError: the device has gone back.
            DriftError: somebody has committed since.
        """
        history, _ = yield from history_and_time(work)
        if history.depth(work.run):
            return history.pending
        if history.timer(work.run, None) is Timer.FIRED:
            raise RevertedError(
                f"{work.device} has gone back before the change was confirmed",
                hint="give it more time",
            )
        raise DriftError(
            f"the last commit of {work.device} is not ours: {history.commits[0]}",
            hint="somebody else is changing the device meanwhile",
        )

    def _wait_for_timer(self, work: Work, error: ChangeError) -> Procedure[None]:
        """Wait until the device has gone back by itself, as long as its timer runs.

        Raises:
            ChangeError: `error`, when it has not.
        """
        # A candidate that was loaded must not stand in the way.
        yield from self._editing.give_back(work)
        for _ in range(_minutes(work) + 1):
            history, now = yield from history_and_time(work)
            if not history.depth(work.run):
                return
            if not history.may_wait(now):
                break
            yield Wait(float(_MINUTE_S))
        raise error


def _minutes(work: Work) -> int:
    """Return the time of the timer, in the unit that Junos takes, rounded up."""
    return max(1, -(-work.revert_s // _MINUTE_S))


def _unbalanced(text: str) -> str:
    """Return why the braces of a text do not show that it is whole; quoted ones do not count."""
    depth = 0
    for line in text.splitlines():
        end = line.rstrip().partition("##")[0].rstrip()
        depth += end.endswith("{") - (end.strip() == "}")
        if depth < 0:
            return "it closes a brace that was never opened"
    return "a brace is open at its end" if depth else ""
