"""The queues of a link: what is asked of each, as a share of the link, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final

from translator.errors import PlanError
from translator.plan.model import Media, Plan, QueueRow, Treatment
from translator.plan.shares import (
    MAX_PRIORITY_PERCENT,
    MIN_BEST_EFFORT_PERCENT,
    QueueShare,
)
from translator.plan.text import nearest
from translator.sizing.demand import Demand, demands_of
from translator.sizing.model import Link

__all__ = ["LinkSize", "QueueSize", "size_link"]

_MAX_SOURCE: Final = 300


@dataclass(frozen=True, slots=True)
class QueueSize:
    """One queue of a link.

    Attributes:
        demand: what is asked of it; None: nothing was stated, so that the plan's share stands.
        percent: the share of the link that holds the demand; 0 or less where nothing is left.
    """

    row: QueueRow
    demand: Demand | None
    percent: int
    rate_bps: int

    @property
    def headroom_bps(self) -> int | None:
        """What the share holds beyond the demand, rounded down; None where nothing is asked."""
        if self.demand is None:
            return None
        return max(0, self.rate_bps - self.demand.planned_bps)  # both are rounded, apart

    @property
    def share(self) -> QueueShare:
        """The share, with what it was worked out from: streams, or the plan's own source."""
        if self.demand is None:
            return QueueShare(
                self.row.name, self.percent, self.row.source, confidence=self.row.confidence
            )
        loads = "; ".join(f"{load.streams} x {load.what}" for load in self.demand.loads)
        text = f"qos-translator size: {self.demand.planned_bps} bit/s, {loads}"
        if len(text) > _MAX_SOURCE:
            text = text[: _MAX_SOURCE - 3] + "..."
        return QueueShare(self.row.name, self.percent, text)


@dataclass(frozen=True, slots=True)
class LinkSize:
    """All queues of a link, in the order of the plan, the default queue last."""

    link: Link
    queues: tuple[QueueSize, ...]

    @property
    def priority_percent(self) -> int:
        """The share of all priority queues together."""
        return sum(item.percent for item in self.queues if item.row.treatment is Treatment.PRIORITY)

    @property
    def best_effort_percent(self) -> int:
        """The share that is left for everything else; less than nothing where too much is asked."""
        return self.queues[-1].percent

    @property
    def fits(self) -> bool:
        """Whether the shares may be given to a device."""
        return (
            self.priority_percent <= MAX_PRIORITY_PERCENT
            and self.best_effort_percent >= MIN_BEST_EFFORT_PERCENT
        )

    @property
    def shares(self) -> tuple[QueueShare, ...]:
        """The shares, which sum to 100; none where they do not fit."""
        if not self.fits:
            return ()
        *queues, default = self.queues
        worked_out = f"qos-translator size: what the others leave of {self.link.name}"
        return (
            *(item.share for item in queues),
            QueueShare(default.row.name, default.percent, worked_out),
        )

    def queue_of(self, media: Media) -> QueueSize | None:
        """Return the queue of a medium, None where the plan has none."""
        return next((item for item in self.queues if item.row.media is media), None)


def size_link(link: Link, plan: Plan) -> LinkSize:
    """Return the queues of a link.

    A queue that the sites say something about gets the share that holds it, rounded up to whole
    percent; another keeps the plan's. Best effort gets what is left.

    Raises:
        PlanError: the plan has no queue for something that is asked, or no default queue.
    """
    demands = demands_of(link)
    _check_queues(plan, demands)
    queued = tuple(
        _queue(row, demands.get(row.media), link) for row in plan.queues if row.media is not None
    )
    default = next((row for row in plan.queues if row.media is None), None)
    if default is None:
        raise PlanError(
            f"plan {plan.name} has no default queue",
            where=plan.where,
            hint="add {media: default, treatment: fair, percent: 25}",
        )
    left = 100 - sum(item.percent for item in queued)
    rest = QueueSize(default, None, left, max(0, link.rate_bps * left // 100))
    return LinkSize(link, (*queued, rest))


def _queue(row: QueueRow, demand: Demand | None, link: Link) -> QueueSize:
    percent = row.percent
    if demand is not None:
        # The smallest share that a queue can have is 1 %, also for nothing.
        percent = max(1, ceil(demand.exact_bps * 100 / link.rate_bps))
    return QueueSize(row, demand, percent, link.rate_bps * percent // 100)


def _check_queues(plan: Plan, asked: Iterable[Media]) -> None:
    names = {row.name for row in plan.queues}
    for media in asked:
        if media.value not in names:
            raise PlanError(
                f"plan {plan.name} has no queue for {media}",
                where=plan.where,
                hint=nearest(media.value, names),
            )
