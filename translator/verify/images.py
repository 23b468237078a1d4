"""Sets of packets seen through something: after a re-marking, or whatever a predicate answers."""

from __future__ import annotations

from collections.abc import Callable

from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.fields import LEAF, TOS, intervals_of

__all__ = ["always", "remarked"]


def remarked(space: Space, packets: Node, value: int, mask: int) -> Node:
    """Return the set as it is after `tos = (tos and not mask) or value`."""

    def image(node: Node) -> Node:
        if node == NOTHING:
            return NOTHING
        edges = [(0, 255, node)] if node == EVERYTHING else space.edges(node)
        old = [byte for low, high, kid in edges if kid for byte in range(low, high + 1)]
        return space.among(TOS, intervals_of({byte & ~mask | value for byte in old}))

    return _rebuilt(space, packets, lambda level: level >= TOS, image)


def always(space: Space, packets: Node, concerns: Callable[[str, bool], bool]) -> Node:
    """Return the packets that are in the set whatever the chosen predicates answer.

    Args:
        concerns: given name and unreadness, whether the predicate is one of the chosen.
    """

    def chosen(level: int) -> bool:
        found = space.predicate_at(level)
        return found is not None and concerns(*found)

    def both(node: Node) -> Node:
        if space.level(node) == LEAF:
            return node
        no, yes = (kid for _, _, kid in space.edges(node))
        return always(space, space.intersection(no, yes), concerns)

    return _rebuilt(space, packets, lambda level: level == LEAF or chosen(level), both)


def _rebuilt(
    space: Space, node: Node, ends: Callable[[int], bool], replace: Callable[[Node], Node]
) -> Node:
    """Return the diagram with each topmost node whose level `ends` the walk replaced."""
    memo: dict[Node, Node] = {}

    def walk(here: Node) -> Node:
        found = memo.get(here)
        if found is None:
            level = space.level(here)
            if ends(level):
                found = replace(here)
            else:
                edges = list(space.edges(here))
                kids = [walk(kid) for _, _, kid in edges]
                found = space.node(level, [high for _, high, _ in edges], kids)
            memo[here] = found
        return found

    return walk(node)
