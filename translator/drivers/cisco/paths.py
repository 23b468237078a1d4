"""The lines of an IOS configuration, each with the headers above it, as they are compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final

from translator.drivers.cisco.edit import without_number
from translator.drivers.cisco.edit_tree import depth, header_of, words_of
from translator.drivers.deviations import Part, Path

__all__ = ["part_of", "paths_of"]

_ACTIONS: Final = ("permit", "deny", "remark")


def paths_of(text: str) -> tuple[Path, ...]:
    """Return the paths of a text without its comments; entries of lists have no number."""
    return tuple(_paths(text.splitlines()))


def part_of(
    lines: Sequence[str],
    header_of: Callable[[str], tuple[str, str] | None] = header_of,
) -> Part:
    """Return the part of a configuration that lines are about; what they take away as a whole."""

    def kind(path: Path) -> Hashable:
        """Blocks have names; other lines begin with the words that say what they set."""
        if len(path) == 1:
            return header_of(path[0]) or tuple(path[0].split()[:2])
        return path[-1].split()[0]

    lines = [line for line in lines if line.strip(" !")]
    gone = [line.split()[:1] == ["no"] for line in lines]
    bare = [
        line.replace("no ", "", 1) if no else line for line, no in zip(lines, gone, strict=True)
    ]
    paths = tuple(_paths(bare))
    whole = tuple(path for path, no in zip(paths, gone, strict=True) if no)
    return Part(tuple(dict.fromkeys(paths)), whole, kind)


def _paths(lines: Iterable[str]) -> Iterator[Path]:
    above: list[tuple[int, str]] = []
    for line in lines:
        words = words_of(line)
        if not words or words.startswith("!"):
            continue
        level = depth(line)
        while above and above[-1][0] >= level:
            above.pop()
        entry = without_number(words)
        words = entry if above and entry.startswith(_ACTIONS) else words
        above.append((level, words))
        yield tuple(each for _, each in above)
