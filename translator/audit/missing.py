"""Why a direction of an interface has no policy: none fits, one is unbound, or bound wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

__all__ = ["explain_missing", "is_bound_here", "is_there"]

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
    if case.ports and not is_there(case, group):
        return _finding("interface-missing", "the text has no such interface", direction)
    best = max(_candidates(case, group, direction), key=_fit(case, group), default=None)
    word = "entering" if direction is Direction.IN else "leaving"
    if best is None:
        found = _finding("policy-missing", f"no policy is bound for {word} packets", direction)
        return replace(found, evidence=tuple(evidence[:_MAX_EVIDENCE]))
    policy = best.policy
    reverse = bool(is_bound_here(group, policy, _the_other(direction)))
    id_ = "policy-wrong-direction" if reverse else "policy-unbound"
    where = "is bound here in the other direction" if reverse else "is bound nowhere"
    text = f"policy {policy.name} {where}; for {word} packets it fits {_share(best)}"
    return replace(
        _finding(id_, text, direction),
        evidence=tuple(evidence[:_MAX_EVIDENCE]),
        lines=policy.lines,
        hint=f"bind policy {policy.name} here for {word} packets",
    )


def _fit(case: Case, group: Group) -> Callable[[_Candidate], tuple[int, bool]]:
    """Return how well a policy fits: by its classes, then by the rate that it shapes to."""
    intents = next(item for item in case.intents.interfaces if item.name == group.name)
    wanted_bps = intents.queuing.shaping_bps if intents.queuing else None

    def fit(item: _Candidate) -> tuple[int, bool]:
        queuing = item.policy.queuing
        return len(item.right), (queuing.shaping_bps if queuing else None) == wanted_bps

    return fit


def _finding(id_: str, text: str, direction: Direction) -> Finding:
    return Finding(
        id_,
        kind(id_).severity,
        text,
        (),
        direction,
        judgement=Judgement.MISSING,
        hint=kind(id_).cure,
    )


def is_there(case: Case, group: Group) -> bool:
    """Whether the text mentions an interface of the group at all."""
    if group.found.name == group.name:
        return True
    return any(case.port(name) is not None for name in group.names)


def _the_other(direction: Direction) -> Direction:
    """Return the opposite direction."""
    return Direction.OUT if direction is Direction.IN else Direction.IN


def is_bound_here(group: Group, policy: PolicyQos, direction: Direction) -> bool:
    """Whether an interface of the group binds the policy in that direction."""
    return any(bound == direction and name in group.names for name, bound in policy.bound)


def _share(candidate: _Candidate) -> str:
    if not candidate.wrong:
        return "all classes"
    return f"{', '.join(candidate.right)} but not {', '.join(candidate.wrong)}"


def _candidates(case: Case, group: Group, direction: Direction) -> Iterator[_Candidate]:
    """Yield policies that are bound nowhere, or here the other way, and that would help."""
    bare = _judged(case, group, direction, replace(group.found, ingress=(), egress=()))
    for policy in case.found.policies[:_MAX_POLICIES]:
        if policy.bound and not is_bound_here(group, policy, _the_other(direction)):
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
