"""Looks for texts that take a reader long: few kinds of lines, again and again, where they belong.

    python tests/robust/hostile.py --texts 400 --platform linux --seed 1

What the drivers write and the golden texts are the grammar, with what is read but never written:
one to three places of such a text are repeated, as they are or with a word dropped, doubled,
numbered or named anew, or ever deeper.
The time is that of the processor, for each megabyte and against a loop that tries one expression
on each line. Seed and number name a text again.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [
    path for path in (str(HERE.parents[1]), str(HERE.parents[2])) if path not in sys.path
]

from robust.fuzz import SECONDS_PER_MB, read_all  # noqa: E402 - the script finds its modules first
from robust.grammar import GRAMMAR  # noqa: E402
from robust.texts import rendered, shapes_of  # noqa: E402

from translator.drivers.registry import driver_names  # noqa: E402
from translator.errors import TranslatorError  # noqa: E402

__all__ = ["Measured", "Text", "grown", "measure", "slow_of", "texts"]

SIZE = 300_000
SUPERLINEAR = 2.6  # times the work for twice the text
WORST = 20
_GOLDEN = (HERE.parents[1] / "drivers", HERE.parents[1] / "conformance" / "golden")
_SUFFIXES = {".cfg", ".conf", ".txt", ".nft", ".sh", ".set", ".rules", ".v4"}
_WORD = re.compile(r"[^\s;{}]+")
_PLAIN = re.compile(r"\s*(?:interface|class|policy)\b.*\d")

# Block and number of the repetition, and the word that is changed, to what stands there then.
Change = Callable[[str, int, str], str]


def _word_numbered(block: str, number: int, word: str) -> str:
    changed = re.sub(r"\d+(?!.*\d)", str(number % 65536), word)
    return block.replace(word, changed)


def _blanks_before(block: str, number: int, _: str) -> str:
    return "".join(" " * min(number, 300) + line for line in block.splitlines(keepends=True))


CHANGES: dict[str, Change] = {
    "same": lambda block, number, word: block,
    "dropped": lambda block, number, word: block.replace(word, "", 1),
    "doubled": lambda block, number, word: block.replace(word, f"{word} {word}", 1),
    "numbered": _word_numbered,
    "named": lambda block, number, word: block.replace(word, f"{word}{number}"),
    "named and own number": lambda block, number, word: _word_numbered(
        block.replace(word, f"{word}{number}"), number, word
    ),
    "unknown": lambda block, number, word: block.replace(word, f"x{number}", 1),
    "deeper": _blanks_before,
    "open": lambda block, number, word: block.replace("}", ""),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A place of a text that is repeated: its lines, the change, and the word that is changed."""

    start: int
    end: int
    change: str
    word: str
    moved_to: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any size: what a driver wrote, with some of its places repeated."""

    platform: str
    name: str
    lines: tuple[str, ...]
    parts: tuple[Part, ...]

    def of_size(self, size: int) -> str:
        """Return the text with so many characters, or somewhat more."""
        each = max(0, size - sum(map(len, self.lines))) // len(self.parts)
        below: dict[int, list[str]] = {}
        for part in self.parts:
            at = part.end if part.moved_to is None else part.moved_to
            below.setdefault(at, []).append(self._repeated(part, each))
        return "".join(
            line + "".join(below.get(at, ())) for at, line in enumerate((*self.lines, ""), 1)
        )

    def _repeated(self, part: Part, size: int) -> str:
        block = "".join(self.lines[part.start : part.end])
        found: list[str] = []
        while size > 0:
            found.append(CHANGES[part.change](block, len(found), part.word))
            size -= len(found[-1]) or size
        return "".join(found)

    def __str__(self) -> str:
        parts = (
            f"{part.change} {part.word!r} of {self.lines[part.start].strip()[:60]!r}"
            f"+{part.end - part.start - 1}" + ("" if part.moved_to is None else " elsewhere")
            for part in self.parts
        )
        return f"{self.name}: " + "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Measured:
    """What reading a text took: seconds per MB, times a plain loop, and times half the text."""

    text: Text
    seconds_per_mb: float
    against_plain: float
    growth: float = 0.0

    @property
    def is_slow(self) -> bool:
        """Whether a reader takes too long for it, or will for a larger one."""
        return self.seconds_per_mb > SECONDS_PER_MB or self.growth > SUPERLINEAR

    def __str__(self) -> str:
        growth = f" x{self.growth:.1f} for twice the text" if self.growth else ""
        return (
            f"{self.seconds_per_mb:6.2f} s/MB {self.against_plain:6.0f} loops{growth} {self.text}"
        )


def texts(platform: str, seed: int) -> Iterator[Text]:
    """Yield texts of a platform without end: first each kind of line by itself, in each way."""
    rng = random.Random(f"{platform} {seed}")
    sources = _sources(platform)
    singles = [(source, at, change) for source, at in _kinds(sources) for change in CHANGES]
    rng.shuffle(singles)
    singles.sort(key=lambda item: item[0] != 0)  # what is never written is asked for least
    number = 0
    while True:
        for source, at, change in singles:
            number += 1
            lines = sources[source]
            parts = [_part(rng, lines, at, change)]
            for _ in range(rng.choice((0, 0, 1, 2))):
                other = rng.randrange(len(lines))
                parts.append(_part(rng, lines, other, rng.choice([*CHANGES])))
            yield Text(platform, f"{platform}-{seed}-{number}", lines, tuple(parts))


def _part(rng: random.Random, lines: tuple[str, ...], at: int, change: str) -> Part:
    end = _end_of_block(lines, at) if rng.random() < 0.4 else at + 1
    words = _WORD.findall(lines[at])
    word = rng.choice(words) if words else lines[at].strip() or "\n"
    moved = rng.randrange(1, len(lines) + 1) if rng.random() < 0.25 else None
    return Part(at, end, change, word, moved)


def _end_of_block(lines: tuple[str, ...], at: int) -> int:
    """Return where the lines that are deeper than this one end, and the brace that closes them."""
    depth = _depth(lines[at])
    end = at + 1
    while end < len(lines) and _depth(lines[end]) > depth:
        end += 1
    closes = end < len(lines) and lines[end].strip().startswith("}") and "{" in lines[at]
    return end + 1 if closes else end


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _kinds(sources: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Return source and place of each kind of line: those that differ in numbers are one kind."""
    found: dict[str, tuple[int, int]] = {}
    for source, lines in enumerate(sources):
        for at, line in enumerate(lines):
            found.setdefault(_kind(line), (source, at))
    return list(found.values())


