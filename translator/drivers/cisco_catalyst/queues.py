"""Which hardware queue serves which queue of the plan, and the maps and weights that say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco_catalyst.lines import (
    COS_QUEUE,
    DSCP_QUEUE,
    PRIORITY_OUT,
    SHAPE,
    SHARE,
    written,
)
from translator.drivers.cisco_catalyst.maps import QUEUES
from translator.intents.model import QueueIntent, QueuingIntent
from translator.intents.pipeline import Service

__all__ = ["Placement", "map_lines", "place", "port_lines"]

_PLATFORM: Final = "cisco_catalyst"
_VALUES_PER_LINE: Final = 8
# Full tail drop: the third threshold cannot be lowered, so nothing of a queue drops early.
_THRESHOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Placement:
    """The four hardware queues: what each holds, its weight, and whether queue 1 is strict.

    Attributes:
        queue_of: the queue of each of the 64 code points.
        weights: shares of the four queues, 1-255; that of a strict queue 1 is ignored.
    """

    queue_of: tuple[int, ...]
    weights: tuple[int, ...]
    priority: bool


def place(queuing: QueuingIntent) -> Placement:
    """Return where the queues of a plan go; they are at most four and merged already.

    Weights are relative, so the default queue weighs all that the others leave of 100 %: then
    every weight is a percentage of the line.

    Raises:
        UnsupportedIntentError: a service that these switches do not have.
    """
    default = queuing.queues[-1]
    strict = [queue for queue in queuing.queues if queue.service is Service.PRIORITY]
    shares = [queue for queue in queuing.queues[:-1] if queue.service is not Service.PRIORITY]
    _check(queuing, strict)
    numbers = QUEUES[1:] if strict else QUEUES
    if len(shares) >= len(numbers):
        raise refuse(
            _PLATFORM,
            f"{len(queuing.queues)} queues",
            "a port has four",
            nearest="give queues of the plan the same treatment, so that they can be merged",
        )
    last = numbers[len(shares)]
    table = [last] * 64
    weights = [1] * len(QUEUES)
    placed = [*((1, queue) for queue in strict), *zip(numbers, shares, strict=False)]
    for number, queue in placed:
        weights[number - 1] = queue.percent
        for code_point in queue.code_points:
            table[code_point] = number
    weights[last - 1] = 100 - sum(queue.percent for queue in queuing.queues if queue != default)
    return Placement(tuple(table), tuple(weights), bool(strict))


def map_lines(placement: Placement) -> Iterator[str]:
    """Yield the global lines: CoS map first, both by queue, eight values on a line."""
    cos_queues = [placement.queue_of[8 * cos] for cos in range(8)]
    for code_point, queue in enumerate(placement.queue_of):
        # Frames without an IP header have only a CoS: give it the queue of the strictest code
        # point that shares its three bits.
        cos = CodePoint(code_point).dot1p
        cos_queues[cos] = min(cos_queues[cos], queue)
    for number in QUEUES:
        members = [cos for cos, queue in enumerate(cos_queues) if queue == number]
        if members:
            values = " ".join(map(str, members))
            yield written(COS_QUEUE, queue=number, threshold=_THRESHOLD, values=values)
    for number in QUEUES:
        members = [point for point, queue in enumerate(placement.queue_of) if queue == number]
        for start in range(0, len(members), _VALUES_PER_LINE):
            values = " ".join(map(str, members[start : start + _VALUES_PER_LINE]))
            yield written(DSCP_QUEUE, queue=number, threshold=_THRESHOLD, values=values)


def port_lines(placement: Placement) -> Iterator[str]:
    """Yield the scheduler lines of a port, in the order in which the switch prints them."""
    yield written(SHARE, 1, weights=" ".join(map(str, placement.weights)))
    if placement.priority:
        yield written(PRIORITY_OUT, 1)
    else:
        # Queue 1 is shaped to 1/25 of the line by default (unverified), which this undoes.
        yield written(SHAPE, 1, weights="0 0 0 0")


def _check(queuing: QueuingIntent, strict: list[QueueIntent]) -> None:
    if len(strict) > 1:
        raise refuse(
            _PLATFORM,
            f"{len(strict)} priority queues",
            "only queue 1 can be served before the others",
            nearest="put their code points into one priority queue of the plan",
        )
    if queuing.queues[-1].service is Service.PRIORITY:
        raise refuse(
            _PLATFORM,
            "a strict default queue",
            "it would starve every other queue",
            nearest="give the default queue the treatment fair",
        )
    for queue in queuing.queues:
        if queue.service is Service.SCAVENGER:
            raise refuse(
                _PLATFORM,
                f"queue {queue.name} below best effort",
                "its queues share by weight, none yields to all others",
                nearest="give it the treatment fair and a small share",
            )
