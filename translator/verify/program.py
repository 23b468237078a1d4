"""Stages made ready to run: line numbers gone, interface names resolved, so that equal
configurations of different devices become the same value and are computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    remade,
)
from translator.intents.match import Match
from translator.intents.pipeline import Action, Assign, Flow, Rule, SetTag, Stage

__all__ = [
    "IN_INTERFACE",
    "OUT_INTERFACE",
    "Program",
    "Step",
    "names_tested",
    "program_of",
    "tags_tested",
]

IN_INTERFACE: Final = "in_interface"
OUT_INTERFACE: Final = "out_interface"
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
        set_tags = tuple(_tags_set(steps))
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


def program_of(
    rules: Iterable[Rule], names: Mapping[str, str | None], tested: Iterable[Tagged] | None = None
) -> Program:
    """Return the rules ready to run; tests of a tag in `names` are decided now.

    Args:
        names: the tags `in_interface` and `out_interface` with the names they hold.
        tested: what `tags_tested` finds in the rules, where it is known already.
    """
    rules = tuple(rules)
    tagged = tuple(tags_tested(rules) if tested is None else tested)
    open_ = tuple(item for item in tagged if item.tag not in names)
    decided = names if len(open_) < len(tagged) else None
    return Program(_steps(rules, decided), open_)


def _steps(rules: tuple[Rule, ...], names: Mapping[str, str | None] | None) -> tuple[Step, ...]:
    """Return the rules as steps; no names: no condition asks for one."""
    steps: list[Step] = []
    for rule in rules:
        condition = _numberless(rule.condition)
        if names is not None:
            condition = _resolved(condition, names)
            if condition == _NEVER:
                continue
        body = _steps(rule.body, names) if rule.body else ()
        steps.append(Step(condition, _nameless(rule.actions), rule.flow, body))
    return tuple(steps)


def names_tested(stages: Iterable[Stage]) -> frozenset[str | None]:
    """Return the interface names that any condition of the stages asks for."""
    found: set[str | None] = set()
    for stage in stages:
        for tested in tags_tested(stage.rules):
            if tested.tag in (IN_INTERFACE, OUT_INTERFACE):
                found.update(value for value in tested.values if not isinstance(value, int))
                found.update(() if tested.mask is None else (None,))
    return frozenset(found)


def tags_tested(rules: Iterable[Rule]) -> list[Tagged]:
    """Return the tests of tags anywhere in the rules, without order."""
    found: list[Tagged] = []
    waiting = list(rules)
    while waiting:
        rule = waiting.pop()
        waiting.extend(rule.body)
        found += [item for item in conditions_in(rule.condition) if isinstance(item, Tagged)]
    return found


def _tags_set(steps: Iterable[Step]) -> Iterator[SetTag]:
    for step in steps:
        for action in step.actions:
            if isinstance(action, SetTag):
                yield action
        yield from _tags_set(step.body)


def _nameless(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(
        Assign("", action.service) if isinstance(action, Assign) else action for action in actions
    )


def _numberless(condition: Condition) -> Condition:
    """Return the condition without line numbers, which texts that mean the same do not share."""
    return remade(condition, _numberless)


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
