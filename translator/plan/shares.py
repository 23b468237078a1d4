"""Shares of one link that stand instead of those of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from translator.errors import PlanError, UsageError
from translator.plan.model import Confidence, Media, QueueRow
from translator.plan.text import nearest

__all__ = [
    "MAX_PRIORITY_PERCENT",
    "MIN_BEST_EFFORT_PERCENT",
    "QUEUE_NAMES",
    "QueueShare",
    "check_shares",
    "shares_text",
    "with_shares",
]

# Source: Cisco campus and WAN QoS design guide: all priority queues together at most 33 % of the
# link (its tests), at least 25 % for best effort.
MAX_PRIORITY_PERCENT: Final = 33
MIN_BEST_EFFORT_PERCENT: Final = 25
QUEUE_NAMES: Final = (*map(str, Media), "default")


@dataclass(frozen=True, slots=True)
class QueueShare:
    """How much of a link a queue of the plan gets there, in percent of the link.

    Attributes:
        source: where the share comes from, for those who read it; no part of the share.
        confidence: how well that is founded; None for what was worked out, or somebody decided.
    """

    queue: str
    percent: int
    source: str = field(default="set for the interface", compare=False)
    confidence: Confidence | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.queue not in QUEUE_NAMES:
            raise UsageError(
                f"{self.queue[:60]!r} is no queue", hint=nearest(self.queue[:60], QUEUE_NAMES)
            )
        if not 1 <= self.percent <= 100:
            raise UsageError(
                f"queue {self.queue}: {self.percent} % is not within 1-100",
                hint="write whole percent of the link: {audio: 20}",
            )


def check_shares(shares: Iterable[QueueShare]) -> None:
    """Check that shares can stand together on one link.

    Raises:
        UsageError: a queue has two of them, or they are more than the link.
    """
    found: dict[str, int] = {}
    for share in shares:
        if share.queue in found:
            raise UsageError(
                f"queue {share.queue} has two shares", hint="give each queue one share"
            )
        found[share.queue] = share.percent
    if sum(found.values()) > 100:
        raise UsageError(
            f"the queues ask for {sum(found.values())} % of the link",
            hint="lower the shares until they sum to 100 % or less",
        )


def shares_text(shares: Iterable[QueueShare]) -> str:
    """Return `{audio: 22, default: 40}`, as an interface of an inventory has it."""
    return "{" + ", ".join(f"{share.queue}: {share.percent}" for share in shares) + "}"


def with_shares(
    queues: tuple[QueueRow, ...], shares: tuple[QueueShare, ...]
) -> tuple[QueueRow, ...]:
    """Return the queues of a plan with the shares of one link; a queue without one keeps its own.

    Raises:
        PlanError: a share is for a queue that the plan has not.
    """
    by_queue = {share.queue: share for share in shares}
    names = {row.name for row in queues}
    for name in by_queue:
        if name not in names:
            raise PlanError(
                f"there is a share for queue {name}, which the plan has not",
                hint=nearest(name, names),
            )
    return tuple(
        replace(row, percent=share.percent, source=share.source, confidence=share.confidence)
        if (share := by_queue.get(row.name))
        else row
        for row in queues
    )
