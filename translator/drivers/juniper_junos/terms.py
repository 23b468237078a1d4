"""Classifier rules as terms of firewall filters, one filter per IP version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.juniper_junos import lines, values
from translator.drivers.line import Line, safe
from translator.intents.lower import only_version
from translator.intents.match import PROTOCOL_NUMBERS, Match
from translator.intents.model import ClassifierRule

__all__ = ["Actions", "Block", "FilterText", "Term", "filter_text"]

_PROTOCOL_WORDS: Final = {number: word for word, number in PROTOCOL_NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """A statement with a list in braces, such as `source-address { 10.0.0.0/8; }`."""

    head: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name, a comment, and the statements of `from` and `then`."""

    name: str
    comment: str
    matches: tuple[str | Block, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilterText:
    """A filter of one family and the terms in it."""

    family: str
    name: str
    terms: tuple[Term, ...]


Actions = Callable[[ClassifierRule], tuple[str, ...]]


def filter_text(
    name: str,
    version: int,
    rules: Sequence[ClassifierRule],
    actions: Actions,
    last: Sequence[Term],
    *,
    platform: str,
) -> FilterText:
    """Return the filter of one IP version; rules that cannot meet that version are left out.

    Args:
        last: terms behind the rules; the very last takes every packet, since a filter discards
            what no term takes.
    """
    used: dict[str, int] = {}
    terms: list[Term] = []
    for rule in rules:
        match = only_version(rule.match, version)
        if match is None:
            continue
        word = rule.traffic_class.name.upper()
        used[word] = used.get(word, 0) + 1
        title = word if used[word] == 1 else f"{word}-{used[word]}"
        comment = rule.comment or " ".join(rule.rows)
        if comment:
            comment = safe(comment, "comment").replace("*/", "* /")
        terms.append(Term(_safe(title), comment, matches_of(match, platform), actions(rule)))
    return FilterText("inet" if version == 4 else "inet6", name, (*terms, *last))


def matches_of(match: Match, platform: str) -> tuple[str | Block, ...]:
    """Return the `from` statements of a match of one IP version, in the order the box keeps.

    Raises:
        UnsupportedIntentError: a masked ToS byte or a wish about fragments.
    """
    if match.tos or match.fragment:
        raise refuse(
            platform,
            "a match on ToS bits or on fragments only",
            "a filter compares whole code points",
            nearest="match code points and ports",
        )
    six = match.version == 6
    points = tuple(_by_code_point(lines.TRAFFIC_CLASS if six else lines.DSCP, match.code_points))
    return (
        *_addresses(match),
        *(() if six else points),
        *_protocols(lines.NEXT_HEADER if six else lines.PROTOCOL, match),
        *_ports(lines.SOURCE_PORT, [str(item) for item in match.source_ports]),
        *_ports(lines.DESTINATION_PORT, [str(item) for item in match.destination_ports]),
        *(points if six else ()),
    )


def listed(words: Sequence[str]) -> str:
    """Return one word, or several in brackets."""
    return words[0] if len(words) == 1 else f"[ {' '.join(words)} ]"


def _addresses(match: Match) -> Iterator[Block]:
    for line, prefixes in (
        (lines.SOURCE_ADDRESS, match.sources),
        (lines.DESTINATION_ADDRESS, match.destinations),
    ):
        if prefixes:
            yield Block(line.write(), tuple(str(prefix) for prefix in prefixes))


def _protocols(line: Line, match: Match) -> Iterator[str]:
    words = [_PROTOCOL_WORDS.get(number, str(number)) for number in match.protocols]
    yield from _ports(line, words)


def _ports(line: Line, words: Sequence[str]) -> Iterator[str]:
    if words:
        yield line.write(value=listed(words))


def _by_code_point(line: Line, points: Sequence[CodePoint]) -> Iterator[str]:
    words = [values.code_point_word(point, binary_prefix="b") for point in points]
    yield from _ports(line, words)


def _safe(name: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name)[:60]
