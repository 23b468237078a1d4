"""A configuration as IOS and EOS keep it: lines, some of which hold lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Node"]


@dataclass(slots=True)
class Node:
    """A line and what stands under it, by slot: a line of the same slot replaces the one before.

    Attributes:
        text: the line, without its indent.
        mode: the mode that it opens, empty: none.
        number: where an access list keeps the entry.
    """

    text: str = ""
    mode: str = ""
    number: int = 0
    children: dict[str, Node] = field(default_factory=dict)

    def copy(self) -> Node:
        """Return an independent copy."""
        children = {slot: child.copy() for slot, child in self.children.items()}
        return Node(self.text, self.mode, self.number, children)

    def put(self, slot: str, text: str, mode: str = "") -> Node:
        """Set the line of a slot and return it; what stood under it stays."""
        node = self.children.get(slot)
        if node is None:
            node = self.children[slot] = Node(text, mode)
        node.text = text
        return node

    def lines(self, indent: str = " ", level: int = 0) -> Iterator[str]:
        """Yield all lines under this one."""
        for child in self.children.values():
            yield indent * level + child.text
            yield from child.lines(indent, level + 1)
