"""Mutants of a configuration text: what was changed, and whether that must matter."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Mutant", "Operator", "Span", "changed", "mutant_of", "removed", "spans", "swapped"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One text with one mistake.

    Attributes:
        lines: numbers (from 1) of the lines of the original that were changed.
        must_matter: whether the words alone say that some packet is treated differently. An
            operator says so without asking a parser.
        excuse: why the words alone do not say it, or why it may still not matter.
        port: the only port whose packets change, by the words; None where they do not say so.
    """

    operator: str
    text: str
    lines: tuple[int, ...]
    what: str
    must_matter: bool = True
    excuse: str = ""
    port: int | None = None


Operator = Callable[[Sequence[str]], Iterator[Mutant]]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `start` to `end` (from 0, the end excluded) with the name that their header gives."""

    start: int
    end: int
    name: str


def mutant_of(
    operator: str,
    lines: Sequence[str],
    edits: Mapping[int, Sequence[str]],
    excuse: str = "",
    *,
    must_matter: bool | None = None,
) -> Mutant:
    """Return the text with some lines (from 0) replaced by none, one or several others."""
    text: list[str] = []
    for index, line in enumerate(lines):
        text += edits.get(index, (line,))
    shown = "; ".join(
        f"line {index + 1}: {lines[index].strip()!r} -> "
        + (" + ".join(repr(line.strip()) for line in new) or "nothing")
        for index, new in sorted(edits.items())[:4]
    )
    return Mutant(
        operator,
        "\n".join(text) + "\n",
        tuple(index + 1 for index in sorted(edits)),
        shown,
        not excuse if must_matter is None else must_matter,
        excuse,
    )


def changed(
    operator: str,
    lines: Sequence[str],
    pattern: str,
    new: Callable[[re.Match[str]], Iterable[str]],
    excuse: Callable[[int, str], str] = lambda index, line: "",
) -> Iterator[Mutant]:
    """Yield a mutant for each replacement that `new` gives for each match of the pattern."""
    compiled = re.compile(pattern)
    for index, line in enumerate(lines):
        for match in compiled.finditer(line):
            for text in new(match):
                if text != match[0]:
                    replaced = line[: match.start()] + text + line[match.end() :]
                    why = excuse(index, replaced)
                    yield mutant_of(operator, lines, {index: (replaced,)}, why)


def removed(
    operator: str,
    lines: Sequence[str],
    pattern: str,
    excuse: Callable[[int, str], str] = lambda index, line: "",
) -> Iterator[Mutant]:
    """Yield a mutant without a line, for each line that the pattern fits."""
    for index, line in enumerate(lines):
        if re.search(pattern, line):
            yield mutant_of(operator, lines, {index: ()}, excuse(index, line))


def swapped(
    operator: str,
    lines: Sequence[str],
    blocks: Sequence[Span],
    excuse: str = "two rules may share no packet",
) -> Iterator[Mutant]:
    """Yield a mutant for each two neighbouring blocks, in each other's place."""
    for one, other in itertools.pairwise(blocks):
        first, second = lines[one.start : one.end], lines[other.start : other.end]
        if one.end != other.start or first == second:
            continue
        edits: dict[int, Sequence[str]] = dict.fromkeys(range(one.start, other.end), ())
        edits[one.start] = [*second, *first]
        yield mutant_of(operator, lines, edits, excuse)


def spans(lines: Sequence[str], header: str, inside: str, start: int = 0) -> list[Span]:
    """Return the blocks that a header line opens and that lines fitting `inside` continue."""
    opens, goes_on = re.compile(header), re.compile(inside)
    found: list[Span] = []
    index = start
    while index < len(lines):
        match = opens.match(lines[index])
        if match is None:
            index += 1
            continue
        end = index + 1
        while end < len(lines) and goes_on.match(lines[end]) and not opens.match(lines[end]):
            end += 1
        found.append(Span(index, end, match[1]))
        index = end
    return found


def within(excuse: Callable[[str], str]) -> Callable[[int, str], str]:
    """Return an excuse that looks at the new line only."""
    return lambda index, line: excuse(line)
