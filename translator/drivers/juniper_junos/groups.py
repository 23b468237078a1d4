"""What `apply-groups` inherits: statements of groups, put where they take effect.

Source: Junos CLI guide, "configuration groups": a statement of the target wins over an inherited
one, an earlier group over a later one; `<...>` in a group matches names that the target has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos.room import Room, weight
from translator.drivers.juniper_junos.tree import APPLY, APPLY_EXCEPT, SECTIONS, Node
from translator.drivers.wildcard import Wildcard

__all__ = ["apply_groups"]

# Stands for the group of the chassis at hand. Source: Junos chassis cluster guide for SRX.
_BY_CHASSIS: Final = "${node}"
_CHASSIS: Final = ("node0", "node1")
_BEARING: Final = SECTIONS | {"filter", "policer", "prefix-list", "flow"}
# Groups that hold on one routing engine alone. Source: Junos CLI reference, "groups".
_BY_ENGINE: Final = re.compile(r"(?:(?:lcc|sfc|member)\d{1,2}-)?re[01]")
_MISSING: Final = "group {} is applied but not in the text: what it holds is not known"
_NESTED: Final = "group {} applies other groups, which is not followed"
_OF_ENGINE: Final = "group {} holds on one routing engine alone: which one it is is not known"
_WHEN: Final = "group {} is applied under a condition (when): whether it holds is not known"
_INTERFACES: Final = ("interfaces",)
# Below these stand names of interfaces and units.
_NAMING: Final = frozenset(
    {("class-of-service", "interfaces"), ("class-of-service", "interfaces", "", "unit")}
)
_FEW: Final = 8  # groups at one place, which cost no room beyond what they say
_IN_FULL: Final = 7  # times the room more for what is put once more, and is no interface
# A node of a group that applies, with the name of the group.
_Active: TypeAlias = tuple[str, Node]


def apply_groups(
    root: Node,
    room: Room | None = None,
    *,
    applied_at_all: bool = True,
    applied_below: bool = True,
) -> dict[str, Doubt]:
    """Merge the applied groups into the tree; return why what they say is not known, by name.

    That is so where the text lacks a group, and where one with QoS holds at times or on one
    routing engine.

    Args:
        room: for the statements that groups add; ranges of interfaces may share it.
        applied_at_all: False where the text applies none, which spares the search for them.
        applied_below: False where it applies them to the whole configuration alone.
    """
    groups = root.children.pop("groups", None)
    library = {} if groups is None else groups.children
    merging = _Merging(library, Room() if room is None else room, applied_below)
    if applied_at_all:
        merging.expand(root, (), ())
    applied = merging.applied
    if all(name in library and not _bears(library[name]) for name in _CHASSIS):
        applied.discard(_BY_CHASSIS)  # whichever it is: management addresses and names only
    doubts = ((name, _doubt(name, library)) for name in sorted(applied))
    return {name: doubt for name, doubt in doubts if doubt is not None}


def _doubt(name: str, library: Mapping[str, Node]) -> Doubt | None:
    group = library.get(name)
    if group is None:
        return Doubt(_MISSING.format(name))
    for applied in _applied_in(group):
        if any(word not in library or _bears(library[word]) for word in applied.children):
            return Doubt(_NESTED.format(name), tuple(sorted(set(applied.all_lines()))))
    condition = group.children.get("when")
    if condition is None and not _BY_ENGINE.fullmatch(name):
        return None
    if not _bears(group):
        return None
    if condition is None:
        return Doubt(_OF_ENGINE.format(name), tuple(group.lines[:1]))
    return Doubt(_WHEN.format(name), tuple(sorted(set(condition.all_lines()))))


def _applied_in(group: Node) -> Iterator[Node]:
    """Yield what applies groups inside of a group."""
    for word, below in group.children.items():
        if word == APPLY:
            yield below
        else:
            yield from _applied_in(below)


def _bears(group: Node) -> bool:
    return any(word in _BEARING or _bears(below) for word, below in group.children.items())


class _Merging:
    """Puts the statements of groups where they are applied, as long as there is room."""

    def __init__(self, library: dict[str, Node], room: Room, applied_below: bool) -> None:
        self._applied_below = applied_below
        self._library = library
        self._room = room
        self._plain: dict[Node, tuple[Node, ...]] = {}
        self._patterns: dict[Node, tuple[tuple[str, Wildcard], ...]] = {}
        self._places: dict[Node, dict[str, int]] = {}
        self._sizes: dict[Node, int] = {}
        self._placed: set[Node] = set()
        self._given_at: dict[Node, tuple[str, ...]] = {}
        self._known: dict[tuple[Node, str], tuple[Node, ...]] = {}
        self._filled: dict[tuple[object, ...], tuple[Node, int]] = {}
        self.applied: set[str] = set()

    def expand(self, node: Node, path: tuple[str, ...], active: Sequence[_Active]) -> None:
        """Merge into one node what the groups in `active` (aligned with it) and its own say."""
        children = node.children
        if APPLY in children:
            active = [*self._local(node, path), *active]
        if APPLY_EXCEPT in children:
            refused = {item.word for item in _names(node, APPLY_EXCEPT)}
            active = [item for item in active if item[0] not in refused]
        for word in (APPLY, APPLY_EXCEPT):  # what they bring is there from here on
            if word in children:
                node.lines += children.pop(word).all_lines()
        groups = [group for _, group in active]
        named = self._named(groups) if groups else {}
        for word, child in children.items():
            if len(groups) > _FEW and not self._room.take(len(groups)):
                return
            for given in named.pop(word, ()):
                child.lines += given.lines
            below: list[_Active] = []
            for name, group in active:
                if found := self._aligned(group, word):
                    below += [(name, node) for node in found]
            if below or (self._applied_below and child.children):
                self.expand(child, (*path, word), below)
        if named:
            self._inherit(children, _place_of(path), named, groups)

    def _inherit(
        self,
        children: dict[str, Node],
        place: tuple[str, ...],
        named: Mapping[str, list[Node]],
        groups: Sequence[Node],
    ) -> None:
        """Put what groups alone say at a place."""
        patterned = self._patterned(groups)
        in_full = "interfaces" not in place[:2]
        for word, given in named.items():
            left = self._room.left
            children[word] = self._inherited(word, _below(place, word), given, patterned)
            if in_full and not self._placed.isdisjoint(given):
                self._room.take(_IN_FULL * (left - self._room.left))
            self._placed.update(given)

    def _patterned(self, groups: Sequence[Node]) -> Sequence[Node]:
        """Return the groups if there are patterns in one of them: they may add to any word."""
        return groups if any(map(self._patterns_of, groups)) else ()

    def _named(self, groups: Sequence[Node]) -> dict[str, list[Node]]:
        """Return what groups say under plain names, in their order, as long as there is room."""
        found: dict[str, list[Node]] = {}
        for group in groups:
            plain = self._plain.get(group)
            if plain is None:
                plain = self._plain[group] = tuple(
                    child
                    for word, child in group.children.items()
                    if not word.startswith("<") and word not in (APPLY, APPLY_EXCEPT)
                )
            for child in plain:
                if not self._room.take(1 + len(child.lines)):
                    return found
                found.setdefault(child.word, []).append(child)
        return found

    def _inherited(
        self, word: str, place: tuple[str, ...], given: list[Node], patterned: Sequence[Node]
    ) -> Node:
        """Return a node that groups alone put there; of the same groups at like places it is one.

        Args:
            given: what of the groups makes it.
            patterned: the groups, if patterns in them may add what stands below.
        """
        below = given
        if patterned:
            self._room.take(max(0, len(patterned) - _FEW))
            below = [found for group in patterned for found in self._aligned(group, word)]
        if len(below) == 1 and below == given and self._stands_at(place, given[0]):
            self._room.take(self._sizes[given[0]] - 1)
            return given[0].share()
        key = (place, word, *below)
        if key in self._filled:
            node, room = self._filled[key]
            self._room.take(room)  # as at the first place: it is read at each of them
            return node.share()
        left = self._room.left
        if min(map(self._size, below), default=0) >= 0:
            room = sum(self._size(item) - 1 for item in below)
            node = self._united(word, place, below, given) if self._room.take(room) else Node(word)
        else:
            node = Node(word, inherited=True)
            node.lines += chain.from_iterable(item.lines for item in given)
            inside = self._patterned(below)
            for name, items in self._named(below).items():
                node.children[name] = self._inherited(name, _below(place, name), items, inside)
        self._filled[key] = node, left - self._room.left
        return node

    def _united(
        self, word: str, place: tuple[str, ...], groups: list[Node], given: list[Node]
    ) -> Node:
        """Return the same of nodes without patterns: one by itself is taken as it is."""
        if groups == given and len(given) == 1 and self._stands_at(place, given[0]):
            return given[0].share()
        node = Node(word, inherited=True)
        named: dict[str, list[Node]] = {}
        for item in given:
            node.lines += item.lines
        for group in groups:
            for child in group.children.values():
                named.setdefault(child.word, []).append(child)
        for name, items in named.items():
            node.children[name] = self._united(name, _below(place, name), items, items)
        return node

    def _stands_at(self, place: tuple[str, ...], group: Node) -> bool:
        """Whether a node of a group can itself stand at a kind of place: no pattern is in it, and
        it stands at no other.
        """
        return self._size(group) >= 0 and self._given_at.setdefault(group, place) == place

    def _size(self, group: Node) -> int:
        """Return the room of a node that groups give as it is, and make it one that was inherited;
        below 0 where patterns stand in it.
        """
        size = self._sizes.get(group)
        if size is None:
            size = weight(group)
            for name, child in group.children.items():
                below = self._size(child)
                if below < 0 or name.startswith("<") or name in (APPLY, APPLY_EXCEPT):
                    size = -1
                    break
                size += below
            group.inherited = size >= 0
            self._sizes[group] = size
        return size

    def _local(self, node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
        for item in _names(node, APPLY):
            self.applied.add(item.word)
            group = self._library.get(item.word)
            if group is not None:
                yield from ((item.word, found) for found in self._descend(group, path))

    def _descend(self, group: Node, path: Sequence[str]) -> list[Node]:
        found = [group]
        for word in path:
            found = [match for node in found for match in self._aligned(node, word)]
        return found

    def _patterns_of(self, group: Node) -> tuple[tuple[str, Wildcard], ...]:
        found = self._patterns.get(group)
        if found is None:
            names = (name for name in group.children if name.startswith("<"))
            found = tuple((name, Wildcard(name.strip("<>"))) for name in names)
            self._patterns[group] = found
        return found

    def _aligned(self, group: Node, word: str) -> tuple[Node, ...]:
        """Return what a group says of a word: by its name, and by patterns that it fits."""
        patterns = self._patterns_of(group)
        if not patterns:
            found = group.children.get(word)
            return () if found is None else (found,)
        if not self._room.take(len(patterns)):
            return ()
        key = (group, word)
        if key not in self._known:
            self._known[key] = self._fitting(group, patterns, word)
        return self._known[key]

    def _fitting(
        self, group: Node, patterns: Iterable[tuple[str, Wildcard]], word: str
    ) -> tuple[Node, ...]:
        """Return the same of a group with patterns, in its order."""
        children = group.children
        chosen = [name for name, pattern in patterns if pattern.fits(word)]
        if word in children and word not in chosen:
            chosen.append(word)
            places = self._places.get(group)
            if places is None:
                places = {name: place for place, name in enumerate(children)}
                self._places[group] = places
            chosen.sort(key=places.__getitem__)
        return tuple(map(children.__getitem__, chosen))


def _place_of(path: tuple[str, ...]) -> tuple[str, ...]:
    place: tuple[str, ...] = ()
    for word in path:
        if place == _INTERFACES:
            break
        place = _below(place, word)
    return place


def _below(place: tuple[str, ...], word: str) -> tuple[str, ...]:
    """Return the kind of place below one: where it is asked what was read and what was not, two
    are alike if only interfaces and units are others.
    """
    if place == _INTERFACES:
        return place
    return (*place, "" if place in _NAMING else word)


def _names(node: Node, keyword: str) -> Iterable[Node]:
    found = node.take(keyword)
    return () if found is None else found.each()
