"""Neighbours of a value, as mistakes give them: one port more, a shifted code point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_network

from mutation.edits import Mutant, Span, mutant_of

__all__ = [
    "NAMES",
    "addressed_elsewhere",
    "excused",
    "off_by_one",
    "other_code_points",
    "other_prefixes",
    "port_mutants",
]

NAMES: dict[str, int] = {"ef": 46, "default": 0, "df": 0, "be": 0, "va": 44}
NAMES |= {f"cs{n}": 8 * n for n in range(8)}
NAMES |= {f"af{c}{d}": 8 * c + 2 * d for c in range(1, 5) for d in range(1, 4)}


def other_code_points(word: str) -> Iterator[str]:
    """Yield what a code point becomes if it is taken for a byte, a byte for it, or a neighbour."""
    number = NAMES.get(word.lower(), -1) if not word.isdigit() else int(word)
    if number < 0:
        return
    for other in dict.fromkeys((number << 2, number >> 2, (number + 1) % 64)):
        if other != number:
            yield str(other)


def off_by_one(low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """Yield ranges that are off by one at an end, with the port that joins or leaves."""
    for new_low, new_high, port in (
        (low, high + 1, high + 1),
        (low, high - 1, high),
        (low - 1, high, low - 1),
        (low + 1, high, low),
    ):
        if 0 <= new_low <= new_high <= 65535:
            yield new_low, new_high, port


def other_prefixes(prefix: str) -> Iterator[str]:
    """Yield the prefix with one bit less and one bit more; host bits stay 0."""
    try:
        network = ip_network(prefix, strict=False)
    except ValueError:
        return
    for length in (network.prefixlen - 1, network.prefixlen + 1):
        if 0 < length <= network.max_prefixlen:
            yield str(ip_network(f"{network.network_address}/{length}", strict=False))


Scope = Callable[[int], str]
"""Names the rule list that a line stands in: packets meet its lines from top to bottom."""


def port_mutants(
    lines: Sequence[str],
    pattern: str,
    written: Callable[[int, int], str],
    scope: Scope,
    side: Callable[[str], object],
) -> Iterator[Mutant]:
    """Yield mutants whose ports are off by one.

    Args:
        pattern: its group `all` is replaced; `low` and perhaps `high` in it hold the ports.
        side: what must be equal for two lines to speak of the same ports, apart from these.
    """
    places = list(_places(lines, pattern, scope, side))
    for index, match, low, high, where in places:
        if low == 0 and high == 65535:
            continue
        for new_low, new_high, port in off_by_one(low, high):
            text = match.string[: match.start("all")] + written(new_low, new_high)
            text += match.string[match.end("all") :]
            others = [other for other in places if other[4] == where and other[0] != index]
            above = any(x[0] < index and x[2] <= port <= x[3] for x in others)
            alike = any(x[2] <= port <= x[3] for x in others) if low <= port <= high else False
            excuse = "another line claims the port" if above or alike else ""
            item = mutant_of("port", lines, {index: (text,)}, excuse)
            yield replace(item, port=port)


def _places(
    lines: Sequence[str], pattern: str, scope: Scope, side: Callable[[str], object]
) -> Iterable[tuple[int, re.Match[str], int, int, object]]:
    for index, line in enumerate(lines):
        for match in re.finditer(pattern, line):
            low = int(match["low"])
            high = int(match["high"] or low)
            yield index, match, low, high, (scope(index), side(line[: match.start("all")]))


# Not a wildcard mask, which begins with 0.
_ADDRESS = re.compile(r"(?!0\.)(?:\d+\.){3}\d+|[0-9a-f]+:[0-9a-f:]*::?", re.IGNORECASE)


def addressed_elsewhere(lines: Sequence[str], rules: Iterable[Span], scope: Scope) -> set[int]:
    """Return the lines (from 0) of rules with an address that another rule of their list names.

    Such a rule may be a part of the other one, so that nothing depends on it alone.
    """
    found: set[int] = set()
    known: dict[tuple[str, str], Span] = {}
    for rule in rules:
        text = "\n".join(lines[rule.start : rule.end])
        for address in _ADDRESS.findall(text):
            other = known.setdefault((scope(rule.end - 1), address), rule)
            if other != rule:
                for span in (rule, other):
                    found.update(range(span.start, span.end))
    return found


def excused(mutants: Iterable[Mutant], lines: set[int]) -> Iterator[Mutant]:
    """Yield the mutants; those in one of the lines (from 0) may not matter."""
    for item in mutants:
        inside = any(line - 1 in lines for line in item.lines)
        if item.must_matter and inside:
            yield replace(item, must_matter=False, excuse="another rule names its addresses")
        else:
            yield item
