"""The text under construction: blocks of lines by kind, each with the line that removes it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from translator.drivers.cisco.naming import Names

__all__ = ["V6_SUFFIX", "Kind", "Pieces"]

# Lists of both IP versions share one name space on the device.
V6_SUFFIX: Final = "-V6"


class Kind(Enum):
    """What a name belongs to, each with its own name space; what refers to a thing stands below."""

    ACCESS_LIST = auto()
    ACCESS_LIST_V6 = auto()
    CLASS_MAP = auto()
    POLICY_MAP = auto()
    QUEUING_MAP = auto()


@dataclass(slots=True)
class Pieces:
    """Definitions in the order in which they were finished, so that each stands before its use.

    Attributes:
        limit: characters that a name may have.
        headers: the words before the name of each kind that the platform has.
    """

    limit: int
    headers: Mapping[Kind, str]
    blocks: dict[Kind, list[tuple[str, ...]]] = field(default_factory=dict)
    removals: dict[Kind, list[str]] = field(default_factory=dict)
    _names: dict[Kind, Names] = field(default_factory=dict)

    def known(self, kind: Kind, content: Hashable) -> str | None:
        """Return the name under which equal content was already written."""
        return self.names(kind).known(content)

    def names(self, kind: Kind) -> Names:
        """Return the names of a kind; those of classes leave room for a suffix of their lists."""
        limit = self.limit - len(V6_SUFFIX) if kind is Kind.CLASS_MAP else self.limit
        return self._names.setdefault(kind, Names(limit))

    def add(self, kind: Kind, name: str, lines: Sequence[str]) -> None:
        """Keep the finished block of a name."""
        self.blocks.setdefault(kind, []).append(tuple(lines))
        self.removals.setdefault(kind, []).append(f"no {self.headers[kind]} {name}")

    def lines(self, kind: Kind) -> tuple[str, ...]:
        """Return all lines of a kind."""
        return tuple(line for block in self.blocks.get(kind, ()) for line in block)

    def removal(self) -> tuple[str, ...]:
        """Return the lines that remove everything: what refers to a thing goes first."""
        kinds = reversed(Kind)
        return tuple(line for kind in kinds for line in reversed(self.removals.get(kind, [])))
