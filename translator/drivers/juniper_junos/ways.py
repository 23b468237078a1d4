"""The ways of packets through the box: what happens where they enter, inside, where they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from msgspec import structs

from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos.behind import Unit
from translator.drivers.juniper_junos.bindings import Binding, Bindings
from translator.drivers.juniper_junos.cos import Cos
from translator.drivers.juniper_junos.filters import VERSIONS, FilterReader, filter_stage
from translator.drivers.juniper_junos.placements import Placed, Placements
from translator.drivers.juniper_junos.scheduling import Scheduling, queuing_of
from translator.drivers.juniper_junos.stages import (
    classifier_stage,
    fixed_class_stage,
    rewrite_stage,
    scheduler_stage,
)
from translator.intents.condition import Predicate
from translator.intents.device import InterfaceQos, Queuing
from translator.intents.match import Match
from translator.intents.pipeline import Flow, Rule, Stage, Unclear

__all__ = ["Device", "forward_stages", "interfaces_of", "other_interface"]

_IP_FAMILIES = frozenset({"inet", "inet6"})
_NOTHING = Placed()


@dataclass(slots=True)
class Device:
    """All parts of one configuration.

    Attributes:
        names: interfaces and units with QoS, and what class-of-service says of each.
        flows: why nothing is known of the packets of flow routes.
        everywhere: why nothing is known of any packet.
        untold: why nothing is known of what has a name either: the text does not tell it.
        routed: units with QoS that may route the packets of a switched one.
        bundles: bundles with QoS, of each of their members.
    """

    filters: FilterReader
    cos: Cos
    scheduling: Scheduling
    bindings: Bindings
    placements: Placements
    names: tuple[tuple[str, str | None, Binding], ...]
    flows: tuple[Rule, ...] = ()
    everywhere: Doubt | None = None
    untold: Doubt | None = None
    routed: dict[Unit, tuple[Unit, ...]] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)
    stages: dict[tuple[object, ...], Stage] = field(default_factory=dict)
    interfaces: dict[tuple[object, ...], InterfaceQos] = field(default_factory=dict)
    queuings: dict[tuple[str, int | None], Queuing | None] = field(default_factory=dict)

    def stage(self, make: Callable[[], Stage], *key: object) -> Stage:
        """Return the stage of a key, made once: interfaces with equal statements share it."""
        if key not in self.stages:
            self.stages[key] = make()
        return self.stages[key]


def interfaces_of(device: Device) -> Iterator[InterfaceQos]:
    """Yield each unit with QoS, the ports they belong to, and patterns of interfaces."""
    if device.bundles:
        yield from _bundled(device, {item.name: item for item in _interfaces(device)})
    else:
        yield from _interfaces(device)


def _interfaces(device: Device) -> Iterator[InterfaceQos]:
    known = device.placements.known
    ports: dict[str, list[InterfaceQos]] = {}
    for port, unit, binding in device.names:
        found = _interface(device, port, unit, binding)
        yield found
        if unit is None and not known.get(port):
            yield found.named(f"{port}.0")
        elif unit is not None:
            ports.setdefault(port, []).append(found)
    for port, units in ports.items():
        named = {item.name for item in units}
        for number in known.get(port, ()):
            if f"{port}.{number}" not in named:
                binding = device.bindings.binding(port, number)
                units.append(_interface(device, port, number, binding))
        yield _port(port, units)
    for port, unit in device.bindings.patterns():
        yield _interface(device, port, unit, device.bindings.binding(port, unit))


def other_interface(device: Device) -> InterfaceQos:
    """Return what holds for interfaces that the text does not name: the box's default."""
    ingress = classifier_stage({}, device.cos)
    pattern = next(iter(device.bindings.patterns()), None)
    if pattern is None:
        return InterfaceQos("*", ingress=(ingress,))
    name = pattern[0] if pattern[1] is None else f"{pattern[0]}.{pattern[1]}"
    open_stage = _unclear(f"{name} may cover an interface that the text does not name")
    return InterfaceQos("*", ingress=(open_stage, ingress), egress=(open_stage,))


def forward_stages(device: Device) -> Iterator[Stage]:
    """Yield what filters of the forwarding table and of VLANs do, then what is not known."""
    for item in device.placements.forwarded:
        for direction, names in (("input", item.placed.input), ("output", item.placed.output)):
            for stage in _filtering(device, names, direction):
                rule = Rule(item.where, flow=Flow.NEXT, body=stage.rules)
                yield Stage(f"forwarding {stage.name}", (rule,))
        if item.placed.unread:
            yield _unclear(item.placed.unread, tuple(item.placed.lines))
    if device.flows:
        yield Stage("flow routes", device.flows)
    if device.everywhere:
        yield _unclear(device.everywhere.reason, device.everywhere.lines)


