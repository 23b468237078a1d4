"""The clock of a device: as fast as a test wants, with timers that it can let fire."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["Clock", "Timer"]

_EPOCH = datetime(2026, 3, 2, 9, 0, 0)


@dataclass(slots=True)
class Timer:
    """One thing that a device will do at a moment of its own time."""

    due_s: float
    act: Callable[[], None]
    live: bool = True

    def cancel(self) -> None:
        """Forget it; it will not fire any more."""
        self.live = False


@dataclass(slots=True)
class Clock:
    """Device time. One device minute lasts `minute_s` seconds of the test.

    `advance` moves it on at once and fires what is due, so that a test need not wait at all.
    `offset_s` is by how much the device shows a wrong time.
    """

    minute_s: float = 60.0
    offset_s: float = 0.0
    _moved_s: float = 0.0
    _started: float = field(default_factory=time.monotonic)
    _timers: list[Timer] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _loop: asyncio.AbstractEventLoop | None = None

    def elapsed_s(self) -> float:
        """Return device seconds since the device was made."""
        return (time.monotonic() - self._started) * 60.0 / self.minute_s + self._moved_s

    def now(self) -> datetime:
        """Return the time that the device shows."""
        return _EPOCH + timedelta(seconds=self.elapsed_s() + self.offset_s)

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call `act` when that many device seconds have passed; the result cancels it."""
        timer = Timer(self.elapsed_s() + seconds, act)
        with self._lock:
            self._timers.append(timer)
        self._wake_in(seconds)
        return timer

    def remaining_s(self, timer: Timer) -> float:
        """Return how many device seconds are left."""
        return max(0.0, timer.due_s - self.elapsed_s())

    def advance(self, *, minutes: float = 0.0, seconds: float = 0.0) -> None:
        """Let that much device time pass now."""
        self._moved_s += minutes * 60.0 + seconds
        self.fire()

    def fire(self) -> None:
        """Fire every timer that is due, earliest first."""
        while (timer := self._next_due()) is not None:
            timer.act()

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Let timers fire by themselves on a running loop; None: only `advance` fires them."""
        self._loop = loop
        for timer in self._timers if loop is not None else ():
            self._wake_in(self.remaining_s(timer))

    def _next_due(self) -> Timer | None:
        with self._lock:
            self._timers = [timer for timer in self._timers if timer.live]
            due = [timer for timer in self._timers if timer.due_s <= self.elapsed_s()]
            first = min(due, key=lambda timer: timer.due_s, default=None)
            if first is not None:
                self._timers.remove(first)
            return first

    def _wake_in(self, seconds: float) -> None:
        loop = self._loop
        if loop is not None:
            real_s = seconds * self.minute_s / 60.0 + 0.001
            loop.call_soon_threadsafe(loop.call_later, real_s, self.fire)
