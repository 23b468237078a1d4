"""A Nexus switch: running and startup configuration, checkpoints, and jobs that run at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..device import Device
from ..session import Session
from ..tree import Node
from .checkpoints import Checkpoint, Schedule
from .editor import Editor

__all__ = ["NxosDevice"]

_BASE = """\
version 9.3(8) Bios:version 05.45
hostname {hostname}
feature scheduler
line console
line vty
"""
_PORTS = tuple(f"Ethernet1/{n}" for n in range(1, 6))
_ORDER = (
    "version", "hostname", "feature", "class-map type qos", "class-map type queuing",
    "policy-map type qos", "policy-map type queuing", "system qos", "*", "ip access-list",
    "ipv6 access-list", "scheduler job", "scheduler schedule", "vlan", "interface", "line", "boot",
    "router",
)  # fmt: skip
_REGIONS = {"qos": 256, "l3qos": 0, "ipv6-qos": 256, "ipv6-l3qos": 0, "ifacl": 0, "racl": 1536}


class NxosDevice(Device):
    """A device that starts with a small configuration and the lines of `initial`.

    Args:
        regions: the sizes of the hardware's regions.
        remote: whether users come from an authentication server.

    Attributes:
        checkpoint_files: checkpoints that are kept as files of the flash.
        schedules: those that have been given a time.
        runs_rollback: whether the scheduler carries out a rollback; False: it fails in silence.
    """

    unauthorized = "% Permission denied for the role"

    def __init__(
        self,
        hostname: str = "R1",
        initial: str = "",
        *,
        interfaces: tuple[str, ...] = _PORTS,
        version: str = "9.3(8)",
        model: str = "Nexus9000 C93180YC-EX",
        regions: dict[str, int] | None = None,
        remote: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(hostname, **common)
        self.interfaces = interfaces
        self.version = version
        self.model = model
        self.regions = dict(_REGIONS if regions is None else regions)
        self.remote = remote
        self.runs_rollback = True
        self.tree = self.blank()
        text = _BASE.format(hostname=hostname) + initial
        refused = Editor(self.tree, interfaces).load(text)
        if refused:
            raise ValueError(f"initial configuration: {refused[0]!r} is refused")
        if self.faults.archive_missing:
            del self.tree.children["feature scheduler"]
        self._startup = self.body(self.tree)
        self.checkpoints: dict[str, Checkpoint] = {}
        self.checkpoint_files: dict[str, Checkpoint] = {}
        self.schedules: dict[str, Schedule] = {}
        if self.faults.lock_owner:
            self.checkpoint("qos-20260101-000000-aaaaaa", self.faults.lock_owner)

    @property
    def hostname(self) -> str:
        node = self.tree.children.get("hostname")
        return node.text.split()[1] if node else "switch"

    @property
    def running(self) -> str:
        with self.lock:
            return self.body(self.tree)

    @property
    def startup(self) -> str:
        return self._startup

    def blank(self) -> Node:
        """Return a configuration in which only the interfaces are."""
        tree = Node()
        for name in self.interfaces:
            tree.put(f"interface {name}", f"interface {name}", "config-if")
        return tree

    def editor(self) -> Editor:
        """Return an editor of the running configuration that refuses as NX-OS does."""
        return Editor(self.tree, self.interfaces, self._carved)

    def body(self, tree: Node) -> str:
        """Return a configuration as NX-OS prints it, from `version` on."""
        out: list[str] = []
        for node in sorted(tree.children.values(), key=lambda node: _rank(node.text)):
            if node.text in ("system qos",) and not node.children:
                continue
            job = node.mode == "config-job"
            out += [node.text, *node.lines("" if job else "  ", 1)]
            if job:
                out += ["", "end-job", ""]
            elif node.mode in ("config-if", "config-schedule"):
                out.append("")
        return "\n".join(out).rstrip("\n") + "\n"

    def shown(self) -> str:
        """Return what `show running-config` prints."""
        return self.whole()[: self.faults.shown_bytes]

    def whole(self) -> str:
        """Return what it has to print."""
        now = self.clock.now().strftime("%a %b %e %H:%M:%S %Y")
        head = (
            "\n!Command: show running-config\n"
            f"!Running configuration last done at: {now}\n!Time: {now}\n\n"
        )
        return head + self.body(self.tree)

    def change(self, text: str) -> None:
        with self.lock:
            self.editor().load(text)
            self.note("foreign-change", text.strip())

    def checkpoint(self, name: str, user: str, session: Session | None = None) -> str:
        """Keep the running configuration under a name; return what NX-OS says."""
        if name in self.checkpoints:
            return f"ERROR: Checkpoint {name} already exists\n"
        if len(self.checkpoints) >= 10:
            return "ERROR: Maximum number of checkpoints reached\n"
        self.checkpoints[name] = Checkpoint(self.tree.copy(), self.body(self.tree), user)
        self.note("file-written", name, session)
        return "...Done\n"

    def rollback(self, name: str, session: Session | None = None) -> str:
        """Go back to a checkpoint as a whole; return what NX-OS says."""
        found = self.checkpoints.get(name)
        if found is None:
            return f"ERROR: Checkpoint {name} does not exist\n"
        return self.go_back(found, name, session)

    def go_back(self, found: Checkpoint, name: str, session: Session | None = None) -> str:
        """Make a copy the running configuration; return what NX-OS says."""
        if self.faults.rollback_refused:
            self.note("fault", "rollback refused")
            return f"{self.faults.rollback_refused}\n"
        self.tree.children = found.tree.copy().children
        for shell in self.sessions.values():
            shell.configuration_replaced()
        self._forget_schedules()
        self.note("rolled-back", name, session)
        return (
            "Note: Applying config parallelly may fail Rollback verification\n"
            "Collecting Running-Config\n#Generating Rollback Patch\nExecuting Rollback Patch\n"
            "Generating Running-config for verification\nGenerating Patch for verification\n"
            "Verification is Successful.\n\nRollback completed successfully.\n"
        )

    def scheduled(self, node: Node, delay: str, session: Session) -> None:
        """A schedule was given its time."""
        days, hours, minutes = map(int, delay.strip("+").split(":"))
        seconds = ((days * 24 + hours) * 60 + minutes) * 60
        name = node.text.split()[-1]
        start = self.clock.now() + timedelta(seconds=seconds)
        node.put("time", f"time start {start:%Y:%m:%d:%H:%M}")
        timer = self.clock.after(seconds, lambda: self._run(name))
        when = start.strftime("%a %b %e %H:%M:%S %Y")
        self.schedules[name] = Schedule(name, session.user, timer, when)
        self.note("timer-armed", f"{seconds // 60} min", session)

    def unscheduled(self, session: Session) -> None:
        """A schedule may have been taken away."""
        for name in self._forget_schedules():
            self.note("timer-cancelled", name, session)

    def save(self, session: Session) -> str:
        """Write the startup configuration; return what NX-OS says."""
        if self.faults.save_refused:
            self.note("fault", "save refused")
            return f"{self.faults.save_refused}\n"
        self._startup = self.body(self.tree)
        self.note("saved", "startup-config", session)
        return "[########################################] 100%\nCopy complete.\n"

    def boot(self) -> None:
        tree = self.blank()
        Editor(tree, self.interfaces).load(self._startup)
        self.tree.children = tree.children
        self._forget_schedules()

    def open_shell(self, user: str, number: int) -> Session:
        from .session import NxosSession

        return NxosSession(self, user, number)

    def _carved(self, version: int) -> bool:
        names = ("qos", "l3qos") if version == 4 else ("ipv6-qos", "ipv6-l3qos")
        return any(self.regions.get(name, 0) for name in names)

    def _forget_schedules(self) -> list[str]:
        gone = [
            name
            for name in self.schedules
            if f"scheduler schedule name {name}" not in self.tree.children
        ]
        for name in gone:
            self.schedules.pop(name).timer.cancel()
        return gone

    def _run(self, name: str) -> None:
        """The time of a schedule has come: its jobs run, though nobody is logged in."""
        with self.lock:
            schedule = self.schedules.get(name)
            node = self.tree.children.get(f"scheduler schedule name {name}")
            if schedule is None or node is None:
                return
            schedule.ran = self.clock.now().strftime("%a %b %e %H:%M:%S %Y")
            self.note("timer-fired", name)
            jobs = [line.text.split()[-1] for line in node.children.values()
                    if line.text.startswith("job name ")]  # fmt: skip
            for job in jobs:
                known = self.tree.children.get(f"scheduler job name {job}")
                for line in list(known.children.values()) if known else ():
                    words = line.text.split()
                    if words[:3] == ["rollback", "running-config", "checkpoint"]:
                        self.rollback(words[3]) if self.runs_rollback else None


def _rank(text: str) -> int:
    fits = [place for place, start in enumerate(_ORDER) if text.startswith(start)]
    return max(fits, key=lambda place: len(_ORDER[place]), default=_ORDER.index("*"))
