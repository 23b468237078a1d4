"""All mutants of all texts, chosen by a seed, and what becomes of them in figures."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.shapes import accepted_cases
from mutation import arista, cisco, junos, linux, tomato
from mutation.corpus import RealText, real_text
from mutation.edits import Mutant
from mutation.outcome import Meaning, Outcome
from mutation.rendered import Original
from support.corpus import corpus_files

__all__ = [
    "Source",
    "chosen",
    "corpus_sources",
    "mutants_of",
    "outcomes",
    "reasons",
    "rendered_sources",
    "table",
]

_FAMILIES: dict[str, Callable[[Sequence[str]], Iterator[Mutant]]] = {
    "arista": arista.mutants,
    "cisco_nxos": cisco.mutants_of_nexus,
    "cisco": cisco.mutants,
    "juniper": junos.mutants,
    "linux": linux.mutants,
    "tomato": tomato.mutants,
}
_CORPUS = ("arista_eos", "cisco_ios", "cisco_catalyst", "juniper_junos", "linux", "tomato")


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be changed: a rendered shape, or a real file."""

    platform: str
    shape: str = ""
    path: Path | None = None


def rendered_sources() -> list[Source]:
    """Return every shape that a registered driver renders."""
    return [Source(platform, shape) for platform, shape in accepted_cases()]


def corpus_sources() -> list[Source]:
    """Return every real configuration of a platform with a driver; none without a corpus."""
    return [Source(name, path=path) for name in _CORPUS for path in corpus_files(name)]


def mutants_of(platform: str, text: str) -> Iterator[Mutant]:
    """Yield every mutant that an operator for the platform's syntax can make."""
    family = next((make for name, make in _FAMILIES.items() if platform.startswith(name)), None)
    seen = {text.rstrip("\n")}
    for item in family(text.splitlines()) if family else ():
        if item.text.rstrip("\n") not in seen:
            seen.add(item.text.rstrip("\n"))
            yield item


def chosen(items: Iterable[Mutant], per_operator: int, seed: str) -> list[Mutant]:
    """Return at most so many mutants of each operator, the same for the same seed."""
    by_operator: dict[str, list[Mutant]] = defaultdict(list)
    for item in items:
        by_operator[item.operator].append(item)
    draw = random.Random(seed)
    found: list[Mutant] = []
    for _, known in sorted(by_operator.items()):
        found += draw.sample(known, min(per_operator, len(known)))
    return found


def outcomes(source: Source, per_operator: int, seed: int = 1) -> list[Outcome]:
    """Return what becomes of the chosen mutants of one text."""
    text: Original | RealText | None
    if source.path is None:
        text, name = Original(source.platform, source.shape), source.shape
    else:
        text, name = real_text(source.platform, source.path), source.path.name
    if text is None:
        return []
    items = mutants_of(source.platform, text.text)
    return [text.outcome_of(x) for x in chosen(items, per_operator, f"{seed} {name}")]


def table(found: Sequence[Outcome]) -> Iterator[str]:
    """Yield lines: for each platform and operator the mutants by what z3 says, and the faults."""
    head = f"{'platform':20}{'operator':22}{'mutants':>8}{'killed':>8}"
    head += "".join(f"{meaning:>11}" for meaning in Meaning) + f"{'faults':>8}"
    yield head
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for item in found:
        groups[item.platform, item.mutant.operator].append(item)
    for (platform, operator), items in sorted(groups.items()):
        yield _row(platform, operator, items)
    yield _row("all", "", found)


def _row(platform: str, operator: str, items: Sequence[Outcome]) -> str:
    meant = Counter(item.meaning for item in items)
    killed = sum(item.killed for item in items)
    text = f"{platform:20}{operator:22}{len(items):8}{killed:8}"
    text += "".join(f"{meant[meaning]:11}" for meaning in Meaning)
    return text + f"{sum(bool(item.fault) for item in items):8}"


def reasons(found: Iterable[Outcome]) -> Iterator[str]:
    """Yield lines: why mutants of rendered texts that are neutral are so, by their operators."""
    shapes = {source.shape for source in rendered_sources()}
    neutral = [x for x in found if x.meaning is Meaning.NEUTRAL and x.origin in shapes]
    counted = Counter(item.mutant.excuse or "none" for item in neutral)
    yield "neutral mutants of rendered texts, by the reason that their operator gives"
    for reason, count in counted.most_common():
        yield f"{count:8}  {reason}"
