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


Program = tuple[Step, ...]


def program_of(rules: Iterable[Rule], names: Mapping[str, str | None]) -> Program:
    """Return the rules as steps; tests of a tag in `names` are decided now.

    Args:
        names: the tags `in_interface` and `out_interface` with the names they hold.
    """
    steps: list[Step] = []
    for rule in rules:
        condition = _resolved(rule.condition, names)
        if condition == _NEVER:
            continue
        body = program_of(rule.body, names) if rule.body else ()
        steps.append(Step(condition, _nameless(rule.actions), rule.flow, body))
    return tuple(steps)


def names_tested(stages: Iterable[Stage]) -> frozenset[str | None]:
    """Return the interface names that any condition of the stages asks for."""
    found: set[str | None] = set()
    pending: list[Rule] = [rule for stage in stages for rule in stage.rules]
    while pending:
        rule = pending.pop()
        pending.extend(rule.body)
        for tested in _tests(rule.condition):
            if tested.tag in (IN_INTERFACE, OUT_INTERFACE):
                found.update(value for value in tested.values if not isinstance(value, int))
                found.update(() if tested.mask is None else (None,))
    return frozenset(found)


def tags_tested(program: Program) -> frozenset[str]:
    """Return the tags whose old value decides what the steps do."""
    found: set[str] = set()
    for step in program:
        found.update(tested.tag for tested in _tests(step.condition))
        found.update(
            action.tag
            for action in step.actions
            if isinstance(action, SetTag) and action.mask is not None
        )
        found |= tags_tested(step.body)
    return frozenset(found)


def tags_set(program: Program) -> frozenset[str]:
    """Return the tags that the steps may set."""
    found: set[str] = set()
    for step in program:
        found.update(action.tag for action in step.actions if isinstance(action, SetTag))
        found |= tags_set(step.body)
    return frozenset(found)


def _tests(condition: Condition) -> Iterator[Tagged]:
    """Return the tests of tags anywhere in a condition."""
    if isinstance(condition, Tagged):
        yield condition
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _tests(part)
    elif isinstance(condition, Not):
        yield from _tests(condition.part)
    elif isinstance(condition, AccessList):
        for entry in condition.entries:
            yield from _tests(entry.condition)


def _nameless(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(
        Assign("", action.service) if isinstance(action, Assign) else action for action in actions
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
    entries = tuple(
        Entry(entry.permit, _resolved(entry.condition, names)) for entry in condition.entries
    )
    return AccessList(entries)


def _all_of(parts: tuple[Condition, ...]) -> Condition:
    if _NEVER in parts:
        return _NEVER
    rest = tuple(part for part in parts if part != _ALWAYS)
    return rest[0] if len(rest) == 1 else AllOf(rest)
