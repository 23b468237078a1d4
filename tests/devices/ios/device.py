"""A router or switch with Cisco IOS: running and startup configuration, flash, lock and archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..clock import Timer
from ..device import Device
from ..events import Kind
from ..session import Session
from ..tree import Node
from .checks import refusal
from .editor import Editor
from .rollback import Archive
from .text import body, printed

__all__ = ["IosDevice", "Lock"]

_BASE = """\
version 15.9
service timestamps debug datetime msec
service timestamps log datetime msec
hostname {hostname}
archive
 path flash:/archive
 maximum 5
ip scp server enable
line con 0
line vty 0 15
 login local
 transport input ssh
"""
_PORTS = tuple(f"GigabitEthernet0/{n}" for n in range(5))


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds the configuration; `session` is 0 when that session is none of this device's."""

    user: str
    session: int = 0


class IosDevice(Device):
    """A device that starts with a small configuration and the lines of `initial`.

    Args:
        initial: further configuration, as one would paste it.
        interfaces: the physical interfaces.
        numbered: print the numbers of access list entries (IOS XE from 16.12 on).
        version: the release that `show version` names.
        model: the product that it names.
    """

    def __init__(
        self,
        hostname: str = "R1",
        initial: str = "",
        *,
        interfaces: tuple[str, ...] = _PORTS,
        numbered: bool = False,
        version: str = "15.9(3)M",
        model: str = "CISCO2911/K9",
        **common: Any,
    ) -> None:
        super().__init__(hostname, **common)
        self.interfaces = interfaces
        self.numbered = numbered
        self.version = version
        self.model = model
        self.tree = self.blank()
        self.exclusive: Lock | None = None
        self.changed = ""  # the comment on the last change, as it is printed
        if self.faults.lock_owner:
            self.exclusive = Lock(self.faults.lock_owner)
        elif self.faults.stale_lock:
            self.exclusive = Lock(next(iter(self.users)))
        text = _BASE.format(hostname=hostname)
        refused = Editor(self.tree, interfaces).load(text) + Editor(self.tree, interfaces).load(
            initial
        )
        if refused:
            raise ValueError(f"initial configuration: {refused[0]!r} is refused")
        if self.faults.archive_missing:
            del self.tree.children["archive"]
        if self.faults.scp_off:
            del self.tree.children["ip scp server enable"]
        self._startup = self.body()
        self.archive: Archive = Archive(self)
        self.reload: Timer | None = None

    @property
    def hostname(self) -> str:
        node = self.tree.children.get("hostname")
        return node.text.split()[1] if node else "Router"

    @property
    def running(self) -> str:
        with self.lock:
            return self.body()

    @property
    def startup(self) -> str:
        return self._startup

    @property
    def scp_allowed(self) -> bool:
        return "ip scp server enable" in self.tree.children

    def file_name(self, path: str) -> str:
        return path.replace("flash0:", "flash:").removeprefix("flash:").lstrip("/")

    def body(self) -> str:
        """Return the running configuration from `version` to `end`."""
        return body(self.tree, numbered=self.numbered)

    def blank(self) -> Node:
        """Return a configuration in which only the physical interfaces are."""
        tree = Node()
        for name in self.interfaces:
            tree.put(f"interface {name}", f"interface {name}", "config-if")
        return tree

    def editor(self) -> Editor:
        """Return an editor of the running configuration that refuses as IOS does."""
        return Editor(self.tree, self.interfaces, refusal)

    def touched(self, user: str) -> None:
        """Remember who changed the configuration last: IOS prints it above the configuration."""
        when = self.clock.now().strftime("%H:%M:%S UTC %a %b %e %Y")
        self.changed = f"! Last configuration change at {when} by {user}\n!\n"

    def shown(self) -> str:
        """Return what `show running-config` prints."""
        return printed(self.body(), self.changed)[: self.faults.shown_bytes]

    def become(self, text: str, kind: Kind) -> None:
        """Replace the whole running configuration."""
        tree = self.blank()
        Editor(tree, self.interfaces).load(text)
        self.tree.children = tree.children
        for session in self.sessions.values():
            session.configuration_replaced()
        self.note(kind, "running-config")

    def change(self, text: str) -> None:
        with self.lock:
            self.editor().load(text)
            self.touched("somebody")
            self.note("foreign-change", text.strip())

    def save(self, session: Session | None = None) -> str:
        """Write the startup configuration; return what IOS says."""
        if self.faults.save_refused:
            self.note("fault", "save refused")
            return self.faults.save_refused + "\n"
        self._startup = self.body()
        if self.archive.setting("write-memory"):
            self.archive.store()
        self.note("saved", "startup-config", session)
        return "Building configuration...\n[OK]\n"

    def set_startup(self, text: str, session: Session) -> None:
        """Write the startup configuration from a file."""
        self._startup = text
        self.note("saved", "startup-config", session)

    def schedule_reload(self, minutes: int, session: Session) -> None:
        """`reload in`: the oldest way to have a change taken back."""
        self.reload = self.clock.after(minutes * 60, self._reload_now)
        self.note("timer-armed", f"reload in {minutes} min", session)

    def cancel_reload(self, session: Session) -> bool:
        """`reload cancel`; False when none is scheduled."""
        reload, self.reload = self.reload, None
        if reload is not None:
            reload.cancel()
            self.note("timer-cancelled", "reload", session)
        return reload is not None

    def _reload_now(self) -> None:
        self.note("timer-fired", "reload")
        self.restart()

    def boot(self) -> None:
        self.reload = None
        self.archive.forget()
        if self.exclusive and not self.faults.lock_owner:
            self.exclusive = None
        tree = self.blank()
        Editor(tree, self.interfaces).load(self._startup)
        self.tree.children = tree.children

    def open_shell(self, user: str, number: int) -> Session:
        from .session import IosSession

        return IosSession(self, user, number)

    def fire_pending(self) -> None:
        """The timer of a pending change ran out: the old configuration comes back."""
        with self.lock:
            pending = self.archive.pending
            if pending is None:
                return
            self.archive.pending = None
            self.note("timer-fired", f"{pending.minutes} min")
            if self.faults.rollback_refused:
                self.note("fault", "rollback refused")
                return
            self.become(pending.saved, "rolled-back")
