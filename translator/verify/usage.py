"""Which lines an interface's QoS rests on, and which of them were not understood."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos, InterfaceQos, Unread
from translator.intents.pipeline import Assign, Rule, Unclear

__all__ = ["unread_in_use"]


def unread_in_use(
    device: DeviceQos, names: Collection[str], direction: str | None = None
) -> list[Unread]:
    """Return the lines that were not understood and that bear on one of the interfaces.

    Args:
        direction: "in" or "out"; lines that make packets of the other direction unclear, and
            say no more, are then left out.
    """
    if not device.unread:
        return []
    used: set[int] = set()
    for interface in device.interfaces:
        if interface.name in names:
            used.update(_lines_of(interface, direction))
    for policy in device.policies:
        if any(name in names for name, _ in policy.bound):
            used.update(policy.lines)
    return [item for item in device.unread if item.line in used]


def _lines_of(interface: InterfaceQos, direction: str | None) -> Iterator[int]:
    yield from interface.lines
    for stages, way in ((interface.ingress, "in"), (interface.egress, "out")):
        for stage in stages:
            for rule in stage.rules:
                if direction in (None, way) or not _is_doubt(rule):
                    yield from rule.lines
    if interface.queuing is not None:
        yield from interface.queuing.lines
        for item in interface.queuing.classes:
            yield from item.lines


def _is_doubt(rule: Rule) -> bool:
    """Whether all that a rule says is that nothing is known of its packets, or of their queue."""
    condition = rule.condition
    if isinstance(condition, Predicate) and condition.unread and not rule.body:
        return all(isinstance(item, Assign) for item in rule.actions)
    reasons = [item for item in rule.actions if isinstance(item, Unclear)]
    return len(reasons) == len(rule.actions) > 0 and not rule.body
