"""Interval decision diagrams: functions from all packets to leaves, equal exactly when identical.

A diagram is a node of `translator.verify.nodes`: two that agree on every packet are the same
number. A set of packets is a diagram with the leaves `NOTHING` and `EVERYTHING`; a partial
function is `NOTHING` where it is not defined.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from translator.errors import UndecidedError
from translator.verify.fields import LEAF, TOS, top_of
from translator.verify.nodes import EDGES_PER_STEP, EVERYTHING, NOTHING, Node, Nodes

__all__ = ["EVERYTHING", "NOTHING", "TOO_DEEP", "Node", "Space"]

TOO_DEEP: Final = "the packet diagram depends on too many predicates at once"

_AT_ONCE: Final = 16  # parts that are merged in one pass; the work grows with their square
_IN_PARTS: Final = "look at the configuration in parts"
_Memo = dict[tuple[Node, Node], Node]
_Stop = Callable[[Node, Node], Node | None]


@dataclass(frozen=True, slots=True)
class _Marker:
    """A leaf that stands for a diagram still to come."""

    number: int


class Space(Nodes):
    """The packets, and all diagrams over them; diagrams of two spaces cannot be mixed.

    One space serves a whole fleet: what two devices have in common is computed once.

    Args:
        budget: nodes and operation steps after which `UndecidedError` is raised.
    """

    def _clear(self) -> None:
        super()._clear()
        self._substitutions: dict[Node, _Memo] = {}
        self._first_of: dict[tuple[Node, ...], Node] = {}
        self._replaced: dict[tuple[Node, Node], dict[Node, Node]] = {}
        self._chosen: dict[frozenset[Node], dict[Node, Node]] = {}

    def substitute(self, function: Node, leaf: Node, other: Node) -> Node:
        """Return `other` where `function` gives `leaf`, else what `function` gives.

        All binary operations are this one: a union substitutes `NOTHING`, an intersection
        `EVERYTHING`, a first-match merge what the rules above left undefined.
        """
        levels = self._levels
        if levels[other] == LEAF:
            return self._with_leaf(function, leaf, other)

        def stop(here: Node, there: Node) -> Node | None:
            if here == leaf:
                return there
            if there in (here, leaf) or levels[here] == LEAF:
                return here
            return None

        return self._guard(function, other, stop, self._substitutions.setdefault(leaf, {}))

    def union(self, one: Node, other: Node) -> Node:
        """Return the packets of either set."""
        return self.substitute(one, NOTHING, other)

    def intersection(self, one: Node, other: Node) -> Node:
        """Return the packets of both sets."""
        return self.substitute(one, EVERYTHING, other)

    def complement(self, one: Node) -> Node:
        """Return the packets that are not in the set."""
        memo: dict[Node, Node] = self.memo("complement")
        return self._map(one, {NOTHING: EVERYTHING, EVERYTHING: NOTHING}, memo)

    def difference(self, one: Node, other: Node) -> Node:
        """Return the packets of the first set that are not in the second."""

        def stop(here: Node, there: Node) -> Node | None:
            if NOTHING in (here, there):
                return here
            if there in (here, EVERYTHING):
                return NOTHING
            return self.complement(there) if here == EVERYTHING else None

        return self._guard(one, other, stop, self.memo("difference"))

    def where(self, mask: Node, function: Node) -> Node:
        """Return the function on the packets of the set `mask`, undefined elsewhere."""
        return self.substitute(mask, EVERYTHING, function)

    def first_match(self, parts: Iterable[Node]) -> Node:
        """Return for each packet what the first part that is defined for it gives."""
        layer = list(parts)
        # Merging neighbours in rounds keeps most operands small; order is what decides.
        while len(layer) > 1:
            rounds = range(0, len(layer), _AT_ONCE)
            try:
                layer = [self._first(layer[at : at + _AT_ONCE]) for at in rounds]
            except RecursionError:
                raise UndecidedError(TOO_DEEP, hint=_IN_PARTS) from None
        return layer[0] if layer else NOTHING

    def graft(self, node: Node, table: dict[Node, Node]) -> Node:
        """Return the diagram with each leaf of the table replaced by a diagram, all at once."""
        if self._levels[node] == LEAF:
            return table.get(node, node)
        low = {leaf: other for leaf, other in table.items() if self._levels[other] >= TOS}
        high = [(leaf, other) for leaf, other in table.items() if leaf not in low]
        # What asks for nothing above the ToS byte is put in place in one pass. The others follow
        # one by one, behind markers: their leaves must not be taken for ones still to replace.
        markers = [self.leaf(_Marker(number)) for number in range(len(high))]
        low.update((leaf, marker) for (leaf, _), marker in zip(high, markers, strict=True))
        node = self._graft_low(node, low)
        for (_, other), marker in zip(high, markers, strict=True):
            node = self.substitute(node, marker, other)
        return node

    def map_leaves(self, node: Node, change: Callable[[Any], Hashable]) -> Node:
        """Return the diagram with every defined value replaced."""
        values = self._values
        table = {leaf: self.leaf(change(values[leaf])) for leaf in self._leaves_of(node)}
        unchanged = all(leaf == other for leaf, other in table.items())
        return node if unchanged else self._map(node, table, {})

    def members(self, node: Node, wanted: Callable[[Any], bool]) -> Node:
        """Return the packets whose value satisfies `wanted`."""
        leaves = self._leaves_of(node)
        chosen = frozenset([leaf for leaf in leaves if wanted(self._values[leaf])])
        if not chosen:
            return NOTHING
        # Whatever other leaves a diagram has, the packets of the chosen ones are the same.
        memo = self._chosen.setdefault(chosen, {})
        before = len(memo)
        table = {leaf: EVERYTHING if leaf in chosen else NOTHING for leaf in leaves}
        packets = self._map(node, table, memo)
        self.spend((len(memo) - before) // EDGES_PER_STEP)
        return packets

    def combine(
        self,
        one: Node,
        other: Node,
        judge: Callable[[Any, Any], Hashable],
        memo: _Memo | None = None,
    ) -> Node:
        """Return `judge(a, b)` for every packet of two functions; equal parts are `NOTHING`.

        Args:
            judge: gives a value, or None for "undefined"; never asked about equal leaves.
            memo: kept by a caller who always asks for the same judgement.
        """
        levels, values = self._levels, self._values

        def stop(here: Node, there: Node) -> Node | None:
            if here == there:
                return NOTHING
            if levels[here] == LEAF and levels[there] == LEAF:
                leaf = known.get((here, there))
                if leaf is None:
                    leaf = known[here, there] = self.leaf(judge(values[here], values[there]))
                return leaf
            return None

        known: _Memo = {} if memo is None else memo
        return self._guard(one, other, stop, known)

    def _guard(self, one: Node, other: Node, stop: _Stop, memo: _Memo) -> Node:
        try:
            return self._apply(one, other, stop, memo)
        except RecursionError:
            raise UndecidedError(TOO_DEEP, hint=_IN_PARTS) from None

    def _with_leaf(self, function: Node, leaf: Node, other: Node) -> Node:
        """Return the function with another leaf in the place of one."""
        memo = self._replaced.setdefault((leaf, other), {})
        before = len(memo)
        try:
            node = self._map(function, {leaf: other}, memo)
        except RecursionError:
            raise UndecidedError(TOO_DEEP, hint=_IN_PARTS) from None
        self.spend(len(memo) - before)
        return node

    def _first(self, parts: Iterable[Node]) -> Node:
        """Return for each packet what the first part that is defined for it gives."""
        levels = self._levels
        chosen: list[Node] = []
        for part in dict.fromkeys(parts):  # a part that stands there twice decides once
            if part != NOTHING:
                chosen.append(part)
                if levels[part] == LEAF:  # defined everywhere: no later part is asked
                    break
        if len(chosen) < 2:
            return chosen[0] if chosen else NOTHING
        key = tuple(chosen)
        node = self._first_of.get(key)
        if node is None:
            self.spend(len(key))
            node = self._first_of[key] = self._swept(key)
        return node

    def _swept(self, parts: tuple[Node, ...]) -> Node:
        """Return the same for several parts by one sweep over the values of their upper field."""
        level = min([self._levels[part] for part in parts])
        current = list(parts)
        turns: dict[int, list[tuple[int, Node]]] = {}  # which parts lead elsewhere behind a value
        for index, part in enumerate(parts):
            if self._levels[part] == level:
                highs, kids = self._highs[part], self._kids[part]
                current[index] = kids[0]
                for at, high in enumerate(highs[:-1], 1):
                    turns.setdefault(high, []).append((index, kids[at]))
        ends: list[int] = []
        targets: list[Node] = []
        self.spend(len(turns) * len(parts) // EDGES_PER_STEP)
        known: dict[tuple[Node, ...], Node] = {}  # behind an interval all is as it was before
        for end in (*sorted(turns), top_of(level)):
            key = tuple(current)
            kid = known.get(key)
            if kid is None:
                kid = known[key] = self._first(key)
            if targets and targets[-1] == kid:
                ends[-1] = end
            else:
                ends.append(end)
                targets.append(kid)
            for index, following in turns.get(end, ()):
                current[index] = following
        return self._unique_node(level, ends, targets)

    def _apply(self, one: Node, other: Node, stop: _Stop, memo: _Memo) -> Node:
        """Return the result for a pair of nodes: at once, from the memo, or edge by edge."""
        result = stop(one, other)
        return self._unstopped(one, other, stop, memo) if result is None else result

    def _unstopped(self, one: Node, other: Node, stop: _Stop, memo: _Memo) -> Node:
        """Return the result for a pair at which `stop` does not, from the memo if it is there."""
        result = memo.get((one, other))
        if result is None:
            self.spend()
            result = memo[one, other] = self._zip(one, other, stop, memo)
        return result

    def _zip(self, one: Node, other: Node, stop: _Stop, memo: _Memo) -> Node:
        """Walk the edges of both nodes side by side; one of a lower level is the same at each."""
        level, level_2 = self._levels[one], self._levels[other]
        highs_1, kids_1 = self._highs[one], self._kids[one]
        highs_2, kids_2 = self._highs[other], self._kids[other]
        if level < level_2:
            return self.node(level, highs_1, self._each(zip(kids_1, repeat(other)), stop, memo))
        if level > level_2:
            return self.node(level_2, highs_2, self._each(zip(repeat(one), kids_2), stop, memo))
        top = highs_1[-1]
        ends: list[int] = []
        targets: list[Node] = []
        i = j = 0
        while True:
            # Most pairs stop at once: asking here saves a call for each of them.
            kid = stop(kids_1[i], kids_2[j])
            if kid is None:
                kid = self._unstopped(kids_1[i], kids_2[j], stop, memo)
            high_1, high_2 = highs_1[i], highs_2[j]
            high = high_1 if high_1 < high_2 else high_2
            if targets and kid == targets[-1]:
                ends[-1] = high
            else:
                ends.append(high)
                targets.append(kid)
            if high == top:
                self.spend((i + j) // EDGES_PER_STEP)
                return self._unique_node(level, ends, targets)
            i += high_1 == high
            j += high_2 == high

    def _each(self, pairs: Iterable[tuple[Node, Node]], stop: _Stop, memo: _Memo) -> list[Node]:
        return [
            self._unstopped(one, other, stop, memo) if (kid := stop(one, other)) is None else kid
            for one, other in pairs
        ]

    def _graft_low(self, node: Node, table: dict[Node, Node]) -> Node:
        """Replace leaves by diagrams that ask for the ToS byte only, if for anything."""
        memo = dict(table)

        def walk(here: Node) -> Node:
            found = memo.get(here)
            if found is not None or self._levels[here] == LEAF:
                return here if found is None else found
            kids = [memo.get(kid) or walk(kid) for kid in self._kids[here]]
            if self._levels[here] == TOS:
                found = self._joined_tos(self._highs[here], kids)
            else:
                found = self.node(self._levels[here], self._highs[here], kids)
            memo[here] = found
            return found

        grafted = walk(node)
        self.spend(len(memo) // EDGES_PER_STEP)
        return grafted

    def _joined_tos(self, highs: tuple[int, ...], kids: list[Node]) -> Node:
        """Return the node that is `kids[n]` up to `highs[n]`; a kid may ask for the byte again."""
        ends: list[int] = []
        targets: list[Node] = []
        low = 0
        for high, kid in zip(highs, kids, strict=True):
            if self._levels[kid] == TOS:
                for first, last, target in self.edges(kid):
                    if last >= low and first <= high:
                        ends.append(min(last, high))
                        targets.append(target)
            else:
                ends.append(high)
                targets.append(kid)
            low = high + 1
        return self.node(TOS, ends, targets)

    def _map(self, node: Node, table: dict[Node, Node], memo: dict[Node, Node]) -> Node:
        found = table.get(node)
        if found is not None:
            return found
        if self._levels[node] == LEAF:
            return node
        found = memo.get(node)
        if found is None:
            kids = [
                table.get(kid) or memo.get(kid) or self._map(kid, table, memo)
                for kid in self._kids[node]
            ]
            found = memo[node] = self.node(self._levels[node], self._highs[node], kids)
        return found
