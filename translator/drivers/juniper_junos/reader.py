"""From a configuration text to what the device does: ties tree, filters and class-of-service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from ipaddress import ip_network
from typing import Final

from translator.drivers.juniper_junos.bindings import Binding, Bindings, Placed
from translator.drivers.juniper_junos.cos import Classes, Cos, read_cos
from translator.drivers.juniper_junos.filters import FilterReader, filter_stage
from translator.drivers.juniper_junos.groups import apply_groups
from translator.drivers.juniper_junos.matches import Names
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.scheduling import Scheduling, queuing_of, read_scheduling
from translator.drivers.juniper_junos.stages import (
    classifier_stage,
    fixed_class_stage,
    rewrite_rules,
    rewrite_stage,
    scheduler_stage,
    table_rules,
)
from translator.drivers.juniper_junos.tree import Node, read_tree
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos, Queuing
from translator.intents.match import ANY, Prefix
from translator.intents.pipeline import Flow, Rule, Stage, Unclear

__all__ = ["read_device"]

_SECTIONS: Final = ("firewall", "class-of-service")
_ELSEWHERE: Final = ("logical-systems", "dynamic-profiles")


@dataclass(slots=True)
class _Device:
    """All parts of one configuration."""

    filters: FilterReader
    cos: Cos
    scheduling: Scheduling
    bindings: Bindings
    report: Report
    stages: dict[tuple[object, ...], Stage] = field(default_factory=dict)

    def stage(self, make: Callable[[], Stage], *key: object) -> Stage:
        """Return the stage of a key, made once: interfaces with equal statements share it."""
        if key not in self.stages:
            self.stages[key] = make()
        return self.stages[key]


def read_device(
    text: str, *, platform: str, file: str, queues: Mapping[str, int], notes: tuple[str, ...]
) -> DeviceQos:
    """Return what a Junos text does; `queues` are the platform's built-in forwarding classes.

    Raises:
        ParseError: the input is binary.
    """
    tree = read_tree(text, file=file)
    report = Report()
    grouped = set(_group_lines(tree.root))
    for name in sorted(apply_groups(tree.root)):
        report.note(f"group {name} is applied but not in the text: what it holds is not known")
    device = _read(tree.root, queues, report)
    interfaces = tuple(_interfaces(device))
    _report_rest(tree.root, report)
    relevant = sorted({*_qos_lines(tree.root, device), *grouped, *tree.dormant})
    unread = report.result(text.split("\n"))
    bad = {item.line for item in unread}
    return DeviceQos(
        platform=platform,
        interfaces=interfaces,
        other_interface=InterfaceQos("*", ingress=(classifier_stage({}, device.cos),)),
        policies=tuple(_policies(device)),
        qos_lines=tuple(sorted({*relevant, *bad})),
        understood=tuple(line for line in relevant if line not in bad),
        unread=unread,
        notes=(*notes, *report.notes),
    )


def _read(root: Node, queues: Mapping[str, int], report: Report) -> _Device:
    cos_node = root.take("class-of-service") or Node("class-of-service")
    firewall = root.take("firewall") or Node("firewall")
    cos = read_cos(cos_node, Classes(queues), report)
    scheduling = read_scheduling(cos_node, cos.classes, report)
    bindings = Bindings(cos_node, root.get("interfaces"), scheduling, report)
    names = Names(cos.code_points, dict(_prefix_lists(root)))
    return _Device(FilterReader(firewall, names, report), cos, scheduling, bindings, report)


def _prefix_lists(root: Node) -> Iterator[tuple[str, tuple[Prefix, ...] | None]]:
    lists = root.get("policy-options", "prefix-list")
    for item in () if lists is None else lists.children.values():
        try:
            found = tuple(ip_network(word, strict=False) for word in item.children)
        except ValueError:  # `apply-path` fills the list from the rest of the configuration
            yield item.word, None
        else:
            yield item.word, found


def _interfaces(device: _Device) -> Iterator[InterfaceQos]:
    """Yield each unit, and the port under its own name where that is the same thing."""
    names = device.bindings.names()
    units: dict[str, list[str]] = {}
    for port, unit in names:
        units.setdefault(port, []).extend([] if unit is None else [unit])
    for port, unit in names:
        full = port if unit is None else f"{port}.{unit}"
        found = _interface(device, full, port, unit)
        yield found
        if unit is not None and len(units[port]) == 1:
            yield replace(found, name=port)


def _interface(device: _Device, full: str, port: str, unit: str | None) -> InterfaceQos:
    binding = device.bindings.binding(port, unit)
    placed = device.bindings.filters.get((port, unit or ""), Placed())
    unread = binding.unread or placed.unread
    return InterfaceQos(
        name=full,
        ingress=(_classifying(device, binding, unread), *_filtering(device, placed.input, "input")),
        egress=(*_filtering(device, placed.output, "output"), *_leaving(device, binding)),
        queuing=_queuing(device, binding),
        ingress_policy=placed.input[0][1] if placed.input else None,
        egress_policy=binding.scheduler_map or (placed.output[0][1] if placed.output else None),
        lines=tuple(sorted({*binding.lines, *placed.lines})),
    )


def _queuing(device: _Device, binding: Binding) -> Queuing | None:
    if binding.scheduler_map is None:
        return None
    return queuing_of(device.scheduling, binding.scheduler_map, binding.shaping_bps)


def _classifying(device: _Device, binding: Binding, unread: str) -> Stage:
    if binding.forwarding_class is not None:
        name = device.cos.classes.name(binding.forwarding_class)
        return fixed_class_stage(name, binding.lines)
    stage = device.stage(
        lambda: classifier_stage(binding.classifiers, device.cos),
        "classifier",
        *sorted(binding.classifiers.items()),
    )
    if not unread:
        return stage
    unclear = Rule(ANY, (Unclear(unread),), Flow.NEXT, lines=binding.lines)
    return Stage(stage.name, (unclear, *stage.rules))


def _filtering(device: _Device, names: list[tuple[str, str]], direction: str) -> Iterator[Stage]:
    for family in dict.fromkeys(family for family, _ in names):
        wanted = [name for other, name in names if other == family]
        found = [device.filters.filter(family, name) for name in wanted]
        present = [item for item in found if item is not None]
        if len(present) < len(found):
            missing = next(name for name, item in zip(wanted, found, strict=True) if item is None)
            reason = f"filter {missing} of family {family} is not in the text"
            yield Stage(f"{direction} {missing}", (Rule(ANY, (Unclear(reason),)),))
        else:
            name = f"{direction} {' '.join(wanted)}"
            yield device.stage(partial(filter_stage, name, present), family, name)


def _leaving(device: _Device, binding: Binding) -> Iterator[Stage]:
    if binding.scheduler_map is not None:
        name = binding.scheduler_map
        make = partial(scheduler_stage, name, device.scheduling, device.cos)
        yield device.stage(make, "scheduler", name)
    rewrite = rewrite_stage(binding.rewrites, device.cos)
    if rewrite is not None:
        yield rewrite


def _policies(device: _Device) -> Iterator[PolicyQos]:
    bound = _bound(device)
    names = dict.fromkeys(name for _, name in device.filters.filters)
    for name in names:
        same = [item for key, item in device.filters.filters.items() if key[1] == name]
        stages = tuple(filter_stage(f"{item.family} {name}", [item]) for item in same)
        lines = tuple(sorted({line for item in same for line in item.lines}))
        yield PolicyQos(name, "filter", stages, bound=tuple(bound.get(name, ())), lines=lines)
    for table in device.cos.classifiers.values():
        if table.lines:
            stage = Stage(f"{table.kind} {table.name}", table_rules(table))
            yield PolicyQos(table.name, "classifier", (stage,), lines=table.lines)
    for rewrite in device.cos.rewrites.values():
        if rewrite.lines:
            stage = Stage(f"{rewrite.kind} {rewrite.name}", rewrite_rules(rewrite))
            yield PolicyQos(rewrite.name, "rewrite-rule", (stage,), lines=rewrite.lines)
    for name in device.scheduling.maps:
        stage = scheduler_stage(name, device.scheduling, device.cos)
        queuing = queuing_of(device.scheduling, name, None)
        lines = device.scheduling.map_lines[name]
        yield PolicyQos(name, "scheduler-map", (stage,), queuing, lines=lines)


def _bound(device: _Device) -> dict[str, list[tuple[str, str]]]:
    bound: dict[str, list[tuple[str, str]]] = {}
    for (port, unit), placed in device.bindings.filters.items():
        for direction, names in (("in", placed.input), ("out", placed.output)):
            for _, name in names:
                place = (f"{port}.{unit}", direction)
                if place not in bound.setdefault(name, []):
                    bound[name].append(place)
    return bound


def _report_rest(root: Node, report: Report) -> None:
    """Record every word of the QoS sections that no reader asked for."""
    for word in _SECTIONS:
        node = root.get(word)
        if node is not None:
            report.sweep(node)
    for word in _ELSEWHERE:
        for item in root.below(word):
            for section in _SECTIONS:
                below = item.get(section)
                if below is not None:
                    report.unread(below, f"{section} of {word} is not read")
    for vlan in root.below("vlans"):
        for path in (("filter",), ("forwarding-options", "filter")):
            placed = vlan.get(*path)
            if placed is not None:
                report.unread(placed, "filters of VLANs are not read")


def _qos_lines(root: Node, device: _Device) -> Iterable[int]:
    for word in _SECTIONS:
        node = root.get(word)
        if node is not None:
            yield from node.all_lines()
    for placed in device.bindings.filters.values():
        yield from placed.lines


def _group_lines(root: Node) -> Iterator[int]:
    """Lines of QoS sections in groups; where a group is not applied they have no effect."""
    groups = root.get("groups")
    for group in () if groups is None else groups.children.values():
        for word in _SECTIONS:
            node = group.get(word)
            if node is not None:
                yield from node.all_lines()
