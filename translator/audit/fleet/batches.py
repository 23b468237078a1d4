"""The same piece of work for every file of a fleet: in batches, on many cores, with a cache.

Results come in the order of the files while later files are still worked on, and only a few
batches are in memory at once, so ten thousand files take no more of it than a hundred.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from translator.audit.fleet.cache import Cache, Results, tool_fingerprint
from translator.audit.fleet.workers import LocalWorkers, WorkerDiedError, Workers
from translator.drivers.text import read_bytes
from translator.errors import TranslatorError, UsageError, Where

__all__ = ["Item", "Work", "default_jobs", "run"]

_BATCH: Final = 32
_AHEAD: Final = 3  # batches under way per worker
_ATTEMPTS: Final = 2  # a file whose worker died may be innocent: another one was killed then


class Item(Protocol):
    """One file of the fleet."""

    @property
    def file(self) -> str:
        """Its path."""


_I = TypeVar("_I", bound=Item)


class Work(Protocol[_I]):
    """A pure function of a file's bytes, as a value that can be sent to another process."""

    @property
    def fingerprint(self) -> str:
        """A digest of what decides every result, beside this program and the file."""

    def identity_of(self, item: _I) -> str:
        """Return a digest of what decides the result of this file only."""

    def part(self, items: Sequence[_I]) -> Work[_I]:
        """Return the same work with no more than these files need."""

    def answer(self, item: _I, data: bytes) -> bytes:
        """Return the result for a file with these bytes, as plain data."""

    def failed(self, item: _I, error: TranslatorError) -> bytes:
        """Return the result for a file that could not be worked on."""


Progress = Callable[[int, int], None]
"""Is told how many files are done, of how many."""


def default_jobs() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    items: Sequence[_I],
    work: Work[_I],
    *,
    jobs: int | None = None,
    cache: Cache | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """Yield the result for each file, in the order of the files.

    What goes wrong with one file is that file's result, also when it takes a worker down.

    Args:
        jobs: worker processes; with one, or for one file, all is done in this process.
        workers: where to work instead, such as `translator.audit.fleet.scheduler.Scheduler`.

    Raises:
        UsageError: the workers cannot be reached, or are of another version.
    """
    cache = None if cache is None else cache.for_work(work.fingerprint)
    if workers is not None:
        results = _on(workers, items, work, cache)
    elif (jobs or default_jobs()) > 1 and len(items) > 1:
        results = _on_this_machine(jobs or default_jobs(), items, work, cache)
    else:
        results = _here(items, work, cache)
    for done, result in enumerate(results, 1):
        if progress is not None:
            progress(done, len(items))
        yield result


def _here(items: Sequence[_I], work: Work[_I], cache: Cache | None) -> Iterator[bytes]:
    with _opened(cache) as kept:
        for item in items:
            yield _answered(work, _Parcel(item), kept).result


def _on_this_machine(
    jobs: int, items: Sequence[_I], work: Work[_I], cache: Cache | None
) -> Iterator[bytes]:
    with LocalWorkers(min(jobs, len(items))) as workers:
        yield from _on(workers, items, work, cache)


