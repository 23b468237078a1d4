"""Why a direction of an interface has no policy: none fits, one is unbound, or bound wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from msgspec import structs

from translator.audit.case import Case
from translator.audit.groups import Group
from translator.audit.kinds import kind
from translator.audit.model import (
    ClassAudit,
    Direction,
    Evidence,
    Finding,
    Judgement,
    Placement,
)
from translator.intents.condition import AllOf, Condition
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.match import Match
from translator.intents.pipeline import Assign, Rule, SetTag, Stage
from translator.intents.port import PortMode
from translator.verify.behaviour import ProgramCache
from translator.verify.classes import class_diagram
from translator.verify.compare import Side, Verdict, compare_by_class
from translator.verify.prove import OTHER, domain_of

__all__ = [
    "bound_here",
    "explain_missing",
    "is_absent",
    "is_there",
    "is_without_effect",
    "where_it_is",
]

_INTERFACE_MISSING: Final = "interface-missing"
_NO_INTERFACE: Final = "the text has no such interface"
_MAX_POLICIES: Final = 40
_MAX_EVIDENCE: Final = 4
_WORD: Final = {Direction.IN: "entering", Direction.OUT: "leaving"}
_IP_VERSIONS: Final = (None, 4, 6)  # None: both


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A policy that would treat some classes as wanted if it were bound here.

    `version` is the only IP version of which that is so, None where it is so of both.
    """

    policy: PolicyQos
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    version: int | None = None


def is_absent(case: Case, group: Group, direction: Direction, cache: ProgramCache) -> bool:
    """Whether the interface has nothing of its own in a direction that asks for something."""
    intents = next(item for item in case.intents.interfaces if item.name == group.name)
    own, other = group.found, case.found.other_interface
    if direction is Direction.OUT:
        queues = own.queuing is not None and bool(own.queuing.classes)
        return intents.queuing is not None and own.egress == other.egress and not queues
    named_in = (x for x in case.found.forward if group.name in cache.names_tested(x))
    if not intents.marks or any(_acts(stage.rules) for stage in named_in):
        return False
    idle = own.ingress_policy is None and not any(_acts(stage.rules) for stage in own.ingress)
    return idle or own.ingress == other.ingress


def _acts(rules: Iterable[Rule]) -> bool:
    """Whether rules do more with a packet than to sort it into a class."""
    return any(
        not all(isinstance(action, Assign | SetTag) for action in rule.actions) or _acts(rule.body)
        for rule in rules
    )


def explain_missing(
    case: Case,
    group: Group,
    direction: Direction,
    evidence: Iterable[Evidence],
    cache: ProgramCache,
) -> Finding:
    """Return the finding for a direction in which nothing of its own is bound."""
    if not is_there(case, group):
        return _finding(_INTERFACE_MISSING, _NO_INTERFACE, direction)
    own = group.found
    named = own.ingress_policy if direction is Direction.IN else own.egress_policy
    idle = is_without_effect(case, group)
    candidates = [] if idle and named else list(_candidates(case, group, direction, cache))
    best = max(candidates, key=_fit(case, group), default=None)
    if best is not None:
        found = _bound_elsewhere(group, direction, best, candidates)
    elif idle:
        found = _without_effect(case, named, direction)
    else:
        text = f"no policy is bound for {_WORD[direction]} packets"
        found = _finding("policy-missing", text, direction)
    return structs.replace(found, evidence=tuple(islice(evidence, _MAX_EVIDENCE)))


