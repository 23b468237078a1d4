"""Which queue every packet ends in: the behaviour with class names instead of treatments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from translator.intents.device import DeviceQos
from translator.intents.pipeline import Assign, Rule, SetTag, Stage
from translator.verify.behaviour import stages_between, tags_after
from translator.verify.diagram import Node, Space
from translator.verify.program import (
    IN_INTERFACE,
    OUT_INTERFACE,
    names_tested,
    program_of,
    steps_of,
)

__all__ = ["ClassPair", "class_diagram", "class_pairs", "joined_pairs"]

# No platform has a tag with a blank in its name.
_CLASS: Final = "class name"
_Pair = TypeVar("_Pair", bound=tuple[str, str])


class ClassPair(NamedTuple):
    """A class of one side and a class of the other that some packets are in at once."""

    one: str
    other: str


def class_diagram(
    device: DeviceQos,
    in_interface: str | None,
    out_interface: str | None,
    space: Space,
    *,
    served: bool = True,
) -> Node:
    """Return the diagram that gives each packet the name of its last class, "" for none.

    Args:
        served: look only at classes that are served, which are queues; without it, also at
            those that only mark.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    stages = stages_between(device, in_interface, out_interface)
    asked = names_tested(stages)
    names = {IN_INTERFACE: in_interface, OUT_INTERFACE: out_interface}
    memo = space.memo("class diagrams")
    rules = tuple([id(stage.rules) for stage in stages])
    key = (rules, served, (in_interface, out_interface) if asked else None)
    known: tuple[tuple[Stage, ...], Node] | None = memo.get(key)
    if known is None:  # the stages are kept, so that no others take their identity
        served_by = [steps_of(_named(stage.rules, served)) for stage in stages]
        programs = tuple([program_of(steps, names) for steps in served_by])
        known = memo[key] = (stages, tags_after(programs, _CLASS, space))
    return known[1]


def class_pairs(one: Node, other: Node, packets: Node, space: Space) -> dict[ClassPair, Node]:
    """Return which class of one side meets which of the other, each with their packets.

    Args:
        one, other: what `class_diagram` gave for the two sides.
        packets: those that count.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    memo = space.memo("class pairs")
    known: dict[ClassPair, Node] | None = memo.get((one, other, packets))
    if known is not None:
        return known
    # Both sides may use the same name: the tuples keep equal names from counting as no pair.
    left = space.where(packets, space.map_leaves(one, lambda name: (1, name)))
    right = space.where(packets, space.map_leaves(other, lambda name: (2, name)))
    both = space.combine(left, right, lambda mine, theirs: ClassPair(mine[1], theirs[1]))
    known = memo[one, other, packets] = {
        pair: space.members(both, pair.__eq__)
        for pair in space.leaves(both)
        if isinstance(pair, ClassPair)
    }
    return known


def joined_pairs(pairs: Iterable[_Pair]) -> list[list[_Pair]]:
    """Return pairs of a class of each side, together as far as they share a class."""
    groups: list[list[_Pair]] = []
    for pair in pairs:
        touching = [
            group
            for group in groups
            if any(pair[0] == other[0] or pair[1] == other[1] for other in group)
        ]
        groups = [group for group in groups if group not in touching]
        groups.append([*(item for group in touching for item in group), pair])
    return groups


def _named(rules: tuple[Rule, ...], served: bool) -> tuple[Rule, ...]:
    """Let every class that counts also be a tag, which the states on the way carry."""
    return tuple(
        Rule(
            rule.condition,
            tuple(
                SetTag(_CLASS, action.class_name)
                if isinstance(action, Assign) and not (served and action.service is None)
                else action
                for action in rule.actions
            ),
            rule.flow,
            _named(rule.body, served),
        )
        for rule in rules
    )