def _on(
    workers: Workers, items: Sequence[_I], work: Work[_I], cache: Cache | None
) -> Iterator[bytes]:
    size = max(1, min(_BATCH, len(items) // (workers.count * 2)))
    under_way: deque[_Batch[_I]] = deque()
    whole = pickle.dumps(work)
    for start in range(0, len(items), size):
        if len(under_way) > _AHEAD * workers.count:
            yield from under_way.popleft().results()
        batch = items[start : start + size]
        part = work.part(batch)
        sent = whole if part is work else pickle.dumps(part)
        under_way.append(_Batch(workers, part, sent, cache, batch))
    while under_way:
        yield from under_way.popleft().results()


class _Parcel(NamedTuple, Generic[_I]):
    """One file on its way to a worker; with its bytes where the worker cannot read it."""

    item: _I
    data: bytes | None = None


class _Answer(NamedTuple):
    """The result for one file; what says that something failed may be otherwise the next time."""

    result: bytes
    failed: bool = False


@dataclass(slots=True)
class _Batch(Generic[_I]):
    """Some files whose work was begun together; `sent` is the work as it goes to the workers."""

    workers: Workers
    work: Work[_I]
    sent: bytes
    cache: Cache | None
    items: Sequence[_I]
    _known: dict[int, bytes] = field(default_factory=dict)
    _parcels: dict[int, _Parcel[_I]] = field(default_factory=dict)
    _future: Future[list[_Answer]] | None = None

    def __post_init__(self) -> None:
        if self.workers.shares_files:
            self._parcels = dict(enumerate(map(_Parcel, self.items)))
        else:
            with _opened(self.cache) as kept:
                for at, item in enumerate(self.items):
                    self._load(at, item, kept)
        if self._parcels:
            self._future = self._begun(list(self._parcels.values()))

    def results(self) -> list[bytes]:
        """Wait for the results and return them in the order of the files."""
        if self._future is not None:
            try:
                found = self.workers.result(self._future)
            except WorkerDiedError:
                found = [self._alone(parcel) for parcel in self._parcels.values()]
            self._known |= {
                at: answer.result for at, answer in zip(self._parcels, found, strict=True)
            }
            if not self.workers.shares_files:
                self._keep(found)
        return [self._known[at] for at in range(len(self.items))]

    def _begun(self, parcels: list[_Parcel[_I]]) -> Future[list[_Answer]]:
        shared = self.cache if self.workers.shares_files else None
        return self.workers.submit(_answer_all, tool_fingerprint(), self.sent, parcels, shared)

    def _alone(self, parcel: _Parcel[_I]) -> _Answer:
        """Work on one file of a batch whose worker died: perhaps it is the one to blame."""
        for _ in range(_ATTEMPTS):
            try:
                return self.workers.result(self._begun([parcel]))[0]
            except WorkerDiedError:
                continue
        error = TranslatorError(
            "the process that worked on this file died, each time that it was tried",
            where=Where(parcel.item.file),
            hint="it may have run out of memory; try this file alone",
        )
        return _Answer(self.work.failed(parcel.item, error), failed=True)

    def _load(self, at: int, item: _I, kept: Results | None) -> None:
        """Read a file here, for workers that cannot; look here for its result first."""
        try:
            data = read_bytes(item.file)
        except TranslatorError as error:
            self._known[at] = self.work.failed(item, error)
            return
        found = kept and kept.get(kept.cache.key(self.work.identity_of(item), data))
        if found:
            self._known[at] = found
        else:
            self._parcels[at] = _Parcel(item, data)

    def _keep(self, found: Sequence[_Answer]) -> None:
        """Cache here what workers elsewhere have found."""
        with _opened(self.cache) as kept:
            for parcel, answer in zip(self._parcels.values(), found, strict=True):
                if kept is not None and parcel.data is not None and not answer.failed:
                    identity = self.work.identity_of(parcel.item)
                    kept.put(kept.cache.key(identity, parcel.data), answer.result)


def _answer_all(
    program: str, sent: bytes, parcels: Sequence[_Parcel[_I]], cache: Cache | None
) -> list[_Answer]:
    """Return the results for some files; this runs in a worker."""
    if program != tool_fingerprint():
        raise UsageError(
            "a worker has another version of this program, and might give other results",
            hint="install the same version on all machines",
        )
    work: Work[_I] = _received(sent)
    with _opened(cache) as kept:
        return [_answered(work, parcel, kept) for parcel in parcels]


@lru_cache(maxsize=1)
def _received(sent: bytes) -> Any:
    """Return the work: mostly it is the same for all batches, and takes a millisecond to unpack."""
    return pickle.loads(sent)  # noqa: S301 - as all that is sent between these processes


def _opened(cache: Cache | None) -> AbstractContextManager[Results | None]:
    return nullcontext() if cache is None else cache.opened()


def _answered(work: Work[_I], parcel: _Parcel[_I], kept: Results | None) -> _Answer:
    item = parcel.item
    try:
        data = read_bytes(item.file) if parcel.data is None else parcel.data
        if kept is None:
            return _Answer(work.answer(item, data))
        key = kept.cache.key(work.identity_of(item), data)
        found = kept.get(key)
        if found is None:
            found = work.answer(item, data)
            kept.put(key, found)
        return _Answer(found)
    except TranslatorError as error:
        return _Answer(work.failed(item, error), failed=True)
    except Exception as error:  # a fault of ours on one file must not cost the results of others
        told = TranslatorError(
            f"this program failed on it: {type(error).__name__}: {error}",
            where=Where(item.file),
            hint="please report it, with the file if you may",
        )
        return _Answer(work.failed(item, told), failed=True)
