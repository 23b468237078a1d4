"""Workers of a Dask cluster: the same work on many machines, `--scheduler tcp://host:8786`."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotYetError
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from translator.audit.fleet.workers import WorkerDiedError
from translator.errors import UsageError

__all__ = ["Scheduler"]

_T = TypeVar("_T")
_ADDRESS: Final = re.compile(r"(?:tcp|tls|ucx|wss?)://\S+:\d{1,5}")
_REACHED_WITHIN_S: Final = 10
_LOOK_EVERY_S: Final = 5.0
_PATIENCE: Final = 12  # looks without any worker: a minute


class Scheduler:
    """The workers behind a scheduler; files are read here and sent there.

    A batch whose worker is lost is done again by another one, without our doing.
    """

    shares_files = False

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = _connected(address)  # distributed has no types
        self._executor = self._client.get_executor(pure=False)

    @property
    def count(self) -> int:
        """How many threads the workers have by now."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def wait_for(self, workers: int) -> None:
        """Wait until there are that many workers.

        Raises:
            UsageError: there are not, some seconds later.
        """
        try:
            self._client.wait_for_workers(workers, timeout=_REACHED_WITHIN_S)
        except TimeoutError:
            raise self._lost(f"has not got {workers} workers") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget what was not finished, and leave the cluster as it is."""
        self._executor.shutdown(wait=False)
        self._client.close()

    def submit(self, call: Callable[..., _T], *args: Any) -> Future[_T]:
        """Begin a call."""
        future: Future[_T] = self._executor.submit(call, *args)
        return future

    def result(self, future: Future[_T]) -> _T:
        """Wait for a call and return its result.

        Raises:
            WorkerDiedError: several workers were lost over it.
            UsageError: the scheduler is gone, or has had no worker for a minute.
        """
        from distributed import KilledWorker

        looks_without_worker = 0
        while True:
            try:
                return future.result(timeout=_LOOK_EVERY_S)
            except KilledWorker as error:
                raise WorkerDiedError from error
            except NotYetError:
                looks_without_worker = 0 if self._has_workers() else looks_without_worker + 1
                if looks_without_worker >= _PATIENCE:
                    raise self._lost("has no worker any more") from None
            except CancelledError:
                raise self._lost("was lost") from None

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except (OSError, TimeoutError) as error:
            raise self._lost("was lost") from error

    def _lost(self, what: str) -> UsageError:
        return UsageError(
            f"the scheduler at {self._address} {what}", hint="see whether it and its workers run"
        )


def _connected(address: str) -> Any:
    if _ADDRESS.fullmatch(address) is None:
        # Dask looks names up and waits; its client then complains when it is thrown away.
        raise UsageError(
            f"{address!r} is no address of a scheduler",
            hint="give an address such as tcp://10.0.0.1:8786",
        )
    try:
        from distributed import Client  # heavy: half a second
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask distributed, which is not installed",
            hint="pip install 'qos-translator[dask]'",
        ) from None
    connect: Any = Client
    try:
        client = connect(address, timeout=_REACHED_WITHIN_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"the scheduler at {address} cannot be reached: {error}",
            hint="give an address such as tcp://10.0.0.1:8786",
        ) from None
    try:
        client.wait_for_workers(1, timeout=_REACHED_WITHIN_S)
    except TimeoutError:
        client.close()
        raise UsageError(
            f"the scheduler at {address} has no workers", hint=f"start some: dask worker {address}"
        ) from None
    return client
