"""Unique nodes of decision diagrams, within a budget: what diagrams are made of.

A node tests one header field and has one edge per interval of it; paths end in leaves. Nodes are
unique by structure (hash-consed) and neighbouring edges never lead to the same node.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, islice
from operator import eq, ne
from typing import Any, Final

from translator.errors import UndecidedError
from translator.verify.fields import FIRST_PREDICATE, LEAF, TOS, Interval, top_of

__all__ = ["EDGES_PER_STEP", "EVERYTHING", "NOTHING", "Node", "Nodes"]

Node = int
NOTHING: Final[Node] = 0
EVERYTHING: Final[Node] = 1

# A step costs about 150 bytes and a microsecond: past this we would rather say "undecided".
_DEFAULT_BUDGET: Final = 2_000_000
EDGES_PER_STEP: Final = 8
"""Large sets of addresses or ports are nodes with thousands of edges."""
_FEW: Final = 8  # intervals of a field that are worth remembering
_SLOTS: Final = 1 << 29  # for predicates, between the header fields and the ToS byte


class Nodes:
    """All nodes that were asked for since the last `recycle`; equal ones are one.

    Args:
        budget: nodes and operation steps after which `UndecidedError` is raised.
    """

    def __init__(self, budget: int = _DEFAULT_BUDGET) -> None:
        self.budget = budget
        self._clear()

    def _clear(self) -> None:
        self._levels: list[int] = []
        self._highs: list[tuple[int, ...]] = []
        self._kids: list[tuple[Node, ...]] = []
        self._values: list[Hashable] = []
        self._unique: dict[tuple[int, tuple[int, ...], tuple[Node, ...]], Node] = {}
        self._leaves: dict[tuple[type, Hashable], Node] = {}
        self._predicates: dict[int, tuple[str, bool]] = {}
        self._predicate_levels: dict[tuple[str, bool], int] = {}
        self._known_leaves: dict[Node, list[Node]] = {}
        self._notes: dict[str, dict[Any, Any]] = {}
        self._steps = 0
        self.leaf(None)
        self.leaf(True)

    def recycle(self) -> None:
        """Forget all diagrams when a sixteenth of the budget is used; call between proofs only.

        What is noted of diagrams takes room, too.
        """
        if self._steps + sum(map(len, self._notes.values())) > self.budget // 16:
            self._clear()

    def memo(self, purpose: str) -> dict[Any, Any]:
        """Return a dictionary that lives as long as the diagrams do."""
        return self._notes.setdefault(purpose, {})

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self._levels)

    def spend(self, steps: int = 1) -> None:
        """Count steps of work with these diagrams, also of what is done around them.

        Raises:
            UndecidedError: the budget is used up.
        """
        self._steps += steps
        if self._steps > self.budget:
            raise UndecidedError(
                f"the packet diagram outgrew its budget of {self.budget} steps",
                hint="the rule list is too irregular to be decided; look at it in parts",
            )

    def leaf(self, value: Hashable) -> Node:
        """Return the diagram that gives every packet the value."""
        key = (type(value), value)
        node = self._leaves.get(key)
        if node is None:
            node = self._leaves[key] = self._add(LEAF, (), (), value)
        return node

    def node(self, level: int, highs: Iterable[int], kids: Iterable[Node]) -> Node:
        """Return the node whose edges end at `highs`; edges to the same kid are joined."""
        ends, targets = list(highs), list(kids)
        if any(map(eq, targets, islice(targets, 1, None))):
            last = [*map(ne, targets, islice(targets, 1, None)), True]
            ends, targets = list(compress(ends, last)), list(compress(targets, last))
        return self._unique_node(level, ends, targets)

    def among(
        self,
        level: int,
        intervals: Sequence[Interval],
        inside: Node = EVERYTHING,
        outside: Node = NOTHING,
    ) -> Node:
        """Return `inside` where the field is in the sorted, disjoint intervals, else `outside`."""
        if inside == outside:
            return inside
        edges = _edges_among if len(intervals) <= _FEW else _edges_among.__wrapped__
        highs, are_inside = edges(level, tuple(intervals))
        kids = tuple(map((outside, inside).__getitem__, are_inside))
        return kids[0] if len(kids) == 1 else self._node(level, highs, kids)

    def predicate(self, name: str, unread: bool = False, inside: Node = EVERYTHING) -> Node:
        """Return `inside`, which asks for no predicate, for packets for which a named one holds."""
        key = (name, unread)
        level = self._predicate_levels.get(key)
        if level is None:
            # The order follows from the names alone: what a space was asked before must not show.
            level = FIRST_PREDICATE + zlib.crc32(f"{name}\n{unread}".encode()) % _SLOTS
            while level in self._predicates:
                level += 1
            self._predicate_levels[key] = level
            self._predicates[level] = key
        return self.among(level, ((1, 1),), inside)

    def predicate_at(self, level: int) -> tuple[str, bool] | None:
        """Return name and unreadness of the predicate at a level; None for a header field."""
        if FIRST_PREDICATE <= level < TOS:
            return self._predicates[level]
        return None

    def level(self, node: Node) -> int:
        """Return the field that a node tests; `LEAF` for a leaf."""
        return self._levels[node]

    def value(self, node: Node) -> Hashable:
        """Return the value of a leaf."""
        return self._values[node]

    def edges(self, node: Node) -> Iterator[tuple[int, int, Node]]:
        """Return (low, high, kid) of every edge in ascending order."""
        low = 0
        for high, kid in zip(self._highs[node], self._kids[node], strict=True):
            yield low, high, kid
            low = high + 1

    def kids(self, node: Node) -> tuple[Node, ...]:
        """Return where the edges of a node lead, in ascending order of its field."""
        return self._kids[node]

    def kid_at(self, node: Node, value: int) -> Node:
        """Return where the edge of a value leads."""
        return self._kids[node][bisect_left(self._highs[node], value)]

    def leaves(self, node: Node) -> tuple[Hashable, ...]:
        """Return the values a diagram can give, in order of first occurrence."""
        return tuple([self._values[leaf] for leaf in self._leaves_of(node)])

    def _leaves_of(self, node: Node) -> list[Node]:
        """Return the leaves of a diagram, but for the undefined one."""
        order = self._known_leaves.get(node)
        if order is not None:
            return order
        seen = {node}
        order = self._known_leaves[node] = []
        stack = [node]
        while stack:
            here = stack.pop()
            if self._levels[here] == LEAF:
                if here != NOTHING:
                    order.append(here)
                continue
            for kid in reversed(self._kids[here]):
                if kid not in seen:
                    seen.add(kid)
                    stack.append(kid)
        self.spend(len(seen) // EDGES_PER_STEP)
        return order

    def _add(
        self, level: int, highs: tuple[int, ...], kids: tuple[Node, ...], value: Hashable
    ) -> Node:
        self._steps += 1  # written out: half of all calls were to `spend`
        if self._steps > self.budget:
            self.spend()
        self._levels.append(level)
        self._highs.append(highs)
        self._kids.append(kids)
        self._values.append(value)
        return len(self._levels) - 1

    def _unique_node(self, level: int, highs: list[int], kids: list[Node]) -> Node:
        return kids[0] if len(kids) == 1 else self._node(level, tuple(highs), tuple(kids))

    def _node(self, level: int, highs: tuple[int, ...], kids: tuple[Node, ...]) -> Node:
        self._steps += len(kids) // EDGES_PER_STEP
        key = (level, highs, kids)
        node = self._unique.get(key)
        if node is None:
            node = self._unique[key] = self._add(level, highs, kids, None)
        return node


@lru_cache(maxsize=4096)
def _edges_among(
    level: int, intervals: tuple[Interval, ...]
) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """Return where the edges end of a node that tells sorted, disjoint intervals of a field from
    the rest, and which of its edges are theirs.
    """
    highs: list[int] = []
    are_inside: list[bool] = []
    after = 0
    for low, high in intervals:
        if low > after:
            highs += (low - 1, high)
            are_inside += (False, True)
        elif highs:  # it touches the one before
            highs[-1] = high
        else:
            highs.append(high)
            are_inside.append(True)
        after = high + 1
    if after <= top_of(level):
        highs.append(top_of(level))
        are_inside.append(False)
    return tuple(highs), tuple(are_inside)
