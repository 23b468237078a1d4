"""Packets that are in a set for certain, whatever open predicates answer."""

from __future__ import annotations

from collections.abc import Callable

from translator.verify.diagram import Node, Space
from translator.verify.fields import FIRST_PREDICATE, TOS

__all__ = ["always", "asks_for_predicates"]


def asks_for_predicates(space: Space, node: Node) -> bool:
    """Return whether a diagram depends on anything that no header shows."""
    asking: dict[Node, bool] = space.memo("asks for a predicate")

    def asks(here: Node) -> bool:
        level = space.level(here)
        if level >= FIRST_PREDICATE:  # ToS byte and leaves stand below all predicates
            return level < TOS
        known = asking.get(here)
        if known is None:
            known = asking[here] = any(map(asks, space.kids(here)))
        return known

    return asks(node)


def always(space: Space, packets: Node, concerns: Callable[[str, bool], bool]) -> Node:
    """Return the packets that are in the set whatever the chosen predicates answer.

    Args:
        concerns: given name and unreadness, whether the predicate is one of the chosen.
    """
    memo: dict[Node, Node] = {}

    def walk(here: Node) -> Node:
        if not asks_for_predicates(space, here):
            return here
        found = memo.get(here)
        if found is None:
            level = space.level(here)
            predicate = space.predicate_at(level)
            if predicate is not None and concerns(*predicate):
                no, yes = space.kids(here)
                found = walk(space.intersection(no, yes))
            else:
                edges = list(space.edges(here))
                kids = [walk(kid) for _, _, kid in edges]
                found = space.node(level, [high for _, high, _ in edges], kids)
            memo[here] = found
        return found

    return walk(packets)
