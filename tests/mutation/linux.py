"""Mistakes in nftables rules, in iptables rules and in the tc tree they choose a class of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from mutation.edits import Mutant, Operator, Span, changed, removed, swapped, within
from mutation.values import (
    addressed_elsewhere,
    excused,
    other_code_points,
    other_prefixes,
    port_mutants,
)

__all__ = ["mutants"]

_POINTS = r"ef|af\d\d|cs\d|be|0x[0-9a-f]{2}|\d{1,2}"
_IPTABLES = r"^ip6?tables .*-A (?P<chain>\S+) "


def _chains(lines: Sequence[str]) -> list[Span]:
    """Return the rules of each nftables chain, and runs of rules of one iptables chain."""
    found: list[Span] = []
    opened = -1
    for index, line in enumerate(lines):
        if re.match(r"\s*chain \S+ \{\s*$", line):
            opened = index + 1
        elif line.strip() == "}" and opened >= 0:
            found.append(Span(opened, index, lines[opened - 1].split()[1]))
            opened = -1
    for index, line in enumerate(lines):
        match = re.match(_IPTABLES, line)
        if match is None:
            continue
        name = line.split()[0] + match["chain"]
        if found and found[-1].end == index and found[-1].name == name:
            found[-1] = Span(found[-1].start, index + 1, name)
        else:
            found.append(Span(index, index + 1, name))
    return found


def _scopes(lines: Sequence[str]) -> list[str]:
    scopes = [""] * len(lines)
    for span in _chains(lines):
        for index in range(span.start, span.end):
            scopes[index] = span.name
    return scopes


def _ports(lines: Sequence[str]) -> Iterator[Mutant]:
    scopes = _scopes(lines)
    nft = r"(?<= )[sd]port (?P<all>(?P<low>\d+)(?:-(?P<high>\d+))?)\b"
    yield from port_mutants(lines, nft, _ranged("-"), scopes.__getitem__, _side_of)
    iptables = r"--[sd]port (?P<all>(?P<low>\d+)(?::(?P<high>\d+))?)\b"
    yield from port_mutants(lines, iptables, _ranged(":"), scopes.__getitem__, _side_of)


def _ranged(sign: str) -> Callable[[int, int], str]:
    return lambda low, high: str(low) if low == high else f"{low}{sign}{high}"


def _side_of(before: str) -> object:
    """Return the words of a match that stand before its ports; which list it is, scopes say."""
    return before.strip().removeprefix("ip6tables").removeprefix("iptables")


def _protocols(lines: Sequence[str]) -> Iterator[Mutant]:
    other = {"tcp": "udp", "udp": "tcp"}
    plain = r"(?<=-p )(tcp|udp)\b|\b(tcp|udp)(?= [sd]port)"
    yield from changed("protocol", lines, plain, lambda match: (other[match[0]],))
    yield from changed("protocol", lines, r"\{ tcp, udp \}", lambda match: ("tcp", "udp"))


def _code_points(lines: Sequence[str]) -> Iterator[Mutant]:
    def shifted(match: re.Match[str]) -> Iterator[str]:
        yield from other_code_points(match[0])

    set_ = rf"(?<=dscp set )(?:{_POINTS})\b|(?<=--set-dscp )\d+"
    yield from changed("code point set", lines, set_, shifted)
    matched = rf"(?<=\bdscp )(?!set\b)(?:{_POINTS})\b|(?<=--dscp )\d+"
    yield from changed("code point matched", lines, matched, shifted)
    listed = r"(?<=[{,] )(?:ef|af\d\d|cs\d)\b"
    yield from changed("code point matched", lines, listed, shifted)
    for short, long in (("dscp", "tos"), ("DSCP", "TOS")):
        as_byte = rf"(?<=-[mj] ){short} --(set-)?dscp (\d+)"
        yield from changed("dscp as tos", lines, as_byte, _as_tos(long), within(_nought))


def _as_tos(name: str) -> Callable[[re.Match[str]], Iterator[str]]:
    """Take the number of a code point for the whole byte."""

    def spelled(match: re.Match[str]) -> Iterator[str]:
        yield f"{name} --{match[1] or ''}tos {match[2]}"

    return spelled


def _nought(line: str) -> str:
    return "0 is 0 in both" if line.rstrip().endswith("tos 0") else ""


def _elements(lines: Sequence[str]) -> Iterator[Mutant]:
    yield from changed("set element", lines, r"(?<=\{ )[\w./:]+, ", lambda match: ("",))
    yield from changed("set element", lines, r", [\w./:]+(?= \})", lambda match: ("",))


def _prefixes(lines: Sequence[str]) -> Iterator[Mutant]:
    prefix = r"\b(?:(?:\d+\.){3}\d+|[0-9a-f]+:[0-9a-f:]+)/\d+\b"
    yield from changed("prefix length", lines, prefix, lambda match: other_prefixes(match[0]))


def _verdicts(lines: Sequence[str]) -> Iterator[Mutant]:
    def other_mark(match: re.Match[str]) -> Iterator[str]:
        known = dict.fromkeys(re.findall(match[1] + r"\w+(?= \{| 2>)", "\n".join(lines)))
        yield from [name for name in known if name != match[0]][:1]

    rest = "the marks that follow may say the same"
    same = "accept and return may come to the same"
    returned = r"\breturn\b(?=\s|$)"
    yield from changed("verdict", lines, returned, lambda m: ("continue", "accept"), _may(same))
    yield from changed("verdict", lines, r"\bgoto\b(?= mark)", lambda m: ("jump",), _may(rest))
    yield from changed("verdict", lines, r"(?<= )-g(?= )", lambda m: ("-j",), _may(rest))
    yield from changed("swapped actions", lines, r"\b(mark_)\w+(?= comment)", other_mark)
    yield from changed("swapped actions", lines, r"(?<=-g )(QOS_SET_)\d+", other_mark)


def _may(reason: str) -> Callable[[int, str], str]:
    return within(lambda line: reason)


def _classes(lines: Sequence[str]) -> Iterator[Mutant]:
    text = "\n".join(lines)
    used = _used_classes(text)
    known = sorted(set(re.findall(r"classid (1:[1-9a-f]0)\b", text)))

    def next_class(match: re.Match[str]) -> Iterator[str]:
        if match[0] in known and len(known) > 1:
            yield known[(known.index(match[0]) + 1) % len(known)]

    def unused(index: int, new: str) -> str:
        name = new.partition("priority set ")[2].split()
        return "" if not name or name[0] in used else "that queue is no other class's"

    yield from changed("flowid", lines, r"(?<=priority set )1:\w+", next_class, unused)
    yield from changed("flowid", lines, r"(?<=flowid )1:\w+", next_class)
    yield from changed("flowid", lines, r"(?<=default )0x60\b", lambda m: ("0x10",))


def _used_classes(text: str) -> set[str]:
    """Return the classes that rules send packets to."""
    used = set(re.findall(r"(?:priority set |flowid )(1:\w+)", text))
    return used | {"1:" + name for name in re.findall(r"htb default 0x(\w+)", text)}


def _rule_order(lines: Sequence[str]) -> Iterator[Mutant]:
    for span in _chains(lines):
        rules = [
            Span(index, index + 1, "")
            for index in range(span.start, span.end)
            if lines[index].strip() and not lines[index].strip().startswith(("type ", "#"))
        ]
        yield from swapped("rule order", lines, rules)


def _bindings(lines: Sequence[str]) -> Iterator[Mutant]:
    other = {"i": "o", "o": "i"}
    yield from changed("direction", lines, r"\b([io])(?=ifname )", lambda m: (other[m[1]],))
    yield from changed("direction", lines, r"(?<=-A FORWARD -)([io])\b", lambda m: (other[m[1]],))
    yield from removed("unbound", lines, r"ifname \S+ (?:jump|goto) ")
    yield from removed("unbound", lines, r"-A FORWARD ")
    hook = r"(?<=hook )(?:forward|postrouting)\b"
    yield from changed("hook", lines, hook, lambda m: ("input",), _empty_below(lines))


def _empty_below(lines: Sequence[str]) -> Callable[[int, str], str]:
    """A chain without rules may hang anywhere."""
    return lambda index, new: "the chain has no rules" if lines[index + 1].strip() == "}" else ""


def _denied(lines: Sequence[str]) -> Iterator[Mutant]:
    last = "another rule may decide"
    yield from changed("deny for permit", lines, r"\bgoto mark_\w+", lambda m: ("drop",))
    yield from changed("deny for permit", lines, r"\breturn\b(?= comment)", lambda m: ("drop",))
    yield from changed("deny for permit", lines, r"-g QOS_SET_\d+", lambda m: ("-j DROP",))
    yield from changed("deny for permit", lines, r"\baccept\b$", lambda m: ("drop",), _may(last))
    yield from changed("deny for permit", lines, r"(?<=policy )accept(?=;)", lambda m: ("drop",))


def _rates(lines: Sequence[str]) -> Iterator[Mutant]:
    def halved(match: re.Match[str]) -> Iterator[str]:
        yield str(int(match[0]) // 2)

    used = _used_classes("\n".join(lines))

    def unused(index: int, new: str) -> str:
        name = new.partition("classid ")[2].split()[0]
        return "" if name in used else "no rule sends packets to the class"

    leaf = r"(?<=prio \d rate )\d+(?=kbit)"
    yield from changed("share halved", lines, leaf, halved, unused)
    yield from changed("rate halved", lines, r"(?<=classid 1:1 htb rate )\d+(?=kbit)", halved)


_OPERATORS: tuple[Operator, ...] = (
    _ports,
    _protocols,
    _code_points,
    _elements,
    _prefixes,
    _verdicts,
    _classes,
    _rule_order,
    _bindings,
    _denied,
    _rates,
)


def mutants(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield every text with one mistake."""
    scopes = _scopes(lines)
    rules = [Span(index, index + 1, "") for index, scope in enumerate(scopes) if scope]
    shared = addressed_elsewhere(lines, rules, scopes.__getitem__)
    for operator in _OPERATORS:
        yield from excused(operator(lines), shared)