def _bundled(device: Device, found: dict[str, InterfaceQos]) -> Iterator[InterfaceQos]:
    """Yield the interfaces, and the members of bundles as what their bundle is.

    Source: "Configuring Schedulers on Aggregated Interfaces": what is configured for the
    aggregate applies to all member links. Which of both holds is not known where a member has
    QoS of its own, which it cannot have.
    """
    members: dict[str, InterfaceQos] = {}
    for member, bundle in device.bundles.items():
        units = device.placements.known.get(member) or ("0",)
        for name in (member, *(f"{member}.{unit}" for unit in units)):
            members[name] = found[bundle]
    for name, item in found.items():
        whole = members.pop(name, None)
        yield item if whole is None else _beside(item, whole)
    for name, whole in members.items():
        yield InterfaceQos(name, whole.ingress, whole.egress)


def _beside(own: InterfaceQos, whole: InterfaceQos) -> InterfaceQos:
    """Return a member of a bundle that has QoS of its own."""
    doubt = _unclear(f"{own.name} is a member of {whole.name}, which has QoS too", whole.lines)
    return structs.replace(
        own,
        ingress=own.ingress if own.ingress == whole.ingress else (doubt, *own.ingress),
        egress=own.egress if own.egress == whole.egress else (doubt, *own.egress),
    )


def _port(name: str, units: Sequence[InterfaceQos]) -> InterfaceQos:
    """Return a port under its own name: what all its units have in common, the rest is open."""
    first = units[0]
    if len(units) == 1:
        return first.named(name)
    lines = tuple(sorted({line for item in units for line in item.lines}))
    open_stage = _unclear(f"{name} has several units: name one of them, such as {first.name}")
    same_in = all(item.ingress == first.ingress for item in units)
    same_out = all(item.egress == first.egress for item in units)
    return InterfaceQos(
        name=name,
        ingress=first.ingress if same_in else (open_stage,),
        egress=first.egress if same_out else (open_stage,),
        queuing=first.queuing if all(item.queuing == first.queuing for item in units) else None,
        ingress_policy=first.ingress_policy if same_in else None,
        egress_policy=first.egress_policy if same_out else None,
        lines=lines,
    )


def _interface(device: Device, port: str, unit: str | None, binding: Binding) -> InterfaceQos:
    placed = device.placements.units.get((port, unit or ""), _NOTHING)
    name = port if unit is None else f"{port}.{unit}"
    routed = device.routed.get((port, unit or ""), ()) if device.routed else ()
    same = (id(binding), id(placed), routed)
    if same not in device.interfaces:
        found = _treated(device, name, binding, placed)
        device.interfaces[same] = _routed(device, found, binding, routed) if routed else found
    return device.interfaces[same].named(name)


def _routed(
    device: Device, item: InterfaceQos, own: Binding, routed: tuple[Unit, ...]
) -> InterfaceQos:
    """Return a switched unit whose packets other units may route, and treat, as well.

    Source: "Understanding Firewall Filter Processing Points for Bridged and Routed Packets":
    filters of the port, then of what routes where packets enter, and the reverse where they leave.
    Which packets are routed is not known, nor whether tables of both sides count, so that all is
    considered with and without.
    """
    units = [
        (unit, device.bindings.binding(*unit), device.placements.units.get(unit, _NOTHING))
        for unit in routed
    ]
    entered = [(unit, [*_entering(device, own, of, placed)]) for unit, of, placed in units]
    left = [(unit, [*_open_out(of, placed), *_sent(device, placed)]) for unit, of, placed in units]
    rewritten = [
        (unit, [*_rewriting(device, of)]) for unit, of, _ in units if of.rewrites != own.rewrites
    ]
    return structs.replace(
        item,
        ingress=(*item.ingress, *_if_routed(entered)),
        egress=(*_if_routed(left), *item.egress, *_if_routed(rewritten)),
    )


def _entering(device: Device, own: Binding, of: Binding, placed: Placed) -> Iterator[Stage]:
    yield from _open_in(of, placed)
    yield from _policing(device, placed.policed_in)
    chosen = (of.forwarding_class, of.classifiers)
    if any(chosen) and chosen != (own.forwarding_class, own.classifiers):
        yield _classifying(device, of)
    yield from _filtering(device, placed.input, "input")


def _if_routed(found: Iterable[tuple[Unit, Sequence[Stage]]]) -> Iterator[Stage]:
    """Yield the stages of units of which one at most meets a packet, side by side."""
    alike: dict[tuple[int, ...], tuple[Sequence[Stage], list[str]]] = {}
    for (port, number), stages in found:  # stages of equal statements are the same
        same = alike.setdefault(tuple(map(id, stages)), (stages, []))
        same[1].append(f"{port}.{number}")
    for at in range(max((len(stages) for stages, _ in alike.values()), default=0)):
        rules = []
        for stages, (name, *others) in alike.values():
            routing = f"routed by {name}" + (f" or {len(others)} others alike" if others else "")
            body = stages[at].rules if at < len(stages) else ()
            rules.append(Rule(Predicate(routing), body=body))
        yield Stage("routed", tuple(rules))


