"""How IOS and IOS-XE devices are changed: lines, a timer on the device, a copy on its flash.

What IOS has, and how it is used here:

* The lock of the configuration lives as long as a session is in configuration mode, and the
  timer can be started from outside of it only. So `configure terminal lock` is held while lines
  are entered, and releases without it (before 12.3(14)T, and where `configuration mode exclusive`
  is not set) use `configure terminal`. What holds from the first step to the last is a file with
  the run's name: it is put there before others are looked for, so that of two runs at the same
  time never both go on. It is also the copy of the old configuration.
* `configure terminal revert timer N` makes the device go back by itself after N minutes; it needs
  the archive, and 12.4(20)T, 12.2(33)S or later. There is one such timer on a device. A device
  without it is refused: `reload in N` would take it off the network for minutes, and would bring
  back what was saved last, which need not be the old configuration.
* `show clock` is not looked at: the timer counts minutes, not times of day.

Sources: Cisco, Configuration Management guide, chapters Exclusive Configuration Change Access,
Configuration Replace and Rollback, Rollback Confirmed Change. Unverified: whether the device's own
timer waits for a lock that a lost session still holds (`exec-timeout` ends such a session); that
is why `revert` takes a lock away that a session of this very run has left behind.
"""

from __future__ import annotations

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
from translator.drivers.cisco import facts, look
from translator.drivers.cisco.paths import part_of, paths_of
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.cisco.whole import why_incomplete
from translator.drivers.deviations import Part, Path
from translator.drivers.looks import NO_SUCH_COMMAND
from translator.drivers.prompted import NEXT_PAGE, TypesCommands
from translator.drivers.replies import Kind
from translator.drivers.steps import enter_lines
from translator.errors import (
    DriftError,
    LockedError,
    PreflightError,
    PrivilegeError,
    RevertedError,
)

__all__ = ["CiscoProcedures"]

_LONG_S: Final = 120.0
_MOST_MINUTES: Final = 120
_LOCAL: Final = ("flash", "bootflash", "disk", "slot", "nvram", "harddisk", "usbflash", "sup-boot")
_TIMER: Final = "show archive config rollback timer"
_KEEP_NAME: Final = TypedAnswer(r"\]\? ?$", "")
_YES: Final = TypedAnswer(r"\[(?:confirm|yes/no|no)\]:? ?$|\[no\]: ?$", "y")


