"""Which qos-group each queue of a plan gets, and how its queue is served.

The shares of a plan are of the line, and the weights of a policy divide what strict queues leave.
With the share of the strict queue left out of their sum they mean the same, without rounding.
Source: policies whose weights sum to less than 100 beside a strict queue or `bandwidth percent`
stand in Microsoft's guide to Nexus switches for Azure Local; unverified for every release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco_nxos import lines
from translator.drivers.cisco_nxos.family import (
    DEFAULT_GROUP,
    GROUPS,
    STRICT_GROUP,
    queue_of_group,
)
from translator.intents.model import DeviceIntents, InterfaceIntents, QueueIntent
from translator.intents.pipeline import Service

__all__ = ["Queues", "groups_of", "queue_lines"]

Queues = tuple[QueueIntent, ...]
_FIRST_SHARED: Final = STRICT_GROUP - 1


def groups_of(platform: str, intents: DeviceIntents) -> Mapping[CodePoint, int]:
    """Return the qos-group of each code point that has a queue of its own; none without queues.

    Raises:
        UnsupportedIntentError: two interfaces want different queues for a code point, or queues
            that the hardware does not have.
    """
    found: dict[CodePoint, int] = {}
    first = ""
    for item in intents.interfaces:
        if item.queuing is None:
            continue
        _check_port(platform, item)
        _check(platform, item.queuing.queues)
        groups = {
            point: group
            for group, queue in _grouped(item.queuing.queues)
            for point in queue.code_points
        }
        if first and groups != found:
            raise refuse(
                platform,
                f"different queues on {first} and {item.name}",
                "the qos-group of a packet is chosen where it enters, for all interfaces alike",
                nearest="use one plan of queues for all interfaces of the switch",
            )
        found, first = groups, first or item.name
    return found


def queue_lines(queues: Queues) -> Iterator[tuple[str, str]]:
    """Yield header and service of each of the eight queues, in the order of a policy."""
    served = dict(_grouped(queues))
    for group in (*GROUPS, DEFAULT_GROUP):
        queue = served.get(group)
        if queue is not None and queue.service is Service.PRIORITY:
            service = lines.PRIORITY.write(level=1)
        else:
            share = 0 if queue is None else queue.percent
            service = lines.BANDWIDTH_REMAINING.write(percent=share)
        yield lines.QUEUE.write(name=queue_of_group(group)), service


def _grouped(queues: Queues) -> Iterator[tuple[int, QueueIntent]]:
    *others, default = queues
    free = iter(GROUPS[1:])
    for queue in others:
        if queue.code_points:  # else no packet is meant
            strict = queue.service is Service.PRIORITY
            yield (STRICT_GROUP if strict else next(free)), queue
    yield DEFAULT_GROUP, default


def _check_port(platform: str, item: InterfaceIntents) -> None:
    if item.queuing is not None and item.queuing.shaping_bps is not None:
        raise refuse(
            platform,
            f"a rate of {item.queuing.shaping_bps} bit/s on {item.name}",
            "single queues are shaped, a port is not",
            nearest="give the interface the role uplink and shape on the router behind it",
        )
    if item.egress_classifier:
        raise refuse(
            platform,
            f"queues chosen by ports on {item.name}",
            "a queue follows from the qos-group that a packet got where it entered",
            nearest="mark where packets enter (role client), and give this one the role uplink",
        )


def _check(platform: str, queues: Queues) -> None:
    strict = [queue for queue in queues if queue.service is Service.PRIORITY]
    if len(strict) > 1:
        raise refuse(
            platform,
            f"{len(strict)} priority queues",
            "one strict queue, that of the highest qos-group, is what every model has",
            nearest="put their code points into one priority queue of the plan",
        )
    if queues[-1].service is Service.PRIORITY:
        raise refuse(
            platform,
            "a strict default queue",
            "it would starve every other queue",
            nearest="give the default queue the treatment fair",
        )
    for queue in queues[:-1]:
        if queue.service not in (Service.PRIORITY, Service.GUARANTEED):
            raise refuse(
                platform,
                f"queue {queue.name} with service {queue.service}",
                "a queue is strict or has a weight, and the default queue has what is left",
                nearest="give the queue a share, or leave its code points to the default queue",
            )
    shared = [queue for queue in queues[:-1] if queue not in strict and queue.code_points]
    if len(shared) > _FIRST_SHARED:
        raise refuse(
            platform,
            f"{len(shared)} queues with a share beside the strict one",
            f"there are {_FIRST_SHARED}",
            nearest="give queues of the plan the same treatment, or drop one",
        )
