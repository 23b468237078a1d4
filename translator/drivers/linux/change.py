"""How the configuration of a Linux router is changed: one script, one timer, one way back.

All that a run needs lies in a folder of its own on the router, so that the router can go back
without us. Text reaches a shell as a file or as a quoted word, never as part of a command.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import Final

from translator.drivers.capture import END_MARK
from translator.drivers.change import (
    Channel,
    Command,
    Holder,
    Identity,
    Obstacle,
    Procedure,
    Running,
    Timer,
    Upload,
    Work,
)
from translator.drivers.deviations import Part, Path
from translator.drivers.linux.paths import part_of, paths_of
from translator.drivers.linux.places import Places
from translator.drivers.linux.preflight import obstacles
from translator.drivers.linux.replies import LINUX_REPLIES
from translator.drivers.linux.snapshot import take_snapshot
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.templates import script
from translator.errors import (
    LineRefusedError,
    LockedError,
    PreflightError,
    PrivilegeError,
    RevertedError,
)

__all__ = ["LinuxProcedures"]

_APPLY_S: Final = 120.0
# Rules without counters, then every device with what hangs on it; parts that change while they
# are read are not left out in silence, since any failure ends the list without its end mark.
_READ: Final = (
    'nft -s list ruleset || exit 1; for path in /sys/class/net/*; do [ -e "$path/ifindex" ] || '
    'continue; dev=${path##*/}; for what in qdisc class filter; do echo "tc $what show dev $dev"; '
    'tc "$what" show dev "$dev" || exit 1; done; done; '
    f"echo '{END_MARK}'"
)
_BY_ITSELF: Final = re.compile(
    r" direct_packets_stat \d+| refcnt \d+| expires \w+(?=[ ,}\n])|^# handle .*$", re.MULTILINE
)
# Elements of sets that packets fill. Source: nft(8), SETS, flags `dynamic` and `timeout`.
_BY_PACKETS: Final = re.compile(
    r"^([ \t]*set [^\n]* \{\n(?:(?![ \t]*\})[^\n]*\n)*?"
    r"[ \t]*flags [^\n]*\b(?:dynamic|timeout)\b[^\n]*\n(?:(?![ \t]*(?:\}|elements))[^\n]*\n)*)"
    r"[ \t]*elements = \{[^}]*\}\n",
    re.MULTILINE,
)


class LinuxProcedures(StatesReplies):
    """See `translator.drivers.change.Procedures`; needs root, nft, tc and a POSIX shell.

    Options: `folder` on the router, below which everything lies; `boot`: `systemd` (a unit runs the
    kept script) or `manual` (the router's owner has seen to it); `units`: where units lie.
    """

    replies = LINUX_REPLIES
    channel = Channel.EXEC
    installs_script = True
    saves_running = False
    shortest_revert_s = 1

    def places(self, work: Work) -> Places:
        """Return where on the router a run keeps what."""
        return Places.of(work)

    def lasting(self, text: str) -> str:
        """Return a text without counters and times, and what packets put into sets."""
        return _BY_ITSELF.sub("", _BY_PACKETS.sub(r"\1", text))

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return rules behind table and chain, queues behind the question for them."""
        return paths_of(self.lasting(text))

    def part(self, work: Work) -> Part:
        """Return the tables and the interfaces that the script sets up, as a whole."""
        return part_of(work)

    def withdraw(self, work: Work) -> Procedure[None]:
        """Go back: the way back brings back only what the script has touched."""
        yield from self.revert(work)

    def release(self, work: Work) -> Procedure[None]:
        """Nothing to do: to go back has ended the timer."""
        del work
        yield from ()

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell host name, machine id and kernel."""
        del work
        version = yield Command("uname -srm")
        name = yield Command("cat /proc/sys/kernel/hostname")
        serial = yield Command("cat /etc/machine-id 2>/dev/null || true")
        return Identity(
            "" if name.status else name.text.strip(),
            "" if serial.status else serial.text.strip(),
            version.text.strip(),
            right_platform=version.status == 0 and version.text.startswith("Linux "),
        )

    def lock(self, work: Work) -> Procedure[None]:
        """Make a link whose target names the owner: one system call, owner included."""
        at = self.places(work)
        yield from self.need_root(work)
        yield from self.ordered(work, f"umask 077 && mkdir -p {quote(at.runs)}")
        made = yield Command(
            f'ln -sn "{work.run} $(id -un 2>/dev/null) ${{SSH_CLIENT%% *}}" {quote(at.lock)}',
            changes=True,
        )
        if made.status == 0:
            return
        owner = yield from self._owner(work)
        if not owner:
            raise PreflightError(
                f"{work.device}: the lock {at.lock} cannot be made: {made.text.strip()}",
                hint="check the folder on the router, and the room on its disk",
            )
        if owner[0] != work.run:
            raise LockedError(
                f"{work.device} is locked by run {owner[0]} of {' from '.join(owner[1:])}",
                run=owner[0],
                hint=f"wait for it, or finish it with `resume`; the lock is {at.lock}",
            )

    def unlock(self, work: Work) -> Procedure[None]:
        """Take the link away if it is ours."""
        owner = yield from self._owner(work)
        if owner[:1] == [work.run]:
            yield from self.ordered(work, f"rm -f {quote(self.places(work).lock)}")

    def holder(self, work: Work) -> Procedure[Holder | None]:
        """Tell what the lock's target says."""
        owner = yield from self._owner(work)
        return Holder(owner[0], " from ".join(owner[1:])) if owner else None

    def _owner(self, work: Work) -> Procedure[list[str]]:
        """Return the words of the lock: run, user, address."""
        return (yield from self._target(work, self.places(work).lock)).split()

    def _target(self, work: Work, link: str) -> Procedure[str]:
        """Return where a link points to, "" where there is none."""
        return (yield from self.ordered(work, f"readlink {quote(link)} || true", changes=False))

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at programs, disk, interfaces, queues, timers; have nft check the rules."""
        yield from self.need_root(work)
        return (yield from obstacles(work, self.places(work)))

    def running(self, work: Work) -> Procedure[Running]:
        """Read rules and queues from the kernel."""
        reply = yield Command(_READ, 60.0)
        if reply.status == 0 and reply.text.endswith(f"\n{END_MARK}\n"):
            return Running(reply.text)
        why = self.refusal(_READ, reply) or "the list ends without its end mark"
        return Running(reply.text, f"{work.device}: {why}")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Put the way back into the run's folder."""
        del running
        yield from take_snapshot(work, self.places(work))

    def arm(self, work: Work) -> Procedure[None]:
        """Start the timer, detached from the login."""
        at = self.places(work)
        yield from self.put(work, at.file("timer.sh"), script("linux/timer.sh"))
        yield from self.ordered(
            work,
            f"setsid sh {quote(at.file('timer.sh'))} {work.revert_s:d} "
            "</dev/null >/dev/null 2>&1 & for i in 1 2 3 4 5 6 7 8 9 10; do "
            f"[ ! -L {quote(at.file('timer'))} ] || exit 0; sleep 0.1 2>/dev/null || sleep 1; "
            "done; echo 'the timer did not start'; exit 1",
        )

    def apply(self, work: Work) -> Procedure[None]:
        """Run the script, which checks its rules before it loads them in one transaction."""
        command = Command(
            f"sh {quote(self.places(work).file('candidate.sh'))}", _APPLY_S, changes=True
        )
        reply = yield command
        problem = self.refusal(command.text, reply)
        if problem is not None:
            raise LineRefusedError(work.device, 1, command.text, str(problem))

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell which link was made first."""
        at = self.places(work)
        known = {"confirmed": Timer.CONFIRMED, "fired": Timer.FIRED, "reverted": Timer.FIRED}
        decided = (yield from self._target(work, at.file("decision"))).strip()
        if decided in known:
            return known[decided]
        armed = yield from self._target(work, at.file("timer"))
        return Timer.ARMED if armed.strip() else Timer.ABSENT

    def confirm(self, work: Work) -> Procedure[None]:
        """Decide for the new configuration, unless the timer was quicker."""
        at = self.places(work)
        made = yield Command(f"ln -s confirmed {quote(at.file('decision'))}", changes=True)
        decided = yield from self.timer(work)
        if decided is Timer.ARMED:
            raise PreflightError(
                f"{work.device} did not take the confirmation: {made.text.strip()}",
                hint="check the folder on the router, and the room on its disk",
            )
        if decided is not Timer.CONFIRMED:
            raise RevertedError(
                f"{work.device} has gone back by itself before the change was confirmed",
                hint="give it more time with --confirm-timeout",
            )

    def save(self, work: Work) -> Procedure[None]:
        """Keep the script for the boot, and what the kernel shows after it for the next run."""
        at = self.places(work)
        now = yield from self.running(work)
        if now.doubt:
            raise PreflightError(
                f"{now.doubt}; without it the next run could not tell these queues for ours",
                hint="see what `nft list ruleset` and `tc qdisc show` say on the router",
            )
        yield from self.put(work, at.kept_state, self.lasting(now.text))
        yield from self.put(work, at.kept_script, work.script)
        if at.unit:
            yield from self.put(work, at.unit, _unit(at), mode=0o644)
            wants = quote(f"{at.units}/multi-user.target.wants")
            link = f"ln -sfn {quote(at.unit)} {wants}/{quote(at.unit_name)}"
            yield from self.ordered(work, f"mkdir -p {wants} && {link}")
        kept = quote(at.kept_script)
        yield Command(f"sync {kept} 2>/dev/null || sync", 60.0)  # busybox has no `sync FILE`

    def revert(self, work: Work) -> Procedure[None]:
        """Decide for the old configuration and bring it back."""
        at = self.places(work)
        yield Command(f"ln -s reverted {quote(at.file('decision'))}", changes=True)
        yield from self.ordered(work, f"sh {quote(at.file('restore.sh'))}", _APPLY_S)

    def cleanup(self, work: Work) -> Procedure[None]:
        """Take the run's folder away."""
        at = self.places(work)
        yield from self.ordered(work, f"rm -rf {quote(at.run)}")

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the command that the timer would run."""
        return (f"sh {quote(self.places(work).file('restore.sh'))}",)

    def need_root(self, work: Work) -> Procedure[None]:
        """Refuse a login that may not change anything.

        Raises:
            PrivilegeError: it is not root.
        """
        user = yield Command("id -u")
        if user.text.strip() != "0":
            raise PrivilegeError(
                f"{work.device}: this login is not root, so it can change neither rules nor queues",
                hint="log in as root, with a key",
            )

    def ordered(
        self, work: Work, text: str, timeout_s: float = 30.0, *, changes: bool = True
    ) -> Procedure[str]:
        """Run a command that has to succeed, and return its output.

        Raises:
            PreflightError: it did not.
        """
        reply = yield Command(text, timeout_s, changes=changes)
        problem = self.refusal(text, reply)
        if problem is not None:
            raise PreflightError(
                f"{work.device}: `{text[:80]}` failed: {problem}",
                hint="look at the folder on the router, and the room on its disk",
            )
        return reply.text

    def put(self, work: Work, path: str, text: str, mode: int = 0o600) -> Procedure[None]:
        """Write a file.

        Raises:
            PreflightError: there is no room, or no such folder.
        """
        reply = yield Upload(path, text.encode(), mode)
        if reply.status:
            raise PreflightError(
                f"{work.device}: {path} cannot be written: {reply.text.strip()}",
                hint="check the room on the router's disk",
            )


def _unit(at: Places) -> str:
    """Return a unit of systemd that runs the kept script at each start.

    Source: systemd.service(5), systemd.special(7). That every interface is there by then is
    unverified: a queue of one that comes later has to be built by its own hook.
    """
    return (
        "[Unit]\nDescription=QoS rules and queues\n"
        "After=network-online.target nftables.service\nWants=network-online.target\n\n"
        f"[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh {at.kept_script}\n\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )
