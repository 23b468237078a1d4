"""Mistakes in the QoS of EOS: those of the lists, classes and policies that it shares with Cisco,
and those of its maps, trust and queues."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from mutation import cisco
from mutation.edits import Mutant, Operator, changed, mutant_of, removed, within

__all__ = ["mutants"]


def _bindings(lines: Sequence[str]) -> Iterator[Mutant]:
    bound = r"^(\s+service-policy type qos )input "
    yield from changed("direction", lines, bound, lambda match: (f"{match[1]}output ",))


def _trust(lines: Sequence[str]) -> Iterator[Mutant]:
    pattern = r"^(\s+qos trust )dscp$"
    why = within(_of_no_queue)
    yield from changed("trust", lines, pattern, lambda match: (f"{match[1]}cos",), why)
    yield from removed("trust", lines, pattern, why)


def _of_no_queue(line: str) -> str:
    return "what enters here may leave by ports without queues only" if line else ""


def _maps(lines: Sequence[str]) -> Iterator[Mutant]:
    def other(match: re.Match[str]) -> Iterator[str]:
        yield match["head"] + str((int(match["number"]) + 1) % 7)

    points = r"(?P<head>^qos map dscp [\d ]+ to traffic-class )(?P<number>\d)$"
    yield from changed("code point mapped", lines, points, other, within(_of_no_class))
    classes = r"(?P<head>^qos map traffic-class \d to tx-queue )(?P<number>\d)$"
    yield from changed("queue", lines, classes, other, within(_of_no_class))
    given = r"(?P<head>^\s+set traffic-class )(?P<number>\d)$"
    yield from changed("traffic class set", lines, given, other, within(_of_no_class))


def _of_no_class(line: str) -> str:
    return "its packets may be of no class, or wait nowhere"


def _queues(lines: Sequence[str]) -> Iterator[Mutant]:
    def halved(match: re.Match[str]) -> Iterator[str]:
        yield f"{match[1]}{int(match[2]) // 2}"

    yield from changed("rate halved", lines, r"^(\s+shape rate )(\d+)", halved)
    yield from removed("not strict", lines, r"^\s+priority strict$", within(_by_default))


def _by_default(line: str) -> str:
    return "a queue is strict by default" if line else ""


def _swapped_actions(lines: Sequence[str]) -> Iterator[Mutant]:
    """Give each class the mark, or each queue the share, of the next one."""
    for pattern in (r"\s+set dscp ", r"\s+bandwidth percent "):
        marks = [index for index, line in enumerate(lines) if re.match(pattern, line)]
        for one, other in itertools.pairwise(marks):
            if lines[one] != lines[other]:
                edits = {one: (lines[other],), other: (lines[one],)}
                yield mutant_of("swapped actions", lines, edits)


_OPERATORS: tuple[Operator, ...] = (_swapped_actions, _bindings, _trust, _maps, _queues)


def mutants(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield every text with one mistake."""
    # What is swapped there are neighbouring lines, which here stand in one class.
    yield from (item for item in cisco.mutants(lines) if item.operator != "swapped actions")
    for operator in _OPERATORS:
        yield from operator(lines)
