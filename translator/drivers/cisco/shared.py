"""Line numbers that equal sections of different texts have in common.

The texts of a fleet define the same policies on different lines. With numbers of our own for each
distinct section, equal policies become equal values, and one object serves all devices that have
them: what was worked out for one device then holds for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from translator.drivers.cisco.lists import LIST_KINDS
from translator.drivers.cisco.reader import Section
from translator.intents.device import SHARED_NUMBERS
from translator.intents.pipeline import Rule, Stage

__all__ = ["Shared"]

_T = TypeVar("_T")
_DEFINITIONS: Final = LIST_KINDS | {"class-map", "policy-map"}
# A stage does not name the lines of these: that two of its kind are equal is then not seen.
_INDIRECT: Final = frozenset({"object-group", "table-map"})
_MOST: Final = 5_000  # sections and stages that are remembered at a time: some 100 MB


@dataclass(slots=True)
class Shared:
    """The sections and stages of the texts that were read so far."""

    _sections: dict[tuple[object, ...], Section] = field(default_factory=dict)
    _stages: dict[object, Stage] = field(default_factory=dict)
    _definitions: dict[tuple[int, ...], Any] = field(default_factory=dict)
    _next: int = SHARED_NUMBERS

    def sections(
        self, sections: Iterable[Section]
    ) -> tuple[tuple[Section, ...], dict[int, int]] | None:
        """Return the sections with the definitions in shared numbers, and the text's own number
        of each; None where definitions depend on what their lines do not show.
        """
        if len(self._sections) + len(self._stages) > _MOST:
            self._sections, self._stages, self._definitions = {}, {}, {}
        numbers: dict[int, int] = {}
        times: dict[int, int] = {}  # that a section stood in this text before
        found: list[Section] = []
        for section in sections:
            if section.kind in _INDIRECT:
                return None
            if section.kind not in _DEFINITIONS:
                found.append(section)
                continue
            known = self._section(section, 0)
            before = times.get(known.head.number, 0)
            times[known.head.number] = before + 1
            if before:
                known = self._section(section, before)
            found.append(known)
            numbers[known.head.number] = section.head.number
            for shared, line in zip(known.body, section.body, strict=True):
                numbers[shared.number] = line.number
        return tuple(found), numbers

    def definitions(self, sections: Iterable[Section], make: Callable[[], _T | None]) -> _T | None:
        """Return what `make` makes of the definitions of a text, or made of them before."""
        key = tuple(item.head.number for item in sections if item.head.number >= SHARED_NUMBERS)
        if key not in self._definitions:
            self._definitions[key] = make()
        found: _T | None = self._definitions[key]
        return found

    def stage(self, stage: Stage, queues: bool) -> Stage:
        """Return the stage of these lines that came first; `stage` itself is in shared numbers."""
        key = (stage.name, queues, tuple(_lines(stage.rules)))
        return self._stages.setdefault(key, stage)

    def _section(self, section: Section, before: int) -> Section:
        key = (before, section.kind, section.head.text, *[line.text for line in section.body])
        known = self._sections.get(key)
        if known is None:
            first = self._next
            self._next += 1 + len(section.body)
            known = self._sections[key] = Section(
                section.kind,
                section.head._replace(number=first),
                tuple(
                    line._replace(number=number)
                    for number, line in enumerate(section.body, first + 1)
                ),
            )
        return known


def _lines(rules: Iterable[Rule]) -> Iterator[object]:
    for rule in rules:
        yield rule.lines
        if rule.body:
            yield tuple(_lines(rule.body))