def _treated(device: Device, name: str, binding: Binding, placed: Placed) -> InterfaceQos:
    return InterfaceQos(
        name=name,
        ingress=(
            *_open_in(binding, placed),
            *_policing(device, placed.policed_in),
            _classifying(device, binding),
            *_filtering(device, placed.input, "input"),
        ),
        egress=(
            *_open_out(binding, placed),
            *_sent(device, placed),
            *_leaving(device, binding),
        ),
        queuing=_queuing(device, binding),
        ingress_policy=placed.input[0][1] if placed.input else None,
        egress_policy=binding.scheduler_map or (placed.output[0][1] if placed.output else None),
        lines=tuple(sorted({*binding.lines, *placed.lines})),
    )


def _open_in(binding: Binding, placed: Placed) -> tuple[Stage, ...]:
    unread = binding.unread or placed.unread
    return _open(unread or binding.unread_in, _open_lines(binding, placed))


def _open_out(binding: Binding, placed: Placed) -> tuple[Stage, ...]:
    unread = binding.unread or placed.unread or binding.unread_out
    if placed.unread_out and not unread:
        return _open(placed.unread_out, tuple(placed.lines))
    return _open(unread, _open_lines(binding, placed))


def _open_lines(binding: Binding, placed: Placed) -> tuple[int, ...]:
    return binding.lines if binding.unread or not placed.unread else tuple(placed.lines)


def _sent(device: Device, placed: Placed) -> Iterator[Stage]:
    """Yield what filters and policers do with packets that leave."""
    yield from _filtering(device, placed.output, "output")
    yield from _policing(device, placed.policed_out)


def _unclear(reason: str, lines: tuple[int, ...] = ()) -> Stage:
    return Stage("not read", (Doubt(reason, lines).rule(),))


def _open(reason: str, lines: tuple[int, ...]) -> tuple[Stage, ...]:
    return (_unclear(reason, lines),) if reason else ()


def _queuing(device: Device, binding: Binding) -> Queuing | None:
    if binding.scheduler_map is None:
        return None
    key = (binding.scheduler_map, binding.shaping_bps)
    if key not in device.queuings:
        device.queuings[key] = queuing_of(device.scheduling, *key)
    return device.queuings[key]


def _classifying(device: Device, binding: Binding) -> Stage:
    if binding.forwarding_class is not None:
        name = device.cos.classes.name(binding.forwarding_class)
        return fixed_class_stage(name, binding.lines)
    make = partial(classifier_stage, binding.classifiers, device.cos)
    return device.stage(make, "classifier", *sorted(binding.classifiers.items()))


def _policing(device: Device, names: list[tuple[str, str]]) -> Iterator[Stage]:
    for family, name in names:
        police = device.filters.policer(name) or Unclear(f"policer {name} is not in the text")
        rule = Rule(Match(version=VERSIONS.get(family)), (police,), Flow.NEXT)
        yield Stage(f"policer {name}", (rule,))


def _filtering(device: Device, names: list[tuple[str, str]], direction: str) -> Iterator[Stage]:
    if {family for family, _ in names} == _IP_FAMILIES and all(
        device.filters.filter(*item) for item in names
    ):
        # No packet meets both filters, so one list of rules serves both.
        yield _filters(device, names, direction)
        return
    by_family: dict[str, list[tuple[str, str]]] = {}
    for item in names:
        by_family.setdefault(item[0], []).append(item)
    for family, wanted in by_family.items():
        missing = next((name for _, name in wanted if not device.filters.filter(family, name)), "")
        if missing:
            reason = f"filter {missing} of family {family} is not in the text"
            version = Match(version=VERSIONS.get(family))
            yield Stage(f"{direction} {missing}", (Rule(version, (Unclear(reason),)),))
        else:
            yield _filters(device, wanted, direction)


def _filters(device: Device, names: list[tuple[str, str]], direction: str) -> Stage:
    found = [item for item in (device.filters.filter(*name) for name in names) if item is not None]
    name = f"{direction} {' '.join(name for _, name in names)}"
    return device.stage(partial(filter_stage, name, found), name, *names)


def _leaving(device: Device, binding: Binding) -> Iterator[Stage]:
    if binding.scheduler_map is not None:
        name = binding.scheduler_map
        make = partial(scheduler_stage, name, device.scheduling, device.cos)
        yield device.stage(make, "scheduler", name)
    yield from _rewriting(device, binding)


def _rewriting(device: Device, binding: Binding) -> Iterator[Stage]:
    if binding.rewrites:
        make = partial(rewrite_stage, binding.rewrites, device.cos)
        rewrite = device.stage(make, "rewrite", *sorted(binding.rewrites.items()))
        if rewrite.rules:
            yield rewrite
