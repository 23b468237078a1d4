"""Sets of packets seen through something: after a re-marking, or whatever a predicate answers."""

from __future__ import annotations

from collections.abc import Callable

from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.fields import FIRST_PREDICATE, TOS, intervals_of

__all__ = ["always", "remarked"]


def remarked(space: Space, packets: Node, value: int, mask: int) -> Node:
    """Return the set as it is after `tos = (tos and not mask) or value`."""

    def image(node: Node) -> Node:
        if node == NOTHING:
            return NOTHING
        edges = [(0, 255, node)] if node == EVERYTHING else space.edges(node)
        old = [byte for low, high, kid in edges if kid for byte in range(low, high + 1)]
        return space.among(TOS, intervals_of({byte & ~mask | value for byte in old}))

    return _rebuilt(space, packets, lambda node: space.level(node) >= TOS, image)


def always(space: Space, packets: Node, concerns: Callable[[str, bool], bool]) -> Node:
    """Return the packets that are in the set whatever the chosen predicates answer.

    Args:
        concerns: given name and unreadness, whether the predicate is one of the chosen.
    """

    asking: dict[Node, bool] = space.memo("asks for a predicate")

    def asks(node: Node) -> bool:
        known = asking.get(node)
        if known is None:
            level = space.level(node)
            known = asking[node] = level < TOS and (
                level >= FIRST_PREDICATE or any(map(asks, space.kids(node)))
            )
        return known

    def ends(node: Node) -> bool:
        found = space.predicate_at(space.level(node))
        return not asks(node) or (found is not None and concerns(*found))

    def both(node: Node) -> Node:
        if not asks(node):
            return node
        no, yes = space.kids(node)
        return always(space, space.intersection(no, yes), concerns)

    return _rebuilt(space, packets, ends, both)


def _rebuilt(
    space: Space, node: Node, ends: Callable[[Node], bool], replace: Callable[[Node], Node]
) -> Node:
    """Return the diagram with each topmost node that `ends` the walk replaced."""
    memo: dict[Node, Node] = {}

    def walk(here: Node) -> Node:
        found = memo.get(here)
        if found is None:
            if ends(here):
                found = replace(here)
            else:
                edges = list(space.edges(here))
                kids = [walk(kid) for _, _, kid in edges]
                found = space.node(space.level(here), [high for _, high, _ in edges], kids)
            memo[here] = found
        return found

    return walk(node)
