"""Interfaces that are alike: same role, same found treatment; they are judged once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos, InterfaceQos, Queuing
from translator.verify.behaviour import ProgramCache
from translator.verify.names import spelled_out

__all__ = ["Group", "groups_of", "specs_to_judge"]

_ANYWHERE: Final = ""
_INGRESS: Final = attrgetter("ingress")
_EGRESS: Final = attrgetter("egress")


class Group(Struct, frozen=True):
    """Interfaces that differ in name and line numbers only; the first stands for all.

    Attributes:
        names: as the text spells them.
        key: equal for groups of other configurations that share the very same stages.
    """

    names: tuple[str, ...]
    spec: InterfaceSpec
    found: InterfaceQos
    key: tuple[object, ...]

    @property
    def name(self) -> str:
        """The interface that is looked at."""
        return self.names[0]


@dataclass(slots=True)
class _Forming:
    spec: InterfaceSpec
    found: InterfaceQos
    key: tuple[object, ...]
    names: list[str]


def groups_of(
    specs: Iterable[InterfaceSpec], found: DeviceQos, cache: ProgramCache
) -> tuple[Group, ...]:
    """Return the interfaces in groups, in the order of their first members."""
    asked_for = _names_tested(found, cache)
    bare: dict[int, Queuing] = {}  # without lines, by the identity of the one with them
    forming: dict[tuple[object, ...], _Forming] = {}
    # A driver gives most interfaces the very same objects: what these come to is asked once.
    same: dict[tuple[object, ...], _Forming] = {}
    for spec in specs:
        name = spec.name
        qos = found.listed(name)
        if qos is None:
            name = spelled_out(found, name)
            qos = found.interface(name)
        own = name if name in asked_for else _ANYWHERE
        objects = (
            own,
            spec.role,
            spec.rate_bps,
            spec.shares,
            id(qos.ingress),
            id(qos.egress),
            id(qos.queuing),
            qos.ingress_policy,
            qos.egress_policy,
            qos.name == "*",
        )
        known = same.get(objects)
        if known is None:
            key = _key(spec, qos, own, bare)
            known = same[objects] = forming.setdefault(
                key, _Forming(_named(spec, name), qos, key, [])
            )
        known.names.append(name)
    return tuple(
        Group(tuple(dict.fromkeys(item.names)), item.spec, item.found, item.key)
        for item in _joined(forming.values(), cache)
    )


def specs_to_judge(groups: Iterable[Group]) -> tuple[InterfaceSpec, ...]:
    """Return two interfaces of each group, or the one it has: a packet may pass between them."""
    return tuple(_named(group.spec, name) for group in groups for name in group.names[:2])


def _named(spec: InterfaceSpec, name: str) -> InterfaceSpec:
    return spec if spec.name == name else replace(spec, name=name)


def _key(
    spec: InterfaceSpec, qos: InterfaceQos, own: str, bare: dict[int, Queuing]
) -> tuple[object, ...]:
    """Stages are told apart as objects here: of one policy, all interfaces have the same."""
    queuing = qos.queuing
    if queuing is not None:
        queuing = bare.get(id(queuing)) or bare.setdefault(id(queuing), _without_lines(queuing))
    return (
        own,
        spec.role,
        (spec.rate_bps, spec.shares),
        tuple(map(id, qos.ingress)),
        tuple(map(id, qos.egress)),
        qos.ingress_policy,
        qos.egress_policy,
        queuing,
        qos.name == "*",
    )


def _joined(items: Iterable[_Forming], cache: ProgramCache) -> list[_Forming]:
    """Join what other stages treat in the same way, such as one trust line per interface."""
    joined: list[tuple[tuple[object, ...], _Forming]] = []
    for item in items:
        own, role, line, _, _, *rest = item.key
        programs = tuple(
            tuple(cache.program(stage, item.spec.name) for stage in stages)
            for stages in (item.found.ingress, item.found.egress)
        )
        key = (own, role, line, *rest, programs)
        other = next((known for known_key, known in joined if known_key == key), None)
        if other is None:
            joined.append((key, item))
        else:
            other.names += item.names
    return [item for _, item in joined]


def _without_lines(queuing: Queuing) -> Queuing:
    classes = tuple(replace(item, lines=()) for item in queuing.classes)
    return replace(queuing, classes=classes, lines=())


def _names_tested(found: DeviceQos, cache: ProgramCache) -> frozenset[str | None]:
    everywhere = (*found.interfaces, found.other_interface)
    ways = [found.forward, *map(_INGRESS, everywhere), *map(_EGRESS, everywhere)]
    different = dict(zip(map(id, ways), ways, strict=True)).values()
    stages = {id(stage): stage for way in different for stage in way}
    return frozenset().union(*(cache.names_tested(stage) for stage in stages.values()))
