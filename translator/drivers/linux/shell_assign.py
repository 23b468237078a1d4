"""Carries out what a shell script does to its variables, in the shell that runs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables import split_words
from translator.drivers.linux.shell_names import (
    ANY_NAME,
    DECLARES,
    LOCAL,
    Assignment,
    calculate,
    calculations,
    changed_names,
    declared,
    taken_names,
    value_of,
    words_in,
)
from translator.drivers.linux.shell_values import (
    LONGEST,
    Gone,
    State,
    Variables,
    filled,
    is_known,
    opaque,
)

__all__ = ["Assigner", "words_of"]

_MOST_CALCULATIONS: Final = 256  # of one command
_NUMBERS: Final = tuple(map(str, range(1, 10)))
_SETS: Final = frozenset({"unset", "set", "shift", *DECLARES})


class Assigner:
    """Changes the variables of one script; calls of functions stand in each other."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._locals: list[dict[str, State]] = []  # of each call: what was there before
        self._integers: set[str] = set()  # `declare -i`: what is assigned is calculated

    def assign(self, found: Sequence[Assignment]) -> bool | None:
        """Take over assignments; True where all their values are known, else None."""
        sure = True
        for item in found:
            sure = self._assign(item) and sure
            if "((" in (item.value or ""):
                self._calculate(item.value or "")
        return True if sure else None

    def lose(self, names: Iterable[str]) -> None:
        """Note that variables may have any value from here on; `ANY_NAME` stands for all."""
        for name in names:
            if name == ANY_NAME:
                self._variables.lose_all()
            else:
                self._variables.lose(name)

    def carry_out(self, first: str, text: str) -> bool:
        """Carry out a command of the shell that only changes variables; False when it is none."""
        if first not in _SETS:
            return False
        rest = text[len(first) :].strip()
        if first == "shift":
            self._shift()
        elif first == "set":
            self._set_arguments(rest)
        elif first != "unset":
            self._declare(first, rest)
        elif is_known(rest):
            self._variables.update(dict.fromkeys(changed_names(text), Gone.UNSET))
        else:
            self._variables.lose_all()
        return True

    def follow(self, text: str) -> None:
        """Carry out what any other command does to variables besides."""
        self._calculate(text)
        first, _, rest = text.partition(" ")
        self.lose(taken_names(first, rest))

    def enter(self, text: str) -> dict[str, State]:
        """Begin the call of a function with these words; return what `leave` wants."""
        self._locals.append({})
        known = filled(text, self._variables)
        try:
            words = split_words(known) if is_known(known) else None
        except NotReadError:
            words = None
        called_with = _open_arguments(known) if words is None else _arguments(words)
        return self._variables.exchange(called_with)

    def leave(self, saved: dict[str, State]) -> None:
        """End a call: its words and its own variables are gone."""
        self._variables.exchange(saved)
        self._variables.update(self._locals.pop())

    def _calculate(self, text: str) -> None:
        if "((" in text or text.startswith("let "):
            found = [*islice(calculations(text), _MOST_CALCULATIONS + 1)]
            if len(found) > _MOST_CALCULATIONS:
                self._variables.lose_all()
                return
            for expression in found:
                calculate(expression, self._variables)

    def _assign(self, item: Assignment) -> bool:
        value = value_of(item.value or "", self._variables)
        if item.adds and value is not None:
            before = self._variables.state(item.name)
            before = "" if before is Gone.UNSET else before
            value = before + value if isinstance(before, str) else None
        if item.element or item.name in self._integers or len(value or "") > LONGEST:
            value = None
        self._variables[item.name] = Gone.LOST if value is None else value
        return value is not None

    def _declare(self, first: str, rest: str) -> None:
        for item in declared(rest):
            if first in LOCAL and self._locals:
                self._locals[-1].setdefault(item.name, self._variables.state(item.name))
            if any("i" in word for word in rest.split() if word[0] in "-+"):
                self._integers.add(item.name)
            if item.value is not None:
                self.assign((item,))
            elif first in LOCAL:
                self._variables.lose(item.name)  # bash empties it, dash does not (measured)

    def _set_arguments(self, rest: str) -> None:
        """Read `set -- A B`; options alone change nothing here."""
        if not rest or (rest[0] in "-+" and not rest.startswith("--")):
            return
        words = words_of(rest.removeprefix("--"), self._variables)
        self.lose((*_NUMBERS, "@", "*", "#"))
        if words is not None:
            self._put_arguments(words)

    def _shift(self) -> None:
        states = [self._variables.state(name) for name in _NUMBERS[1:]]
        if Gone.LOST not in states:
            self._put_arguments([value for value in states if isinstance(value, str)])

    def _put_arguments(self, words: Sequence[str]) -> None:
        unset = dict.fromkeys(_NUMBERS, Gone.UNSET)
        self._variables.update({**unset, **_arguments(words)})


def words_of(text: str, variables: Variables) -> list[str] | None:
    """Return the words of a text with its variables filled in, None where it does not say them."""
    known = filled(text, variables)
    if is_known(known):
        with suppress(NotReadError):
            return split_words(known)
    return None


def _open_arguments(text: str) -> dict[str, State]:
    """Return the same of words that are not all known: these show, and nothing fills them in.

    Behind one without quotes, which may become none or many, the numbers of words are not known.
    """
    shown: list[str] = []
    numbered: dict[str, State] = {}
    sure = True
    for number, word in enumerate(words_in(text.strip()), start=1):
        plain = opaque(word)
        shown.append(plain)
        sure = sure and (plain is word or word.startswith('"'))
        numbered[str(number)] = plain.strip("\"'") if sure else f"$?{plain}"
    joined, count = " ".join(shown), str(len(shown)) if sure else Gone.LOST
    rest = dict.fromkeys(_NUMBERS, Gone.UNSET if sure else Gone.LOST)
    return {**rest, **numbered, "@": joined, "*": joined, "#": count}


def _arguments(words: Sequence[str]) -> dict[str, State]:
    """Return what a script or function sees as `$1`, `$@` and the like."""
    quoted = " ".join([f"'{word}'" if " " in word else word for word in words])
    return {
        **dict(zip(_NUMBERS, words, strict=False)),
        "@": quoted, "*": quoted, "#": str(len(words)),
    }  # fmt: skip
