"""A device with Junos: shared candidate, commits that want confirmation, rollbacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..clock import Timer
from ..device import Device, Subsystem
from ..session import Session
from .config import Config
from .load import load_braces, load_sets

__all__ = ["Commit", "JunosDevice", "Lock"]

_BASE = """\
version {version};
system {{
    host-name {hostname};
    services {{
        ssh;
        netconf {{
            ssh;
        }}
    }}
}}
"""
_KEPT = 50  # Junos keeps the active configuration and 49 before it


@dataclass(frozen=True, slots=True)
class Commit:
    """One committed configuration."""

    config: Config
    when: str
    user: str
    via: str
    comment: str = ""
    seconds: int = 0  # the same time since 1970
    minutes: int = 0  # of a commit that asked for confirmation, also when it was confirmed since


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds the candidate; `session` is 0 when that session is none of this device's."""

    user: str
    session: int = 0
    since: str = "2026-03-02 09:00:00 UTC"

    def __str__(self) -> str:
        pid = 4000 + self.session
        return f"  {self.user} terminal p{self.session} (pid {pid}) on since {self.since}"


@dataclass(slots=True)
class Pending:
    """A commit that goes back when its timer fires."""

    saved: Config
    minutes: int
    timer: Timer


class JunosDevice(Device):
    """A device that starts with a small configuration and that of `initial` (in braces).

    With `lingers` a session whose connection broke keeps its lock until somebody logs it out.
    """

    unauthorized = "error: permission denied"

    def __init__(
        self,
        hostname: str = "R1",
        initial: str = "",
        *,
        version: str = "21.4R3.15",
        model: str = "srx345",
        lingers: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(hostname, **common)
        self.version = version
        self.model = model
        self.lingers = lingers
        self.permissions = ("configure", "maintenance", "rollback", "view", "view-configuration")
        config = Config()
        text = _BASE.format(hostname=hostname, version=version) + initial
        problems = load_braces(config, text)
        if problems:
            raise ValueError(f"initial configuration: {problems[0]}")
        self.history = [Commit(config, self.stamp(), "root", "other")]
        self.candidate = config.copy()
        self.rescue: Config | None = None
        self.pending: Pending | None = None
        self.exclusive: Lock | None = None
        if self.faults.lock_owner:
            self.exclusive = Lock(self.faults.lock_owner)
        elif self.faults.stale_lock:
            self.exclusive = Lock(next(iter(self.users)))

    @property
    def active(self) -> Config:
        """The configuration in force."""
        return self.history[0].config

    @property
    def hostname(self) -> str:
        chain, _ = self.active.find(["system", "host-name"])
        return chain[-1].values[0]

    @property
    def running(self) -> str:
        with self.lock:
            return self.active.curly()

    @property
    def startup(self) -> str:
        with self.lock:
            return (self.pending.saved if self.pending else self.active).curly()

    def file_name(self, path: str) -> str:
        return path.rsplit("/", 1)[-1]

    def stamp(self) -> str:
        """Return the time as Junos writes it."""
        return self.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")

    def shown(self) -> str:
        """Return what `show configuration` prints."""
        last = self.history[0]
        text = f"## Last commit: {last.when} by {last.user}\n{self.active.curly()}"
        return text[: self.faults.shown_bytes]

    def dirty(self) -> bool:
        """Whether the shared candidate differs from what is active."""
        return self.candidate.curly() != self.active.curly()

    def change(self, text: str) -> None:
        with self.lock:
            config = self.active.copy()
            load_sets(config, text)
            self.confirm(None)  # as any commit does
            self.install(config, "somebody", "cli")
            self.note("foreign-change", text.strip())

    def install(
        self, config: Config, user: str, via: str, comment: str = "", minutes: int = 0
    ) -> None:
        """Make a configuration the active one and the start of all candidates."""
        seconds = int(self.clock.now().timestamp())
        entry = Commit(config.copy(), self.stamp(), user, via, comment, seconds, minutes)
        self.history.insert(0, entry)
        del self.history[_KEPT:]
        self.candidate = config.copy()

    def arm(self, minutes: int, saved: Config, session: Session) -> None:
        """Start, or start anew, the timer of an unconfirmed commit."""
        if self.pending:
            self.pending.timer.cancel()
            saved = self.pending.saved
        timer = self.clock.after(minutes * 60, self._go_back)
        self.pending = Pending(saved, minutes, timer)
        self.note("timer-armed", f"{minutes} min", session)

    def confirm(self, session: Session | None) -> None:
        """The last commit stays."""
        if self.pending:
            self.pending.timer.cancel()
            self.pending = None
            self.note("timer-cancelled", "confirmed", session)

    def _go_back(self) -> None:
        with self.lock:
            pending, self.pending = self.pending, None
            if pending is None:
                return
            self.note("timer-fired", f"{pending.minutes} min")
            if self.faults.rollback_refused:
                self.note("fault", "rollback refused")
                return
            self.install(pending.saved, "root", "other")
            self.note("rolled-back", "active")

    def boot(self) -> None:
        if self.pending:
            self.pending.timer.cancel()
            self.install(self.pending.saved, "root", "other")
        self.pending = None
        self.candidate = self.active.copy()
        if not self.faults.lock_owner:
            self.exclusive = None

    def subsystem(self, name: str) -> Subsystem | None:
        from .netconf import run_netconf

        return partial(run_netconf, self) if name == "netconf" else None

    def open_shell(self, user: str, number: int) -> Session:
        from .session import JunosSession

        return JunosSession(self, user, number)
