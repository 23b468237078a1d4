"""How fast a rollout goes: the canaries first and alone, then batches, and when it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.errors import UsageError

__all__ = ["Batch", "Pace"]

_BATCH: Final = re.compile(r"([1-9][0-9]{0,5})(%?)")


@dataclass(frozen=True, slots=True)
class Batch:
    """How many hosts belong to a batch: so many, or so many percent of all of the rollout."""

    number: int
    percent: bool = False

    def __post_init__(self) -> None:
        if self.number < 1 or (self.percent and self.number > 100):
            raise UsageError(f"{self} is no size of a batch", hint="write 10% or 25")

    def __str__(self) -> str:
        return f"{self.number}{'%' if self.percent else ''}"

    @classmethod
    def of(cls, text: str) -> Batch:
        """Return the batch of `25` or `10%`.

        Raises:
            UsageError: another form.
        """
        found = _BATCH.fullmatch(text.strip())
        if found is None:
            raise UsageError(f"{text!r} is no size of a batch", hint="write 10% or 25")
        return cls(int(found[1]), bool(found[2]))

    def size(self, hosts: int) -> int:
        """Return the hosts of one batch, at least 1, as Ansible's `serial` counts them."""
        return max(1, hosts * self.number // 100) if self.percent else self.number


@dataclass(frozen=True, slots=True)
class Pace:
    """How a rollout goes on.

    Attributes:
        canary: so many hosts are changed before any other is begun; one that fails stops all.
        batch: hosts that are begun before all of them have ended.
        max_failures: after so many failed changes no further host is begun.
        forks: hosts at one time, at most.
    """

    canary: int = 1
    batch: Batch = Batch(10, percent=True)
    max_failures: int = 1
    forks: int = 20

    def __post_init__(self) -> None:
        if self.canary < 0 or self.max_failures < 1 or self.forks < 1:
            raise UsageError(
                f"a pace of {self.canary} canaries, {self.max_failures} failures and "
                f"{self.forks} forks makes no sense",
                hint="canaries from 0, failures and forks from 1",
            )
