"""Stages made ready to run: line numbers gone, interface names resolved, so that equal
configurations of different devices become the same value and are computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
    Tagged,
    conditions_in,
)
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Action, Assign, Flow, Rule, SetTag, Stage
from translator.verify.shorter import shorter

__all__ = [
    "IN_INTERFACE",
    "OUT_INTERFACE",
    "Program",
    "Step",
    "names_among",
    "names_tested",
    "program_of",
    "steps_of",
    "tags_tested",
]

IN_INTERFACE: Final = "in_interface"
OUT_INTERFACE: Final = "out_interface"
_FEW: Final = 8  # steps that cost no more than the one of which they are the body
_ALWAYS: Final = AllOf(())
_NEVER: Final = AnyOf(())


class Step(NamedTuple):
    """A rule without its origin and without class names."""

    condition: Condition
    actions: tuple[Action, ...]
    flow: Flow
    body: tuple[Step, ...]


class Program:
    """The steps of one stage; equal programs do the same with every packet.

    Attributes:
        tests: the tags whose old value decides what the steps do.
        sets: the tags that the steps may set.
    """

    __slots__ = ("_hash", "sets", "steps", "tests")

    def __init__(self, steps: tuple[Step, ...], tagged: Iterable[Tagged]) -> None:
        self.steps: Final = steps
        set_tags = _tags_set(steps)
        masked = (action.tag for action in set_tags if action.mask is not None)
        self.tests: Final = frozenset((*(item.tag for item in tagged), *masked))
        self.sets: Final = frozenset(action.tag for action in set_tags)
        self._hash: Final = hash(steps)  # once: programs are deep, and looked up at every turn

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Program) and self._hash == other._hash and self.steps == other.steps
        )

    def __hash__(self) -> int:
        return self._hash


def steps_of(rules: Iterable[Rule]) -> tuple[Step, ...]:
    """Return the rules as steps, in which interface names are still asked for."""
    steps: list[Step] = []
    for rule in rules:
        actions, body = _nameless(rule.actions), steps_of(rule.body) if rule.body else ()
        if body and len(body) <= _FEW and all(map(_is_plain, body)):
            actions, body = (*actions, *[action for step in body for action in step.actions]), ()
        steps.append(Step(shorter(rule.condition), actions, rule.flow, body))
    return tuple(steps)


def _is_plain(step: Step) -> bool:
    """Whether a step is no more than its actions, which may as well be those of its body's rule."""
    return step.condition is ANY and step.flow is Flow.NEXT and not step.body


def program_of(
    steps: tuple[Step, ...],
    names: Mapping[str, str | None],
    tested: Iterable[Tagged] | None = None,
) -> Program:
    """Return the steps ready to run; tests of a tag in `names` are decided now.

    Args:
        names: the tags `in_interface` and `out_interface` with the names they hold.
        tested: what `tags_tested` finds in the steps, where it is known already.
    """
    tagged = tuple(tags_tested(steps) if tested is None else tested)
    open_ = tuple([item for item in tagged if item.tag not in names])
    return Program(steps if len(open_) == len(tagged) else _decided(steps, names), open_)


def _decided(steps: tuple[Step, ...], names: Mapping[str, str | None]) -> tuple[Step, ...]:
    """Return the steps without those that a name keeps from ever being taken."""
    decided: list[Step] = []
    for step in steps:
        condition = _resolved(step.condition, names)
        if condition != _NEVER:
            decided.append(step._replace(condition=condition, body=_decided(step.body, names)))
    return tuple(decided)


def names_tested(stages: Iterable[Stage]) -> frozenset[str | None]:
    """Return the interface names that any condition of the stages asks for."""
    return frozenset().union(*(names_among(tags_tested(stage.rules)) for stage in stages))


def names_among(tests: Iterable[Tagged]) -> frozenset[str | None]:
    """Return the interface names that tests of tags ask for."""
    found: set[str | None] = set()
    for tested in tests:
        if tested.tag in (IN_INTERFACE, OUT_INTERFACE):
            found.update(value for value in tested.values if not isinstance(value, int))
            found.update(() if tested.mask is None else (None,))
    return frozenset(found)


def tags_tested(rules: Iterable[Rule | Step]) -> list[Tagged]:
    """Return the tests of tags anywhere in the rules or steps, without order."""
    found: list[Tagged] = []
    waiting: list[Rule | Step] = list(rules)
    while waiting:
        rule = waiting.pop()
        waiting.extend(rule.body)
        if not isinstance(rule.condition, Match):  # most are, and test none
            found += [item for item in conditions_in(rule.condition) if isinstance(item, Tagged)]
    return found


def _tags_set(steps: Iterable[Step]) -> list[SetTag]:
    """Return what sets tags anywhere in the steps, without order."""
    found: list[SetTag] = []
    waiting = list(steps)
    while waiting:
        step = waiting.pop()
        waiting.extend(step.body)
        found += [action for action in step.actions if isinstance(action, SetTag)]
    return found


def _nameless(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """Return the actions without names of classes, and without those that only name one."""
    return tuple(
        [
            Assign("", action.service) if isinstance(action, Assign) else action
            for action in actions
            if not isinstance(action, Assign) or action.service is not None
        ]
    )


def _resolved(condition: Condition, names: Mapping[str, str | None]) -> Condition:
    if isinstance(condition, Match | Predicate):
        return condition
    if isinstance(condition, Tagged):
        if condition.tag not in names:
            return condition
        name = names[condition.tag]
        if condition.mask is not None:
            # A name has no bits; a tag that was never set is 0 under a mask.
            return _ALWAYS if name is None and 0 in condition.values else _NEVER
        return _ALWAYS if name in condition.values else _NEVER
    if isinstance(condition, AllOf):
        return _all_of(tuple(_resolved(part, names) for part in condition.parts))
    if isinstance(condition, AnyOf):
        parts = tuple(_resolved(part, names) for part in condition.parts)
        return _ALWAYS if _ALWAYS in parts else AnyOf(tuple(p for p in parts if p != _NEVER))
    if isinstance(condition, Not):
        part = _resolved(condition.part, names)
        if part in (_ALWAYS, _NEVER):
            return _NEVER if part == _ALWAYS else _ALWAYS
        return Not(part)
    return AccessList(
        tuple(Entry(entry.permit, _resolved(entry.condition, names)) for entry in condition.entries)
    )


def _all_of(parts: tuple[Condition, ...]) -> Condition:
    if _NEVER in parts:
        return _NEVER
    rest = tuple(part for part in parts if part != _ALWAYS)
    return rest[0] if len(rest) == 1 else AllOf(rest)
