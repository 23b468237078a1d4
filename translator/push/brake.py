"""Ctrl-C during a rollout: first no further host is begun, then those in flight are taken back.

| pressed | what happens |
|---|---|
| once | no further host is begun; those in flight finish |
| twice | those in flight are taken back at their next request, and proven to be as before |
| three times | this process ends at once; the devices' own timers take back what is not confirmed |
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from translator.drivers.change import Reply, Request
from translator.errors import StoppedError
from translator.push.session import Opener, Session

__all__ = ["INTERRUPTED", "Brake"]

INTERRUPTED: Final = 130
_SAID: Final = (
    "interrupted: no further host is begun, those in flight finish "
    "(again: they are taken back; a third time: leave at once)",
    "interrupted again: hosts in flight are taken back to what they were",
    "left at once: `push --resume RUN` brings hosts that were in flight to an end",
)


class Brake:
    """What workers ask before they begin something."""

    def __init__(self) -> None:
        self._pressed = 0
        self._why = ""
        self._lock = threading.Lock()

    @property
    def why(self) -> str:
        """Why no further host is begun; "" while they are."""
        return self._why

    @property
    def interrupted(self) -> bool:
        """Whether a person stopped it."""
        return self._pressed > 0

    def stop(self, why: str) -> None:
        """Begin no further host; the first reason counts."""
        with self._lock:
            self._why = self._why or why

    def press(self) -> str:
        """Ctrl-C was pressed; return what to tell."""
        self._pressed += 1  # a signal handler takes no lock: it may have stopped its holder
        self._why = self._why or "interrupted"
        return _SAID[min(self._pressed, len(_SAID)) - 1]

    def guarded(self, connect: Opener) -> Opener:
        """Return an opener of sessions that break off when Ctrl-C is pressed a second time.

        Sessions that are opened after that, to take the change back, work as ever.
        """

        def opened() -> Session:
            session = connect()
            return session if self._pressed > 1 else _Guarded(session, self)

        return opened

    def check(self) -> None:
        """Raise if what is in flight is to be taken back.

        Raises:
            StoppedError: it is.
        """
        if self._pressed > 1:
            raise StoppedError(
                "interrupted by a person", hint="push it again when nothing speaks against it"
            )

    @contextmanager
    def on_signals(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Let SIGINT and SIGTERM press the brake inside; only in the main thread.

        Args:
            tell: what a person has to know.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def pressed(_number: int, _frame: FrameType | None) -> None:
            tell(self.press())
            if self._pressed >= len(_SAID):
                os._exit(INTERRUPTED)  # waiting threads would keep the process alive

        before = {which: signal.signal(which, pressed) for which in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for which, handler in before.items():
                signal.signal(which, handler)


class _Guarded:
    """A session that breaks off when what is in flight is to be taken back."""

    def __init__(self, session: Session, brake: Brake) -> None:
        self._session = session
        self._brake = brake

    def perform(self, request: Request) -> Reply:
        self._brake.check()
        return self._session.perform(request)

    def close(self) -> None:
        self._session.close()
