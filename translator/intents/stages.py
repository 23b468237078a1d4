"""The behaviour that intents ask for, in the same form in which drivers report a device's."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.intents.device import DeviceQos, InterfaceQos, QueueClass, Queuing
from translator.intents.match import ANY, Match
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueuingIntent,
    Role,
)
from translator.intents.pipeline import Action, Assign, Rule, Service, Stage, set_code_point

__all__ = ["DEFAULT_CLASS", "RESET_CLASS", "device_of", "with_ports_only_where_carried"]

DEFAULT_CLASS = "default"
RESET_CLASS = "reset"
_DF = CodePoint(0)


def device_of(intents: DeviceIntents) -> DeviceQos:
    """Return a device that does exactly what the intents ask and nothing else."""
    return DeviceQos(
        platform="intents",
        interfaces=tuple(_interface(item) for item in intents.interfaces),
        notes=intents.assumptions,
    )


@lru_cache(maxsize=4096)
def with_ports_only_where_carried(match: Match) -> Match:
    """Return the match restricted to packets that carry ports, if it asks for ports at all.

    A non-initial fragment has no port field; a rule about ports does not speak of it.
    """
    if match.fragment is None and (match.source_ports or match.destination_ports):
        return replace(match, fragment=False)
    return match


def _interface(intents: InterfaceIntents) -> InterfaceQos:
    queuing = intents.queuing
    ingress: tuple[Stage, ...] = ()
    egress: tuple[Stage, ...] = ()
    if intents.marks:
        ingress = (_ingress(intents.role, intents.classifier, intents.reset),)
    if queuing:
        egress = (_egress(intents.role, intents.egress_classifier, queuing),)
    return InterfaceQos(
        name=intents.name,
        ingress=ingress,
        egress=egress,
        queuing=_queuing(queuing) if queuing else None,
    )


# The devices of a fleet ask for the same: one stage serves all interfaces that do.
@lru_cache(maxsize=1024)
def _ingress(
    role: Role, classifier: tuple[ClassifierRule, ...], reset: tuple[CodePoint, ...]
) -> Stage:
    return Stage(f"{role} ingress", _ingress_rules(classifier, reset))


# Several roles may ask for the same, and who compares them goes by the identity of the rules.
@lru_cache(maxsize=1024)
def _ingress_rules(
    classifier: tuple[ClassifierRule, ...], reset: tuple[CodePoint, ...]
) -> tuple[Rule, ...]:
    rules = [_classify(rule) for rule in classifier]
    if reset:
        rules.append(Rule(Match(code_points=reset), (Assign(RESET_CLASS), set_code_point(_DF))))
    rules.append(Rule(ANY, (Assign(DEFAULT_CLASS),)))
    return tuple(rules)


def _classify(rule: ClassifierRule) -> Rule:
    actions: list[Action] = [Assign(rule.traffic_class.name)]
    if rule.traffic_class.code_point is not None:
        actions.append(set_code_point(rule.traffic_class.code_point))
    return Rule(with_ports_only_where_carried(rule.match), tuple(actions), rows=rule.rows)


@lru_cache(maxsize=1024)
def _egress(role: Role, classifier: tuple[ClassifierRule, ...], queuing: QueuingIntent) -> Stage:
    if classifier:
        services = {queue.name: queue.service for queue in queuing.queues}
        rules = [
            Rule(
                with_ports_only_where_carried(rule.match),
                (Assign(rule.traffic_class.name, services[rule.traffic_class.name]),),
                rows=rule.rows,
            )
            for rule in classifier
        ]
    else:
        rules = [
            Rule(Match(code_points=queue.code_points), (Assign(queue.name, queue.service),))
            for queue in queuing.queues
            if queue.code_points
        ]
    default = queuing.queues[-1]
    rules.append(Rule(ANY, (Assign(default.name, default.service),)))
    return Stage(f"{role} egress", tuple(rules))


@lru_cache(maxsize=1024)
def _queuing(queuing: QueuingIntent) -> Queuing:
    return Queuing(
        classes=tuple(
            QueueClass(
                name=queue.name,
                service=queue.service,
                percent=float(queue.percent),
                limit_percent=float(queue.percent) if queue.service is Service.PRIORITY else None,
                congestion_avoidance=queue.congestion_avoidance,
            )
            for queue in queuing.queues
        ),
        shaping_bps=queuing.shaping_bps,
    )