def _bound_elsewhere(
    group: Group, direction: Direction, best: _Candidate, candidates: Iterable[_Candidate]
) -> Finding:
    """Return the finding on the policy that would do, with its twin of the other IP version."""
    reverse = _the_other(direction) in bound_here(frozenset(group.names), best.policy)
    fitting = [best.policy, *_of_the_other_version(best, candidates)]
    alone = len(fitting) == 1
    names = f"{'policy' if alone else 'policies'} {' and '.join(item.name for item in fitting)}"
    where = "here in the other direction" if reverse else "nowhere"
    text = (
        f"{names} {'is' if alone else 'are'} bound {where}; for {_WORD[direction]} packets "
        f"{'it fits' if alone else 'they fit'} {_share(best)}"
    )
    if best.version is not None and alone:
        text += f" of IPv{best.version}"
    return structs.replace(
        _finding("policy-wrong-direction" if reverse else "policy-unbound", text, direction),
        lines=tuple(line for policy in fitting for line in policy.lines),
        hint=f"bind {names} here for {_WORD[direction]} packets",
    )


def is_without_effect(case: Case, group: Group) -> bool:
    """Whether the text says something of the interface's QoS, and the platform does nothing."""
    own, other = group.found, case.found.other_interface
    idle = not (own.ingress or own.egress or other.ingress or other.egress)
    return bool(own.lines) and idle and own.queuing is None


def _without_effect(case: Case, named: str | None, direction: Direction) -> Finding:
    packets = f"{_WORD[direction]} packets"
    text = f"policy {named} is bound for {packets}, but nothing comes of it"
    if not named:
        text = f"QoS stands at the interface, but nothing comes of it for {packets}"
    found = _finding("qos-without-effect", text, direction)
    notes = "; ".join(case.found.notes)
    return structs.replace(found, hint=f"{notes}. {found.hint}" if notes else found.hint)


def _of_the_other_version(best: _Candidate, found: Iterable[_Candidate]) -> Iterator[PolicyQos]:
    """Yield the policy that does for the other IP version what the best one does for its own."""
    if best.version is None:
        return
    for item in found:
        if (
            item.version not in (None, best.version)
            and item.right == best.right
            and bool(item.policy.bound) == bool(best.policy.bound)
        ):
            yield item.policy
            return


def _fit(case: Case, group: Group) -> Callable[[_Candidate], tuple[int, bool, bool]]:
    """Return how well a policy fits: by its classes, then by the rate that it shapes to."""
    intents = next(item for item in case.intents.interfaces if item.name == group.name)
    wanted_bps = intents.queuing.shaping_bps if intents.queuing else None

    def fit(item: _Candidate) -> tuple[int, bool, bool]:
        queuing = item.policy.queuing
        shaped = (queuing.shaping_bps if queuing else None) == wanted_bps
        return len(item.right), item.version is None, shaped

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


def where_it_is(placements: list[Placement], findings: Iterable[Finding]) -> list[Placement]:
    """Return the placements of an interface; all missing where a finding says that it is not there.

    What is not asked of it is not done right there either.
    """
    if all(item.kind != _INTERFACE_MISSING for item in findings):
        return placements
    return [structs.replace(item, classes=_gone(item.classes)) for item in placements]


def _gone(rows: Iterable[ClassAudit]) -> tuple[ClassAudit, ...]:
    return tuple([ClassAudit(row.name, Judgement.MISSING, _NO_INTERFACE) for row in rows])


def is_there(case: Case, group: Group) -> bool:
    """Whether the text mentions an interface of the group, or does not tell which ones it has.

    Packet filters name interfaces without stating anything of them: others may well exist.
    """
    if group.found.name == group.name:
        return True
    told = any(port.mode is not PortMode.UNSTATED or port.line_bps for port in case.ports)
    return not told or any(case.port(name) is not None for name in group.names)


def _the_other(direction: Direction) -> Direction:
    """Return the opposite direction."""
    return Direction.OUT if direction is Direction.IN else Direction.IN


def bound_here(names: frozenset[str], policy: PolicyQos) -> frozenset[str]:
    """Return the directions in which one of the interfaces binds the policy."""
    return frozenset([direction for name, direction in policy.bound if name in names])


def _share(candidate: _Candidate) -> str:
    if not candidate.wrong:
        return "all classes"
    return f"{', '.join(candidate.right)} but not {', '.join(candidate.wrong)}"


