"""Mistakes in Junos firewall filters and class of service, in curly braces or `set` lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mutation.edits import Mutant, Operator, Span, changed, mutant_of, removed, swapped, within
from mutation.values import (
    addressed_elsewhere,
    excused,
    other_code_points,
    other_prefixes,
    port_mutants,
)

__all__ = ["mutants"]

_POINT = r"\b(?:ef|be|af\d\d|cs\d)\b"


def _blocks(lines: Sequence[str], header: str) -> list[Span]:
    """Return the blocks in braces whose header line fits, each with the comment above it."""
    found: list[Span] = []
    for index, line in enumerate(lines):
        match = re.match(header, line)
        if match is None:
            continue
        depth, end = 0, index
        while end < len(lines):
            depth += lines[end].count("{") - lines[end].count("}")
            end += 1
            if depth <= 0:
                break
        start = index - 1 if index and lines[index - 1].strip().startswith("/*") else index
        found.append(Span(start, end, match[1]))
    return found


def _filters(lines: Sequence[str]) -> list[Span]:
    return _blocks(lines, r"\s*filter (\S+) \{$")


def _terms(lines: Sequence[str]) -> list[Span]:
    return _blocks(lines, r"\s*term (\S+) \{$")


def _scopes(lines: Sequence[str]) -> list[str]:
    scopes = [""] * len(lines)
    for span in _filters(lines):
        for index in range(span.start, span.end):
            scopes[index] = span.name
    for index, line in enumerate(lines):
        match = re.match(r"set firewall .*?filter (\S+) ", line)
        scopes[index] = match[1] if match else scopes[index]
    return scopes


def _ports(lines: Sequence[str]) -> Iterator[Mutant]:
    def written(low: int, high: int) -> str:
        return str(low) if low == high else f"{low}-{high}"

    scopes = _scopes(lines)
    one = r"(?<= )(?P<all>(?P<low>\d+)(?:-(?P<high>\d+))?)(?=[; ]|$)"
    speaking = [
        line if re.search(r"\b(?:source|destination)-port ", line) else "" for line in lines
    ]
    for item in port_mutants(speaking, one, written, scopes.__getitem__, _side_of):
        index = item.lines[0] - 1
        new = item.text.split("\n")[index]
        yield replace(mutant_of("port", lines, {index: (new,)}, item.excuse), port=item.port)


def _side_of(before: str) -> object:
    return re.findall(r"\b(?:source|destination)-port", before)[-1:]


def _protocols(lines: Sequence[str]) -> Iterator[Mutant]:
    other = {"tcp": "udp", "udp": "tcp"}
    one = r"(?<=protocol )(tcp|udp)(?=;|$)|(?<=next-header )(tcp|udp)(?=;|$)"
    yield from changed("protocol", lines, one, lambda match: (other[match[0]],))
    yield from changed("protocol", lines, r"\[ tcp udp \]", lambda match: ("tcp", "udp"))


def _code_points(lines: Sequence[str]) -> Iterator[Mutant]:
    def shifted(match: re.Match[str]) -> Iterator[str]:
        yield from other_code_points(match[0])

    def shifted_bits(match: re.Match[str]) -> Iterator[str]:
        yield from (f"{int(point):06b}" for point in other_code_points(match[0]))

    set_ = rf"(?<=dscp ){_POINT}(?=;)|(?<=traffic-class ){_POINT}(?=;)"
    yield from changed("code point set", lines, set_, shifted)
    listed = rf"(?<=[\[ ] ){_POINT}|(?<=[a-z]\d ){_POINT}|(?<=[a-z]\d\d ){_POINT}"
    yield from changed("code point matched", lines, listed, shifted)
    mapped = rf"(?<=code-points ){_POINT}"
    yield from changed("code point mapped", lines, mapped, shifted_bits, within(_by_filter))


def _by_filter(line: str) -> str:
    return "a filter may set the class of these packets"


def _prefixes(lines: Sequence[str]) -> Iterator[Mutant]:
    prefix = r"(?<=\s)(?:(?:\d+\.){3}\d+|[0-9a-f]+:[0-9a-f:]+)/\d+(?=;|$)"
    inside = [bool(scope) for scope in _scopes(lines)]
    for item in changed("prefix length", lines, prefix, lambda match: other_prefixes(match[0])):
        if inside[item.lines[0] - 1]:
            yield item


def _term_order(lines: Sequence[str]) -> Iterator[Mutant]:
    for span in _filters(lines):
        terms = [term for term in _terms(lines) if span.start <= term.start < span.end]
        yield from swapped("term order", lines, terms)


def _inactive(lines: Sequence[str]) -> Iterator[Mutant]:
    for term in _terms(lines):
        index = next(n for n in range(term.start, term.end) if " term " in lines[n])
        new = lines[index].replace("term ", "inactive: term ", 1)
        excuse = "the last term may do what happens anyway" if term.name == "REST" else ""
        yield mutant_of("deactivated", lines, {index: (new,)}, excuse)
    for index, line in enumerate(lines):
        match = re.match(r"set (firewall .*?term \S+) then accept", line)
        if match:
            yield mutant_of("deactivated", lines, {index: (line, f"deactivate {match[1]}")})


def _actions(lines: Sequence[str]) -> Iterator[Mutant]:
    scopes = _scopes(lines)
    yield from changed("deny for permit", lines, r"\baccept(?=;)", lambda match: ("discard",))
    yield from changed(
        "verdict", lines, r"\baccept(?=;)", lambda match: ("next term",), within(_below)
    )
    classes = dict.fromkeys(re.findall(r"(?<=forwarding-class )[\w-]+(?=;)", "\n".join(lines)))

    def next_class(match: re.Match[str]) -> Iterator[str]:
        names = list(classes)
        yield names[(names.index(match[0]) + 1) % len(names)]

    named = r"(?<=forwarding-class )[\w-]+(?=;)"
    for item in changed("forwarding class", lines, named, next_class, within(_unqueued)):
        if scopes[item.lines[0] - 1]:
            yield item
    yield from _swapped_marks(lines, scopes)


def _below(line: str) -> str:
    return "the terms below may do the same"


def _unqueued(line: str) -> str:
    return "packets may leave where no queue is asked for"


def _swapped_marks(lines: Sequence[str], scopes: Sequence[str]) -> Iterator[Mutant]:
    marks = [
        index
        for index, line in enumerate(lines)
        if scopes[index] and re.match(rf"\s+(?:dscp|traffic-class) {_POINT};", line)
    ]
    for one, other in itertools.pairwise(marks):
        if scopes[one] == scopes[other] and lines[one].strip() != lines[other].strip():
            edits = {one: (lines[other],), other: (lines[one],)}
            yield mutant_of("swapped actions", lines, edits)


def _bindings(lines: Sequence[str]) -> Iterator[Mutant]:
    other = {"input": "output", "output": "input"}
    bound = r"(?<=\s)(input|output)(?= QOS\S*;| \S+;$| \S+$)"
    yield from changed("direction", lines, bound, lambda match: (other[match[0]],))
    yield from removed("unbound", lines, r"^\s+(?:input|output) \S+;|filter (?:input|output) \S+$")
    yield from removed("unbound", lines, r"^\s+dscp(?:-ipv6)? QOS\S+;", within(_by_filter))
    yield from removed("unbound", lines, r"^\s+scheduler-map \S+;")


def _shares(lines: Sequence[str]) -> Iterator[Mutant]:
    def halved(match: re.Match[str]) -> Iterator[str]:
        yield str(int(match[0]) // 2)

    share = r"(?<=transmit-rate percent )\d+|(?<=shaping-rate percent )\d+"
    yield from changed("share halved", lines, share, halved, _unless_reached(lines))
    for index, line in enumerate(lines):
        match = re.match(r"(\s+)transmit-rate percent \d+;$", line)
        if match:
            edits = {index: (line, f"{match[1]}shaping-rate percent 1;")}
            why = _unless_reached(lines)(index, line)
            yield mutant_of("cap added", lines, edits, why)
    yield from changed("rate halved", lines, r"(?<=shaping-rate )\d+(?=m;)", halved)


def _unless_reached(lines: Sequence[str]) -> Callable[[int, str], str]:
    """A scheduler matters if packets of the plan wait for it."""
    text = "\n".join(lines)
    by_filter = re.search(r"^\s+output \S+;", text, re.MULTILINE) is not None

    def excuse(index: int, new: str) -> str:
        headers = (line.split()[0] for line in reversed(lines[:index]) if line.endswith(" {"))
        name = next(headers, "")
        if name.endswith("NETWORK-CONTROL"):
            return "network control is no class of the plan"
        reached = re.search(rf"^\s+forwarding-class {name};", text, re.MULTILINE)
        return "the filter sends nothing there" if by_filter and not reached else ""

    return excuse


_OPERATORS: tuple[Operator, ...] = (
    _ports,
    _protocols,
    _code_points,
    _prefixes,
    _term_order,
    _inactive,
    _actions,
    _bindings,
    _shares,
)


def mutants(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield every text with one mistake."""
    shared = addressed_elsewhere(lines, _terms(lines), _scopes(lines).__getitem__)
    for operator in _OPERATORS:
        yield from excused(operator(lines), shared)
