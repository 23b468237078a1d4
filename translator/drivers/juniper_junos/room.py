"""How much a text may stand for beyond what is written in it."""

from __future__ import annotations

from typing import Final

from translator.drivers.juniper_junos.tree import Node

__all__ = ["TOO_MUCH", "Room", "weight"]

TOO_MUCH: Final = "groups and interface ranges stand for more statements than are followed"
_MOST: Final = 200_000
# Ten switches of 48 ports in one chassis take about as much for three ranges with twenty
# statements each.
_LEAST: Final = 60_000
_CHARACTERS: Final = 4  # of a text, for each of which there is room for one more
_UNIT: Final = 12


def weight(node: Node) -> int:
    """Return the room that a word takes at a place where it is inherited, without those below it.

    Units are read one by one, whatever they share.
    """
    return 1 + (_UNIT * len(node.children) if node.word == "unit" else 0)


class Room:
    """Room for what groups and ranges add to a tree: a page of them can stand for millions.

    Statements put elsewhere take it, and names tried on patterns. What no longer fits is left out,
    and nothing is then known of any interface.

    Attributes:
        left: how many still fit; negative once something did not.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.left = most

    @classmethod
    def of(cls, text: str) -> Room:
        """Return the room of a text; the larger, the more, so that reading stays in proportion."""
        return cls(_LEAST + len(text) // _CHARACTERS)

    @property
    def is_used_up(self) -> bool:
        """Whether anything was left out."""
        return self.left < 0

    def take(self, count: int = 1) -> bool:
        """Take room for so many more; False when there is none."""
        self.left -= count
        return self.left >= 0
