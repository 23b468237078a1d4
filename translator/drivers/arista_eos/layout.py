"""Which traffic class and queue each code point of the wanted queues has: one table for a switch.

Queues are numbered downwards: a strict queue is served before those of lower numbers, and whatever
stands below a round-robin queue is round-robin too. Queue 7 is the switch's own and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.arista_eos.lines import (
    BANDWIDTH,
    DSCP_MAP,
    NO_PRIORITY,
    QUEUE_MAP,
    SHAPE_KBPS,
    SHAPE_PERCENT,
    STRICT,
    TX_QUEUE,
    written,
)
from translator.drivers.arista_eos.maps import DEFAULT_OF_DSCP
from translator.drivers.base import refuse
from translator.intents.model import QueuingIntent
from translator.intents.pipeline import Service

__all__ = ["PLATFORM", "QUEUES", "Layout", "layout_of", "map_lines", "queue_lines", "shape_line"]

PLATFORM: Final = "arista_eos"
QUEUES: Final = 7  # of eight, one is the switch's own
_KBIT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The traffic class of each code point; equal to the number of its transmit queue."""

    class_of: tuple[int, ...] = DEFAULT_OF_DSCP
    queues: int = 0

    def of(self, code_point: CodePoint) -> int:
        """Return the traffic class of a code point."""
        return self.class_of[int(code_point)]


def layout_of(queuing: QueuingIntent) -> Layout:
    """Return the table for some queues.

    Raises:
        UnsupportedIntentError: they are served in a way that transmit queues are not.
    """
    _check(queuing)
    highest = len(queuing.queues) - 1
    table = [0] * 64  # the default queue is the last one
    for place, queue in enumerate(queuing.queues):
        for code_point in queue.code_points:
            table[int(code_point)] = highest - place
    return Layout(tuple(table), len(queuing.queues))


def map_lines(layout: Layout) -> Iterator[str]:
    """Yield the lines of the whole switch, those that are equal to a default too."""
    for number in range(layout.queues):
        points = [str(point) for point in range(64) if layout.class_of[point] == number]
        if points:
            yield written(DSCP_MAP, values=" ".join(points), number=number)
    for number in range(layout.queues):
        yield written(QUEUE_MAP, number=number, queue=number)


def queue_lines(queuing: QueuingIntent) -> Iterator[list[str]]:
    """Yield the block of each queue of a port, in ascending order."""
    for number, queue in enumerate(reversed(queuing.queues)):
        head = written(TX_QUEUE, 1, number=number)
        if queue.service is Service.PRIORITY:
            limit = _limit(queue.percent, queuing.shaping_bps)
            yield [head, written(STRICT, 2), f"      {limit}"]
        else:
            yield [head, written(NO_PRIORITY, 2), written(BANDWIDTH, 2, percent=queue.percent)]


def shape_line(rate_bps: int) -> str:
    """Return the shaper of a port.

    Raises:
        UnsupportedIntentError: the rate is no whole number of kbit/s.
    """
    if rate_bps % _KBIT:
        raise refuse(
            PLATFORM,
            f"a shaper of {rate_bps} bit/s",
            "rates are whole kbit/s",
            nearest=f"{rate_bps // _KBIT}k",
        )
    return written(SHAPE_KBPS, 1, rate=rate_bps // _KBIT)


def _limit(percent: int, shaping_bps: int | None) -> str:
    """A strict queue is held to its share: of the shaped rate in kbit/s, else of the line."""
    if shaping_bps is None:
        return written(SHAPE_PERCENT, percent=percent)
    return written(SHAPE_KBPS, rate=max(1, shaping_bps * percent // (100 * _KBIT)))


def _check(queuing: QueuingIntent) -> None:
    services = [queue.service for queue in queuing.queues]
    if services[-1] is Service.PRIORITY:
        raise refuse(
            PLATFORM,
            "a strict default queue",
            "it would starve every other queue",
            nearest="give the default queue the treatment fair",
        )
    last_strict = max(
        (at for at, item in enumerate(services) if item is Service.PRIORITY), default=0
    )
    if any(item is not Service.PRIORITY for item in services[:last_strict]):
        raise refuse(
            PLATFORM,
            "a strict queue behind one that shares",
            "a queue below a round-robin one is round-robin too",
            nearest="give the strict queues first",
        )
    for queue in queuing.queues:
        if queue.service is Service.SCAVENGER:
            raise refuse(
                PLATFORM,
                f"queue {queue.name} below best effort",
                "its queues share by weight, none yields to all others",
                nearest="give it the treatment fair and a small share",
            )
