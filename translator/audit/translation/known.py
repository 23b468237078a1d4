"""What of a behaviour can be said as intents, and what hangs on something they cannot say."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from translator.verify.diagram import NOTHING, Node, Space
from translator.verify.fields import LEAF
from translator.verify.treatment import KEEP, Change, Marking, Treatment

__all__ = ["Hindrance", "hindrances", "markings", "predicates_in", "without_predicates"]


class Hindrance(StrEnum):
    """Why a treatment cannot be carried over."""

    DROPPED = "packets are dropped"
    POLICED = "packets are policed"
    UNREAD = "the text does not tell what happens"
    PREDICATE = "it hangs on what no header shows"
    ECN = "bits of the ToS byte beside the code point are written"
    LATE = "the code point is written elsewhere than where the packet enters a named interface"


def without_predicates(space: Space, node: Node) -> Node:
    """Return the diagram as if every predicate were false: a class that asks for one is left."""
    return _collapsed(space, node, lambda no, _: no)


def hindrances(space: Space, behaviour: Node) -> dict[Hindrance, Node]:
    """Return the packets whose treatment intents cannot state, by the reason."""
    found: dict[Hindrance, Node] = {}
    open_ones = _depending(space, behaviour)
    if open_ones != NOTHING:
        found[Hindrance.PREDICATE] = open_ones
    known = without_predicates(space, behaviour)
    for reason, fits in _TELLS.items():
        packets = space.members(known, fits)
        if packets != NOTHING:
            found[reason] = packets
    return found


def markings(space: Space, behaviour: Node) -> Node:
    """Return the marking of each packet, `KEEP` where it cannot be stated; undefined if dropped.

    A policer leaves the mark of its class below its rate: that much of it is stated.
    """

    def marking(leaf: Treatment) -> Marking | None:
        if leaf.dropped:
            return None
        unsaid = leaf.unclear or leaf.marking.change is Change.SET_TOS
        return KEEP if unsaid else leaf.marking

    return space.map_leaves(without_predicates(space, behaviour), marking)


_TELLS: dict[Hindrance, Callable[[Any], bool]] = {
    Hindrance.UNREAD: lambda leaf: bool(leaf.unclear),
    Hindrance.DROPPED: lambda leaf: leaf.dropped,
    Hindrance.POLICED: lambda leaf: leaf.policed_bps is not None,
    Hindrance.ECN: lambda leaf: leaf.marking.change is Change.SET_TOS,
}


def predicates_in(space: Space, behaviour: Node) -> frozenset[str]:
    """Return the names of the predicates that decide something in a diagram."""
    found: set[str] = set()
    seen: set[Node] = set()
    stack = [behaviour]
    while stack:
        node = stack.pop()
        if node in seen or space.level(node) == LEAF:
            continue
        seen.add(node)
        named = space.predicate_at(space.level(node))
        found.update(() if named is None else named[:1])
        stack += [kid for _, _, kid in space.edges(node)]
    return frozenset(found)


def _depending(space: Space, behaviour: Node) -> Node:
    """Return the packets to which the answers of predicates give several treatments."""

    def noting(no: Node, yes: Node) -> Node:
        return space.union(space.where(space.combine(no, yes, lambda *_: True), several), no)

    several = space.leaf(("several",))
    marked = _collapsed(space, behaviour, noting)
    return space.members(marked, lambda leaf: leaf == ("several",))


def _collapsed(space: Space, node: Node, join: Callable[[Node, Node], Node]) -> Node:
    """Return the diagram with each test of a predicate replaced by what `join` makes of it."""
    memo: dict[Node, Node] = {}

    def walk(here: Node) -> Node:
        if space.level(here) == LEAF:
            return here
        found = memo.get(here)
        if found is None:
            edges = list(space.edges(here))
            kids = [walk(kid) for _, _, kid in edges]
            if space.predicate_at(space.level(here)) is None:
                found = space.node(space.level(here), [high for _, high, _ in edges], kids)
            else:
                found = join(*kids)
            memo[here] = found
        return found

    return walk(node)
