"""Why a direction of an interface has no policy: none fits, one is unbound, or bound wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from translator.audit.case import Case
from translator.audit.groups import Group
from translator.audit.kinds import kind
from translator.audit.model import Direction, Evidence, Finding, Judgement
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.verify.classes import class_diagram
from translator.verify.compare import Side, Verdict, compare_by_class
from translator.verify.prove import OTHER, domain_of

__all__ = ["explain_missing"]

_MAX_POLICIES: Final = 40
_MAX_EVIDENCE: Final = 4


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A policy that would treat some classes as wanted if it were bound here."""

    policy: PolicyQos
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def explain_missing(
    case: Case, group: Group, direction: Direction, evidence: list[Evidence]
) -> Finding:
    """Return the finding for a direction in which nothing of its own is bound."""
    if case.ports and not any(_is_there(case, name) for name in group.names):
        return _finding("interface-missing", "the text has no such interface", group, direction)
    best = max(_candidates(case, group, direction), key=lambda item: len(item.right), default=None)
    word = "entering" if direction is Direction.IN else "leaving"
    if best is None:
        text = f"no policy is bound for {word} packets"
        return replace(
            _finding("policy-missing", text, group, direction),
            evidence=tuple(evidence[:_MAX_EVIDENCE]),
            lines=tuple(_lines(case, group)),
        )
    policy = best.policy
    name = _other_way(group, policy, direction)
    id_ = "policy-wrong-direction" if name else "policy-unbound"
    where = f"is bound to {name} in the other direction" if name else "is bound nowhere"
    text = f"policy {policy.name} {where}; for {word} packets it fits {_share(best)}"
    return replace(
        _finding(id_, text, group, direction),
        evidence=tuple(evidence[:_MAX_EVIDENCE]),
        lines=(*policy.lines, *_lines(case, group)),
        hint=f"bind policy {policy.name} to {', '.join(group.names[:4])} for {word} packets",
    )


def _finding(id_: str, text: str, group: Group, direction: Direction) -> Finding:
    return Finding(
        id_,
        kind(id_).severity,
        text,
        group.names,
        direction,
        judgement=Judgement.MISSING,
        hint=kind(id_).cure,
    )


def _is_there(case: Case, name: str) -> bool:
    return case.port(name) is not None or case.found.interface(name).name == name


def _lines(case: Case, group: Group) -> Iterator[int]:
    for name in group.names:
        port = case.port(name)
        if port is not None:
            yield from port.lines[:1]


def _share(candidate: _Candidate) -> str:
    if not candidate.wrong:
        return "all classes"
    return f"{', '.join(candidate.right)} but not {', '.join(candidate.wrong)}"


def _other_way(group: Group, policy: PolicyQos, direction: Direction) -> str:
    """Return the interface of the group that binds the policy the other way, "" if none does."""
    other = Direction.OUT if direction is Direction.IN else Direction.IN
    return next(
        (name for name, bound in policy.bound if bound == other and name in group.names), ""
    )


def _candidates(case: Case, group: Group, direction: Direction) -> Iterator[_Candidate]:
    """Yield policies that are bound nowhere, or here the other way, and that would help."""
    bare = _judged(case, group, direction, replace(group.found, ingress=(), egress=()))
    for policy in case.found.policies[:_MAX_POLICIES]:
        if policy.bound and not _other_way(group, policy, direction):
            continue
        if direction is Direction.IN:
            bound = replace(group.found, ingress=policy.stages)
        else:
            bound = replace(group.found, egress=policy.stages)
        with_it = _judged(case, group, direction, bound)
        right = tuple(name for name, equal in with_it.items() if equal and not bare.get(name))
        if right:
            wrong = tuple(name for name, equal in with_it.items() if not equal)
            yield _Candidate(policy, right, wrong)


def _judged(
    case: Case, group: Group, direction: Direction, interface: InterfaceQos
) -> dict[str, bool]:
    """Return which classes are treated as wanted if the interface were that."""
    device: DeviceQos = replace(case.found, interfaces=(interface,))
    entering = direction is Direction.IN
    entry, leaving = (group.name, None) if entering else (OTHER, group.name)
    classes = class_diagram(case.wanted, entry, leaving, case.space, served=not entering)
    compared = compare_by_class(
        Side(case.wanted, entry, leaving),
        Side(device, entry, leaving),
        case.space,
        classes,
        service=not entering,
        domain=domain_of(case.intents, case.driver.capabilities),
        max_boxes=0,
    )
    return {name: item.verdict is Verdict.EQUAL for name, item in compared.items()}
