"""Lines of a view: wrapped to a width, in words that say all without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.audit.model import Judgement, Severity
from translator.audit.reports.words import several, shortened, spelled

__all__ = ["FAINT", "STRONG", "STYLES", "WORST_FIRST", "Line", "Page"]

WORST_FIRST: Final = (
    Judgement.DIFFERENT,
    Judgement.MISSING,
    Judgement.UNKNOWN,
    Judgement.EXTRA,
    Judgement.COMPLIANT,
)
STYLES: Final = {
    Judgement.DIFFERENT: "bold red",
    Judgement.MISSING: "bold red",
    Judgement.UNKNOWN: "yellow",
    Judgement.EXTRA: "yellow",
    Judgement.COMPLIANT: "green",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.NOTE: "cyan",
}
FAINT: Final = "dim"
STRONG: Final = "bold"
_CUT: Final = " ..."
_LONGEST_NAME: Final = 120
_LONGEST_TEXT: Final = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line with rich's name of its style."""

    text: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a view is told: its width in characters, and whether it leaves anything out."""

    width: int
    everything: bool = False

    def text(self, text: str, indent: int, style: str = "", hanging: int = 2) -> Iterator[Line]:
        """Yield a text as lines, those after the first indented by `hanging` more."""
        if not self.everything:
            text = shortened(text, _LONGEST_TEXT)
        first = " " * indent
        wrapped = textwrap.wrap(
            spelled(text),
            self.width,
            initial_indent=first,
            subsequent_indent=first + " " * hanging,
            break_on_hyphens=False,
        )
        for line in wrapped:
            yield Line(line, style)

    def literal(self, start: str, text: str, style: str = "") -> Line:
        """Return a line of configuration: never wrapped, its end left out where it is long."""
        shown = start + spelled(text.rstrip())
        if len(shown) > self.width:
            shown = shown[: self.width - len(_CUT)] + _CUT
        return Line(shown, style)

    def command(self, text: str, indent: int) -> Line:
        """Return a line to paste: whole, as a part of it would do something else."""
        return Line(" " * indent + spelled(text.rstrip()))

    def name(self, text: str) -> str:
        """Return a name, shortened if it is no name anybody gives."""
        return shortened(text, _LONGEST_NAME)

    def some(self, names: Iterable[str], limit: int) -> str:
        """Return the first names and how many more there are; all, where everything is told."""
        held = [self.name(name) for name in names]
        return several(held, len(held) if self.everything else limit)
