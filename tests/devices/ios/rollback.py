"""Archive, replacement, and the change that takes itself back (Rollback Confirmed Change).

Source:
    Cisco, Managing Configuration Files Configuration Guide, chapters Configuration Replace and
    Configuration Rollback, and Rollback Confirmed Change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clock import Timer
from ..session import Session
from .editor import Editor
from .text import contextual_diff

if TYPE_CHECKING:
    from .device import IosDevice

__all__ = ["Archive", "Pending"]

_NO_ARCHIVE = "%Please turn config archive on before using Rollback Confirmed Change\n"
_DONE = "Total number of passes: 1\nRollback Done\n\n"
_NO_PENDING = "%No Rollback Confirmed Change pending\n"


@dataclass(slots=True)
class Pending:
    """A change that goes back when its timer fires."""

    saved: str
    user: str
    minutes: int
    idle: bool
    timer: Timer
    since: str


class Archive:
    """The archive of one device and its pending change."""

    def __init__(self, device: IosDevice) -> None:
        self._device = device
        self.pending: Pending | None = None
        self.saved: list[tuple[str, str]] = []  # name, configuration

    @property
    def path(self) -> str:
        """Where copies go, "" while the archive is not configured."""
        archive = self._device.tree.children.get("archive")
        found = (
            archive.children.get("path")
            if archive and not self._device.faults.archive_missing
            else None
        )
        return found.text.removeprefix("path ") if found else ""

    def setting(self, slot: str) -> str:
        """Return a line of the archive section, "" where it is not set."""
        archive = self._device.tree.children.get("archive")
        found = archive.children.get(slot) if archive else None
        return found.text if found else ""

    def store(self) -> str:
        """Put the running configuration into the archive; return its name."""
        stamp = self._device.clock.now().strftime("%b-%e-%H-%M-%S.%f")[:-3].replace(" ", "-")
        name = f"{self.path}-{stamp}-{len(self.saved)}"
        self._device.store(name, self._device.body())
        most = int((self.setting("maximum") or "maximum 10").split()[1])
        self.saved = [*self.saved, (name, self._device.body())][-most:]
        return name

    def arm(self, minutes: int, session: Session, *, idle: bool = False) -> str:
        """Start a timer that restores the running configuration; return what IOS says."""
        if not self.path:
            return _NO_ARCHIVE
        if self.pending:
            return "%Rollback Confirmed Change already active\n"
        name = self.store()
        timer = self._device.clock.after(minutes * 60, self._device.fire_pending)
        since = self._device.clock.now().strftime("%H:%M:%S UTC %a %b %e %Y")
        self.pending = Pending(self._device.body(), session.user, minutes, idle, timer, since)
        self._device.note("timer-armed", f"{minutes} min", session)
        return f"Rollback Confirmed Change: Backing up current running config to {name}\n\n"

    def active(self) -> None:
        """A line came in: an idle timer starts anew."""
        pending = self.pending
        if pending and pending.idle:
            pending.timer.cancel()
            pending.timer = self._device.clock.after(
                pending.minutes * 60, self._device.fire_pending
            )

    def confirm(self, session: Session) -> str:
        """`configure confirm`."""
        if not self.pending:
            return _NO_PENDING
        self.pending.timer.cancel()
        self.pending = None
        self._device.note("timer-cancelled", "confirmed", session)
        return ""

    def revert(self, session: Session) -> str:
        """`configure revert now`."""
        if not self.pending:
            return _NO_PENDING
        if self._device.faults.rollback_refused:
            self._device.note("fault", "rollback refused")
            return self._device.faults.rollback_refused + "\n"
        pending, self.pending = self.pending, None
        pending.timer.cancel()
        self._device.note("timer-cancelled", "reverted", session)
        self._device.become(pending.saved, "rolled-back")
        return f"Rollback Confirmed Change: Rolling to the original config\n\n{_DONE}"

    def rearm(self, minutes: int, session: Session, *, idle: bool) -> str:
        """`configure revert timer`: another time for the pending change."""
        if not self.pending:
            return _NO_PENDING
        self.pending.timer.cancel()
        self.pending.timer = self._device.clock.after(minutes * 60, self._device.fire_pending)
        self.pending.minutes, self.pending.idle = minutes, idle
        self._device.note("timer-armed", f"{minutes} min", session)
        return ""

    def forget(self) -> None:
        """A restart knows no pending change."""
        if self.pending:
            self.pending.timer.cancel()
        self.pending = None

    def replace(self, text: str, session: Session) -> str:
        """`configure replace` with the text of a file."""
        device = self._device
        if device.faults.rollback_refused:
            device.note("fault", "replace refused")
            return device.faults.rollback_refused + "\n"
        refused = Editor(device.blank(), device.interfaces).load(text)
        if refused:
            lines = "\n".join(refused)
            return (
                f"!List of Rollback Commands:\n{lines}\nend\n\n\nRollback aborted after 1 passes\n"
                "The following commands are failed to apply to the IOS image.\n********\n"
                f"{lines}\n********\nThe original configuration has been successfully restored.\n"
                "original configuration has been successfully restored\n"
            )
        device.become(text, "committed")
        return _DONE

    def listing(self) -> str:
        """`show archive`."""
        if not self.path:
            return "Archive feature not enabled\n"
        most = (self.setting("maximum") or "maximum 10").split()[1]
        rows = [
            f"   {at}        {name}{' <- Most Recent' if at == len(self.saved) else ''}"
            for at, (name, _) in enumerate(self.saved, 1)
        ]
        count = f"There are currently {len(rows)} archive configurations saved.\n" if rows else ""
        return (
            f"The maximum archive configurations allowed is {most}.\n{count}"
            f"The next archive file will be named {self.path}-<timestamp>-{len(self.saved)}\n"
            " Archive #  Name\n" + "\n".join(rows) + "\n"
        )

    def timer(self) -> str:
        """`show archive config rollback timer`."""
        if not self.pending:
            return _NO_PENDING
        kind = "idle timer" if self.pending.idle else "absolute timer"
        return (
            f"Time configured(UTC): {self.pending.since}\nTimer type: {kind}\n"
            f"Timer value: {self.pending.minutes} min\nUser: {self.pending.user}\n"
        )

    def differences(self, old: str, new: str) -> str:
        """`show archive config differences`."""
        rows = contextual_diff(old, new)
        return (
            "\n".join(["!Contextual Config Diffs:", *(rows or ["!No changes were found"])]) + "\n"
        )

    def incremental(self, text: str) -> str:
        """`show archive config incremental-diffs`: the lines that would change something."""
        editor = Editor(self._device.tree.copy(), self._device.interfaces)
        rows: list[str] = []
        context: list[str] = []  # section headers that no changed line has needed yet
        for line in text.splitlines():
            if not line.strip() or line.strip() in ("!", "end") or line.startswith("!"):
                continue
            if not line[0].isspace():
                editor.path.clear()
                context.clear()
            before = editor.tree.copy()
            refused = editor.apply(line)
            if refused or editor.tree != before:
                rows += [*context, line]
                context.clear()
            elif editor.path:
                depth = len(line) - len(line.lstrip())
                context = [h for h in context if len(h) - len(h.lstrip()) < depth] + [line]
        end = ["end"] if rows else ["end", "!No changes were found"]
        return "\n".join(["!List of Commands:", *rows, *end]) + "\n"
