"""A switch with Arista EOS: running and startup configuration, sessions, checkpoints."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from ..clock import Timer
from ..device import Device
from ..session import Session
from ..tree import Node
from .editor import Editor
from .maps import grouped

__all__ = ["ConfigSession", "EosDevice"]

_BASE = """\
hostname {hostname}
spanning-tree mode mstp
management api http-commands
   no shutdown
"""
_PORTS = (*(f"Ethernet{n}" for n in range(1, 5)), "Management1")
_ORDER = (
    "transceiver", "hostname", "*", "spanning-tree", "aaa", "username", "vlan ", "class-map",
    "policy-map",
    "interface", "ip access-list", "ipv6 access-list", "ip routing", "ip route", "qos",
    "management", "router",
)  # fmt: skip


@dataclass(slots=True)
class ConfigSession:
    """A configuration session: a candidate with a name.

    `saved` is what comes back when the timer of an unconfirmed commit fires.
    """

    name: str
    user: str
    tree: Node
    state: str = "pending"  # pending, pendingCommitTimer, completed, aborted
    saved: Node | None = None
    timer: Timer | None = None


class EosDevice(Device):
    """A device that starts with a small configuration and the lines of `initial`."""

    def __init__(
        self,
        hostname: str = "R1",
        initial: str = "",
        *,
        interfaces: tuple[str, ...] = _PORTS,
        version: str = "4.28.3M",
        model: str = "DCS-7050TX-64",
        **common: Any,
    ) -> None:
        super().__init__(hostname, **common)
        self.interfaces = interfaces
        self.version = version
        self.model = model
        self.tree = self.blank()
        refused = Editor(self.tree, interfaces).load(_BASE.format(hostname=hostname) + initial)
        if refused:
            raise ValueError(f"initial configuration: {refused[0]!r} is refused")
        self._startup = self.body(self.tree)
        self.config_sessions: dict[str, ConfigSession] = {}
        self.checkpoints: dict[str, str] = {}
        for user in (self.faults.lock_owner, "admin" if self.faults.stale_lock else ""):
            if user:
                self.config_sessions[f"{user}-1"] = ConfigSession(
                    f"{user}-1", user, self.tree.copy()
                )

    @property
    def hostname(self) -> str:
        node = self.tree.children.get("hostname")
        return node.text.split()[1] if node else "localhost"

    @property
    def running(self) -> str:
        with self.lock:
            return self.body(self.tree)

    @property
    def startup(self) -> str:
        return self._startup

    def file_name(self, path: str) -> str:
        return re.sub(r"^(flash:|file:)?/*(mnt/flash/)?", "", path)

    def body(self, tree: Node) -> str:
        """Return a configuration as EOS prints it, without the comments above it."""
        out: list[str] = []
        maps = [node for node in tree.children.values() if node.text.startswith("qos map ")]
        for node in sorted(tree.children.values(), key=lambda node: _rank(node.text)):
            if node not in maps:
                out += ["!", node.text, *_below(node, 1)] if node.mode else [node.text]
            elif node is maps[0]:
                out += ["!", *grouped(maps)]
        return "\n".join([*out, "!", "end"]) + "\n"

    def shown(self) -> str:
        """Return what `show running-config` prints."""
        head = (
            "! Command: show running-config\n"
            f"! device: {self.hostname} ({self.model}, EOS-{self.version})\n"
            "!\n! boot system flash:/EOS.swi\n!\n"
        )
        return f"{head}{self.body(self.tree)}"[: self.faults.shown_bytes]

    def blank(self) -> Node:
        """Return the clean configuration: only the interfaces are in it."""
        tree = Node()
        for name in self.interfaces:
            tree.put(f"interface {name}", f"interface {name}", "if")
        return tree

    def install(self, tree: Node) -> None:
        """Make a configuration the running one; shells that edit it go on with it."""
        self.tree.children = tree.copy().children

    def differences(self, session: ConfigSession) -> str:
        """Return what `show session-config diffs` prints."""
        lines = difflib.unified_diff(
            self.body(self.tree).splitlines(),
            self.body(session.tree).splitlines(),
            "system:/running-config",
            f"session:/{session.name}-session-config",
            lineterm="",
        )
        return "".join(f"{line}\n" for line in lines)

    def waiting(self) -> ConfigSession | None:
        """Return the session whose commit waits for its confirmation."""
        states = self.config_sessions.values()
        return next((each for each in states if each.state == "pendingCommitTimer"), None)

    def commit(self, session: ConfigSession, shell: Session, seconds: int = 0) -> str:
        """Commit a session, or confirm its commit; return "" or the refusal."""
        waiting = self.waiting()
        if waiting is session:
            assert session.timer is not None
            session.timer.cancel()
            session.state = "completed"
            self.note("timer-cancelled", "confirmed", shell)
            return ""
        if waiting is not None:
            return f"% Another session ({waiting.name}) is pending commit timer\n"
        if session.state != "pending":
            return f"% Session {session.name} is not pending\n"
        saved = self.tree.copy()
        self.install(session.tree)
        self.checkpoints[f"ckp-{len(self.checkpoints)}"] = self.body(saved)
        session.state = "completed"
        if seconds:
            session.state, session.saved = "pendingCommitTimer", saved
            session.timer = self.clock.after(seconds, lambda: self._go_back(session))
            self.note("timer-armed", f"{seconds} s", shell)
        self.note("committed", session.name, shell)
        return ""

    def abort(self, session: ConfigSession, shell: Session) -> str:
        """Drop a session; what it committed with a timer goes back."""
        if session.state == "pendingCommitTimer" and session.timer and session.saved:
            if self.faults.rollback_refused:
                self.note("fault", "rollback refused")
                return f"{self.faults.rollback_refused}\n"
            session.timer.cancel()
            self.install(session.saved)
            self.note("timer-cancelled", "aborted", shell)
            self.note("rolled-back", session.name, shell)
        self.config_sessions.pop(session.name, None)
        return ""

    def _go_back(self, session: ConfigSession) -> None:
        with self.lock:
            self.note("timer-fired", session.name)
            session.state = "aborted"
            if self.faults.rollback_refused or session.saved is None:
                self.note("fault", "rollback refused")
                return
            self.install(session.saved)
            self.config_sessions.pop(session.name, None)
            self.note("rolled-back", session.name)

    def replace(self, text: str, shell: Session) -> str:
        """`configure replace`; return "" or the refusal."""
        if self.faults.rollback_refused:
            self.note("fault", "replace refused")
            return f"{self.faults.rollback_refused}\n"
        tree = self.blank()
        refused = Editor(tree, self.interfaces).load(text)
        if refused:
            return f"% Invalid input (line: '{refused[0]}')\n"
        self.install(tree)
        self.note("committed", "replace", shell)
        return ""

    def save(self, shell: Session) -> str:
        """Write the startup configuration; return what EOS says."""
        if self.faults.save_refused:
            self.note("fault", "save refused")
            return f"{self.faults.save_refused}\n"
        self._startup = self.body(self.tree)
        self.note("saved", "startup-config", shell)
        return "Copy completed successfully.\n"

    def change(self, text: str) -> None:
        with self.lock:
            Editor(self.tree, self.interfaces).load(text)
            self.note("foreign-change", text.strip())

    def boot(self) -> None:
        for session in self.config_sessions.values():
            if session.timer:
                session.timer.cancel()
        self.config_sessions.clear()
        tree = self.blank()
        Editor(tree, self.interfaces).load(self._startup)
        self.install(tree)

    def open_shell(self, user: str, number: int) -> Session:
        from .session import EosSession

        return EosSession(self, user, number)


def _rank(text: str) -> int:
    fits = [place for place, start in enumerate(_ORDER) if text.startswith(start)]
    return max(fits, key=lambda place: len(_ORDER[place]), default=_ORDER.index("*"))


def _below(node: Node, level: int) -> list[str]:
    """The lines under a section; further sections in it are set off by `!`."""
    pad = "   " * level
    out: list[str] = []
    for child in sorted(
        node.children.values(), key=lambda child: child.text * (child.mode == "txq")
    ):
        if child.mode == "txq" and not child.children:
            continue  # nothing of it differs from the default
        if child.mode and out:
            out.append(f"{pad}!")
        out += [f"{pad}{child.text}", *_below(child, level + 1)]
    return out