def _kind(line: str) -> str:
    words = [re.sub(r"\d+|[A-Z]+", "0", word) for word in _WORD.findall(line)]
    return f"{_depth(line)} {len(words)} " + " ".join(words[:4])


def _sources(platform: str) -> list[tuple[str, ...]]:
    texts = [GRAMMAR[platform]] if platform in GRAMMAR else []
    texts += [rendered(platform, shape) for shape in shapes_of(platform)]
    for folder in _GOLDEN:
        for path in sorted((folder / platform).rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix in _SUFFIXES:
                texts.append(path.read_text(encoding="utf-8"))
    unique = dict.fromkeys(text for text in texts if text.strip() and len(text) < SIZE // 4)
    return [tuple(text.splitlines(keepends=True)) for text in unique]


def measure(text: Text, *, size: int = SIZE) -> Measured:
    """Read a text of that size."""
    taken, plain, characters = _taken(text, size)
    return Measured(text, taken / characters * 1e6, taken / plain)


def grown(seen: Measured, *, size: int = SIZE) -> Measured:
    """Return the measurement with what a text of twice the size takes, which nobody read before."""
    taken, _, characters = _taken(seen.text, 2 * size)
    return replace(seen, growth=taken / characters * 1e6 / seen.seconds_per_mb * 2)


def _taken(text: Text, size: int) -> tuple[float, float, int]:
    written = text.of_size(size)
    start = time.process_time()
    for line in written.splitlines():
        _PLAIN.match(line)
    plain = time.process_time()
    with suppress(TranslatorError):
        read_all(text.platform, written.encode())
    return time.process_time() - plain, plain - start, len(written)


def slow_of(platform: str, seed: int, count: int, size: int = SIZE) -> list[Measured]:
    """Return the slowest texts of so many, the worst first; the slow ones measured again."""
    found: list[Measured] = []
    _taken(next(texts(platform, seed)), 1)  # what is loaded and built once
    for number, text in enumerate(texts(platform, seed), 1):
        if number > count:
            break
        try:
            seen = measure(text, size=size)
        except Exception as error:
            print(f"FAULT {type(error).__name__}: {error} {text}", flush=True)
            continue
        if seen.seconds_per_mb > SECONDS_PER_MB / 2:
            seen = grown(seen, size=size)
            print(seen, flush=True)
        found = sorted((*found, seen), key=lambda item: -item.seconds_per_mb)[:WORST]
    return found


def main() -> int:
    """Run from the command line; 1 where a reader is slow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=400, help="for each platform")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=SIZE, help="characters of a text")
    parser.add_argument("--platform", action="append", help="that one alone; may be repeated")
    options = parser.parse_args()
    slow = 0
    for platform in options.platform or driver_names():
        worst = slow_of(platform, options.seed, options.texts, options.size)
        print(f"{platform}: {options.texts} texts of seed {options.seed}, the slowest:")
        print(*worst, sep="\n", flush=True)
        slow += sum(item.is_slow for item in worst)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
