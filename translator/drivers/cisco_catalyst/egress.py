"""The four egress queues of a port: which code points they hold and how they are served.

Source: Catalyst 2960 Software Configuration Guide, "Configuring Egress Queue Characteristics":
the expedite queue overrides both weights of queue 1, shaped weights override shared ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.drivers.cisco_catalyst.ingress import COS_TAG, LABEL_TAG
from translator.drivers.cisco_catalyst.maps import SwitchQos
from translator.drivers.cisco_catalyst.port import Port
from translator.drivers.doubt import Doubt
from translator.intents.condition import AllOf, AnyOf, Condition, Predicate, Tagged
from translator.intents.device import QueueClass, Queuing
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Assign, Rule, Service, Stage

__all__ = ["DEFAULT_SHAPE", "EgressQueues", "unknown_service"]

DEFAULT_SHAPE: Final = (25, 0, 0, 0)
"""Weights that shape the queues of a port where no line says others: queue 1 has 4 % of it."""

_NAME: Final = "egress queues"
_SHARED: Final = (0, 0, 0, 0)
_WHOLE: Final = 100.0  # percent
_COS_DECIDES: Final = Predicate("the queue maps disagree, and that of the CoS decides", unread=True)


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
        self._used = frozenset(switch.queue_of_dscp)
        self._stages: dict[tuple[object, ...], Stage] = {}

    def stage(self, port: Port) -> Stage:
        """Return the stage that puts a leaving packet into one of the four queues."""
        services = _services(_weights(port))
        doubt = port.unread_out or self._switch.doubt
        if port.unread_queues is not None:
            found = unknown_service(port.unread_queues)
            return Stage(found.name, (doubt.rule(), *found.rules)) if doubt else found
        key = (services, doubt, tuple(port.egress_lines))
        if key not in self._stages:
            self._stages[key] = self._build(services, doubt, tuple(port.egress_lines))
        return self._stages[key]

    def queuing(self, port: Port) -> Queuing | None:
        """Return the scheduler of a port, or None when no line configures one, or none is known."""
        if not port.egress_lines or port.unread_queues is not None:
            return None
        # Source: Catalyst 2960 Command Reference, `srr-queue bandwidth limit`: the port sends at
        # that percentage of its speed, however idle it is (the hardware rounds it).
        return Queuing(
            _classes(_weights(port), self._used),
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
        return Stage(_NAME, tuple(rules))

    def _doubtful_cos(self, services: tuple[Service, ...]) -> list[Rule]:
        """Where a trusted CoS and its code point would choose differently, the queue is unknown.

        Unverified: which of the two maps the switch asks for packets of a port that trusts CoS.
        """
        switch = self._switch
        differing: dict[int, list[int]] = {}
        for cos, code_point in enumerate(switch.cos_dscp):
            queue = switch.queue_of_cos[cos]
            if queue != switch.queue_of_dscp[code_point]:
                differing.setdefault(queue, []).append(cos)
        return [
            Rule(
                AllOf((Tagged(COS_TAG, tuple(values)), _COS_DECIDES)),
                (Assign(f"queue-{queue}", services[queue - 1]),),
            )
            for queue, values in differing.items()
        ]


@lru_cache(maxsize=256)
def unknown_service(doubt: Doubt) -> Stage:
    """Return the stage of packets of which it is not known how they are served.

    They keep their code points: these switches mark nothing that leaves.
    """
    asked = ((Service.PRIORITY, "served first"), (Service.GUARANTEED, "guaranteed a share"))
    rules = [
        Rule(
            Predicate(f"whether it is {words} ({doubt.reason})", unread=True),
            (Assign("queue", service),),
            lines=doubt.lines,
        )
        for service, words in asked
    ]
    rest = Rule(ANY, (Assign("queue", Service.BEST_EFFORT),))
    return Stage(_NAME, (*rules, rest))


class _Weights(NamedTuple):
    """What decides how the queues of a port are served; ports that are alike share it.

    Attributes:
        shape: 0 of a queue that shares, or that is served first.
    """

    share: tuple[int, ...] | None
    shape: tuple[int, ...]
    priority: bool


def _weights(port: Port) -> _Weights:
    """Return the weights of a port, with what the switch adds to them.

    Source: Catalyst 2960 guide: the expedite queue overrides both weights of queue 1. Sharing alone
    leaves queue 1 shaped: `show mls qos interface queueing` of a 2960-X port without such lines
    prints `25 0 0 0`.
    """
    shape = port.shape
    if shape is None:
        shape = _SHARED if port.share is None else DEFAULT_SHAPE
    if port.priority_out:
        shape = (0, *shape[1:])
    return _Weights(port.share, shape, port.priority_out)


@lru_cache(maxsize=1024)
def _services(weights: _Weights) -> tuple[Service, ...]:
    """Without a configured weight the switch's defaults share alike: nothing is promised."""
    found = [
        Service.GUARANTEED if shape or weights.share is not None else Service.BEST_EFFORT
        for shape in weights.shape
    ]
    return (Service.PRIORITY, *found[1:]) if weights.priority else tuple(found)


@lru_cache(maxsize=1024)
def _classes(weights: _Weights, used: frozenset[int]) -> tuple[QueueClass, ...]:
    """Return the queues, strictest first.

    A shaped queue has 1/weight of the line and no more; the others share what is left of it.

    The weight of a strict queue 1 has no effect, but it is the only word of the text about how
    much was meant for it, so it is given as its share. Queues that hold no code point never send
    and do not count.
    """
    shaped = {at: _WHOLE / shape for at, shape in enumerate(weights.shape, 1) if shape}
    shares = enumerate(weights.share or (), 1)
    sharing = {at: share for at, share in shares if at in used and at not in shaped}
    total = sum(sharing.values())
    meant = _WHOLE * sharing.get(1, 0) / total if weights.priority and sharing else 0.0
    left = total - (sharing.get(1, 0) if weights.priority else 0)
    free = max(_WHOLE - sum(percent for at, percent in shaped.items() if at in used), 0.0)
    found = []
    for number, service in enumerate(_services(weights), 1):
        item = QueueClass(f"queue-{number}", service)
        if number in shaped:
            item = replace(item, percent=shaped[number], limit_percent=shaped[number])
        elif number in sharing and service is Service.PRIORITY:
            item = replace(item, percent=meant)
        elif number in sharing and weights.priority:
            percent = _WHOLE * max(free - meant, 0.0) / (_WHOLE - meant)
            item = replace(item, remaining_percent=percent * sharing[number] / left)
        elif number in sharing:
            item = replace(item, percent=free * sharing[number] / left)
        found.append(item)
    return tuple(sorted(found, key=lambda item: item.service is not Service.PRIORITY))


def _holds(code_points: list[CodePoint], switch: SwitchQos) -> Condition:
    header = Match(code_points=tuple(code_points))
    if switch.rewrite:
        return header
    label = Tagged(LABEL_TAG, tuple(int(point) for point in code_points))
    return AnyOf((label, AllOf((Tagged(LABEL_TAG, (None,)), header))))
