"""Line numbers taken out of what was understood of a text: an edit shifts them all."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from msgspec import structs

from translator.intents.condition import Condition, Predicate, remade
from translator.intents.device import DeviceQos, InterfaceQos, Queuing
from translator.intents.pipeline import Action, Rule, Stage, Unclear

__all__ = ["unnumbered"]

_NUMBER: Final = re.compile(r"\bline \d+\b")


def unnumbered(device: DeviceQos) -> DeviceQos:
    """Return the device as it would be understood if lines had no numbers."""
    known: dict[int, Stage] = {}  # interfaces share stages, and still do so afterwards
    return replace(
        device,
        interfaces=tuple(_interface(item, known) for item in device.interfaces),
        other_interface=_interface(device.other_interface, known),
        kinds=tuple(_interface(item, known) for item in device.kinds),
        forward=_stages(device.forward, known),
        policies=tuple(
            structs.replace(
                item,
                stages=_stages(item.stages, known),
                queuing=None if item.queuing is None else _queuing(item.queuing),
                lines=(),
            )
            for item in device.policies
        ),
    )


def _interface(item: InterfaceQos, known: dict[int, Stage]) -> InterfaceQos:
    return structs.replace(
        item,
        ingress=_stages(item.ingress, known),
        egress=_stages(item.egress, known),
        queuing=None if item.queuing is None else _queuing(item.queuing),
        lines=(),
    )


def _queuing(item: Queuing) -> Queuing:
    classes = tuple(structs.replace(found, lines=()) for found in item.classes)
    return structs.replace(item, classes=classes, lines=())


def _stages(stages: tuple[Stage, ...], known: dict[int, Stage]) -> tuple[Stage, ...]:
    for stage in stages:
        if id(stage) not in known:
            known[id(stage)] = Stage(stage.name, tuple(map(_rule, stage.rules)))
    return tuple(known[id(stage)] for stage in stages)


def _rule(rule: Rule) -> Rule:
    return Rule(
        _condition(rule.condition),
        tuple(map(_action, rule.actions)),
        rule.flow,
        tuple(map(_rule, rule.body)),
        rows=rule.rows,
    )


def _action(action: Action) -> Action:
    return Unclear(_named(action.reason)) if isinstance(action, Unclear) else action


def _condition(condition: Condition) -> Condition:
    if isinstance(condition, Predicate):
        return Predicate(_named(condition.name), condition.unread)
    return remade(condition, _condition)


def _named(text: str) -> str:
    return _NUMBER.sub("line", text)
