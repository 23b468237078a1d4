"""Writes the configuration of a Nexus 9000: lists, classes, policies, and where they are bound.

Packets get their qos-group where they enter, so what is asked of a queue on one interface makes
classes on all the others: those that are named mark and group in one policy, and the policy of the
system groups by code point what enters anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import Rendered, refuse
from translator.drivers.cisco.class_text import code_point_class, rule_class
from translator.drivers.cisco.naming import clip, identifier
from translator.drivers.cisco.pieces import Kind, Pieces
from translator.drivers.cisco_nxos import lines
from translator.drivers.cisco_nxos.family import DEFAULT_GROUP
from translator.drivers.cisco_nxos.ports import interface_name
from translator.drivers.cisco_nxos.queues import Queues, groups_of, queue_lines
from translator.drivers.cisco_nxos.written import FORM
from translator.drivers.templates import fill
from translator.intents.lower import class_blocks
from translator.intents.model import DeviceIntents, InterfaceIntents

__all__ = ["render"]

_HEADERS: Final = {
    Kind.ACCESS_LIST: "ip access-list",
    Kind.ACCESS_LIST_V6: "ipv6 access-list",
    Kind.CLASS_MAP: "class-map type qos",
    Kind.POLICY_MAP: "policy-map type qos",
    Kind.QUEUING_MAP: "policy-map type queuing",
}
_DF: Final = CodePoint(0)
_SYSTEM_POLICY: Final = ("QOS", "SYSTEM")


def render(platform: str, intents: DeviceIntents, name_length: int) -> Rendered:
    """Return the configuration of one device.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly.
        DriverError: a name cannot stand in a configuration.
    """
    device = _Device(platform, intents, name_length)
    pieces = device.pieces
    config = fill(
        "cisco_nxos/config.j2",
        device=clip(intents.device, 80),
        plan=clip(intents.plan, 80),
        access_lists=pieces.lines(Kind.ACCESS_LIST) + pieces.lines(Kind.ACCESS_LIST_V6),
        class_maps=pieces.lines(Kind.CLASS_MAP),
        policy_maps=pieces.lines(Kind.POLICY_MAP) + pieces.lines(Kind.QUEUING_MAP),
        places=[line for block in device.places for line in block],
    )
    removal = fill(
        "cisco_nxos/removal.j2",
        device=clip(intents.device, 80),
        places=[line for block in reversed(device.places) for line in _undone(block)],
        definitions=pieces.removal(),
    )
    return Rendered(config=config, removal=removal, instructions=tuple(_instructions(device)))


def _undone(block: tuple[str, ...]) -> Iterator[str]:
    yield block[0]
    yield from (f"  no {line.strip()}" for line in reversed(block[1:]))


def _instructions(device: _Device) -> Iterator[str]:
    yield (
        "look at `show hardware access-list tcam region`: a region for QoS must have entries, and "
        "one for IPv6 where lists of IPv6 are used; to carve one takes a reload"
    )
    if device.groups:
        yield (
            "the strict queue is served before all others without a limit: what may enter it is "
            "limited only where packets are marked"
        )
        yield "a change of a queuing policy interrupts its ports for a moment"
    if device.drops_early:
        yield (
            "early drop is not written, since its thresholds are those of a model's buffers: give "
            "queues `random-detect` by hand"
        )
    yield "enter `configure terminal`, then the configuration, then `end`"
    yield "check with `show policy-map interface`, then `copy running-config startup-config`"


class _Device:
    """Collects what the interfaces of one device need, each definition once.

    Attributes:
        groups: the qos-group of each code point that has a queue of its own.
        places: headers with the lines below them that bind policies.
        drops_early: whether the plan asks for early drop in any queue.
    """

    def __init__(self, platform: str, intents: DeviceIntents, name_length: int) -> None:
        self.platform = platform
        self.pieces = Pieces(name_length, _HEADERS)
        self.places: list[tuple[str, ...]] = []
        self.groups: Mapping[CodePoint, int] = groups_of(platform, intents)
        self.drops_early = intents.drops_early
        bound = [(item, self._policies(item)) for item in intents.interfaces]
        if self.groups:
            name = self._policy(_SYSTEM_POLICY, "what enters by any other interface", None)
            self.places.append((lines.SYSTEM.write(), f"  {lines.TYPE_QOS_IN.write(name=name)}"))
        for item, policies in bound:
            head = lines.INTERFACE.write(name=interface_name(platform, item.name))
            if policies:
                self.places.append((head, *(f"  {line}" for line in policies)))

    def _policies(self, item: InterfaceIntents) -> list[str]:
        """Write the policies of one interface and return the lines that bind them."""
        bound: list[str] = []
        if item.marks:
            wanted = ("QOS", "IN", item.role.value)
            name = self._policy(wanted, f"mark what enters from a {item.role}", item)
            bound.append(lines.TYPE_QOS_IN.write(name=name))
        if item.queuing is not None:
            name = self._queuing_policy(item.queuing.queues)
            bound.append(lines.QUEUING_OUT.write(name=name))
        return bound

    def _policy(self, wanted: tuple[str, ...], text: str, item: InterfaceIntents | None) -> str:
        """Write what an interface, or any other, does to packets that enter."""
        content = (item.classifier, item.reset) if item is not None else _SYSTEM_POLICY
        known = self.pieces.known(Kind.POLICY_MAP, content)
        if known is not None:
            return known
        name = self.pieces.names(Kind.POLICY_MAP).give(identifier(*wanted), content)
        body = [*self._marked(item), *self._grouped(item)]
        head = [lines.POLICY_MAP.write(name=name), "  " + lines.DESCRIPTION.write(text=text)]
        self.pieces.add(Kind.POLICY_MAP, name, [*head, *body])
        return name

    def _marked(self, item: InterfaceIntents | None) -> Iterator[str]:
        """Yield the classes that classify and mark, and the one that takes marks away."""
        if item is None:
            return
        for block in class_blocks(item.classifier):
            code_point = block.traffic_class.code_point
            if code_point is None and self.groups:
                raise refuse(
                    self.platform,
                    f"class {block.name}, which keeps the code points that it has",
                    "its packets would need the queue of each of them in one class",
                    nearest="give the class a code point",
                )
            name = rule_class(self.platform, FORM, self.pieces, block, item.role)
            if name is not None:
                yield from self._class(name, code_point)
        if item.reset:
            text = "code points that only classified packets may carry"
            name = code_point_class(FORM, self.pieces, ("RESET",), sorted(item.reset), text)
            yield from self._class(name, _DF)

    def _grouped(self, item: InterfaceIntents | None) -> Iterator[str]:
        """Yield the classes that trust a code point, and choose the queue by it."""
        taken = frozenset(item.reset) if item is not None else frozenset()
        for group in sorted(set(self.groups.values()), reverse=True):
            points = sorted(
                point for point, own in self.groups.items() if own == group and point not in taken
            )
            if points:
                text = f"code points of qos-group {group}"
                name = code_point_class(FORM, self.pieces, ("GROUP", str(group)), points, text)
                yield "  " + lines.CLASS.write(name=name)
                yield "    " + lines.SET_GROUP.write(group=group)

    def _class(self, name: str, code_point: CodePoint | None) -> Iterator[str]:
        yield "  " + lines.CLASS.write(name=name)
        if code_point is None:
            return
        group = self.groups.get(code_point, DEFAULT_GROUP)
        if group != DEFAULT_GROUP:  # every packet has that one already
            yield "    " + lines.SET_GROUP.write(group=group)
        yield "    " + lines.SET_DSCP.write(value=int(code_point))

    def _queuing_policy(self, queues: Queues) -> str:
        known = self.pieces.known(Kind.QUEUING_MAP, queues)
        if known is not None:
            return known
        name = self.pieces.names(Kind.QUEUING_MAP).give(identifier("QOS", "OUT"), queues)
        head = lines.QUEUING_MAP.write(name=name)
        self.pieces.add(Kind.QUEUING_MAP, name, [head, *_indented(queue_lines(queues))])
        return name


def _indented(queues: Iterable[tuple[str, str]]) -> Iterator[str]:
    for queue, service in queues:
        yield f"  {queue}"
        yield f"    {service}"
