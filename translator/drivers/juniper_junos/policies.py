"""Named parts of a configuration by themselves: what each does, and where it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from translator.drivers.juniper_junos.bindings import Binding
from translator.drivers.juniper_junos.cos import DSCP_TYPES, ClassTable, RewriteTable
from translator.drivers.juniper_junos.filters import Filter, filter_stage
from translator.drivers.juniper_junos.scheduling import queuing_of
from translator.drivers.juniper_junos.stages import rewrite_rules, scheduler_stage, table_rules
from translator.drivers.juniper_junos.ways import Device
from translator.intents.device import PolicyQos
from translator.intents.pipeline import Rule, Stage

__all__ = ["policies_of"]

Places = dict[tuple[str, str], dict[tuple[str, str], None]]


def policies_of(device: Device) -> Iterator[PolicyQos]:
    """Yield filters, classifiers, rewrite rules and scheduler maps.

    Tables of one name for both IP versions are one policy, as are filters of several families.
    """
    if device.untold is None:
        yield from _policies(device)
        return
    untold = Stage("not read", (device.untold.rule(),))
    for policy in _policies(device):
        yield replace(policy, stages=(untold, *policy.stages))


def _policies(device: Device) -> Iterator[PolicyQos]:
    bound = _bound(device)
    filters: dict[str, list[Filter]] = {}
    for (_, name), item in device.filters.filters.items():
        filters.setdefault(name, []).append(item)
    for name, same in filters.items():
        stages = tuple(filter_stage(f"{item.family} {name}", [item]) for item in same)
        lines = tuple(sorted({line for item in same for line in item.lines}))
        yield _policy(bound, "filter", name, stages, lines)
    yield from _tables(bound, device)
    for name in device.scheduling.maps:
        make = partial(scheduler_stage, name, device.scheduling, device.cos)
        stage = device.stage(make, "scheduler", name)
        queuing = queuing_of(device.scheduling, name, None)
        lines = device.scheduling.map_lines[name]
        places = tuple(bound.get(("scheduler-map", name), ()))
        yield PolicyQos(name, "scheduler-map", (stage,), queuing, places, lines)


def _policy(
    bound: Places, kind: str, name: str, stages: tuple[Stage, ...], lines: tuple[int, ...]
) -> PolicyQos:
    return PolicyQos(name, kind, stages, bound=tuple(bound.get((kind, name), ())), lines=lines)


def _tables(bound: Places, device: Device) -> Iterator[PolicyQos]:
    """Yield classifiers, then rewrite rules; those of DSCP types by name, others by themselves."""
    for kind, found in (
        ("classifier", device.cos.classifiers.values()),
        ("rewrite-rule", device.cos.rewrites.values()),
    ):
        named: dict[tuple[str, str], list[ClassTable | RewriteTable]] = {}
        for table in found:
            if table.lines:
                group = "dscp" if table.kind in DSCP_TYPES else table.kind
                named.setdefault((group, table.name), []).append(table)
        for (_, name), tables in named.items():
            stages = tuple(Stage(f"{item.kind} {name}", _rules(device, item)) for item in tables)
            lines = tuple(sorted({line for item in tables for line in item.lines}))
            yield _policy(bound, kind, name, stages, lines)


def _rules(device: Device, table: ClassTable | RewriteTable) -> tuple[Rule, ...]:
    if isinstance(table, ClassTable):
        return device.cos.ready(table, table_rules)
    return rewrite_rules(table)


def _bound(device: Device) -> Places:
    """Return (interface, direction) pairs by kind and name of what is applied there."""
    bound: Places = {}
    for (port, unit), placed in device.placements.units.items():
        for direction, filters in (("in", placed.input), ("out", placed.output)):
            for _, name in filters:
                bound.setdefault(("filter", name), {})[f"{port}.{unit}", direction] = None
    patterns = [(*name, device.bindings.binding(*name)) for name in device.bindings.patterns()]
    targets: dict[int, list[tuple[dict[tuple[str, str], None], str]]] = {}
    for port, number, binding in (*device.names, *patterns):
        full = port if number is None else f"{port}.{number}"
        if id(binding) not in targets:
            applied = _applied(binding)
            targets[id(binding)] = [(bound.setdefault(key, {}), way) for key, way in applied]
        for places, way in targets[id(binding)]:
            places[full, way] = None
    return bound


def _applied(binding: Binding) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield kind and name of what a binding applies, and in which direction."""
    for name in binding.classifiers.values():
        yield ("classifier", name), "in"
    for name in binding.rewrites.values():
        yield ("rewrite-rule", name), "out"
    if binding.scheduler_map is not None:
        yield ("scheduler-map", binding.scheduler_map), "out"
