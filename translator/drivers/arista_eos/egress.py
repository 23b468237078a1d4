"""The transmit queues of a port: which traffic classes they hold and how they are served.

Sources: EOS user manual, chapter Quality of Service: a strict queue is served before all queues of
a lower number, round-robin queues share what is left by their bandwidth in percent. Unverified:
that a queue below a round-robin one is round-robin too whatever it is told (Trident).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.arista_eos.maps import CLASSES, SwitchMaps
from translator.drivers.arista_eos.policy import CLASS_TAG, MARKED_TAG
from translator.drivers.arista_eos.port import Port, Shaper, TxQueue
from translator.drivers.doubt import Doubt
from translator.intents.condition import AllOf, Predicate, Tagged
from translator.intents.device import QueueClass, Queuing
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Assign,
    Rule,
    Service,
    Stage,
    Unclear,
    set_code_point,
)

__all__ = ["EgressQueues", "rewrite_stage"]

_MULTICAST: Final = Match(destinations=(IPv4Network("224.0.0.0/4"), IPv6Network("ff00::/8")))
_MULTICAST_DOUBT: Final = Doubt("multicast packets have queues of their own, which are not read")
_NO_CLASS: Final = (
    "the queue follows from the traffic class, and that from the trust of the interface that the "
    "packet enters by: name it (--in), and its trust if no line does"
)
_BELOW: Final = "whether a queue below a round-robin one is strict is not known"
_SPARED: Final = Predicate("a code point that a policy wrote is not rewritten", unread=True)
_WHOLE: Final = 100.0


def rewrite_stage(maps: SwitchMaps) -> Stage | None:
    """Return what `qos rewrite dscp` writes into packets that leave; None where it is off.

    Source: EOS user manual, `qos rewrite dscp`: the code point is that of the traffic class.
    """
    if not maps.rewrite:
        return None
    line = () if maps.rewrite_line is None else (maps.rewrite_line,)
    rules = [Rule(AllOf((Tagged(MARKED_TAG, (1,)), _SPARED)), lines=line)]
    for number in range(CLASSES):
        condition = Tagged(CLASS_TAG, (number,))
        point = maps.dscp_of.get(number)
        if point is None:
            reason = f"the code point that traffic class {number} is rewritten to is not verified"
            rules.append(Rule(condition, (Unclear(reason),), lines=line))
        else:
            action = set_code_point(CodePoint(point))
            rules.append(Rule(condition, (action,), lines=(*line, maps.dscp_of_line[number])))
    return Stage("rewrite", (*rules, Rule(ANY, (Unclear(_NO_CLASS),), lines=line)))


class EgressQueues:
    """The egress side of all ports of one switch."""

    def __init__(self, maps: SwitchMaps) -> None:
        self._maps = maps
        self._used = {maps.queue_of[number] for number in maps.class_of_dscp}
        self._stages: dict[tuple[object, ...], Stage] = {}

    def stage(self, port: Port) -> Stage | None:
        """Return the stage that puts a leaving packet into a queue; None where no line asks."""
        doubts = tuple(filter(None, (port.unread_out, self._maps.doubt)))
        if not port.schedules and not doubts and not port.multicast:
            return None
        services = tuple(_service(port, queue) for queue in range(CLASSES))
        lines = tuple(port.egress_lines)
        key = (services, doubts, port.multicast, lines)
        if key not in self._stages:
            rules = [doubt.rule() for doubt in doubts]
            rules += [_MULTICAST_DOUBT.rule(_MULTICAST)] if port.multicast else []
            rules += self._rules(services, lines) if port.schedules else []
            self._stages[key] = Stage("transmit queues", tuple(rules))
        return self._stages[key]

    def queuing(self, port: Port) -> Queuing | None:
        """Return the scheduler of a port, or None when no line configures one."""
        if not port.egress_lines:
            return None
        shaper = port.shaper or Shaper()
        classes: tuple[QueueClass, ...] = ()
        if port.schedules:
            classes = tuple(self._classes(port))
        return Queuing(
            classes,
            shaping_bps=shaper.bps,
            lines=tuple(port.egress_lines),
            shaping_percent=shaper.percent,
        )

    def _rules(self, services: tuple[Service | None, ...], lines: tuple[int, ...]) -> list[Rule]:
        rules = [Rule(Tagged(CLASS_TAG, (None,)), (Unclear(_NO_CLASS),), lines=lines)]
        for queue in reversed(range(CLASSES)):
            held = tuple(n for n in range(CLASSES) if self._maps.queue_of[n] == queue)
            if not held:
                continue
            service = services[queue]
            name = f"queue-{queue}"
            actions = (
                (Assign(name), Unclear(_BELOW)) if service is None else (Assign(name, service),)
            )
            at = {line for n in held if (line := self._maps.queue_line[n]) is not None}
            rules.append(Rule(Tagged(CLASS_TAG, held), actions, lines=(*lines, *sorted(at))))
        return rules

    def _classes(self, port: Port) -> Iterator[QueueClass]:
        """Yield the queues that packets come to, strictest first.

        A strict queue without a limit may take all, so that others have a part of what it leaves.
        """
        queues = [(n, port.queues.get(n, TxQueue())) for n in reversed(range(CLASSES))]
        used = [(n, item, _service(port, n)) for n, item in queues if n in self._used]
        shared = sum(item.percent or 0 for _, item, service in used if service in _SHARING)
        limits = [_percent_of(item.shaper, port) for _, item, s in used if s is Service.PRIORITY]
        whole = None not in limits and shared + sum(limit or 0.0 for limit in limits) <= _WHOLE
        for number, item, service in used:
            if service is not None:
                yield _queue_class(number, item, service, shared, whole=whole)


_SHARING: Final = (Service.GUARANTEED, Service.BEST_EFFORT)


def _service(port: Port, number: int) -> Service | None:
    """Return how a queue is served; None where that is not known."""
    round_robin = [n for n, item in port.queues.items() if item.strict is False]
    queue = port.queues.get(number)
    if number not in round_robin:
        return None if round_robin and number < max(round_robin) else Service.PRIORITY
    assert queue is not None, "it has a line"
    promised = (queue.percent, queue.guaranteed_percent, queue.guaranteed_bps)
    return Service.GUARANTEED if any(promised) else Service.BEST_EFFORT


def _queue_class(
    number: int, item: TxQueue, service: Service, shared: int, *, whole: bool
) -> QueueClass:
    shaper = item.shaper or Shaper()
    promised: float | None = item.guaranteed_percent
    remaining = None
    if service is not Service.PRIORITY and item.percent:
        promised = float(item.percent) if whole else promised
        remaining = None if whole else _WHOLE * item.percent / shared
    return QueueClass(
        f"queue-{number}",
        service,
        percent=None if promised is None else float(promised),
        rate_bps=item.guaranteed_bps,
        remaining_percent=remaining,
        limit_percent=shaper.percent,
        limit_bps=shaper.bps,
        congestion_avoidance=item.drops_early,
        lines=tuple(item.lines),
    )


def _percent_of(shaper: Shaper | None, port: Port) -> float | None:
    """Return the limit of a queue in percent of the port's rate; None where it has none."""
    if shaper is None or shaper.percent is not None:
        return None if shaper is None else shaper.percent
    if shaper.bps is None or port.shaper is None or not port.shaper.bps:
        return None
    return _WHOLE * shaper.bps / port.shaper.bps
