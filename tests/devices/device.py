"""What every simulated device shares: its state, its sessions, its faults and its event log."""

from __future__ import annotations

import hmac
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from .clock import Clock
from .events import EventLog, Kind
from .faults import AUTHORIZATION_FAILED, Faults
from .session import Fate, Reply, Session
from .terminal import Reader, Writer

__all__ = ["Device", "Subsystem"]

Subsystem = Callable[[str, Reader, Writer], Awaitable[Fate]]


class Device(ABC):
    """A device whose state outlives its connections.

    All changes of state happen under `lock`; properties return values, not live objects.

    Args:
        hostname: as configured.
        users: passwords by user name.
        keys: public keys (OpenSSH text) that may log in as any of the users.
        enable: the enable password, empty: none is asked for.
        serial: the chassis serial number.
        replies: what commands print that no state is kept for, such as counters, by command in
            full; may be changed while the device runs.

    Attributes:
        unauthorized: what is said to a command that the user may not give.
    """

    unauthorized = AUTHORIZATION_FAILED

    def __init__(
        self,
        hostname: str,
        *,
        users: Mapping[str, str] | None = None,
        keys: tuple[str, ...] = (),
        enable: str = "",
        serial: str = "SIM00000001",
        replies: Mapping[str, str] | None = None,
        faults: Faults | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.users = dict(users or {"admin": "pw"})
        self.keys = keys
        self.enable = enable
        self.serial = serial
        self.replies = dict(replies or {})
        self.faults = faults or Faults()
        self.clock = clock or Clock()
        self.log = EventLog()
        self.lock = threading.RLock()
        self.files: dict[str, str] = {}
        self.sessions: dict[int, Session] = {}
        self.initial_hostname = hostname
        self._numbers = 0
        self._config_lines = 0
        self._logins = 0
        self._seen: dict[int, int] = {}  # hook number -> how many of its events have happened

    # What tests ask.

    @property
    @abstractmethod
    def hostname(self) -> str:
        """The configured name."""

    @property
    @abstractmethod
    def running(self) -> str:
        """The running (active) configuration as the device prints it."""

    @property
    @abstractmethod
    def startup(self) -> str:
        """The configuration that a restart would load."""

    @property
    def sessions_open(self) -> int:
        """How many shells are open."""
        return len(self.sessions)

    @property
    def lines_received(self) -> int:
        """How many lines have been counted; see `Faults`."""
        return self._config_lines

    @property
    def lines_executed(self) -> tuple[str, ...]:
        """The configuration lines that were carried out, in order."""
        return tuple(event.text for event in self.log.of("executed"))

    @abstractmethod
    def change(self, text: str) -> None:
        """Change the running configuration as somebody else would, with no session of ours."""

    @abstractmethod
    def open_shell(self, user: str, number: int) -> Session:
        """Return a new session of this kind of device."""

    def subsystem(self, name: str) -> Subsystem | None:
        """Return what serves an SSH subsystem, None where the device has none of that name."""
        return None

    @abstractmethod
    def boot(self) -> None:
        """Load the startup configuration and forget what does not outlive a restart."""

    def restart(self) -> None:
        """Reload: all connections break, running becomes startup."""
        with self.lock:
            for session in tuple(self.sessions.values()):
                self.drop(session)
            self.boot()
            self.note("restarted")

    def told(self, command: str) -> str:
        """Return what a command prints that no state is kept for."""
        return self.replies.get(command, "")

    # Files.

    @property
    def scp_allowed(self) -> bool:
        """Whether files may be copied to and from the device."""
        return not self.faults.scp_off

    def file_name(self, path: str) -> str:
        """Return the one name that all spellings of a path have in `files`."""
        return path

    def free_bytes(self) -> int:
        """Return how much room the file system has left."""
        return self.faults.flash_free_bytes - sum(map(len, self.files.values()))

    def store(self, path: str, text: str) -> bool:
        """Write a file; False when there is no room for it."""
        name = self.file_name(path)
        with self.lock:
            if len(text) > self.free_bytes() + len(self.files.get(name, "")):
                self.note("fault", "flash full")
                return False
            self.files[name] = text
            self.note("file-written", name)
            return True

    # What servers and sessions call.

    def note(self, kind: Kind, text: str = "", session: Session | None = None) -> None:
        """Log an event, then run the hooks that wait for it."""
        number, mode = (session.number, session.mode) if session else (0, "")
        event = self.log.add(kind, text, session=number, mode=mode)
        for index, hook in enumerate(self.faults.hooks):
            if hook.matches(event):
                self._seen[index] = self._seen.get(index, 0) + 1
                if self._seen[index] == hook.nth:
                    self.log.add("fault", f"hook at {hook.kind} {hook.nth}")
                    hook.act(self)

    def accepts(self, user: str, password: str) -> bool:
        """Return whether a password login is accepted; each attempt is logged."""
        known = self.users.get(user)
        return self.admits(user, known is not None and hmac.compare_digest(known, password))

    def admits(self, user: str, proven: bool) -> bool:
        """Return whether a user, whose identity is proven or not, may log in."""
        with self.lock:
            fault = self._login_fault()
            if fault:
                self.note("fault", fault)
            if fault or not proven:
                self.note("login-refused", user)
                return False
            self._logins += 1
            self.note("login", user)
            return True

    def full(self) -> bool:
        """Return whether no further connection is accepted."""
        limit = self.faults.session_limit
        if limit is None or self.sessions_open < limit:
            return False
        self.note("fault", "session limit")
        return True

    def attach(self, user: str) -> Session:
        """Open a shell."""
        with self.lock:
            self._numbers += 1
            session = self.open_shell(user, self._numbers)
            self.sessions[session.number] = session
            return session

    def drop(self, session: Session) -> None:
        """A shell has ended, however it did."""
        with self.lock:
            if self.sessions.pop(session.number, None) is not None:
                session.close()
                self.note("logout", session.user, session)

    def receive(self, session: Session, line: str) -> Reply:
        """Take one line of a session: log it, let faults strike, carry it out."""
        with self.lock:
            if session.closed:
                return Reply(fate=Fate.CLOSES)
            configuring = session.configuring and session.question is None
            secret = session.question is not None and session.question.secret
            self.note("line", "" if secret else line, session)
            if session.closed:  # a hook has broken the connection
                return Reply(fate=Fate.CLOSES)
            counts = self.faults.in_any_mode or (configuring and line.strip())
            at = self._count() if counts else 0
            struck = self._strike(at, line)
            if struck is not None:
                if struck.refused:
                    self.note("refused", line, session)
                return struck
            reply = session.answer(line)
            if reply.refused:
                self.note("refused", line, session)
            elif configuring and line.strip() and not reply.held:
                self.note("executed", line.strip(), session)
            if at and at == self.faults.reset_after:
                self.note("fault", f"reset after line {at}")
                return replace(reply, fate=Fate.RESETS)
            return reply

    def strike(self, line: str, session: Session) -> Reply | None:
        """Count a configuration line that came in a file; return the fault that strikes at it."""
        return self._strike(self._count(), line)

    def _count(self) -> int:
        self._config_lines += 1
        return self._config_lines

    def _strike(self, at: int, line: str) -> Reply | None:
        faults = self.faults
        if at and at == faults.reset_before:
            self.note("fault", f"reset before line {at}")
            return Reply(fate=Fate.RESETS)
        if at and at == faults.hang_at:
            self.note("fault", f"hang at line {at}")
            return Reply(fate=Fate.HANGS)
        for start, fate in ((faults.silent_at, Fate.HANGS), (faults.lost_at, Fate.RESETS)):
            if start and line.strip().startswith(start):
                self.note("fault", f"{fate} at {line.strip()!r}")
                return Reply(fate=fate)
        if at and at in faults.refuse:
            self.note("fault", f"refuse line {at}")
            return Reply(faults.refuse[at], refused=True)
        named = bool(faults.unauthorized) and line.strip().startswith(faults.unauthorized)
        if named or (at and at == faults.unauthorized_at):
            self.note("fault", f"authorization of {line.strip()!r}")
            return Reply(self.unauthorized + "\n", refused=True)
        return None

    def _login_fault(self) -> str:
        faults = self.faults
        if faults.login_refused:
            return "login refused"
        if faults.logins_accepted is not None and self._logins >= faults.logins_accepted:
            return f"login refused after {self._logins}"
        after = faults.login_refused_after
        if after is not None and self.log.count(after):
            return f"login refused after {after}"
        return ""
