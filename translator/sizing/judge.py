"""What is wrong with the size of a link, and what would fit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from translator.errors import Where
from translator.plan.checks.finding import Severity
from translator.plan.model import Media, Treatment
from translator.plan.shares import MAX_PRIORITY_PERCENT, MIN_BEST_EFFORT_PERCENT
from translator.sizing.advice import calls_of, kbps, what_fits
from translator.sizing.erlang import traffic_for
from translator.sizing.size import LinkSize, QueueSize

__all__ = ["SizingFinding", "findings_of"]


@dataclass(frozen=True, slots=True)
class SizingFinding:
    """One thing that somebody has to decide before the link carries what is asked.

    Attributes:
        id: fixed word for the kind of finding.
    """

    id: str
    severity: Severity
    message: str
    hint: str
    where: Where | None = None

    def __str__(self) -> str:
        place = "" if self.where is None else f"{self.where}: "
        return f"{place}{self.severity}: {self.message} [{self.id}]"


def findings_of(size: LinkSize) -> tuple[SizingFinding, ...]:
    """Return what is wrong with the size of a link, what forbids it first."""
    found = (*_shares(size), *_blocking(size), *_admission(size), *_peaks(size))
    return tuple(
        SizingFinding(kind, severity, message, hint, size.link.where)
        for kind, severity, message, hint in found
    )


_Draft = tuple[str, Severity, str, str]


def _shares(size: LinkSize) -> Iterator[_Draft]:
    if size.priority_percent > MAX_PRIORITY_PERCENT:
        queues = [item for item in size.queues if item.row.treatment is Treatment.PRIORITY]
        yield (
            "priority-share",
            Severity.ERROR,
            f"priority queues need {size.priority_percent} % of the link, more than "
            f"{MAX_PRIORITY_PERCENT} %",
            what_fits(size, queues, MAX_PRIORITY_PERCENT),
        )
    if size.best_effort_percent < MIN_BEST_EFFORT_PERCENT:
        left = size.best_effort_percent
        over = f"the queues need {100 - left} % of the link"
        short = (
            f"{left} % of the link is left for best effort, less than {MIN_BEST_EFFORT_PERCENT} %"
        )
        yield (
            "queue-sum" if left < 0 else "best-effort-share",
            Severity.ERROR,
            over if left < 0 else short,
            what_fits(size, size.queues[:-1], 100 - MIN_BEST_EFFORT_PERCENT),
        )


def _blocking(size: LinkSize) -> Iterator[_Draft]:
    queue = size.queue_of(Media.AUDIO)
    for load in calls_of(queue):
        if load.blocked is None or load.target is None or load.blocked <= load.target:
            continue
        erlangs = traffic_for(load.streams, load.target)
        yield (
            "blocking",
            Severity.WARNING,
            f"{load.what}: {load.streams} calls at most block {100 * load.blocked:.1f} % of the "
            f"calls, more than {100 * load.target:.1f} %",
            f"allow more calls, or offer no more than {erlangs:.1f} erlangs",
        )


def _admission(size: LinkSize) -> Iterator[_Draft]:
    """Call admission control must admit what is wanted, and no more than the queue carries."""
    limits = ((Media.AUDIO, size.link.cac_audio_bps), (Media.VIDEO, size.link.cac_video_bps))
    for media, limit_bps in limits:
        queue = size.queue_of(media)
        if limit_bps is None or queue is None:
            continue
        admits = f"call admission control admits {kbps(limit_bps)} kbit/s of {media}"
        queue_bps = _most_bps(size, queue)
        carried_bps, best_bps = _on_the_link(queue, queue_bps, limit_bps)
        if carried_bps > queue_bps:
            taken = "" if carried_bps == limit_bps else f", {kbps(carried_bps)} kbit/s on the link"
            yield (
                "cac-over-queue",
                Severity.WARNING,
                f"{admits}{taken}; the queue has {kbps(queue_bps)} kbit/s",
                f"lower the limit to {best_bps // 1000}k, or let the queue grow by what it is to "
                "carry",
            )
        wanted_bps = 0 if queue.demand is None else queue.demand.admitted_bps
        if wanted_bps > limit_bps:
            yield (
                "cac-under-demand",
                Severity.WARNING,
                f"{admits}; what is asked counts as {kbps(wanted_bps)} kbit/s there, so that some "
                "of it is refused or rerouted",
                f"raise the limit to {kbps(wanted_bps)}k, or ask for less",
            )


def _most_bps(size: LinkSize, queue: QueueSize) -> int:
    """What a queue has, or may have at most where it asks for more."""
    is_priority = queue.row.treatment is Treatment.PRIORITY
    most = MAX_PRIORITY_PERCENT if is_priority else 100 - MIN_BEST_EFFORT_PERCENT
    return min(queue.rate_bps, size.link.rate_bps * most // 100)


def _on_the_link(queue: QueueSize, queue_bps: int, limit_bps: int) -> tuple[int, int]:
    """What streams that a limit admits take of the link, and the limit that fits the queue.

    Admission control counts more for a voice stream than it takes, and admits it whole or not.
    """
    demand = queue.demand
    if demand is None or demand.media is not Media.AUDIO or not demand.streams:
        return limit_bps, queue_bps
    counted = Fraction(demand.admitted_bps, demand.streams)
    taken = demand.exact_bps / demand.streams
    fitting = floor(queue_bps / taken)
    return ceil(floor(limit_bps / counted) * taken), ceil(fitting * counted / 1000) * 1000


def _peaks(size: LinkSize) -> Iterator[_Draft]:
    """A screen that changes at once takes more than its mean; its queue delays it."""
    for queue in size.queues:
        loads = () if queue.demand is None else queue.demand.loads
        peaks = [load.peak_bps for load in loads if load.streams and load.peak_bps is not None]
        if peaks and max(peaks) > queue.rate_bps:
            yield (
                "sharing-peak",
                Severity.INFO,
                f"one shared screen takes up to {kbps(max(peaks))} kbit/s, the queue "
                f"{queue.row.name} has {kbps(queue.rate_bps)} kbit/s: such a change shows late, "
                "or takes what other queues leave",
                "plan with sharing_at: peak if that is not good enough",
            )
