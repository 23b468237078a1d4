"""Line numbers that equal sections of different texts have in common.

The texts of a fleet define the same policies on different lines. With numbers of our own for each
distinct section, equal policies become equal values, and one object serves all devices that have
them: what was worked out for one device then holds for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from translator.drivers.cisco.lists import LIST_KINDS
from translator.drivers.cisco.reader import Section
from translator.drivers.cisco.removed import REMOVALS
from translator.intents.device import SHARED_NUMBERS
from translator.intents.pipeline import Rule, Stage

__all__ = ["Shared", "SharedText"]

_T = TypeVar("_T")
_DEFINITIONS: Final = LIST_KINDS | {"class-map", "policy-map"}
# A stage does not name the lines of these: that two of its kind are equal is then not seen.
_INDIRECT: Final = REMOVALS | {"object-group", "table-map"}
_MOST: Final = 5_000  # sections and stages that are remembered at a time: some 100 MB


class _Run(NamedTuple):
    """Definitions that stand one after the other.

    Attributes:
        heads: the shared number of each header.
        numbers: the shared numbers of all lines that say something.
        places: where these lines stand, counted from the first.
    """

    sections: tuple[Section, ...]
    heads: frozenset[int]
    numbers: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(slots=True)
class Shared:
    """The sections and stages of the texts that were read so far."""

    _sections: dict[tuple[object, ...], Section] = field(default_factory=dict)
    _runs: dict[str, _Run] = field(default_factory=dict)
    _stages: dict[object, Stage] = field(default_factory=dict)
    _definitions: dict[tuple[int, ...], Any] = field(default_factory=dict)
    _next: int = SHARED_NUMBERS

    def text(self) -> SharedText:
        """Return what puts the definitions of one more text into shared numbers."""
        if len(self._sections) + len(self._stages) > _MOST:
            self._sections, self._runs, self._stages, self._definitions = {}, {}, {}, {}
        return SharedText(self)

    def run(self, text: str, make: Callable[[], Iterable[Section]], first: int) -> _Run:
        """Return definitions that stand one after the other, from line `first` of a text on."""
        known = self._runs.get(text)
        if known is None:
            own = tuple(make())
            shared = tuple([self.section(item, 0) for item in own])
            known = self._runs[text] = _Run(
                shared,
                frozenset(item.head.number for item in shared),
                tuple(line.number for item in shared for line in (item.head, *item.body)),
                tuple(line.number - first for item in own for line in (item.head, *item.body)),
            )
        return known

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

    def section(self, section: Section, before: int) -> Section:
        """Return a section in shared numbers.

        Args:
            before: how often it stood in the same text before.
        """
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


@dataclass(slots=True)
class SharedText:
    """The definitions of one text in shared numbers.

    Attributes:
        numbers: the text's own number of each shared one.
    """

    _shared: Shared
    numbers: dict[int, int] = field(default_factory=dict)
    _times: dict[int, int] = field(default_factory=dict)  # that a section stood here before

    def sections_of(
        self, text: str, first: int, make: Callable[[], list[Section]]
    ) -> Iterable[Section]:
        """Return definitions that stand one after the other (`reader.Definitions`)."""
        run = self._shared.run(text, make, first)
        if len(run.heads) < len(run.sections) or not run.heads.isdisjoint(self._times):
            return map(self._section, make())
        self._times.update(dict.fromkeys(run.heads, 1))
        self.numbers.update(zip(run.numbers, map(first.__add__, run.places), strict=True))
        return run.sections

    def sections(self, sections: Iterable[Section]) -> tuple[Section, ...] | None:
        """Return all sections of the text with the definitions in shared numbers; None where these
        depend on what their lines do not show.
        """
        found: list[Section] = []
        for section in sections:
            if section.kind in _INDIRECT:
                return None
            own = section.kind in _DEFINITIONS and section.head.number < SHARED_NUMBERS
            found.append(self._section(section) if own else section)
        return tuple(found)

    def _section(self, section: Section) -> Section:
        known = self._shared.section(section, 0)
        before = self._times.get(known.head.number, 0)
        self._times[known.head.number] = before + 1
        if before:
            known = self._shared.section(section, before)
        self.numbers[known.head.number] = section.head.number
        for shared, line in zip(known.body, section.body, strict=True):
            self.numbers[shared.number] = line.number
        return known


def _lines(rules: Iterable[Rule]) -> Iterator[object]:
    for rule in rules:
        yield rule.lines
        if rule.body:
            yield tuple(_lines(rule.body))
