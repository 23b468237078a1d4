"""Interfaces that behave alike: one stands for all of them where ways are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

__all__ = ["Way", "distinct_pairs", "representatives"]


class Way(NamedTuple):
    """Two interfaces; a way that does not decide only adds a note."""

    entry: str
    exit: str
    decides: bool


def representatives(names: list[str], key: Callable[[str], object]) -> list[list[str]]:
    """Return the names in groups of equal keys (compared, not hashed: hashing costs more)."""
    groups: list[tuple[object, list[str]]] = []
    for name in names:
        mine = key(name)
        for other, group in groups:
            if other == mine:
                group.append(name)
                break
        else:
            groups.append((mine, [name]))
    return [group for _, group in groups]


def distinct_pairs(entries: list[list[str]], exits: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Return one pair of different interfaces for each pair of groups that has one."""
    for entry_group in entries:
        for exit_group in exits:
            pair = next(((a, b) for a in entry_group[:2] for b in exit_group[:2] if a != b), None)
            if pair is not None:
                yield pair