def _candidates(
    case: Case, group: Group, direction: Direction, cache: ProgramCache
) -> Iterator[_Candidate]:
    """Yield policies that are bound nowhere, or here the other way, and that would help."""
    names, reverse = frozenset(group.names), _the_other(direction)
    trial = _Trial(case, group, direction, cache)
    for policy in case.found.policies[:_MAX_POLICIES]:
        if policy.bound and reverse not in bound_here(names, policy):
            continue
        helped = trial.helped_by(policy)
        if helped is not None:
            yield _Candidate(policy, *helped)


_Helped = tuple[tuple[str, ...], tuple[str, ...], int | None]
"""Which classes a policy sets right and which it leaves wrong, and of which IP version alone."""


class _Trial:
    """Policies bound on trial to one direction of a group.

    Texts of a fleet share stages as objects; what these do is worked out once for a role.
    """

    def __init__(self, case: Case, group: Group, direction: Direction, cache: ProgramCache) -> None:
        self._case = case
        self._cache = cache
        self._without: dict[int | None, dict[str, bool]] = {}
        self._group = group
        self._direction = direction
        found, own = case.found, group.found
        kept = own.egress if direction is Direction.IN else own.ingress
        other = found.other_interface
        self._stages = (*kept, *found.forward, *other.ingress, *other.egress)
        self._key = (
            case.driver.platform,
            case.asked,
            group.spec.role,
            group.spec.rate_bps,
            group.spec.shares,
            direction,
            len(kept),
            tuple(map(id, self._stages)),
        )

    def helped_by(self, policy: PolicyQos) -> _Helped | None:
        """Return what a policy would help with, None if with nothing."""
        if self._group.key[0]:  # some rule asks for the name of the interface
            return self._tried(policy)
        memo = self._case.space.memo("policies tried")
        key = (self._key, tuple(map(id, policy.stages)))
        known: tuple[tuple[Stage, ...], _Helped | None] | None = memo.get(key)
        if known is None:
            # The stages are kept beside the answer, so that their ids cannot become others'.
            known = memo[key] = (self._stages + policy.stages, self._tried(policy))
        return known[1]

    def _tried(self, policy: PolicyQos) -> _Helped | None:
        """A filter of one IP version can help with packets of that version alone."""
        if self._direction is Direction.IN:
            bound = structs.replace(self._group.found, ingress=policy.stages)
        else:
            bound = structs.replace(self._group.found, egress=policy.stages)
        for version in _IP_VERSIONS:
            with_it, without = self._right(bound, version), self._right_without(version)
            helped = (name for name, equal in with_it.items() if equal)
            right = tuple(name for name in helped if not without.get(name))
            if right:
                wrong = tuple(name for name, equal in with_it.items() if not equal)
                return right, wrong, version
        return None

    def _right_without(self, version: int | None) -> dict[str, bool]:
        """Return which classes are treated as wanted while nothing is bound."""
        if version not in self._without:
            bare = structs.replace(self._group.found, ingress=(), egress=())
            self._without[version] = self._right(bare, version)
        return self._without[version]

    def _right(self, interface: InterfaceQos, version: int | None) -> dict[str, bool]:
        """Return which classes are treated as wanted if the interface were that."""
        case = self._case
        device: DeviceQos = replace(case.found, interfaces=(interface,))
        entering, name = self._direction is Direction.IN, self._group.name
        entry, leaving = (name, None) if entering else (OTHER, name)
        classes = class_diagram(case.wanted, entry, leaving, case.space, served=not entering)
        domain = domain_of(case.intents, case.driver.capabilities)
        if version is not None:
            own: Condition = Match(version=version)
            domain = own if domain is None else AllOf((domain, own))
        compared = compare_by_class(
            Side(case.wanted, entry, leaving, self._cache),
            Side(device, entry, leaving, self._cache),
            case.space,
            classes,
            service=not entering,
            domain=domain,
            max_boxes=0,
        )
        return {name: item.verdict is Verdict.EQUAL for name, item in compared.items()}
