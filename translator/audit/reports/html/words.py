"""Words and signs of the page: what stands in a cell, and text that others wrote made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from translator.audit.kinds import KINDS
from translator.audit.model import Judgement
from translator.audit.reports.words import spelled

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = [
    "GLOSSARY",
    "MARKS",
    "Mark",
    "finished",
    "joined_names",
    "percent",
    "title_of",
    "with_code",
]
_QUOTED: Final = re.compile(r"`([^`]+)`")
_NUMBERED: Final = re.compile(r"(.*\D)(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a judgement is shown: a sign that needs no colour, and what it means for a device."""

    sign: str
    meaning: str


MARKS: Final = MappingProxyType(
    {
        Judgement.COMPLIANT: Mark("✓", "all as the plan wants"),
        Judgement.DIFFERENT: Mark("≠", "some packets are treated otherwise"),
        Judgement.MISSING: Mark("∅", "no policy is bound, or the wrong way"),
        Judgement.UNKNOWN: Mark("?", "the text does not tell"),
        Judgement.EXTRA: Mark("+", "other traffic is treated specially"),
    }
)

GLOSSARY: Final = tuple(KINDS.values())


def title_of(kind: str) -> str:
    """Return the title of a kind of finding; of one that has none, its id."""
    known = KINDS.get(kind)
    return known.title if known is not None else kind


def finished(value: Any) -> Any:
    """Return what a template prints for a value: no character that acts without being seen.

    A mark of writing direction could let a line of a configuration read as another one.
    """
    if type(value) is str and not value.isprintable():
        return "\n".join(spelled(line, keep="\t") for line in value.split("\n"))
    return value  # markup is a type of its own, and was finished when it was made


def percent(part: int, whole: int) -> str:
    """Return a share, rounded down, so that only all is 100 % and only none is 0 %."""
    if not whole:
        return "0 %"
    tenths = part * 1000 // whole
    if part and tenths < 10:
        return f"{max(tenths, 1) / 10:.1f} %"
    return f"{tenths // 10} %" if tenths % 10 == 0 or tenths < 990 else f"{tenths / 10:.1f} %"


def joined_names(names: Iterable[str]) -> list[str]:
    """Return names of interfaces, those that differ in an ascending last number as `Gi1/0/1–24`."""
    runs: list[tuple[str, int, int]] = []
    for name in names:
        found = _NUMBERED.fullmatch(name)
        stem, number = (found[1], int(found[2])) if found else (name, -1)
        if found and runs and runs[-1][0] == stem and runs[-1][2] + 1 == number:
            runs[-1] = (stem, runs[-1][1], number)
        else:
            runs.append((stem, number, number))
    return [
        stem if low < 0 else f"{stem}{low}" if low == high else f"{stem}{low}–{high}"
        for stem, low, high in runs
    ]


def with_code(text: str) -> Markup:
    """Return the text, escaped, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(finished(text)))))  # noqa: S704
