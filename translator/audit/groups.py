"""Interfaces that are alike: same role, same wanted and same found treatment, judged once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from translator.audit.case import Case
from translator.intents.device import InterfaceQos, Queuing
from translator.intents.model import InterfaceIntents
from translator.intents.pipeline import Stage
from translator.verify.behaviour import ProgramCache
from translator.verify.program import names_tested

__all__ = ["Group", "groups_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """Interfaces that differ in name and line numbers only; the first stands for all."""

    names: tuple[str, ...]
    intents: InterfaceIntents
    found: InterfaceQos

    @property
    def name(self) -> str:
        """The interface that is looked at."""
        return self.names[0]


def groups_of(case: Case, cache: ProgramCache) -> list[Group]:
    """Return the interfaces of the intents in groups, in the order of the intents."""
    by_name = names_tested(_all_stages(case))
    known: list[tuple[object, list[InterfaceIntents]]] = []
    for item in case.intents.interfaces:
        key = _key(item, case, cache, item.name if item.name in by_name else None)
        for other, members in known:
            if other == key:
                members.append(item)
                break
        else:
            known.append((key, [item]))
    return [
        Group(
            tuple(item.name for item in members),
            members[0],
            case.found.interface(members[0].name),
        )
        for _, members in known
    ]


def _key(item: InterfaceIntents, case: Case, cache: ProgramCache, own: str | None) -> object:
    found = case.found.interface(item.name)
    return (
        own,
        item.role,
        item.link_bps,
        item.classifier,
        item.queuing,
        found.ingress_policy,
        found.egress_policy,
        cache.between(case.found, item.name, None),
        cache.between(case.found, None, item.name),
        _without_lines(found.queuing),
        found is case.found.other_interface,
    )


def _without_lines(queuing: Queuing | None) -> Queuing | None:
    if queuing is None:
        return None
    classes = tuple(replace(item, lines=()) for item in queuing.classes)
    return replace(queuing, classes=classes, lines=())


def _all_stages(case: Case) -> Iterable[Stage]:
    yield from case.found.forward
    for interface in (*case.found.interfaces, case.found.other_interface):
        yield from interface.ingress
        yield from interface.egress
