"""How Nexus switches are changed: lines, a checkpoint to go back to, a scheduled job as the timer.

NX-OS has no `commit confirmed`. What it has, and how it is used here:

* A checkpoint is a copy of the running configuration with a name, and `rollback running-config
  checkpoint NAME atomic` goes back to it as a whole. The run's checkpoint is also its lock: it is
  made before others are looked for, so that of two runs at the same time never both go on.
* `feature scheduler` runs a job once, after a time, whether anybody is logged in or not. The job
  of a run is that rollback. It goes to a second checkpoint, made when job and schedule are there
  already, so that it does not take away the job that is running.
* The scheduler is a feature that has to be on before: turning it on would be a change of its own.
  Users of an authentication server need a password in its configuration, or their jobs do not run.

What is not verified on a device: that the scheduler runs a rollback on every release (tools that do
it ask for 9.3), and how exact its minutes are. A timer that does not fire is found: the way back is
then typed by `revert`, and where nobody can log in the run ends with its commands told, as a state
that is not known.

Sources: Cisco, Nexus 9000 System Management guide, chapters Configuring the Scheduler and
Configuring Rollback; scripts that arm `rollback` in this way, and Cisco's NSO adapter for NX-OS,
for the words of `show scheduler schedule` and `time start +DAYS:HOURS:MINUTES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

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
from translator.drivers.cisco.paths import part_of, paths_of
from translator.drivers.cisco_nxos import facts
from translator.drivers.cisco_nxos.edit import header_of
from translator.drivers.cisco_nxos.preflight import obstacles
from translator.drivers.cisco_nxos.replies import NEXUS_REPLIES
from translator.drivers.cisco_nxos.whole import why_incomplete
from translator.drivers.deviations import Part, Path
from translator.drivers.prompted import NEXT_PAGE, TypesCommands
from translator.drivers.steps import enter_lines
from translator.errors import (
    AuthorizationError,
    DriftError,
    LockedError,
    PreflightError,
    RevertedError,
)

__all__ = ["NexusProcedures"]

_LONG_S: Final = 180.0
_YES: Final = TypedAnswer(r"\((?:y/n|yes/no)\)\??(?: *\[\w+\])? ?:? ?$", "y")
_MISCOUNTED: Final = 2  # how `| count` takes blank lines at both ends is not verified
_WENT_BACK: Final = re.compile(r"Rollback completed successfully|Patch is Empty")
_SUMMARY: Final = "show checkpoint summary"


class NexusProcedures(TypesCommands):
    """See `translator.drivers.change.Procedures`.

    Args:
        is_ours: whether the text of `show version` is that of the driver's platform.
    """

    replies = NEXUS_REPLIES
    # The scheduler counts minutes of the clock, so one that has begun counts too.
    shortest_revert_s = 120

    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        self._is_ours = is_ours

    def lasting(self, text: str) -> str:
        """Return the configuration from `version` on, without a timer of ours."""
        return facts.lasting(text)

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell product, release, serial number and name."""
        text = yield from self._seen(work, "show version")
        version = " ".join(filter(None, (facts.model_in(text), facts.version_in(text))))
        return Identity(
            facts.hostname_in(text),
            facts.serial_in(text),
            version or text[:80].strip(),
            self._is_ours(text),
        )

    def lock(self, work: Work) -> Procedure[None]:
        """Make the run's checkpoint, unless somebody else's run has one."""
        names = yield from self._checkpoints(work)
        if facts.name_of(work) in names:
            return
        self._refuse_runs(work, names)
        if len(names) > facts.MOST_CHECKPOINTS - 2:
            raise PreflightError(
                f"{work.device} holds {len(names)} checkpoints, and a run needs two of the "
                f"{facts.MOST_CHECKPOINTS} that it can hold",
                hint="remove one that is not needed: no checkpoint NAME",
            )
        yield from self._ordered(work, f"checkpoint {facts.name_of(work)}", _LONG_S)
        names = yield from self._checkpoints(work)
        if facts.name_of(work) not in names:
            raise PreflightError(
                f"{work.device} did not make a checkpoint",
                hint=f"look at `{_SUMMARY}` on the device; nothing was changed",
            )
        try:
            self._refuse_runs(work, names)
        except LockedError:
            yield from self.unlock(work)
            raise

    def unlock(self, work: Work) -> Procedure[None]:
        """Remove the run's checkpoint."""
        yield from self._forget(work, facts.name_of(work))

    def holder(self, work: Work) -> Procedure[Holder | None]:
        """Tell whose checkpoint is there."""
        for run in sorted(facts.runs_in((yield from self._checkpoints(work))) - {work.run}):
            return Holder(run, f"whose checkpoint qos-{run} is on the device")
        return None

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at the scheduler, the hardware's regions and the room for checkpoints."""
        return (yield from obstacles(self, work))

    def running(self, work: Work) -> Procedure[Running]:
        """Read the whole running configuration; its lines are counted by the device too."""
        for setting in ("terminal length 0", "terminal width 511"):
            yield Command(setting, once=True)
        told = yield from self._seen(work, "show running-config | count", _LONG_S)
        text = yield from self._seen(work, "show running-config", _LONG_S, (NEXT_PAGE,))
        doubt = why_incomplete(text, ())
        count, lines = facts.line_count_in(told), len(text.rstrip("\n").split("\n"))
        if not doubt and count is None:
            doubt = "the device does not tell how many lines it has"
        if not doubt and count is not None and abs(count - lines) > _MISCOUNTED:
            doubt = f"it has {lines} lines, and the device counts {count}"
        if message := facts.log_line_in(text):
            doubt = f"a message of the log stands within: {message[:80]}"
        return Running(text, f"{work.device}: {doubt}" if doubt else "")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """See that the checkpoint is what runs.

        Raises:
            DriftError: the configuration has been changed since the checkpoint was made.
        """
        del running
        asked = f"show diff rollback-patch checkpoint {facts.name_of(work)} running-config"
        if "Patch is Empty" not in (yield from self._seen(work, asked, _LONG_S)):
            raise DriftError(
                f"{work.device} was changed by somebody else in this moment",
                hint="nothing was changed; plan the change again",
            )

    def arm(self, work: Work) -> Procedure[None]:
        """Schedule the way back, and make the checkpoint that it goes to.

        Raises:
            PreflightError: the device does not show it.
        """
        name = facts.name_of(work)
        yield from self._configured(
            work,
            (
                f"scheduler job name {name}",
                f"rollback running-config checkpoint {facts.timer_name(work)} atomic",
                "exit",
                f"scheduler schedule name {name}",
                f"job name {name}",
                f"time start {facts.delay_text(work.revert_s)}",
            ),
        )
        yield from self._ordered(work, f"checkpoint {facts.timer_name(work)}", _LONG_S)
        names = yield from self._checkpoints(work)
        armed = (yield from self.timer(work)) is Timer.ARMED
        if not armed or facts.timer_name(work) not in names:
            raise PreflightError(
                f"{work.device} did not schedule its way back",
                hint="look at `show scheduler schedule` on the device",
            )

    def apply(self, work: Work) -> Procedure[None]:
        """Enter the lines."""
        yield from self._entered(work, work.lines)

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the lines, by their indentation."""
        return paths_of(self.lasting(text))

    def part(self, work: Work) -> Part:
        """Return what the lines name."""
        return part_of(work.lines, header_of)

    def withdraw(self, work: Work) -> Procedure[None]:
        """Enter what takes the lines back; a rollback would take back all changes."""
        yield from self._entered(work, work.rollback)

    def release(self, work: Work) -> Procedure[None]:
        """Take the timer away."""
        yield from self._disarm(work)

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell what became of the schedule; once it is taken away NX-OS knows nothing of it."""
        asked = f"show scheduler schedule name {facts.name_of(work)}"
        return facts.timer_in((yield from self._seen(work, asked)))

    def confirm(self, work: Work) -> Procedure[None]:
        """Take the timer away.

        Raises:
            RevertedError: it has run.
        """
        if (yield from self.timer(work)) is not Timer.ARMED:
            raise RevertedError(
                f"{work.device} has gone back by itself before the change was confirmed",
                hint="give it more time with --confirm-timeout",
            )
        yield from self._disarm(work)
        if (yield from self.timer(work)) is not Timer.ABSENT:
            raise PreflightError(
                f"{work.device} did not take its timer away",
                hint="look at `show scheduler schedule` on the device",
            )

    def save(self, work: Work) -> Procedure[None]:
        """Write the startup configuration; the timer is gone when this comes."""
        yield from self._ordered(work, "copy running-config startup-config", _LONG_S, (_YES,))

    def revert(self, work: Work) -> Procedure[None]:
        """Go back to the checkpoint of before the run, which knows no timer."""
        name = facts.name_of(work)
        if name not in (yield from self._checkpoints(work)):
            return  # nothing was kept yet, so nothing was changed; or all is done
        back = f"rollback running-config checkpoint {name} atomic"
        said = yield from self._ordered(work, back, _LONG_S, (_YES,))
        # The same words are a line of the timer's job, which is taken in silence.
        if _WENT_BACK.search(said) is None:
            raise PreflightError(
                f"{work.device} does not say that it went back: {said.strip()[-80:]!r}",
                hint="look at `show diff rollback-patch` on the device",
            )

    def cleanup(self, work: Work) -> Procedure[None]:
        """Take away what is left of the timer."""
        yield from self._disarm(work)
        yield from self._forget(work, facts.timer_name(work))

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the way back, and how to look at what it does."""
        name = facts.name_of(work)
        return (
            f"rollback running-config checkpoint {name} atomic",
            f"show diff rollback-patch checkpoint {name} running-config",
            "show scheduler schedule",
        )

    def _disarm(self, work: Work) -> Procedure[None]:
        """Take away the job, then its schedule, as far as they are there.

        A schedule that is still there means "not confirmed": whoever may not take the job away
        then goes back.
        """
        name = facts.name_of(work)
        try:
            shown = yield from self._seen(work, f"show running-config | include {name}", _LONG_S)
            left = facts.leftovers_in(shown, work)
        except (AuthorizationError, PreflightError):  # what tidies up asks in another way, too
            left = yield from self._scheduled(work)
        if left:
            lines = tuple(f"no scheduler {kind} name {name}" for kind in left)
            yield from self._configured(work, lines)

    def _scheduled(self, work: Work) -> Procedure[tuple[str, ...]]:
        asked = f"show scheduler job name {facts.name_of(work)}"
        found = ["job"] if facts.has_job((yield from self._seen(work, asked))) else []
        if (yield from self.timer(work)) is not Timer.ABSENT:
            found.append("schedule")
        return tuple(found)

    def _forget(self, work: Work, name: str) -> Procedure[None]:
        if name in (yield from self._checkpoints(work)):
            yield from self._ordered(work, f"no checkpoint {name}", _LONG_S, (_YES,))

    def _checkpoints(self, work: Work) -> Procedure[tuple[str, ...]]:
        return facts.checkpoints_in((yield from self._seen(work, _SUMMARY, _LONG_S, (NEXT_PAGE,))))

    def _refuse_runs(self, work: Work, names: Sequence[str]) -> None:
        others = sorted(facts.runs_in(names) - {work.run})
        if others:
            raise LockedError(
                f"{work.device} is locked by run {others[0]}",
                run=others[0],
                hint="wait for it, or finish it with `resume`; its lock is the checkpoint "
                f"qos-{others[0]} on the device",
            )

    def _configured(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        """Enter lines that are none of the change's."""
        for line in ("configure terminal", *lines, "end"):
            yield from self._ordered(work, line)

    def _entered(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        yield from self._ordered(work, "configure terminal")
        yield from enter_lines(self, work, lines)
        yield from self._ordered(work, "end")
