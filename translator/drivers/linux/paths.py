"""What the kernel shows of rules and queues, each line behind its headers, as it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.drivers.change import Work
from translator.drivers.deviations import Part, Path

__all__ = ["part_of", "paths_of"]

_ASKED: Final = re.compile(r"tc \w+ show dev (\S+)")
_TABLE: Final = re.compile(r"^[ \t]*(?:nft )?(?:add |delete )?table (\w+ [\w.-]+)", re.MULTILINE)
_DEVICE: Final = re.compile(r"^[ \t]*tc .*\bdev (\S+)", re.MULTILINE)
# What an interface has that came up meanwhile. Source: tc(8): the handle 0: is the kernel's own.
_BY_KERNEL: Final = re.compile(r"qdisc \S+ 0: ")
_QUEUES: Final = "queues of"


def paths_of(text: str) -> tuple[Path, ...]:
    """Return the lines of `nft list ruleset` and of what tc shows of each interface."""
    return tuple(_paths(text))


def part_of(work: Work) -> Part:
    """Return the tables and the interfaces that a script names."""
    text = f"{work.script}\n{work.removal}"
    tables = ((f"table {name}",) for name in dict.fromkeys(_TABLE.findall(text)))
    queues = ((f"{_QUEUES} {name}",) for name in dict.fromkeys(_DEVICE.findall(text)))
    return Part(whole=(*tables, *queues))


def _paths(text: str) -> Iterator[Path]:
    above: list[str] = []
    for line in text.splitlines():
        words = " ".join(line.split())
        asked = _ASKED.fullmatch(words)
        if asked is not None:
            above = [f"{_QUEUES} {asked[1]}"]
        elif words == "}":
            del above[-1:]
        elif words.endswith("{") and not words.endswith("= {"):
            above.append(words.removesuffix(" {"))
            yield tuple(above)
        elif words and _BY_KERNEL.match(words) is None:
            yield (*above, words)
