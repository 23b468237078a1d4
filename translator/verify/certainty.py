"""Packets that are in a set for certain, whatever open predicates answer."""

from __future__ import annotations

from collections.abc import Callable

from translator.verify.diagram import Node, Space
from translator.verify.fields import LEAF

__all__ = ["always"]


def always(space: Space, packets: Node, concerns: Callable[[str, bool], bool]) -> Node:
    """Return the packets that are in the set whatever the chosen predicates answer.

    Args:
        concerns: given name and unreadness, whether the predicate is one of the chosen.
    """

    memo: dict[Node, Node] = {}

    def walk(here: Node) -> Node:
        level = space.level(here)
        if level == LEAF:
            return here
        found = memo.get(here)
        if found is None:
            edges = list(space.edges(here))
            predicate = space.predicate_at(level)
            if predicate is not None and concerns(*predicate):
                no, yes = (kid for _, _, kid in edges)
                found = walk(space.intersection(no, yes))
            else:
                kids = [walk(kid) for _, _, kid in edges]
                found = space.node(level, [high for _, high, _ in edges], kids)
            memo[here] = found
        return found

    return walk(packets)
