"""What proofs for many hosts have in common: worked out by the first, found by all like it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from translator.audit.repair.memory import RepairMemory
from translator.verify.diagram import Space

__all__ = ["Proofs"]


@dataclass(frozen=True, slots=True)
class Proofs:
    """A space and a memory of repairs for the threads of a fleet, one at a time.

    Diagrams cannot be made by two threads at once. To wait costs nothing: the interpreter runs one
    thread at a time, and a space for each thread would have each work out the same.

    Attributes:
        memory: only proposals; what it returns is proven on each host anew.
    """

    space: Space = field(default_factory=Space)
    memory: RepairMemory = field(default_factory=RepairMemory)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @contextmanager
    def turn(self) -> Iterator[Space]:
        """Have the space, and the memory, to oneself; do not talk to a device meanwhile."""
        with self._lock:
            self.space.recycle()
            yield self.space
