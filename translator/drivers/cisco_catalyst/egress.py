"""The four egress queues of a port: which code points they hold and how they are served.

Source: Catalyst 2960 Software Configuration Guide, "Configuring Egress Queue Characteristics":
the expedite queue overrides both weights of queue 1, shaped weights override shared ones.
"""

from __future__ import annotations

from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco_catalyst.ingress import COS_TAG, LABEL_TAG
from translator.drivers.cisco_catalyst.maps import QUEUES, SwitchQos
from translator.drivers.cisco_catalyst.port import Port
from translator.drivers.doubt import Doubt
from translator.intents.condition import AllOf, AnyOf, Condition, Tagged
from translator.intents.device import QueueClass, Queuing
from translator.intents.match import Match
from translator.intents.pipeline import Assign, Rule, Service, Stage

__all__ = ["DEFAULT_SHAPE", "EgressQueues"]

DEFAULT_SHAPE: Final = (25, 0, 0, 0)
"""Weights that shape the queues of a port where no line says others: queue 1 has 4 % of it."""

_SHARED: Final = (0, 0, 0, 0)
_WHOLE: Final = 100.0  # percent


class EgressQueues:
    """The egress side of all ports of one switch; its queue maps are taken apart once."""

    def __init__(self, switch: SwitchQos) -> None:
        self._switch = switch
        groups: dict[tuple[int, int | None], list[CodePoint]] = {}
        for number, queue in enumerate(switch.queue_of_dscp):
            groups.setdefault((queue, switch.dscp_line[number]), []).append(CodePoint(number))
        self._groups = [
            (queue, () if line is None else (line,), _holds(points, switch))
            for (queue, line), points in groups.items()
        ]
        self._stages: dict[tuple[object, ...], Stage] = {}

    def stage(self, port: Port) -> Stage:
        """Return the stage that puts a leaving packet into one of the four queues."""
        services = tuple(_service(port, queue) for queue in QUEUES)
        doubt = port.unread_out or self._switch.doubt
        key = (services, doubt, tuple(port.egress_lines))
        if key not in self._stages:
            self._stages[key] = self._build(services, doubt, tuple(port.egress_lines))
        return self._stages[key]

    def queuing(self, port: Port) -> Queuing | None:
        """Return the scheduler of a port, or None when no line configures one."""
        if not port.egress_lines:
            return None
        used = set(self._switch.queue_of_dscp)
        classes = [_queue_class(port, queue, used) for queue in QUEUES]
        classes.sort(key=lambda item: item.service is not Service.PRIORITY)
        # Source: Catalyst 2960 Command Reference, `srr-queue bandwidth limit`: the port sends at
        # that percentage of its speed, however idle it is (the hardware rounds it).
        return Queuing(
            tuple(classes),
            lines=tuple(port.egress_lines),
            shaping_percent=port.limit_percent,
        )

    def _build(
        self, services: tuple[Service, ...], doubt: Doubt | None, lines: tuple[int, ...]
    ) -> Stage:
        rules = [doubt.rule()] if doubt else []
        rules.extend(self._doubtful_cos(services))
        for queue, map_lines, condition in self._groups:
            actions = (Assign(f"queue-{queue}", services[queue - 1]),)
            rules.append(Rule(condition, actions, lines=(*lines, *map_lines)))
        return Stage("egress queues", tuple(rules))

    def _doubtful_cos(self, services: tuple[Service, ...]) -> list[Rule]:
        """Where a trusted CoS and its code point would choose differently, the queue is unknown.

        Unverified: which of the two maps the switch asks for packets of a port that trusts CoS.
        """
        switch = self._switch
        differing = tuple(
            cos
            for cos, code_point in enumerate(switch.cos_dscp)
            if services[switch.queue_of_cos[cos] - 1]
            is not services[switch.queue_of_dscp[code_point] - 1]
        )
        if not differing:
            return []
        doubt = Doubt("the CoS and the DSCP queue map disagree")
        return [doubt.rule(Tagged(COS_TAG, differing))]


def _service(port: Port, queue: int) -> Service:
    """Without a configured weight the switch's defaults share alike: nothing is promised."""
    if queue == 1 and port.priority_out:
        return Service.PRIORITY
    guaranteed = _shapes(port)[queue - 1] > 0 or port.share is not None
    return Service.GUARANTEED if guaranteed else Service.BEST_EFFORT


def _shapes(port: Port) -> tuple[int, ...]:
    """Return the weights that shape: 0 of a queue that shares, or that is served first.

    Source: Catalyst 2960 guide: the expedite queue overrides both weights of queue 1. Sharing alone
    leaves queue 1 shaped: `show mls qos interface queueing` of a 2960-X port without such lines
    prints `25 0 0 0`.
    """
    shape = port.shape
    if shape is None:
        shape = _SHARED if port.share is None else DEFAULT_SHAPE
    return (0, *shape[1:]) if port.priority_out else shape


def _queue_class(port: Port, queue: int, used: set[int]) -> QueueClass:
    """A shaped queue has 1/weight of the line and no more; the others share what is left of it.

    The weight of a strict queue 1 has no effect, but it is the only word of the text about how
    much was meant for it, so it is given as its share. Queues that hold no code point never send
    and do not count.
    """
    name, service = f"queue-{queue}", _service(port, queue)
    shapes = _shapes(port)
    if shapes[queue - 1]:
        percent = _WHOLE / shapes[queue - 1]
        return QueueClass(name, service, percent=percent, limit_percent=percent)
    if port.share is None or queue not in used:
        return QueueClass(name, service)
    shaped = sum(_WHOLE / shapes[number - 1] for number in used if shapes[number - 1])
    weights = {number: port.share[number - 1] for number in used if not shapes[number - 1]}
    meant = _WHOLE * weights.get(1, 0) / sum(weights.values())  # for a strict queue
    if service is Service.PRIORITY:
        return QueueClass(name, service, percent=meant)
    if not port.priority_out:
        share = max(_WHOLE - shaped, 0.0) * weights[queue] / sum(weights.values())
        return QueueClass(name, service, percent=share)
    left = sum(weight for number, weight in weights.items() if number != 1)
    free = max(_WHOLE - meant - shaped, 0.0) / (_WHOLE - meant)
    return QueueClass(name, service, remaining_percent=_WHOLE * free * weights[queue] / left)


def _holds(code_points: list[CodePoint], switch: SwitchQos) -> Condition:
    header = Match(code_points=tuple(code_points))
    if switch.rewrite:
        return header
    label = Tagged(LABEL_TAG, tuple(int(point) for point in code_points))
    return AnyOf((label, AllOf((Tagged(LABEL_TAG, (None,)), header))))
