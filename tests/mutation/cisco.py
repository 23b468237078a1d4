"""Mistakes in the modular QoS of Cisco, with its access lists, and in `mls qos`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Address

from mutation.edits import (
    Mutant,
    Operator,
    Span,
    changed,
    mutant_of,
    removed,
    spans,
    swapped,
    within,
)
from mutation.values import (
    addressed_elsewhere,
    excused,
    other_code_points,
    other_prefixes,
    port_mutants,
)

__all__ = ["mutants"]

_ACE = r"^\s*(?:\d+ )?(?:permit|deny) "
_CLASS_WORDS = re.compile(r"-?(?:SIGNALLING|AUDIO|VIDEO|APP-SHARING|FILE-TRANSFER|OTHER|V6)")
_POINTS = r"[a-z]{2}\d{0,2}|default|\d{1,2}"


def _ports(lines: Sequence[str]) -> Iterator[Mutant]:
    def written(low: int, high: int) -> str:
        return f"eq {low}" if low == high else f"range {low} {high}"

    pattern = _ACE + r".*?\b(?P<all>(?:range|eq) (?P<low>\d+)(?: (?P<high>\d+))?)"
    scopes = _scopes(lines)
    yield from port_mutants(lines, pattern, written, scopes.__getitem__, _side_of)


def _scopes(lines: Sequence[str]) -> list[str]:
    """Return for each line its access list's name without the class: the classes of one policy
    see the same packets."""
    scopes = [""] * len(lines)
    for span in _lists(lines):
        family = lines[span.start].split()[0]
        for index in range(span.start, span.end):
            scopes[index] = family + _CLASS_WORDS.sub("", span.name)
    return scopes


def _lists(lines: Sequence[str]) -> list[Span]:
    return spans(lines, r"ip(?:v6)? access-list (?:extended )?(\S+)", r"\s+\S")


def _side_of(before: str) -> object:
    words = before.split()
    start = next((n for n, word in enumerate(words) if word in ("permit", "deny")), 0)
    return tuple(words[start + 1 :])


def _protocols(lines: Sequence[str]) -> Iterator[Mutant]:
    def other(match: re.Match[str]) -> Iterator[str]:
        yield match["head"] + {"tcp": "udp", "udp": "tcp"}[match["protocol"]]

    yield from changed("protocol", lines, rf"(?P<head>{_ACE})(?P<protocol>tcp|udp)\b", other)


def _denied(lines: Sequence[str]) -> Iterator[Mutant]:
    deny, permit = r"^(\s+(?:\d+ )?)permit ", r"^(\s+(?:\d+ )?)deny "
    yield from changed("deny for permit", lines, deny, lambda m: (f"{m[1]}deny ",))
    yield from changed(
        "permit for deny", lines, permit, lambda m: (f"{m[1]}permit ",), within(_unless_else_denied)
    )


def _unless_else_denied(line: str) -> str:
    return "what no line permits is denied anyway"


def _prefixes(lines: Sequence[str]) -> Iterator[Mutant]:
    def wildcards(match: re.Match[str]) -> Iterator[str]:
        bits = int(IPv4Address(match[2]))
        if bits & (bits + 1):
            return
        length = 32 - bits.bit_length()
        for prefix in other_prefixes(f"{match[1]}/{length}"):
            address, new = prefix.split("/")
            yield f"{address} {IPv4Address(2 ** (32 - int(new)) - 1)}"

    def lengths(match: re.Match[str]) -> Iterator[str]:
        yield from other_prefixes(match[0])

    four = r"\b((?:\d+\.){3}\d+) (0\.(?:\d+\.){2}\d+)\b"
    yield from changed("prefix length", lines, four, wildcards)
    yield from changed("prefix length", lines, r"\b[0-9A-Fa-f:]+::/\d+\b", lengths)


def _code_points(lines: Sequence[str]) -> Iterator[Mutant]:
    def shifted(match: re.Match[str]) -> Iterator[str]:
        yield from (match["head"] + point for point in other_code_points(match["point"]))

    set_ = rf"(?P<head>^\s+set (?:ip )?dscp )(?P<point>{_POINTS})\b"
    yield from changed("code point set", lines, set_, shifted)
    listed = rf"(?P<head>^\s+match (?:ip )?dscp (?:(?:{_POINTS}) +)*)(?P<point>{_POINTS})\b"
    yield from changed("code point matched", lines, listed, shifted)
    mapped = r"(?P<head>dscp-map queue \d threshold \d (?:\d+ )*)(?P<point>\d+)\b"
    yield from changed("code point mapped", lines, mapped, shifted, within(_of_no_class))


def _of_no_class(line: str) -> str:
    return "the code point may be of no class"


def _match_kinds(lines: Sequence[str]) -> Iterator[Mutant]:
    for span in spans(lines, r"class-map (?:match-any |match-all )?(\S+)", r"\s+\S"):
        count = sum(line.lstrip().startswith("match ") for line in lines[span.start : span.end])
        new = lines[span.start].replace("match-any", "match-*").replace("match-all", "match-any")
        new = new.replace("match-*", "match-all")
        excuse = "the class has one match" if count < 2 else ""
        if new != lines[span.start]:
            yield mutant_of("any/all", lines, {span.start: (new,)}, excuse)


def _class_order(lines: Sequence[str]) -> Iterator[Mutant]:
    for policy in spans(lines, r"policy-map (\S+)", r"\s+\S"):
        part = list(lines[: policy.end])
        blocks = spans(part, r" +class (?!class-default)(\S+)", r"  +(?!class )\S", policy.start)
        yield from (
            _whole(item, lines[policy.end :]) for item in swapped("class order", part, blocks)
        )


def _whole(item: Mutant, rest: Sequence[str]) -> Mutant:
    """Return a mutant of the first lines of a text with the other lines below it."""
    text = item.text + "".join(line + "\n" for line in rest)
    return Mutant(item.operator, text, item.lines, item.what, item.must_matter, item.excuse)


def _entry_order(lines: Sequence[str]) -> Iterator[Mutant]:
    for span in _lists(lines):
        part = list(lines[: span.end])
        entries = [
            Span(index, index + 1, "")
            for index in range(span.start, span.end)
            if re.match(_ACE, lines[index])
        ]
        yield from (
            _whole(item, lines[span.end :]) for item in swapped("entry order", part, entries)
        )


def _entry_numbers(lines: Sequence[str]) -> Iterator[Mutant]:
    """Give each two neighbouring entries each other's number, which places them."""
    numbered = re.compile(r"^(\s*(?:sequence )?)(\d+)( (?:permit|deny) .*)")
    for span in _lists(lines):
        for index in range(span.start, span.end - 1):
            one, other = (numbered.match(lines[at]) for at in (index, index + 1))
            if one is not None and other is not None and one[3] != other[3]:
                new = {
                    index: (f"{one[1]}{other[2]}{one[3]}",),
                    index + 1: (f"{other[1]}{one[2]}{other[3]}",),
                }
                yield mutant_of("entry numbers", lines, new, "two rules may share no packet")


