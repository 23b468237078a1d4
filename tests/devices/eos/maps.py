"""The maps of EOS, value by value: entered in lines of many values, and printed so.

Source:
    Arista EOS user manual, chapter Quality of Service, tables of default mappings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..tree import Node

__all__ = ["default_of", "grouped", "map_values"]

_BY_PRECEDENCE = ("1", "0", "2", "3", "4", "5", "6", "7")


def map_values(words: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield for each value of a map line how its own line begins, and the value."""
    behind = words.index("to")
    for value in words[3:behind]:
        yield f"qos map {words[2]} {value} to {words[behind + 1]}", int(value)


def default_of(slot: str, value: int) -> str:
    """Return what a value is mapped to without a line."""
    kind, what = slot.split()[2], slot.split()[5]
    if kind == "dscp":
        return _BY_PRECEDENCE[value >> 3]
    if kind == "cos":
        return _BY_PRECEDENCE[value]
    return str(value) if what == "tx-queue" else ""


def grouped(nodes: Iterable[Node]) -> list[str]:
    """Return the lines of maps as they are printed: values with one target in one line."""
    lines: dict[tuple[str, str], list[int]] = {}
    for node in nodes:
        words = node.text.split()
        lines.setdefault((words[2], " ".join(words[4:])), []).append(int(words[3]))
    return [
        f"qos map {kind} {' '.join(map(str, sorted(values)))} {rest}"
        for (kind, rest), values in sorted(lines.items())
    ]
