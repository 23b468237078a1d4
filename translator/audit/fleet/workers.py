"""Worker processes of this machine, behind what any pool of workers has to offer."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from translator.collector import collect_seldom

__all__ = ["LocalWorkers", "WorkerDiedError", "Workers"]

_T = TypeVar("_T")


class WorkerDiedError(Exception):
    """A worker ended in the middle of its work: killed, out of memory, or by a crash."""


class Workers(Protocol):
    """A pool that calls functions elsewhere."""

    @property
    def count(self) -> int:
        """How many calls it makes at once."""

    @property
    def shares_files(self) -> bool:
        """Whether a worker finds a file under the same name as this process."""

    def submit(self, call: Callable[..., _T], *args: Any) -> Future[_T]:
        """Begin a call."""

    def result(self, future: Future[_T]) -> _T:
        """Wait for a call and return its result.

        Raises:
            WorkerDiedError: the call did not end, and may be begun again.
        """


class LocalWorkers:
    """Processes of this machine; in place of a pool that broke there is a new one at once."""

    shares_files = True

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes; what has not begun is not begun any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, call: Callable[..., _T], *args: Any) -> Future[_T]:
        """Begin a call."""
        try:
            return self._pool.submit(call, *args)
        except BrokenProcessPool:
            self._pool = self._new_pool()
            return self._pool.submit(call, *args)

    def result(self, future: Future[_T]) -> _T:
        """Wait for a call and return its result."""
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise WorkerDiedError from error

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.count, initializer=_prepare_process)


def _prepare_process() -> None:
    """Leave Ctrl-C to the parent, and let the collector look less often at what is remembered."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
