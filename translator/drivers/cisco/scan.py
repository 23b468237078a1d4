"""Finds the lines of a text at which something can change, without a look at each line between.

A running configuration has thousands of lines that no reader asks for. One expression, tried at
each line's start, steps over them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from translator.drivers.cisco.freetext import FREE_TEXTS

__all__ = [
    "ANYWHERE",
    "BEARING",
    "HEADER",
    "OPENINGS",
    "OTHER",
    "SERVICE_POLICY",
    "any_of",
    "bearing_lines",
    "is_deeper",
    "landmarks",
    "lowered",
    "starts_in",
]

_BLANKS: Final = r"[^\S\n]*+"
_BLANK: Final = (" ", "\t")
SERVICE_POLICY: Final = "service-policy"
_POLICIES: Final = frozenset({SERVICE_POLICY})
_DEEPEST: Final = 4  # blanks before it as devices print it, but one
ANYWHERE: Final = frozenset(
    {"class-map", "policy-map", "ip access-list", "ipv6 access-list", "mac access-list"}
)
"""Begin a section at any column: no line below another header starts with these words."""

OPENINGS: Final = ANYWHERE | {"int"}
"""How an indented header may begin; interfaces are indented where `conf t` is typed above them."""


# What a line may do; the values are the groups of the expressions.
STARTING: Final = 1  # at the margin, and begins as a section does that is asked for
HEADER: Final = 2  # indented, and begins as a header does
BEARING: Final = 3  # indented, and says something that matters
OTHER: Final = 4  # any other at the margin, and those next to it: they may end a section


def lowered(lines: list[str]) -> str:
    """Return lines in lower case, each with a line feed before it."""
    return "\n".join(("", *lines)).lower()


def landmarks(
    text: str,
    starts: frozenset[str],
    headers: frozenset[str],
    words: frozenset[str],
    is_open: Callable[[], bool],
) -> Iterator[tuple[int, int, int]]:
    """Yield line number (from 0), what the line may do, and the number of the first line behind: a
    line that bears has with it what is deeper below it, but for headers, and one that may end a
    section those that follow it and start nothing either.

    Args:
        text: as `lowered` returns it.
        starts: how a line begins at the margin that starts what is asked for.
        headers: how an indented header begins.
        words: how a line begins that bears; one that names a service-policy does, too.
        is_open: whether a section is open; else nothing bears, and nothing ends.
    """
    outside = _beginnings(starts, headers)
    inside = _expression(starts, headers, words, policies=not _policies_begin_lines(text))
    line = counted = end = 0
    while item := (inside if is_open() else outside).search(text, end):
        sort = item.lastindex or OTHER
        start, end = item.span()
        line += text.count("\n", counted, start)
        counted = start
        runs_on = sort in (BEARING, OTHER)
        yield line, sort, line + (text.count("\n", start, end) if runs_on else 1)


def starts_in(
    text: str, wanted: frozenset[str], bearing: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Return how a line begins at the margin that starts what is asked for.

    Args:
        text: as `lowered` returns it.
        bearing: words of which one has to stand in such a section, else it says nothing; one that
            names a service-policy always says something.
    """
    if SERVICE_POLICY in text:
        return _starts(wanted)
    return _starts(wanted, *[kind for kind, words in bearing.items() if not _bears(words, text)])


@lru_cache(maxsize=64)
def _starts(wanted: frozenset[str], *idle: str) -> frozenset[str]:
    typed = {kind.replace("interface", "int") for kind in wanted}  # as OPENINGS have it
    return frozenset(typed | OPENINGS | FREE_TEXTS).difference(idle)


def _bears(words: frozenset[str], text: str) -> bool:
    """Whether one of the words may stand in a text without service-policies."""
    return words != _POLICIES and _any_word(words).search(text) is not None


@lru_cache(maxsize=64)
def _any_word(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(any_of(words))


def _policies_begin_lines(text: str) -> bool:
    """Whether service-policy stands nowhere but at the beginning of lines, as it mostly does."""
    left = text.count(SERVICE_POLICY)
    for blanks in range(_DEEPEST):
        if not left:
            break
        left -= text.count(f"\n{' ' * blanks}{SERVICE_POLICY}")
    return not left


def bearing_lines(lines: list[str], chosen: range, words: frozenset[str]) -> Iterator[int]:
    """Yield those of the lines that begin with one of the words, or two of them, or name a
    service-policy, and what is deeper below them.
    """
    kept = False
    for number in chosen:
        line = lines[number].lower()
        found = line.split(None, 2)
        bears = " ".join(found[:1]) in words or " ".join(found[:2]) in words
        kept = bears or SERVICE_POLICY in line or (kept and is_deeper(line))
        if kept:
            yield number


def is_deeper(line: str) -> bool:
    """Whether a line stands deeper than those of a section, or says nothing."""
    return line[:1] in ("", "!") or (line[0] in _BLANK and line[1:2] in (*_BLANK, "!", ""))


@lru_cache(maxsize=64)
def _expression(
    starts: frozenset[str], headers: frozenset[str], words: frozenset[str], *, policies: bool
) -> re.Pattern[str]:
    """Return the expression for landmarks; with `policies` any mention of one bears."""
    bearing = rf"{any_of(words | {SERVICE_POLICY})}(?!\S)[^\n]*"
    if policies:
        bearing = rf"{bearing}|[^\n]*{SERVICE_POLICY}[^\n]*"
    header = any_of(headers)
    deeper = rf"(?:\n(?!{_BLANKS}{header})(?:[ \t]{{2}}|[ \t]?!|[ \t]?(?=\n))[^\n]*)*"
    start = any_of(starts)
    below = rf"[ \t]{_BLANKS}(?:({header})|({bearing}){deeper})"
    others = rf"([^ \t\n!])(?:[^\n]*+\n(?!{start})[^ \t\n!])*+"
    return re.compile(rf"\n(?:({start})|{below}|{others})")


@lru_cache(maxsize=64)
def _beginnings(starts: frozenset[str], headers: frozenset[str]) -> re.Pattern[str]:
    """Return the expression for landmarks where no section is open."""
    return re.compile(rf"\n(?:({any_of(starts)})|[ \t]{_BLANKS}({any_of(headers)}))")


def any_of(keywords: Iterable[str]) -> str:
    """Return an expression for any of the keywords, in which no letter is tried twice."""
    return _tree(sorted(" ".join(item.split()) for item in keywords))


def _tree(words: list[str]) -> str:
    behind: dict[str, list[str]] = {}
    for word in filter(None, words):
        behind.setdefault(word[0], []).append(word[1:])
    ways = [
        (r"[^\S\n]+" if first == " " else re.escape(first)) + _tree(rest)
        for first, rest in behind.items()
    ]
    if len(ways) == 1 and "" not in words:
        return ways[0]
    return f"(?:{'|'.join(ways)}){'?' if '' in words else ''}" if ways else ""
