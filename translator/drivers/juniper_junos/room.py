"""How much a text may stand for beyond what is written in it."""

from __future__ import annotations

from typing import Final

__all__ = ["TOO_MUCH", "Room"]

TOO_MUCH: Final = "groups and interface ranges stand for more statements than are followed"
_MOST: Final = 200_000  # of statements put elsewhere, and of names tried on patterns


class Room:
    """Room for what groups and ranges add to a tree: a page of them can stand for millions.

    What no longer fits is left out, and nothing is then known of any interface.

    Attributes:
        left: how many still fit; negative once something did not.
    """

    def __init__(self) -> None:
        self.left = _MOST

    @property
    def is_used_up(self) -> bool:
        """Whether anything was left out."""
        return self.left < 0

    def take(self, count: int = 1) -> bool:
        """Take room for so many more; False when there is none."""
        self.left -= count
        return self.left >= 0
