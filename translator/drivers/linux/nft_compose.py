"""Puts the parts of one nftables rule together, in the order in which the kernel runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from translator.drivers.linux.chains import CopyTag, Entry, Verdict
from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.intents.condition import Condition
from translator.intents.match import ANY
from translator.intents.pipeline import Action, Drop, Flow, Rule

__all__ = ["Step", "entry_of"]


@dataclass(slots=True)
class Step:
    """One part of a rule: a condition, or actions with their body and copies."""

    condition: Condition | None = None
    actions: tuple[Action, ...] = ()
    body: tuple[Rule, ...] = ()
    copies: tuple[CopyTag, ...] = ()


def entry_of(steps: Sequence[Step], verdict: Verdict, target: str, line: int, spec: str) -> Entry:
    """Return the entry of a rule; conditions behind a statement become rules inside it.

    Raises:
        NotReadError: an order of parts that cannot be said here.
    """
    groups = _grouped(steps)
    if len(groups) > 1 and verdict in (Verdict.JUMP, Verdict.GOTO, Verdict.RETURN):
        raise NotReadError("a condition behind a statement, then a jump")
    condition, actions, body, copies = groups[0]
    if len(groups) == 1:
        return Entry(condition, actions, verdict, target, copies, body, (line,), spec)
    if any(group[3] for group in groups):
        raise NotReadError("a mark is copied before a condition")
    inner = _nested(groups[1:], verdict, line)
    return Entry(condition, actions, body=(*body, inner), lines=(line,), spec=spec)


_Group = tuple[Condition, tuple[Action, ...], tuple[Rule, ...], tuple[CopyTag, ...]]


def _grouped(steps: Sequence[Step]) -> list[_Group]:
    """Return the steps as (condition, what is done then), in order."""
    groups: list[_Group] = []
    conditions: list[Condition] = []
    done: list[Step] = []
    for step in [*steps, Step(ANY)]:
        if step.condition is not None and done:
            groups.append(_group(conditions, done))
            conditions, done = [], []
        if step.condition is None:
            done.append(step)
        elif step.condition is not ANY:
            conditions.append(step.condition)
    if conditions or not groups:
        groups.append(_group(conditions, done))
    return groups


def _group(conditions: list[Condition], done: list[Step]) -> _Group:
    if any(step.body for step in done[:-1]) or any(
        step.copies and any(later.actions or later.copies for later in done[at + 1 :])
        for at, step in enumerate(done)
    ):
        raise NotReadError("a statement behind a map or a copied mark")
    return (
        conjunction(conditions),
        tuple(action for step in done for action in step.actions),
        tuple(rule for step in done for rule in step.body),
        tuple(copy for step in done for copy in step.copies),
    )


def _nested(groups: Sequence[_Group], verdict: Verdict, line: int) -> Rule:
    condition, actions, body, _ = groups[0]
    if len(groups) > 1:
        inner = _nested(groups[1:], verdict, line)
        return Rule(condition, actions, Flow.NEXT, (*body, inner), (line,))
    if verdict is Verdict.DROP:
        actions = (*actions, Drop())
    flow = Flow.NEXT if verdict is Verdict.CONTINUE else Flow.STOP
    return Rule(condition, actions, flow, body, (line,))
