"""What `apply-groups` inherits: statements of groups, put where they take effect.

Source: Junos CLI guide, "configuration groups": a statement of the target wins over an inherited
one, an earlier group over a later one; `<...>` in a group matches names that the target has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from translator.drivers.juniper_junos.room import Room
from translator.drivers.juniper_junos.tree import SECTIONS, Node

__all__ = ["APPLY", "apply_groups"]

APPLY: Final = "apply-groups"
_EXCEPT: Final = "apply-groups-except"
# Stands for the group of the chassis at hand. Source: Junos chassis cluster guide for SRX.
_BY_CHASSIS: Final = "${node}"
_CHASSIS: Final = ("node0", "node1")
_BEARING: Final = SECTIONS | {"filter", "policer"}
# A node of a group that applies, with the name of the group.
_Active: TypeAlias = tuple[str, Node]


def apply_groups(
    root: Node, room: Room | None = None, *, applied_at_all: bool = True
) -> frozenset[str]:
    """Merge the applied groups into the tree; return the names of those that the text lacks.

    Args:
        room: for the statements that groups add; ranges of interfaces may share it.
        applied_at_all: False where the text applies none, which spares the search for them.
    """
    groups = root.children.pop("groups", None)
    library = {} if groups is None else groups.children
    merging = _Merging(library, Room() if room is None else room)
    if applied_at_all:
        merging.expand(root, (), ())
    applied = merging.applied
    if all(name in library and not _bears(library[name]) for name in _CHASSIS):
        applied.discard(_BY_CHASSIS)  # whichever it is: management addresses and names only
    return frozenset(applied - library.keys())


def _bears(group: Node) -> bool:
    return any(word in _BEARING or _bears(below) for word, below in group.children.items())


class _Merging:
    """Puts the statements of groups where they are applied, as long as there is room."""

    def __init__(self, library: dict[str, Node], room: Room) -> None:
        self._library = library
        self._room = room
        self._patterns: dict[int, tuple[str, ...]] = {}
        self._filled: dict[tuple[object, ...], tuple[Node, int]] = {}
        self.applied: set[str] = set()

    def expand(self, node: Node, path: tuple[str, ...], active: Sequence[_Active]) -> None:
        """Merge into one node what the groups in `active` (aligned with it) and its own say."""
        children = node.children
        if APPLY in children:
            active = [*self._local(node, path), *active]
        if _EXCEPT in children:
            refused = {item.word for item in _names(node, _EXCEPT)}
            active = [item for item in active if item[0] not in refused]
        for _, group in active:
            self._merge(node, group)
        for word, child in children.items():
            if word in (APPLY, _EXCEPT):
                continue
            below = [
                (name, found) for name, group in active for found in self._aligned(group, word)
            ]
            if child.inherited:
                children[word] = self._inherited(child, (*path, word), below)
            elif below or child.children:
                self.expand(child, (*path, word), below)

    def _inherited(self, node: Node, path: tuple[str, ...], active: list[_Active]) -> Node:
        """Return a node that a group put there, filled in; the like of it is filled in once."""
        if not active:
            return node
        key = (_without_names(path), node.word, *(id(group) for _, group in active))
        if key not in self._filled:
            left = self._room.left
            self.expand(node, path, active)
            self._filled[key] = node, left - self._room.left
            return node
        known, room = self._filled[key]
        self._room.take(room)  # as at the first place: it is read at each of them
        return known.share()

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

    def _aligned(self, group: Node, word: str) -> Iterator[Node]:
        """Yield what a group says of a word: by its name, and by patterns that it fits."""
        children = group.children
        patterns = self._patterns.get(id(group))
        if patterns is None:
            found = tuple(name for name in children if name.startswith("<"))
            patterns = self._patterns[id(group)] = found
        if not patterns:
            if word in children:
                yield children[word]
            return
        if not self._room.take(len(patterns)):
            return
        chosen = {name for name in patterns if name == word or fnmatchcase(word, name.strip("<>"))}
        if word in children:
            chosen.add(word)
        if len(chosen) < 2:
            yield from (children[name] for name in chosen)
        elif self._room.take(len(children)):  # in the order of the group
            yield from (child for name, child in children.items() if name in chosen)

    def _merge(self, node: Node, group: Node) -> None:
        """Make sure that every plainly named child of the group is there; it is filled in later."""
        for word, child in group.children.items():
            if word.startswith("<") or word in (APPLY, _EXCEPT):
                continue
            if not self._room.take(1 + len(child.lines)):
                return
            target = node.children.get(word)
            if target is None:
                target = node.children[word] = Node(word, inherited=True)
            target.lines.extend(child.lines)


def _without_names(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of a kind of place: what stands there is read alike on all interfaces."""
    at = path.index("interfaces") if "interfaces" in path[:2] else len(path)
    named = (at + 1, at + 3) if path[at + 2 : at + 3] == ("unit",) else (at + 1,)
    return tuple("" if place in named else word for place, word in enumerate(path))


def _names(node: Node, keyword: str) -> Iterable[Node]:
    found = node.take(keyword)
    return () if found is None else found.each()
