"""Which lines an interface's QoS rests on, and which of them were not understood."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from translator.intents.device import DeviceQos, InterfaceQos, Unread

__all__ = ["unread_in_use"]


def unread_in_use(device: DeviceQos, names: Collection[str]) -> list[Unread]:
    """Return the lines that were not understood and that bear on one of the interfaces."""
    if not device.unread:
        return []
    used: set[int] = set()
    for interface in device.interfaces:
        if interface.name in names:
            used.update(_lines_of(interface))
    for policy in device.policies:
        if any(name in names for name, _ in policy.bound):
            used.update(policy.lines)
    return [item for item in device.unread if item.line in used]


def _lines_of(interface: InterfaceQos) -> Iterator[int]:
    yield from interface.lines
    for stage in (*interface.ingress, *interface.egress):
        for rule in stage.rules:
            yield from rule.lines
    if interface.queuing is not None:
        yield from interface.queuing.lines
        for item in interface.queuing.classes:
            yield from item.lines
