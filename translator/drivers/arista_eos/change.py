"""How an EOS switch is changed: one configuration session, one commit, its own timer.

Nothing acts before the commit, and the commit acts as a whole. What EOS has, and how it is used:

* A session of the run's name is opened when the run begins: it is a copy of the configuration, and
  what tells other runs that this one is at work. Pending sessions of anybody else are respected: to
  commit them would undo what was committed meanwhile, for a session replaces the configuration.
* `commit timer` makes the switch go back by itself unless `configure session NAME commit` follows,
  which comes from a second login. There is one such timer on a switch.
* Right before the commit the session is compared with what runs: what differs must be the run's.
* A commit is not written to the startup configuration: `write memory` does that, after all proofs.

Sources: EOS user manual, "Configure Session"; NAPALM's `eos` driver (whose sequence this is);
observations of 4.35 quoted in public (an unconfirmed commit goes back without a restart; a session
whose login is lost stays pending). A switch that is out of room for policies tells the log alone.
"""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.arista_eos.paths import part_of, paths_of
from translator.drivers.arista_eos.replies import EOS_REPLIES
from translator.drivers.arista_eos.sessions import Sessions, name_of, read_sessions, run_in
from translator.drivers.arista_eos.whole import lasting, log_line_in, why_incomplete
from translator.drivers.change import (
    Command,
    Holder,
    Identity,
    Obstacle,
    Procedure,
    Running,
    Timer,
    TypedAnswer,
    Work,
)
from translator.drivers.deviations import Part, Path, deviations, of_others
from translator.drivers.prompted import NEXT_PAGE, SHORT_S, TypesCommands
from translator.drivers.steps import carried_out, enter_lines
from translator.errors import DriftError, LockedError, PreflightError, RevertedError

__all__ = ["EosProcedures"]

_LONG_S: Final = 120.0
_LONGEST_S: Final = 24 * 3600 - 1  # HH:MM:SS
_ROOM_BYTES: Final = 4 << 20
"""Room for the startup configuration and what a commit writes meanwhile; unverified."""
_SESSIONS: Final = "show configuration sessions detail"
_RUNNING: Final = "show running-config"
_VERSION: Final = re.compile(r"(?m)^Software image version: *(\S+)")
_SERIAL: Final = re.compile(r"(?m)^Serial number: *(\S+)")
_MODEL: Final = re.compile(r"Arista (\S+)")
_HOSTNAME: Final = re.compile(r"(?m)^Hostname: *(\S+)")
_FREE: Final = re.compile(r"\((\d+) bytes free\)")
# One secret is set and none was given: an empty one is refused at once.
_NO_SECRET: Final = TypedAnswer(r"[Pp]assword: ?$", "")


