"""What `apply-groups` inherits: statements of groups, put where they take effect.

Source: Junos CLI guide, "configuration groups": a statement of the target wins over an inherited
one, an earlier group over a later one; `<...>` in a group matches names that the target has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from translator.drivers.juniper_junos.tree import SECTIONS, Node

__all__ = ["APPLY", "apply_groups"]

APPLY: Final = "apply-groups"
_EXCEPT: Final = "apply-groups-except"
# Stands for the group of the chassis at hand. Source: Junos chassis cluster guide for SRX.
_BY_CHASSIS: Final = "${node}"
_CHASSIS: Final = ("node0", "node1")
_BEARING: Final = SECTIONS | {"filter", "policer"}


def apply_groups(root: Node, *, applied_at_all: bool = True) -> frozenset[str]:
    """Merge the applied groups into the tree; return the names of those that the text lacks.

    Args:
        applied_at_all: False where the text applies none, which spares the search for them.
    """
    groups = root.children.pop("groups", None)
    library = {} if groups is None else groups.children
    applied: set[str] = set()
    if applied_at_all:
        _expand(root, (), (), library, applied)
    if all(name in library and not _bears(library[name]) for name in _CHASSIS):
        applied.discard(_BY_CHASSIS)  # whichever it is: management addresses and names only
    return frozenset(applied - library.keys())


def _bears(group: Node) -> bool:
    return any(word in _BEARING or _bears(below) for word, below in group.children.items())


def _expand(
    node: Node,
    path: tuple[str, ...],
    active: Sequence[tuple[str, Node]],
    library: dict[str, Node],
    applied: set[str],
) -> None:
    """Merge into one node what the groups in `active` (aligned with it) and its own ones say."""
    active = [*_local(node, path, library, applied), *active]
    refused = {item.word for item in _names(node, _EXCEPT)}
    active = [(name, group) for name, group in active if name not in refused]
    for _, group in active:
        _merge(node, group)
    for word, child in node.children.items():
        if word not in (APPLY, _EXCEPT):
            below = [(name, found) for name, group in active for found in _aligned(group, word)]
            _expand(child, (*path, word), below, library, applied)


def _local(
    node: Node, path: tuple[str, ...], library: dict[str, Node], applied: set[str]
) -> Iterator[tuple[str, Node]]:
    for item in _names(node, APPLY):
        applied.add(item.word)
        group = library.get(item.word)
        if group is not None:
            yield from ((item.word, found) for found in _descend(group, path))


def _names(node: Node, keyword: str) -> Iterable[Node]:
    found = node.take(keyword)
    return () if found is None else found.each()


def _descend(group: Node, path: Sequence[str]) -> list[Node]:
    found = [group]
    for word in path:
        found = [match for node in found for match in _aligned(node, word)]
    return found


def _aligned(group: Node, word: str) -> Iterator[Node]:
    for name, child in group.children.items():
        if name == word or (name.startswith("<") and fnmatchcase(word, name.strip("<>"))):
            yield child


def _merge(node: Node, group: Node) -> None:
    """Make sure that every plainly named child of the group is there; it is filled in later."""
    for word, child in group.children.items():
        if word.startswith("<") or word in (APPLY, _EXCEPT):
            continue
        target = node.children.get(word)
        if target is None:
            target = node.children[word] = Node(word, inherited=True)
        target.lines.extend(child.lines)
