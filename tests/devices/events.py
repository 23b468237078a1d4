"""What happened to a device, in order: the witness of every test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Event", "EventLog", "Kind"]

Kind = Literal[
    "login",
    "login-refused",
    "logout",
    "line",  # a line was received
    "executed",  # a configuration line was carried out
    "refused",  # a line was answered with an error
    "locked",
    "unlocked",
    "timer-armed",
    "timer-fired",
    "timer-cancelled",
    "committed",  # a candidate or a whole file became the running configuration
    "rolled-back",
    "saved",  # the startup configuration was written
    "file-written",
    "foreign-change",
    "restarted",
    "fault",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `session` is 0 where no session caused it."""

    number: int
    kind: Kind
    text: str
    session: int = 0
    mode: str = ""


@dataclass(slots=True)
class EventLog:
    """The events of one device; may be read from any thread."""

    _events: list[Event] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, kind: Kind, text: str = "", *, session: int = 0, mode: str = "") -> Event:
        """Append an event."""
        with self._changed:
            event = Event(len(self._events) + 1, kind, text, session, mode)
            self._events.append(event)
            self._changed.notify_all()
            return event

    def all(self) -> tuple[Event, ...]:
        """Return everything so far."""
        with self._changed:
            return tuple(self._events)

    def of(self, *kinds: Kind) -> tuple[Event, ...]:
        """Return the events of some kinds."""
        return tuple(event for event in self.all() if event.kind in kinds)

    def count(self, kind: Kind, text: str = "") -> int:
        """Return how many events of a kind hold that text."""
        return sum(event.kind == kind and text in event.text for event in self.all())

    def wait_for(self, kind: Kind, *, count: int = 1, timeout_s: float = 10.0) -> bool:
        """Wait until that many events of a kind have happened; False when they did not."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while sum(event.kind == kind for event in self._events) < count:
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    return sum(event.kind == kind for event in self._events) >= count
            return True

    def __iter__(self) -> Iterator[Event]:
        return iter(self.all())
