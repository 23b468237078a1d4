"""From the line numbers that the texts of a fleet share back to those of one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from translator.audit.model import ClassAudit, Evidence, Finding, Placement
from translator.drivers.base import Driver, SharesStages
from translator.intents.device import SHARED_NUMBERS, DeviceQos, Unread

__all__ = ["OWN_NUMBERS", "Numbering", "read_shared"]

# Sixteen digits: no quantity of a configuration has so many.
_MARK: Final = str(SHARED_NUMBERS)[:8]
_SHARED: Final = re.compile(rf"\b{_MARK}\d{{8}}\b")


def read_shared(reader: Driver, text: str, file: str) -> tuple[DeviceQos, Numbering]:
    """Return what a text does, in shared line numbers if its driver knows any.

    Raises:
        ParseError: the text is not of this platform at all.
    """
    if isinstance(reader, SharesStages):
        found, numbers = reader.parse_shared(text, file=file)
        return found, Numbering(numbers)
    return reader.parse(text, file=file), OWN_NUMBERS


@dataclass(frozen=True, slots=True)
class Numbering:
    """The own number of each shared one; a number that is not shared is the text's already."""

    numbers: Mapping[int, int]

    def lines(self, lines: Iterable[int]) -> tuple[int, ...]:
        """Return lines by their own numbers, ascending."""
        return tuple(sorted(self.own(lines)))

    def own(self, lines: Iterable[int]) -> set[int]:
        """Return lines by their own numbers."""
        lines = tuple(lines)  # there are hundreds: `map` takes a third of a comprehension's time
        return set(map(self.numbers.get, lines, lines))

    def words(self, text: str) -> str:
        """Return a sentence with the own numbers in it."""
        if _MARK not in text:
            return text
        own = self.numbers
        return _SHARED.sub(lambda found: str(own.get(int(found[0]), found[0])), text)

    def finding(self, item: Finding) -> Finding:
        """Return a finding about the text's own lines."""
        if not self.numbers:
            return item
        return replace(
            item,
            message=self.words(item.message),
            hint=self.words(item.hint),
            lines=self.lines(item.lines),
            evidence=tuple([self.evidence(part, part.way) for part in item.evidence]),
        )

    def evidence(self, item: Evidence, way: str) -> Evidence:
        """Return evidence about the text's own lines, on a way between other interfaces."""
        lines = tuple(map(self.numbers.get, item.lines, item.lines))
        found = self.words(item.found)
        # Written out: there are tens of thousands, and `replace` takes three times as long.
        return Evidence(item.box, item.packet, way, item.wanted, found, lines, item.rows)

    def placement(self, item: Placement) -> Placement:
        """Return a placement with reasons that name the text's own lines."""
        if not any(_MARK in part.reason for part in item.classes):
            return item
        classes = (ClassAudit(c.name, c.judgement, self.words(c.reason)) for c in item.classes)
        return replace(item, classes=tuple(classes))

    def unread(self, item: Unread) -> tuple[int, str, str]:
        """Return a line that was not understood: its own number, its text and the reason."""
        return self.numbers.get(item.line, item.line), item.text.strip(), self.words(item.reason)


OWN_NUMBERS: Final = Numbering(MappingProxyType({}))
"""Of a text that shares nothing with others."""
