"""The lines of an EOS configuration, each with the headers above it, as they are compared.

A line of a map holds many values, which a device groups anew: each value is a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from translator.drivers.arista_eos.edit_maps import entries_of
from translator.drivers.cisco import paths
from translator.drivers.deviations import Part, Path
from translator.errors import RefusedError

__all__ = ["part_of", "paths_of"]

# Settings that begin as what takes another one back does.
_SETTINGS: Final = {"no priority": "priority round-robin", "no qos trust": "qos trust nothing"}


def paths_of(text: str) -> tuple[Path, ...]:
    """Return the paths of a text without its comments; entries of lists have no number."""
    return paths.paths_of("\n".join(_spread(text.splitlines())))


def part_of(lines: Sequence[str]) -> Part:
    """Return the part of a configuration that lines are about; what they take away as a whole."""
    return paths.part_of(tuple(_spread(lines)))


def _spread(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        words = line.strip()
        if words in _SETTINGS:
            yield line.replace(words, _SETTINGS[words])
            continue
        negative = words.startswith("no ")
        bare = words.removeprefix("no ").removeprefix("default ")
        if bare.startswith("qos map "):
            yield from (f"{'no ' * negative}{each}" for each in _values(bare))
        elif words.startswith("default "):
            yield line.replace("default ", "no ", 1)
        else:
            yield line


def _values(words: str) -> Iterator[str]:
    try:
        entries = entries_of(words)
    except RefusedError:
        yield words
        return
    for (kind, value, what), target in entries.items():
        yield f"qos map {kind} {value} to {what} {target}".rstrip()
