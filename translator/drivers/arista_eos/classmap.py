"""QoS class-maps: one criterion each.

Source: EOS user manual, "Creating Class Maps" (Arad, FM6000, Trident): a class map contains one
list, and subsequent `match` commands replace the existing one. Other families may keep several;
what a text with two of them does is therefore not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.drivers.arista_eos.lists import AccessLists
from translator.drivers.arista_eos.marks import code_point_of
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.intents.condition import AnyOf, Condition, Predicate
from translator.intents.match import Match

__all__ = ["ClassMaps", "type_and_name"]

_QOS: Final = frozenset({"qos", "quality-of-service"})
_VERSIONS: Final = {"ip": 4, "ipv6": 6}
_MOST_NAMED: Final = 500_000  # lines of lists, in each class that names them
_MOST_PLACED: Final = 500_000  # lines of classes, in each class of a policy that names them
_FEW: Final = 8  # lines of a class that are not counted: a text is no longer for them


def type_and_name(section: Section) -> tuple[str, str]:
    """Return the type of a class-map or policy-map, "qos" where none is written, and its name."""
    words, keys = section.head.words, section.head.keys
    if keys[1:2] != ["type"]:
        return "qos", words[-1] if len(words) > 1 else ""
    kind = keys[2] if len(keys) > 3 else ""
    return ("qos" if kind in _QOS else kind), words[-1]


class ClassMaps:
    """The QoS class-maps of one text, by their case-sensitive names."""

    def __init__(self, sections: Iterable[Section], lists: AccessLists, ledger: Ledger) -> None:
        self._lists = lists
        self._ledger = ledger
        self._known: dict[str, Condition] = {}
        self._lines: dict[str, tuple[int, ...]] = {}
        self._room = _MOST_NAMED
        self._places = _MOST_PLACED
        for section in sections:
            kind, name = type_and_name(section)
            if kind != "qos" or not name:
                continue  # routing, the control plane, mirroring
            if name in self._known:
                self._ledger.note(f"class-map {name} is written twice: what it matches is unknown")
                self._known[name] = Predicate(f"class-map {name} is written twice", unread=True)
            else:
                self._known[name] = self._read(section, name)

    def condition(self, name: str) -> Condition:
        """Return what a class matches; an undefined one is an unread predicate."""
        if name not in self._known:
            self._ledger.note(f"class-map {name} is not defined: what it matches is unknown")
            return Predicate(f"class-map {name} is not defined", unread=True)
        return self._known[name]

    def placed(self, name: str) -> tuple[Condition, tuple[int, ...]]:
        """Return what a class matches and its lines, for a policy that names it.

        What many policies make of a large list is followed up to a limit; a class beyond it is an
        unread predicate.
        """
        condition, lines = self.condition(name), self._lines.get(name, ())
        self._places -= max(0, len(lines) - _FEW)
        if self._places >= 0 or len(lines) <= _FEW:
            return condition, lines
        reason = "policies stand for more lines of lists than are followed"
        self._ledger.note(reason)
        return Predicate(f"class-map {name}: {reason}", unread=True), lines[:1]

    def _read(self, section: Section, name: str) -> Condition:
        self._ledger.read(section.head)
        numbers = [section.head.number]
        parts: list[Condition] = []
        for line in section.body:
            numbers.append(line.number)
            try:
                parts.append(self._match(line, numbers))
            except NotReadError as error:
                self._ledger.unread(line, str(error))
                parts.append(Predicate(f"line {line.number}: {line.text}", unread=True))
            else:
                self._ledger.read(line)
        self._lines[name] = tuple(dict.fromkeys(numbers))
        if len(parts) == 1:
            return parts[0]
        state = "has no match line" if not parts else "has more than one match line"
        self._ledger.note(
            f"class-map {name} {state}: what it matches is unknown"
            + (" (on some families the last line replaces the others)" if parts else "")
        )
        return Predicate(f"class-map {name} {state}", unread=True)

    def _match(self, line: TextLine, numbers: list[int]) -> Condition:
        cursor = Cursor(line)
        if not cursor.skip_if("match"):
            raise NotReadError(f"{line.words[0]!r} is not known in a class-map")
        word = cursor.take()
        if word in _VERSIONS and cursor.skip_if("access-group"):
            condition = self._list(cursor, _VERSIONS[word], numbers)
        elif word in ("vlan", "cos"):
            condition = _outside_of_the_header(word, cursor)
        elif word == "dscp":
            condition = Match(code_points=tuple(code_point_of(each) for each in _some(cursor)))
        elif word == "mac":
            condition = Predicate(" ".join(["mac", *cursor.rest()]))
        else:
            raise NotReadError(f"'match {word}' is not known")
        cursor.expect_end()
        return condition

    def _list(self, cursor: Cursor, version: int, numbers: list[int]) -> Condition:
        cursor.skip_if("name")
        name = cursor.take_name()
        condition = self._lists.condition(version, name)
        lines = self._lists.lines_of(version, name)
        self._room -= len(lines)
        if self._room < 0:
            raise NotReadError("classes stand for more lines of lists than are followed")
        numbers.extend(lines)
        return condition


def _some(cursor: Cursor) -> list[str]:
    words = cursor.rest()
    if not words:
        raise NotReadError("the line is incomplete")
    return words


def _outside_of_the_header(word: str, cursor: Cursor) -> Condition:
    """A VLAN or CoS, whose values are told apart as they are written."""
    values = [part for each in _some(cursor) for part in each.split(",") if part]
    parts = tuple(Predicate(f"{word} {value}") for value in values)
    return parts[0] if len(parts) == 1 else AnyOf(parts)
