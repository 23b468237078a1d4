"""Rules and list entries that no packet reaches, because those above them take all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from translator.audit.detectors.apart import all_apart
from translator.audit.detectors.scene import Scene, asks_for_tags, counted, finding
from translator.audit.model import Finding, Severity
from translator.intents.condition import AccessList, AllOf, AnyOf, Condition, Entry, Not
from translator.intents.device import PolicyQos
from translator.intents.match import ANY
from translator.intents.pipeline import Assign, Flow, Rule, SetTos, Stage
from translator.verify.diagram import NOTHING, Node

__all__ = ["find"]

_MEMO: Final = "rules that no packet reaches"
_REACHED: Final = "positions that some packet reaches"


class _Dead(NamedTuple):
    """What has no effect in one stage; the stage is kept, as the memo goes by its identity."""

    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    stage: Stage


def find(scene: Scene) -> Iterator[Finding]:
    """Yield what has no effect in the policies that are in use, each line once."""
    told: set[int] = set()
    for policy in _in_use(scene):
        for stage in policy.stages:
            dead = _dead(scene, stage)
            rules = [item for item in dead.rules if item.lines[0] not in told]
            told.update(item.lines[0] for item in rules)
            if rules:
                yield _of_rules(policy, rules)
            entries = [item for item in dead.entries if item.line not in told]
            told.update(item.line for item in entries if item.line is not None)
            if entries:
                yield _of_entries(policy, entries)


def _in_use(scene: Scene) -> Iterator[PolicyQos]:
    forward = set(map(id, scene.case.found.forward))
    for policy in scene.case.found.policies:
        if policy.bound or not forward.isdisjoint(map(id, policy.stages)):
            yield policy


def _of_rules(policy: PolicyQos, rules: Sequence[Rule]) -> Finding:
    names = [name for name in dict.fromkeys(map(_class_name, rules)) if name]
    shown = f"class {', '.join(names)}" if names else counted(len(rules), "rule")
    return finding(
        "rule-unreachable",
        f"policy {policy.name}: no packet reaches {shown}; what stands above takes all of it",
        _interfaces(policy),
        lines=[line for rule in rules for line in rule.lines],
        hint=f"move {shown} up if it is meant to act, or take it away",
    )


def _class_name(rule: Rule) -> str:
    return next((item.class_name for item in rule.actions if isinstance(item, Assign)), "")


def _of_entries(policy: PolicyQos, entries: Sequence[Entry]) -> Finding:
    lines = [item.line for item in entries if item.line is not None]
    shown = counted(len(lines), "entry of a list", "entries of lists")
    return finding(
        "rule-unreachable",
        f"policy {policy.name}: no packet reaches {shown}; what stands above takes all of it",
        _interfaces(policy),
        lines=lines,
        # Where all entries permit, the packets are permitted anyway.
        severity=Severity.NOTE if all(item.permit for item in entries) else None,
        hint="move the entries up if they are meant to act, or take them away",
    )


def _interfaces(policy: PolicyQos) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in policy.bound))


def _dead(scene: Scene, stage: Stage) -> _Dead:
    memo = scene.space.memo(_MEMO)
    known: _Dead | None = memo.get(id(stage))
    if known is None:
        known = memo[id(stage)] = _Dead(
            tuple(_dead_rules(scene, stage)), tuple(_dead_entries(scene, stage)), stage
        )
    return known


def _dead_rules(scene: Scene, stage: Stage) -> Iterator[Rule]:
    """Yield rules without effect; of a line that gave several rules all must be without."""
    dead = list(_unreached(scene, stage.rules))
    living = {
        line
        for rule in (_all_rules(stage.rules) if dead else ())
        if not any(rule is item for item in dead)
        for line in rule.lines
    }
    yield from (rule for rule in dead if rule.lines and rule.lines[0] not in living)


def _all_rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _all_rules(rule.body)


def _unreached(scene: Scene, rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules of one list that those above them leave nothing for."""
    taking: list[tuple[Rule, Node]] = []
    asking: list[tuple[Rule, int]] = []
    # The last rule is about everything else in most lists, and no fault as such.
    above = rules[:-1] if rules and rules[-1].condition == ANY else rules
    apart = all_apart([rule.condition for rule in above], scene.scope)
    for rule in rules:
        if rule.flow is Flow.NEXT:
            if any(isinstance(action, SetTos) for action in rule.actions):
                break  # what is below sees another code point than the packet came with
        elif apart:
            pass  # none takes anything from another
        elif (packets := scene.closed(rule.condition)) is not None:
            taking.append((rule, packets))
        elif asks_for_tags(rule.condition):
            asking.append((rule, len(taking)))
        yield from _unreached(scene, rule.body)
    reached = _reached(scene, [packets for _, packets in taking])
    for at, (rule, packets) in enumerate(taking):
        # The class of everything else is no fault where nothing else is left.
        if at not in reached and packets != NOTHING and rule.condition != ANY:
            yield rule
    yield from _taken_whatever_the_tags(scene, asking, [packets for _, packets in taking])


def _taken_whatever_the_tags(
    scene: Scene, asking: Sequence[tuple[Rule, int]], taking: Sequence[Node]
) -> Iterator[Rule]:
    """Yield rules that ask for a tag, each after so many others, if these take all it may match.

    What such a rule takes itself is not counted: earlier stages decide it.
    """
    taken: dict[int, Node] = {0: NOTHING}
    for rule, above in asking:
        if above not in taken:
            taken[above] = scene.space.first_match(taking[:above])
        packets = scene.space.intersection(scene.widest(rule.condition), scene.domain)
        if packets != NOTHING and scene.space.difference(packets, taken[above]) == NOTHING:
            yield rule


def _reached(scene: Scene, parts: Sequence[Node]) -> set[object]:
    """Return the positions of the parts that some packet reaches, the first match deciding."""
    space = scene.space
    memo = space.memo(_REACHED)
    key = tuple(parts)
    known: set[object] | None = memo.get(key)
    if known is None:
        labelled = [space.where(part, space.leaf(at)) for at, part in enumerate(parts)]
        known = memo[key] = set(space.leaves(space.first_match(labelled)))
    return known


def _dead_entries(scene: Scene, stage: Stage) -> Iterator[Entry]:
    told: set[int] = set()
    for rule in _all_rules(stage.rules):
        for entries in _lists(rule.condition):
            if id(entries) not in told:
                told.add(id(entries))
                yield from _without_effect(scene, entries)


def _without_effect(scene: Scene, entries: Sequence[Entry]) -> Iterator[Entry]:
    if all_apart([item.condition for item in entries], scene.scope):
        return
    known = [(item, scene.closed(item.condition)) for item in entries]
    closed = [(item, packets) for item, packets in known if packets is not None]
    reached = _reached(scene, [packets for _, packets in closed])
    for at, (item, packets) in enumerate(closed):
        if at not in reached and packets != NOTHING and item.line is not None:
            yield item


def _lists(condition: Condition) -> Iterator[tuple[Entry, ...]]:
    """Yield the access lists in a condition."""
    if isinstance(condition, AccessList):
        yield condition.entries
        for entry in condition.entries:
            yield from _lists(entry.condition)
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _lists(part)
    elif isinstance(condition, Not):
        yield from _lists(condition.part)
