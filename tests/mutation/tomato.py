"""Mistakes in Tomato's `qos_orules`, its other settings and its firewall script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from mutation import linux
from mutation.edits import Mutant, Operator, changed, mutant_of
from mutation.values import off_by_one, other_prefixes

__all__ = ["mutants"]

_Rules = list[list[str]]
_Edit = Callable[[_Rules, int], Iterator[tuple[_Rules, str]]]
_KEY = "qos_orules="
_PROTOCOL, _SIDE, _PORT = 2, 3, 4


def _with_rules(
    operator: str,
    lines: Sequence[str],
    edit: _Edit,
) -> Iterator[Mutant]:
    """Yield a mutant for each other list of rules that `edit` gives for the rule at a place."""
    for index, line in enumerate(lines):
        if not line.startswith(_KEY):
            continue
        rules = [rule.split("<") for rule in line.removeprefix(_KEY).split(">") if rule]
        for number in range(len(rules)):
            for other, excuse in edit([list(rule) for rule in rules], number):
                text = _KEY + ">".join("<".join(rule) for rule in other)
                if text != line:
                    yield _named(mutant_of(operator, lines, {index: (text,)}, excuse), number)


def _named(item: Mutant, number: int) -> Mutant:
    what = f"line {item.lines[0]}, {item.operator} at rule {number + 1}"
    return Mutant(item.operator, item.text, item.lines, what, item.must_matter, item.excuse)


def _class_at(rule: Sequence[str]) -> int:
    """Return where the class stands: before the description, which is last."""
    return len(rule) - 2


def _ports(lines: Sequence[str]) -> Iterator[Mutant]:
    def edit(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
        match = re.fullmatch(r"(\d+)(?::(\d+))?", rules[number][_PORT])
        if match is None:
            return
        low, high = int(match[1]), int(match[2] or match[1])
        for new_low, new_high, port in off_by_one(low, high):
            text = str(new_low) if new_low == new_high else f"{new_low}:{new_high}"
            taken = any(_claims(rule, rules[number], port) for rule in rules[:number])
            changed_rules = [list(rule) for rule in rules]
            changed_rules[number][_PORT] = text
            yield changed_rules, "another line claims the port" if taken else ""

    yield from _with_rules("port", lines, edit)


def _claims(rule: Sequence[str], other: Sequence[str], port: int) -> bool:
    match = re.fullmatch(r"(\d+)(?::(\d+))?", rule[_PORT])
    same = rule[:_PORT] == other[:_PORT]
    return same and match is not None and int(match[1]) <= port <= int(match[2] or match[1])


def _fields(lines: Sequence[str]) -> Iterator[Mutant]:
    def field(at: int, other: dict[str, str]) -> _Edit:
        def edit(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
            value = rules[number][at]
            if value in other:
                rules[number][at] = other[value]
                yield rules, ""

        return edit

    yield from _with_rules("protocol", lines, field(_PROTOCOL, {"6": "17", "17": "6", "-1": "17"}))
    yield from _with_rules("direction", lines, field(_SIDE, {"s": "d", "d": "s"}))


def _classes(lines: Sequence[str]) -> Iterator[Mutant]:
    def edit(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
        at = _class_at(rules[number])
        for other in rules:
            if other[at] != rules[number][at]:
                rules[number][at], other[at] = other[at], rules[number][at]
                yield rules, ""
                return

    yield from _with_rules("swapped actions", lines, edit)


def _prefixes(lines: Sequence[str]) -> Iterator[Mutant]:
    def edit(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
        if "/" in rules[number][1]:
            for prefix in other_prefixes(rules[number][1]):
                other = [list(rule) for rule in rules]
                other[number][1] = prefix
                yield other, ""

    yield from _with_rules("prefix length", lines, edit)


def _rule_order(lines: Sequence[str]) -> Iterator[Mutant]:
    def edit(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
        if number + 1 < len(rules):
            rules[number], rules[number + 1] = rules[number + 1], rules[number]
            yield rules, "two rules may share no packet"

    def without(rules: _Rules, number: int) -> Iterator[tuple[_Rules, str]]:
        del rules[number]
        yield rules, ""

    yield from _with_rules("rule order", lines, edit)
    yield from _with_rules("unbound", lines, without)


def _settings(lines: Sequence[str]) -> Iterator[Mutant]:
    yield from changed("unbound", lines, r"(?<=^qos_enable=)1$", lambda match: ("0",))
    yield from changed("flowid", lines, r"(?<=^qos_default=)\d$", lambda match: ("0",))

    def halved(match: re.Match[str]) -> Iterator[str]:
        yield str(int(match[0]) // 2)

    yield from changed("rate halved", lines, r"(?<=^wan_qos_obw=)\d+$", halved)
    share = r"(?<=[=,])\d+(?=-100)"
    shares = [(n, line) for n, line in enumerate(lines) if line.startswith("qos_orates=")]
    for index, line in shares:
        used = _classes_used(lines)
        for match in re.finditer(share, line):
            new = line[: match.start()] + str(int(match[0]) // 2) + line[match.end() :]
            number = line[: match.start()].count(",")
            excuse = "" if number in used else "no rule names the class"
            yield mutant_of("share halved", lines, {index: (new,)}, excuse)


def _classes_used(lines: Sequence[str]) -> set[int]:
    rules = next((line.removeprefix(_KEY) for line in lines if line.startswith(_KEY)), "")
    split = [rule.split("<") for rule in rules.split(">") if rule]
    return {int(rule[_class_at(rule)]) for rule in split if rule[_class_at(rule)].isdigit()}


_OPERATORS: tuple[Operator, ...] = (
    _ports,
    _fields,
    _classes,
    _prefixes,
    _rule_order,
    _settings,
)


def mutants(lines: Sequence[str]) -> Iterator[Mutant]:
    """Yield every text with one mistake, those in the firewall script included."""
    for operator in _OPERATORS:
        yield from operator(lines)
    yield from linux.mutants(lines)
