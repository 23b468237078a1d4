"""The default queue may be guaranteed a share: the plan gives it one, so nothing extra is done."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from msgspec import structs

from translator.audit.case import Case
from translator.intents.device import InterfaceQos, Queuing
from translator.intents.model import InterfaceIntents
from translator.intents.pipeline import Action, Assign, Rule, Service, Stage
from translator.verify.compare import Side
from translator.verify.packet import Packet
from translator.verify.prove import OTHER

__all__ = ["StagesKnown", "with_shares_allowed"]

StagesKnown = dict[tuple[int, str], tuple[Stage, Stage]]
"""Stages by identity and class, each with what is held against the plan in its place."""

# Without a mark and without ports: of no class of any plan, so it waits where the rest waits.
_REST: Final = Packet(4, 255, IPv4Address(0), IPv4Address(0))


def with_shares_allowed(case: Case, known: StagesKnown) -> Case:
    """Return the case with a guaranteed default queue as best effort, where the plan wants that.

    Its share stays, so that one below the plan's is still a difference.
    """
    eased: dict[str, InterfaceQos] = {}
    for intents in case.intents.interfaces:
        found = case.found.interface(intents.name)
        if found.name not in eased and found.queuing and _wants_best_effort(intents):
            name = _guaranteed_default(case, intents.name, found.queuing)
            if name is not None:
                eased[found.name] = _eased(found, found.queuing, name, known)
    if not eased:
        return case
    interfaces = tuple(eased.get(item.name, item) for item in case.found.interfaces)
    return replace(case, found=replace(case.found, interfaces=interfaces))


def _wants_best_effort(intents: InterfaceIntents) -> bool:
    queuing = intents.queuing
    return queuing is not None and queuing.queues[-1].service is Service.BEST_EFFORT


def _guaranteed_default(case: Case, interface: str, queuing: Queuing) -> str | None:
    """Return the class of packets that no rule speaks of, if it is guaranteed a share."""
    if any(item.service is Service.BEST_EFFORT for item in queuing.classes):
        return None  # spares the walk: best effort has a queue of its own
    name = Side(case.found, OTHER, interface).trace(_REST).class_name
    guaranteed = {item.name for item in queuing.classes if item.service is Service.GUARANTEED}
    return name if name in guaranteed else None


def _eased(
    interface: InterfaceQos, queuing: Queuing, name: str, known: StagesKnown
) -> InterfaceQos:
    classes = tuple(
        structs.replace(item, service=Service.BEST_EFFORT) if item.name == name else item
        for item in queuing.classes
    )
    egress: list[Stage] = []
    for stage in interface.egress:
        key = (id(stage), name)
        if key not in known:
            known[key] = (stage, structs.replace(stage, rules=_rules(stage.rules, name)))
        egress.append(known[key][1])
    return structs.replace(
        interface, egress=tuple(egress), queuing=structs.replace(queuing, classes=classes)
    )


def _rules(rules: tuple[Rule, ...], name: str) -> tuple[Rule, ...]:
    return tuple(
        replace(
            rule,
            actions=tuple(_action(action, name) for action in rule.actions),
            body=_rules(rule.body, name),
        )
        for rule in rules
    )


def _action(action: Action, name: str) -> Action:
    if action == Assign(name, Service.GUARANTEED):
        return Assign(name, Service.BEST_EFFORT)
    return action
