"""Command grammars in the style of IOS: abbreviated keywords, and the three ways to refuse a line.

A pattern is written as command references write it: `set [ip] dscp <dscp>`, `match dscp <dscp>+`,
`match (any|protocol <word>)`. The patterns of a mode become one automaton, so that a line is read
from left to right once and the first word that fits nowhere is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["Ambiguous", "Found", "Grammar", "Incomplete", "Invalid", "Outcome", "Rule", "free"]

LINE = "line"  # the argument type that takes the rest of the line as it is


@dataclass(frozen=True, slots=True)
class Rule:
    """One command of a mode.

    Attributes:
        pattern: how it is written.
        slot: lines of one slot replace each other; empty: each different line stays.
            `{n}` stands for the nth word, so `service-policy {1}` is a slot per direction.
        opens: the mode that the command enters, empty: none.
    """

    pattern: str
    slot: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The rule that reads a line, and the line with its keywords in full."""

    rule: Rule
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line as a device keeps it."""
        return " ".join(self.words)

    @property
    def slot(self) -> str:
        """What this line replaces."""
        return self.rule.slot.format(*self.words) if self.rule.slot else self.text


@dataclass(frozen=True, slots=True)
class Invalid:
    """No command has such a word there; `column` counts from 0 in the line."""

    column: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """More words are wanted. `words` are those read so far, in full."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An abbreviation fits several keywords."""

    line: str


Outcome = Found | Invalid | Incomplete | Ambiguous


@dataclass(slots=True)
class _State:
    edges: list[tuple[str, bool, int]] = field(default_factory=list)  # label, is argument, target
    free: list[int] = field(default_factory=list)  # reached without a word
    rule: Rule | None = None


class Grammar:
    """The commands of one mode. `types` says which words an argument type takes."""

    def __init__(self, rules: Iterable[Rule], types: Mapping[str, Callable[[str], bool]]) -> None:
        self._types = types
        self._states: list[_State] = [_State()]
        for rule in rules:
            end = self._build(_Pattern(rule.pattern).whole(), 0)
            self._states[end].rule = rule
        self._known = lru_cache(maxsize=4096)(self._outcome)  # many devices are sent the same

    def read(self, line: str) -> Outcome:
        """Read a line."""
        return self._known(line)

    def _outcome(self, line: str) -> Outcome:
        now = self._closure({0})
        words: list[str] = []
        for found in re.finditer(r"\S+", line):
            typed, at = found[0], found.start()
            edges = [edge for state in now for edge in self._states[state].edges]
            if rest := [target for label, argument, target in edges if argument and label == LINE]:
                exact = {
                    target for label, argument, target in edges if not argument and label == typed
                }
                if not exact:
                    words.append(line[at:].rstrip())
                    now = self._closure(set(rest))
                    break
            fit = self._fit(typed, edges)
            if fit is None:
                return Ambiguous(line.strip())
            word, targets = fit
            if not targets:
                return Invalid(at + self._common(typed, edges))
            words.append(word)
            now = self._closure(targets)
        rules = [rule for state in sorted(now) if (rule := self._states[state].rule)]
        return Found(rules[0], tuple(words)) if rules else Incomplete(tuple(words))

    def _fit(self, typed: str, edges: list[tuple[str, bool, int]]) -> tuple[str, set[int]] | None:
        """Return the full word and where it leads; None when it is ambiguous."""
        lower = typed.lower()
        keywords = {
            label for label, argument, _ in edges if not argument and label.startswith(lower)
        }
        if lower in keywords:
            keywords = {lower}
        if len(keywords) == 1:
            (word,) = keywords
            return word, {
                target for label, argument, target in edges if (label, argument) == (word, False)
            }
        taken = {t for label, argument, t in edges if argument and self._takes(label, typed)}
        if taken:
            return typed, taken
        return None if keywords else (typed, set())

    def _takes(self, kind: str, word: str) -> bool:
        name, _, bounds = kind.partition(":")
        if bounds:
            low, high = bounds.split("-")
            return word.isdigit() and int(low) <= int(word) <= int(high)
        return self._types[name](word)

    @staticmethod
    def _common(typed: str, edges: list[tuple[str, bool, int]]) -> int:
        """How many characters of a word still fit some keyword: there IOS puts its caret."""
        best = 0
        for label, argument, _ in edges:
            if not argument:
                same = 0
                while same < min(len(label), len(typed)) and label[same] == typed[same].lower():
                    same += 1
                best = max(best, same)
        return min(best, len(typed) - 1)

    def _closure(self, states: set[int]) -> set[int]:
        reached, new = set(states), list(states)
        while new:
            for target in self._states[new.pop()].free:
                if target not in reached:
                    reached.add(target)
                    new.append(target)
        return reached

    def _new(self) -> int:
        self._states.append(_State())
        return len(self._states) - 1

    def _build(self, node: _Node, start: int) -> int:
        """Add a pattern from a state on; return the state after it."""
        kind, parts = node
        if kind in ("word", "argument"):
            end = self._new()
            assert isinstance(parts, str)
            self._states[start].edges.append((parts, kind == "argument", end))
            return end
        assert not isinstance(parts, str)
        if kind == "sequence":
            for part in parts:
                start = self._build(part, start)
            # a state of its own, so that two rules never share their last one
            return self._joined([start])
        if kind == "choice":
            return self._joined([self._build(part, start) for part in parts])
        inner = self._new()
        self._states[start].free.append(inner)
        end = self._joined([self._build(parts[0], inner)])
        if kind == "option":
            self._states[start].free.append(end)
        else:
            self._states[end].free.append(inner)
        return self._joined([end])

    def _joined(self, ends: list[int]) -> int:
        end = self._new()
        for state in ends:
            self._states[state].free.append(end)
        return end


_Node = tuple[str, "str | list[_Node]"]


class _Pattern:
    """Reads one pattern."""

    def __init__(self, text: str) -> None:
        self._tokens = re.findall(r"<[^>]+>|[()\[\]|+]|[^\s()\[\]|+<]+", text)
        self._at = 0

    def whole(self) -> _Node:
        """Return the tree of the pattern."""
        node = self._choice()
        assert self._at == len(self._tokens), self._tokens
        return node

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _choice(self) -> _Node:
        options = [self._sequence()]
        while self._peek() == "|":
            self._take()
            options.append(self._sequence())
        return options[0] if len(options) == 1 else ("choice", options)

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._peek() not in ("", ")", "]", "|"):
            part = self._part()
            if self._peek() == "+":
                self._take()
                part = ("repeat", [part])
            parts.append(part)
        return "sequence", parts

    def _part(self) -> _Node:
        taken = self._take()
        if taken == "(":
            node = self._choice()
            assert self._take() == ")"
            return node
        if taken == "[":
            node = self._choice()
            assert self._take() == "]"
            return "option", [node]
        if taken.startswith("<"):
            return "argument", taken[1:-1]
        return "word", taken


def free(words: str, *, opens: str = "") -> list[Rule]:
    """Return rules that take anything behind these words; for what is not about QoS."""
    return [
        rule
        for word in words.split()
        for rule in (Rule(f"{word} <line>", opens=opens), Rule(word, opens=opens))
    ]