class EosProcedures(TypesCommands):
    """See `translator.drivers.change.Procedures`."""

    replies = EOS_REPLIES
    questions = (NEXT_PAGE,)
    shortest_revert_s = 60

    def lasting(self, text: str) -> str:
        """Return the configuration without its comments."""
        return lasting(text)

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell model, release, serial number and host name.

        Raises:
            PrivilegeError: the session may not see and change the configuration.
        """
        text = yield from self._seen(work, "show version", optional=True)
        model, version, serial = (_first(each, text) for each in (_MODEL, _VERSION, _SERIAL))
        if not (text.lstrip().startswith("Arista ") and version):
            return Identity("", serial, text[:80].strip(), right_platform=False)
        yield from self._enabled(work)
        name = _first(_HOSTNAME, (yield from self._seen(work, "show hostname")))
        return Identity(name, serial, f"{model} EOS-{version}", right_platform=True)

    def lock(self, work: Work) -> Procedure[None]:
        """Open the session of the run, unless somebody else has one."""
        yield from self._enabled(work)
        found = yield from self._sessions(work)
        own = name_of(work)
        if own in found.listed or found.timer == own:
            return
        self._refuse_others(work, found)
        yield from self._ordered(work, f"configure session {own}")
        yield from self._ordered(work, "end")
        found = yield from self._sessions(work)
        try:
            self._refuse_others(work, found)
        except LockedError:
            yield from self.unlock(work)
            raise
        if own not in found.pending:
            raise PreflightError(
                f"{work.device} did not open a configuration session",
                hint=f"look at `{_SESSIONS}` on the device",
            )

    def unlock(self, work: Work) -> Procedure[None]:
        """Drop the run's session where it was not committed."""
        yield from self._enabled(work)
        if name_of(work) in (yield from self._sessions(work)).pending:
            yield from self._ordered(work, f"configure session {name_of(work)} abort")

    def holder(self, work: Work) -> Procedure[Holder | None]:
        """Tell whose session is pending, or waits for the confirmation of its commit."""
        found = yield from self._sessions(work)
        for name, owner in (*found.others(work).items(), (found.timer, "")):
            if name and name != name_of(work):
                return Holder(run_in(name), f"session {name}{f' of {owner}' if owner else ''}")
        return None

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at the timer's range, at the room on the flash, and at sessions in the way."""
        found: list[Obstacle] = []
        if work.revert_s > _LONGEST_S:
            found.append(
                Obstacle("the timer of EOS ends before a day is over", "give it less time")
            )
        free = _FREE.search((yield from self._seen(work, "dir flash:", 60.0)))
        if free is not None and int(free[1]) < _ROOM_BYTES:
            found.append(
                Obstacle(
                    f"{free[1]} bytes are free on the flash, {_ROOM_BYTES} are needed to save",
                    "delete what is not needed there",
                )
            )
        if work.only_looks:  # a change finds these when it takes the lock
            found += self._in_the_way(work, (yield from self._sessions(work)))
        return tuple(found)

    def running(self, work: Work) -> Procedure[Running]:
        """Read the whole running configuration; it ends in `end`, with a `!` above."""
        yield from self._enabled(work)
        for setting in ("terminal length 0", "terminal width 511"):
            yield Command(setting, once=True)
        text = yield from self._seen(work, _RUNNING, _LONG_S)
        doubt = why_incomplete(text)
        if message := log_line_in(text):
            doubt = f"a message of the log stands within: {message[:80]}"
        return Running(text, f"{work.device}: {doubt}" if doubt else "")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Nothing to do: the switch keeps what was before a commit, for its timer and for abort."""
        del work, running
        yield from ()

    def arm(self, work: Work) -> Procedure[None]:
        """Nothing to do but to have the session: the timer starts with the commit."""
        if name_of(work) not in (yield from self._sessions(work)).pending:
            raise LockedError(
                f"{work.device} has no session of this run any more",
                hint="somebody may have dropped it",
            )

    def apply(self, work: Work) -> Procedure[None]:
        """Enter the lines, compare the session with what runs, commit it for a while."""
        own = name_of(work)
        yield from self._ordered(work, f"configure session {own}")
        yield from enter_lines(self, work, work.lines)
        yield from self._ordered(work, "end")
        planned = yield from self._seen(work, f"show session-config named {own}", _LONG_S)
        now = yield from self._seen(work, _RUNNING, _LONG_S)
        self._refuse_unplanned(work, self.paths(now), self.paths(planned))
        yield from self._ordered(
            work, f"configure session {own} commit timer {_clock(work.revert_s)}", _LONG_S
        )
        if (yield from self._sessions(work)).timer != own:
            raise PreflightError(
                f"{work.device} did not start its timer",
                hint=f"look at `{_SESSIONS}` on the device",
            )

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the lines, by their indentation."""
        return paths_of(self.lasting(text))

    def part(self, work: Work) -> Part:
        """Return what the lines name."""
        return part_of(work.lines)

    def withdraw(self, work: Work) -> Procedure[None]:
        """Enter what takes the lines back, without a session: one would undo what others did."""
        yield from self._ordered(work, "configure")
        yield from enter_lines(self, work, work.rollback)
        yield from self._ordered(work, "end")

    def release(self, work: Work) -> Procedure[None]:
        """Stop the timer."""
        yield from self.confirm(work)

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell whether this run's timer runs; EOS does not keep what became of one."""
        armed = (yield from self._sessions(work)).timer == name_of(work)
        return Timer.ARMED if armed else Timer.ABSENT

    def confirm(self, work: Work) -> Procedure[None]:
        """Stop the timer.

        Raises:
            RevertedError: it does not run any more.
        """
        yield from self._enabled(work)
        if (yield from self.timer(work)) is not Timer.ARMED:
            raise RevertedError(
                f"{work.device} has gone back by itself before the change was confirmed",
                hint="give it more time with --confirm-timeout",
            )
        yield from self._ordered(work, f"configure session {name_of(work)} commit", _LONG_S)
        if (yield from self.timer(work)) is Timer.ARMED:
            raise PreflightError(
                f"{work.device} did not take the confirmation",
                hint=f"look at `{_SESSIONS}` on the device",
            )

    def save(self, work: Work) -> Procedure[None]:
        """Write the startup configuration; EOS says when it has."""
        yield from self._ordered(work, "write memory", _LONG_S)

    def revert(self, work: Work) -> Procedure[None]:
        """Go back now, if the commit still waits for its confirmation; else nothing is to be done.

        A session that was not committed has changed nothing.
        """
        if (yield from self.timer(work)) is Timer.ARMED:
            yield from self._ordered(work, f"configure session {name_of(work)} abort", _LONG_S)

    def cleanup(self, work: Work) -> Procedure[None]:
        """Nothing else is left: EOS itself bounds the sessions and checkpoints that it keeps."""
        del work
        yield from ()

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the two ways back."""
        return (
            f"configure session {name_of(work)} abort",
            "show configuration checkpoints",
            "configure checkpoint restore NAME  (the last one from before this run)",
        )

    def _enabled(self, work: Work) -> Procedure[None]:
        """Have the rights to see and change the configuration, where no secret is needed."""
        command = Command("enable", SHORT_S, (_NO_SECRET,), once=True)
        yield from carried_out(self, work, command)

    def _sessions(self, work: Work) -> Procedure[Sessions]:
        return read_sessions((yield from self._seen(work, _SESSIONS)))

    def _refuse_others(self, work: Work, found: Sessions) -> None:
        for obstacle in self._in_the_way(work, found):
            run = next((run_in(name) for name in found.others(work) if run_in(name)), "")
            raise LockedError(f"{work.device}: {obstacle.problem}", run=run, hint=obstacle.fix)

    def _in_the_way(self, work: Work, found: Sessions) -> tuple[Obstacle, ...]:
        obstacles = []
        if found.timer and found.timer != name_of(work):
            obstacles.append(
                Obstacle(
                    f"the commit of session {found.timer} waits for its confirmation",
                    f"`configure session {found.timer} commit`, or wait until it has gone back",
                )
            )
        for name, owner in found.others(work).items():
            by = f" of {owner}" if owner else ""
            fix = f"wait for it, or drop it: `configure session {name} abort`"
            if run_in(name):
                fix = f"wait for it, or finish it with `resume`; {fix.partition(', or ')[2]}"
            obstacles.append(Obstacle(f"session {name}{by} is pending", fix))
        return tuple(obstacles)

    def _refuse_unplanned(
        self, work: Work, now: tuple[Path, ...], planned: tuple[Path, ...]
    ) -> None:
        """A session is a copy: what others have changed since would be undone by its commit."""
        found = deviations(now, planned)
        theirs = of_others(self.part(work), now, found)
        if theirs or not found:
            what = f"`{theirs[0]}`" if theirs else "nothing at all"
            raise DriftError(
                f"{work.device}: the session would change {what}, which is not the change",
                hint="nothing was committed; somebody else may have changed the device meanwhile",
            )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return "" if found is None else found[1]


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