def _swapped_actions(lines: Sequence[str]) -> Iterator[Mutant]:
    """Give each class of a policy the mark of the next one; a class may write several."""
    for policy in spans(lines, r"policy-map (\S+)", r"\s+\S"):
        marks = [
            index
            for index in range(policy.start, policy.end)
            if re.match(r"\s+(?:set|bandwidth|priority)\b", lines[index])
        ]
        for one, other in itertools.pairwise(marks):
            between = lines[one + 1 : other]
            if not any(re.match(r"\s+class\b", line) for line in between):
                continue
            if lines[one].strip() != lines[other].strip():
                edits = {one: (lines[other],), other: (lines[one],)}
                yield mutant_of("swapped actions", lines, edits)


def _bindings(lines: Sequence[str]) -> Iterator[Mutant]:
    def turned(match: re.Match[str]) -> Iterator[str]:
        yield match[1] + {"input": "output", "output": "input"}[match[2]] + " "

    yield from changed("direction", lines, r"^(\s+service-policy )(input|output) ", turned)
    yield from removed("unbound", lines, r"^\s+service-policy \S")
    yield from removed("unbound", lines, r"^\s+mls qos trust|^\s+priority-queue out")


def _trust(lines: Sequence[str]) -> Iterator[Mutant]:
    def other(match: re.Match[str]) -> Iterator[str]:
        yield match[1] + {"dscp": "cos", "cos": "dscp"}[match[2]]

    yield from changed("trust", lines, r"(^\s+(?:mls qos )?trust )(dscp|cos)\b", other)
    yield from changed("trust", lines, r"^mls qos$", lambda match: ("no mls qos",))


def _tos(lines: Sequence[str]) -> Iterator[Mutant]:
    """Write a precedence where a code point was meant: three bits of the byte instead of six."""

    def as_precedence(match: re.Match[str]) -> Iterator[str]:
        point = next(iter(other_code_points(match[2])), None)
        if point is not None:
            yield f"{match[1]}precedence {int(point) >> 5}"

    pattern = rf"^(\s+set )dscp ({_POINTS})$"
    yield from changed("dscp as precedence", lines, pattern, as_precedence, within(_nought))


def _nought(line: str) -> str:
    return "both write 0" if line.strip().endswith(" 0") else ""


def _queues(lines: Sequence[str]) -> Iterator[Mutant]:
    def halved(match: re.Match[str]) -> Iterator[str]:
        yield f"{match[1]}{int(match[2]) // 2}"

    share = r"^(\s+(?:bandwidth|priority)(?: remaining)? percent )(\d+)"
    yield from changed("share halved", lines, share, halved)
    yield from changed("rate halved", lines, r"^(\s+shape average )(\d+)", halved)
    yield from changed(
        "queue", lines, r"(?<=dscp-map queue )([1-4])", lambda m: (str(int(m[1]) % 4 + 1),)
    )


_OPERATORS: tuple[Operator, ...] = (
    _ports,
    _protocols,
    _denied,
    _prefixes,
    _code_points,
    _match_kinds,
    _class_order,
    _entry_order,
    _entry_numbers,
    _swapped_actions,
    _bindings,
    _trust,
    _tos,
    _queues,
)


def mutants(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield every text with one mistake."""
    scopes = _scopes(lines)
    entries = [
        Span(index, index + 1, "") for index, line in enumerate(lines) if re.match(_ACE, line)
    ]
    shared = addressed_elsewhere(lines, entries, scopes.__getitem__)
    for operator in _OPERATORS:
        yield from excused(operator(lines), shared)


def mutants_of_nexus(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield the same of a Nexus switch, where a denying entry of a class matches all the same."""
    for item in mutants(lines):
        alike = item.operator in ("deny for permit", "permit for deny")
        yield replace(item, must_matter=False) if alike else item