class CiscoProcedures(TypesCommands):
    """See `translator.drivers.change.Procedures`. Option: `flash`, `flash:` by default.

    Args:
        is_ours: whether the text of `show version` is that of the driver's platform.
    """

    replies = CISCO_REPLIES
    shortest_revert_s = 60

    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        self._is_ours = is_ours

    def lasting(self, text: str) -> str:
        """Return the configuration from `version` to `end`."""
        return facts.lasting(text)

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell product, release and serial number; the name is that of the configuration.

        Raises:
            PrivilegeError: the session may not see and change the configuration.
        """
        text = yield from self._seen(work, "show version", 30.0, optional=True)
        version = " ".join(filter(None, (facts.model_in(text), facts.version_in(text))))
        if not self._is_ours(text):
            return Identity("", facts.serial_in(text), version or text[:80].strip(), False)
        yield from self._need_privilege(work)
        asked = "show running-config | include ^hostname"
        name = (yield from self._seen(work, asked, _LONG_S)).split()
        hostname = name[name.index("hostname") + 1] if "hostname" in name[:-1] else ""
        return Identity(hostname, facts.serial_in(text), version, right_platform=True)

    def lock(self, work: Work) -> Procedure[None]:
        """Put the run's copy on the flash, unless somebody else is at work."""
        yield from self._need_privilege(work)
        files = yield from self._files(work)
        if work.run in files.runs:
            return
        self._refuse_runs(work, files)
        yield from self._refuse_holder(work)
        yield from self._refuse_timer(work)
        yield from self._copy(work, files.free_bytes)
        files = yield from self._files(work)
        try:
            self._refuse_runs(work, files)
        except LockedError:
            yield from self.unlock(work)
            raise

    def unlock(self, work: Work) -> Procedure[None]:
        """Delete the run's copy."""
        if work.run in (yield from self._files(work)).runs:
            file = facts.snapshot_file(work)
            yield from self._ordered(work, f"delete /force {file}", answers=(_KEEP_NAME, _YES))

    def holder(self, work: Work) -> Procedure[Holder | None]:
        """Tell whose copy is on the flash, or who has locked the configuration."""
        return (yield from look.holder(work))

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at the archive, the timer's range, and the room for what the archive keeps."""
        found: list[Obstacle] = []
        if work.revert_s > _MOST_MINUTES * 60:
            found.append(
                Obstacle("the timer of IOS ends after 120 minutes", "--confirm-timeout 120m")
            )
        supported = self.refusal(_TIMER, (yield from self._seen(work, _TIMER, optional=True)))
        if supported is not None and supported.kind in NO_SUCH_COMMAND:
            return (
                *found,
                Obstacle(
                    "this release cannot go back by itself: no `configure terminal revert`",
                    "print the commands with `remediate` and enter them by hand",
                ),
            )
        place = facts.archive_place((yield from self._seen(work, "show archive")))
        if not place:
            fix = f"configure: archive; path {work.options.get('flash', 'flash:')}archive"
            found.append(Obstacle("the archive is not configured", f"{fix}; maximum 5"))
        elif not place.startswith(_LOCAL):
            found.append(
                Obstacle(
                    f"the archive lies outside of the device ({place}), and the way back with it",
                    "configure: archive; path flash:archive",
                )
            )
        if work.only_looks:  # a change finds these when it takes the lock
            found += yield from look.in_the_way(work)
        return tuple(found)

    def running(self, work: Work) -> Procedure[Running]:
        """Read the whole running configuration; it ends in `end`, and IOS tells its size."""
        for setting in ("terminal length 0", "terminal width 511"):
            yield Command(setting, once=True)
        text = yield from self._seen(work, "show running-config", _LONG_S, (NEXT_PAGE,))
        missing = facts.missing_bytes(text)
        doubt = why_incomplete(text, ())
        if missing and not doubt:
            doubt = f"it is {missing} bytes shorter than its head says"
        if message := facts.log_line_in(facts.lasting(text)):
            doubt = f"a message of the log stands within: {message[:80]}"
        return Running(text, f"{work.device}: {doubt}" if doubt else "")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Read the copy back.

        Raises:
            DriftError: the configuration has been changed since the copy was made.
            PreflightError: the copy is not whole.
        """
        file = facts.snapshot_file(work)
        kept = yield from self._ordered(work, f"more {file}", _LONG_S, (NEXT_PAGE,))
        doubt = why_incomplete(kept, ())
        if doubt:
            raise PreflightError(
                f"{work.device}: {file} is no whole copy of the configuration: {doubt}",
                hint="check the flash; nothing was changed",
            )
        if facts.lasting(kept) != facts.lasting(running.text):
            raise DriftError(
                f"{work.device} was changed by somebody else in this moment",
                hint="nothing was changed; plan the change again",
            )

    def arm(self, work: Work) -> Procedure[None]:
        """Start the device's timer, in whole minutes; the archive keeps the old configuration."""
        yield from self._refuse_timer(work)
        yield from self._users(work)  # who may not ask for them cannot tell the timer for ours
        minutes = _minutes(work)
        yield from self._ordered(work, f"configure terminal revert timer {minutes}", _LONG_S)
        yield from self._ordered(work, "end")
        # There is one timer, none ran a moment ago, and a second is refused: this one is ours.
        pending = yield from self._pending(work)
        if pending is None or pending.minutes != minutes:
            raise PreflightError(
                f"{work.device} did not start its timer",
                hint="look at `show archive config rollback timer` on the device",
            )

    def apply(self, work: Work) -> Procedure[None]:
        """Enter the lines, with the configuration locked where the release can do that."""
        yield from self._entered(work, work.lines)

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the lines, by their indentation."""
        return paths_of(self.lasting(text))

    def part(self, work: Work) -> Part:
        """Return what the lines name."""
        return part_of(work.lines)

    def withdraw(self, work: Work) -> Procedure[None]:
        """Enter what takes the lines back; `configure revert` would take back all changes."""
        yield from self._entered(work, work.rollback)

    def release(self, work: Work) -> Procedure[None]:
        """Stop the timer."""
        yield from self.confirm(work)

    def _entered(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        exclusive = Command("configure terminal lock", changes=True)
        refusal = self.refusal(exclusive.text, (yield exclusive))
        if refusal is not None:
            if refusal.kind is Kind.LOCKED:
                raise LockedError(f"{work.device}: {refusal}", hint="wait until it is given back")
            yield from self._ordered(work, "configure terminal")
        yield from enter_lines(self, work, lines)
        yield from self._ordered(work, "end")

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell whether this run's timer runs; IOS does not remember what became of one."""
        pending = yield from self._pending(work)
        if pending is None or pending.minutes != _minutes(work):
            return Timer.ABSENT
        own, _ = yield from self._users(work)
        runs = (yield from self._files(work)).runs
        ours = work.run in runs and pending.user in (own, "somebody")
        return Timer.ARMED if ours else Timer.ABSENT

    def confirm(self, work: Work) -> Procedure[None]:
        """Stop the timer.

        Raises:
            RevertedError: it does not run any more.
        """
        if (yield from self.timer(work)) is not Timer.ARMED:
            raise RevertedError(
                f"{work.device} has gone back by itself before the change was confirmed",
                hint="give it more time with --confirm-timeout",
            )
        yield from self._ordered(work, "configure confirm")
        if (yield from self._pending(work)) is not None:
            raise PreflightError(
                f"{work.device} did not take the confirmation",
                hint="look at `show archive config rollback timer` on the device",
            )

    def save(self, work: Work) -> Procedure[None]:
        """Write the startup configuration; IOS says `[OK]` when it has."""
        yield from self._ordered(work, "write memory", _LONG_S, (_YES,))

    def revert(self, work: Work) -> Procedure[None]:
        """Go back now: by the timer's own way, else by the copy."""
        if work.run not in (yield from self._files(work)).runs:
            return  # nothing was kept yet, so nothing was changed; or all is done
        yield from self._free_own_lock(work)
        armed = (yield from self.timer(work)) is Timer.ARMED
        if armed:
            now = Command("configure revert now", _LONG_S, changes=True)
            taken = self.refusal(now.text, (yield now)) is None
            armed = (yield from self._pending(work)) is not None
            if taken and not armed:
                return
        file = facts.snapshot_file(work)
        yield from self._ordered(work, f"configure replace {file} force", _LONG_S, (_YES,))
        if armed:
            yield from self._ordered(work, "configure confirm")  # it would only go back once more

    def cleanup(self, work: Work) -> Procedure[None]:
        """Nothing else is left: the copy is the lock, and the archive bounds itself."""
        del work
        yield from ()

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the two ways back, and how to look at what they did."""
        file = facts.snapshot_file(work)
        return (
            "configure revert now",
            f"configure replace {file} force",
            f"show archive config differences {file} system:running-config",
        )

    def _need_privilege(self, work: Work) -> Procedure[None]:
        level = (yield Command("show privilege")).text.split()
        if level and level[-1].isdigit() and int(level[-1]) < 15:
            raise PrivilegeError(
                f"{work.device}: this login has privilege level {level[-1]}, a change needs 15",
                hint="set NET_SECRET to the enable secret, or give the user privilege 15",
            )

    def _files(self, work: Work) -> Procedure[facts.Files]:
        folder = facts.snapshot_file(work).removesuffix(f"qos-{work.run}.cfg")
        return facts.read_files((yield from self._seen(work, f"dir {folder}", 60.0, (NEXT_PAGE,))))

    def _pending(self, work: Work, *, optional: bool = False) -> Procedure[facts.Pending | None]:
        return facts.read_pending((yield from self._seen(work, _TIMER, optional=optional)))

    def _users(self, work: Work) -> Procedure[tuple[str, frozenset[str]]]:
        return facts.read_users((yield from self._seen(work, "show users")))

    def _refuse_runs(self, work: Work, files: facts.Files) -> None:
        others = sorted(files.runs - {work.run})
        if others:
            raise LockedError(
                f"{work.device} is locked by run {others[0]}",
                run=others[0],
                hint="wait for it, or finish it with `resume`; its lock is the file "
                f"qos-{others[0]}.cfg on the device",
            )

    def _refuse_holder(self, work: Work) -> Procedure[None]:
        """A lock that a session of our user has left behind is taken away, no other is."""
        keeper = facts.read_keeper((yield Command("show configuration lock")).text)
        if keeper is None:
            return
        own, lines = yield from self._users(work)
        if keeper.user == own and keeper.line and keeper.line not in lines:
            yield from self._ordered(work, "clear configuration lock", answers=(_YES,))
            return
        raise LockedError(
            f"{work.device}: {keeper.user} on line {keeper.line} holds the configuration lock",
            hint="wait until it is given back; it is never broken",
        )

    def _free_own_lock(self, work: Work) -> Procedure[None]:
        """Take the lock from a session of this run that is lost; the run had it for itself."""
        keeper = facts.read_keeper((yield Command("show configuration lock")).text)
        if keeper is not None and keeper.user == (yield from self._users(work))[0]:
            yield from self._ordered(work, "clear configuration lock", answers=(_YES,))

    def _refuse_timer(self, work: Work) -> Procedure[None]:
        # The preflight tells of releases that know no such timer.
        pending = yield from self._pending(work, optional=True)
        if pending is not None:
            raise LockedError(
                f"{work.device}: {pending}",
                hint="confirm it with `configure confirm`, or wait until the device has gone back",
            )

    def _copy(self, work: Work, free: int | None) -> Procedure[None]:
        """Copy the running configuration, if there is room for it and for the archive's copy."""
        shown = yield from self._seen(work, "show running-config", _LONG_S, (NEXT_PAGE,))
        size = len(shown.encode())
        if free is not None and free < size * look.COPIES:
            raise PreflightError(
                f"{work.device}: {free} bytes are free on the flash, {int(size * look.COPIES)} are "
                "needed for a copy of the configuration and that of the archive",
                hint="delete what is not needed there, or give another folder with `flash`",
            )
        file = facts.snapshot_file(work)
        yield from self._ordered(work, f"copy running-config {file}", _LONG_S, (_KEEP_NAME, _YES))


def _minutes(work: Work) -> int:
    return -(-work.revert_s // 60)
