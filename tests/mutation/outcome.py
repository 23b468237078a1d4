"""What became of one mutant: what z3 says of it, what our verdict is, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mutation.edits import Mutant

__all__ = ["Meaning", "Outcome"]


class Meaning(StrEnum):
    """What z3 says that a mutant is."""

    DIFFERENT = "different"  # some packet is treated otherwise
    QUEUES = "queues"  # no packet is, but a queue's share or rate is another
    UNCLEAR = "unclear"  # the text is not understood any more
    NEUTRAL = "neutral"  # no packet is treated otherwise


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant, judged twice.

    Attributes:
        origin: the shape or the file that was changed.
        witness: a packet that z3 found, or what else shows the difference.
        verdict: what we say of it, in a word.
        fault: why the two do not agree; empty where they do.
    """

    platform: str
    origin: str
    mutant: Mutant
    meaning: Meaning
    verdict: str
    fault: str = ""
    witness: str = ""

    @property
    def killed(self) -> bool:
        """Whether we saw a difference."""
        return self.verdict not in ("compliant", "equal")

    def __str__(self) -> str:
        return (
            f"{self.platform}/{self.origin} {self.mutant.operator} ({self.mutant.what}): "
            f"z3 says {self.meaning} {self.witness}, we say {self.verdict}: {self.fault}"
        )
