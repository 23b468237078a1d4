"""What words of a shell script stand for: variables, arithmetic, tests; None where unknown."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables import split_words
from translator.drivers.wildcard import Wildcard

__all__ = [
    "LONGEST",
    "Gone",
    "State",
    "Variables",
    "filled",
    "is_known",
    "listed",
    "matches_pattern",
    "opaque",
    "tested",
]

_VARIABLE: Final = re.compile(
    r"\$(?:([A-Za-z_]\w*|[0-9@*#])|\{([A-Za-z_]\w*|[0-9@*#])(?:(:?[-=])([^{}]*))?\})"
)
_WHICH: Final = re.compile(r"\$\((?:which|command -v)\s+([\w./-]+)[^()]*\)|`which\s+([\w./-]+)`")
_SEQUENCE: Final = re.compile(r"\$\(\s*seq\s+(\d+)\s+(\d+)\s*\)|`seq\s+(\d+)\s+(\d+)`")
_ARITHMETIC: Final = re.compile(
    r"\$\(\(([\w\s+*/%()-]*)\)\)|\$\[([\w\s+*/%()-]*)\]|\$\(expr ([^()$`]*)\)"
)
_NO_NAME: Final = frozenset("0123456789@*#")  # how those begin that are no names
_MOST_WORDS: Final = 256
LONGEST: Final = 4096  # characters of a value
_MOST_FILLED: Final = 4_000_000  # characters that variables are replaced with in a script


def _quotient(left: int, right: int) -> int:
    """Divide as C does, towards zero (measured: `$(((3-10)/2))` is -3)."""
    found = abs(left) // abs(right)
    return found if (left < 0) == (right < 0) else -found


_OPERATORS: Final[dict[type, Callable[[int, int], int]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: _quotient,
    ast.Mod: lambda left, right: left - right * _quotient(left, right),
}
_COMPARISONS: Final[dict[str, Callable[[int, int], bool]]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}


class Gone(Enum):
    """Why a variable has no value that is known."""

    UNSET = "not set by the text"
    LOST = "set to what the text does not say"


State = str | Gone


class Variables:
    """The variables of one script and their values.

    Values made of values can stand for more than any memory holds: what goes beyond the room for
    them is as unknown as what the text does not say.

    Attributes:
        others: what a script or function was called with (`$1`, `$@`); a call has its own.
    """

    def __init__(self) -> None:
        self._room = _MOST_FILLED
        self._absent: State = Gone.UNSET  # what those are that were never named
        self._before: list[dict[str, State]] = []
        self._named: dict[str, State] = {}
        self.others: dict[str, State] = {}

    def state(self, name: str) -> State:
        """Return the value of a variable, or why it has none that is known."""
        if name[0] in _NO_NAME:
            return self.others.get(name, Gone.UNSET)
        return self._named.get(name, self._absent)

    def get(self, name: str) -> str | None:
        """Return the value of a variable; None where it is not known."""
        found = self.state(name)
        return found if isinstance(found, str) else None

    def __setitem__(self, name: str, value: State) -> None:
        self._note(name)
        (self.others if name[0] in _NO_NAME else self._named)[name] = value

    def lose(self, name: str) -> None:
        """Note that a variable may have any value from here on."""
        self[name] = Gone.LOST

    def lose_all(self) -> None:
        """Note that any variable may have got any value."""
        for name in self._named if self._before else ():
            self._note(name)
        self._named.clear()
        self._absent = Gone.LOST

    def update(self, values: Mapping[str, State]) -> None:
        """Give several variables their values."""
        for name, value in values.items():
            self[name] = value

    def exchange(self, values: dict[str, State]) -> dict[str, State]:
        """Put values in place of what the script was called with, and return that."""
        saved = self.others
        if self._before:
            for name in (*saved, *values):
                self._note(name)
        self.others = values
        return saved

    def begin(self) -> None:
        """Remember from here on what was there before it is changed."""
        self._before.append({})

    def end(self) -> dict[str, State]:
        """Return the names changed since `begin`, with the state that each had."""
        found = self._before.pop()
        if self._before:
            for name, value in found.items():
                self._before[-1].setdefault(name, value)
        return found

    def _note(self, name: str) -> None:
        if self._before:
            self._before[-1].setdefault(name, self.state(name))

    def gives(self, value: str) -> bool:
        """Whether there is room for a value where its name stands."""
        self._room -= len(value)
        return self._room >= 0 and len(value) <= LONGEST


def is_known(text: str) -> bool:
    """Whether nothing is left in the text that only a shell could fill in."""
    return "$" not in text and "`" not in text


def opaque(text: str) -> str:
    """Return the text so that nothing in it is ever filled in; what is known stays as it is."""
    return text if is_known(text) else text.replace("$", "$?").replace("`", "$?")


def filled(text: str, variables: Variables) -> str:
    """Return the text with what is known filled in; what is not stays as it is written."""
    if is_known(text):
        return text

    def value(found: re.Match[str]) -> str:
        name, sign, default = found[1] or found[2], found[3], found[4]
        known = variables.state(name)
        if known is Gone.LOST:
            return found[0]
        if known is not Gone.UNSET and (known or sign not in (":-", ":=")):
            return known if variables.gives(known) else found[0]
        if sign is None:
            return found[0]
        if sign.endswith("="):
            variables[name] = default.strip("\"'") if is_known(default) else Gone.LOST
        return str(default)

    if "which" in text or "command" in text:
        text = _WHICH.sub(lambda found: found[1] or found[2], text)
    text = text.replace('"$@"', "$@")
    once = _VARIABLE.sub(value, text)
    if is_known(once):  # as nearly always
        return once
    if once != text:
        once = _VARIABLE.sub(value, once)
    if "seq" in once:
        once = _SEQUENCE.sub(_sequence, once)
    if "$(" in once or "$[" in once:
        once = _ARITHMETIC.sub(lambda found: _sum(found, variables), once)
    return once


def _sequence(found: re.Match[str]) -> str:
    low, high = (int(part) for part in found.groups() if part)
    return " ".join(str(number) for number in range(low, min(high, low + _MOST_WORDS) + 1))


def _sum(found: re.Match[str], variables: Variables) -> str:
    """Return the result of whole-number arithmetic, in which names need no dollar sign."""
    text = next(part for part in found.groups() if part is not None)

    def value(name: re.Match[str]) -> str:
        known = variables.get(name[0])
        return name[0] if known is None or not variables.gives(known) else known

    text = re.sub(r"[A-Za-z_]\w*", value, text)
    try:
        return str(_value(ast.parse(text.strip().replace("/", "//"), mode="eval").body))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return found[0]


def _value(node: ast.AST) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError("no whole-number arithmetic")


def listed(text: str, variables: Variables) -> list[str] | None:
    """Return the words of a `for`, None where the text does not say them."""
    found = filled(text, variables)
    if not is_known(found) or "*" in found or "{" in found:
        return None
    try:
        words = split_words(found)
    except NotReadError:
        return None
    return words if len(words) <= _MOST_WORDS else None


def matches_pattern(subject: str, patterns: str) -> bool:
    """Whether a word is under one of the patterns of a `case` branch."""
    parts = (part.strip().strip("\"'") for part in patterns.split("|"))
    return any(Wildcard(part).fits(subject) for part in parts)


def tested(command: str, variables: Variables) -> bool | None:
    """Return what `[ ... ]`, `[[ ... ]]` or `test ...` says; None where that is not known."""
    if command.startswith("!"):
        inside = tested(command[1:].strip(), variables)
        return None if inside is None else not inside
    try:
        words = split_words(filled(command, variables))
    except NotReadError:
        return None
    if not words or words[0] not in ("[", "[[", "test"):
        return {"true": True, ":": True, "false": False}.get(" ".join(words))
    words = [word for word in words[1:] if word not in ("]", "]]")]
    if not all(is_known(word) for word in words):
        return None
    match words:
        case ["-n", *rest] if len(rest) <= 1:
            return bool(rest and rest[0])
        case ["-z", *rest] if len(rest) <= 1:
            return not (rest and rest[0])
        case [left, "=" | "==", right]:
            return Wildcard(right).fits(left) if "*" in right else left == right
        case [left, "!=", right]:
            return left != right
        case [left, sign, right] if sign in _COMPARISONS and (left + right).isdigit():
            return _COMPARISONS[sign](int(left), int(right))
    return None
