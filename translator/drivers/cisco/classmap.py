"""Class-maps: `match` lines and the conditions they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from translator.drivers.cisco.criteria import CRITERIA
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.lists import AccessLists
from translator.drivers.cisco.reader import Section, TextLine, line_of
from translator.drivers.cisco.taken_back import (
    IN_USE,
    NOT_SAME,
    NOTHING,
    has_negatives,
    is_removal,
    taken_back,
)
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
)
from translator.intents.match import ANY, Match

__all__ = ["OTHER_CLASS_TYPES", "QUEUING_TYPES", "ClassMaps", "is_noise", "name_of"]

# Firewalls, subscribers, control-plane logging: they serve no class and mark nothing.
OTHER_CLASS_TYPES: Final = frozenset(
    [
        "inspect",
        "control",
        "control-plane",
        "traffic",
        "pbr",
        "access-control",
        "port-filter",
        "queue-threshold",
        "logging",
        "performance-monitor",
        "appnav",
        "mace",
        "waas",
        "stack",
        "urlfilter",
        "multicast-flows",
        "site-manager",
        "packet-service",
        "epbr",
        "service-chain",
        "redirect",
        "policy-firewall",
        "regex",
        "http",
    ]
)
# Classes and policies of sibling platforms; a plain `service-policy` cannot bind them.
QUEUING_TYPES: Final = frozenset({"network-qos", "queuing", "queueing"})
# What a line may refer to.
_LIST: Final = "access-group"
_CLASS: Final = "class-map"
_MOST_NESTED: Final = 500_000  # lines and matches of lists and classes, in each class with them
_PORTS_PER_LINE: Final = 8  # ports of one line that count as a line of a list
_MOST_PLACED: Final = 500_000  # lines of classes, in each class of a policy that names them
_FEW: Final = 8  # lines of a class that are not counted: a text is no longer for them
_DEEPEST: Final = 32  # classes inside classes; devices nest a few
# Made by the device itself for its control plane; never bound to an interface.
_NOISE_NAMES: Final = ("system-cpp-", "copp-", "non-client-nrt-class", "port_child_policy")


def is_noise(section: Section) -> bool:
    """Whether a class-map or policy-map has nothing to do with QoS of forwarded packets."""
    keys = section.head.keys
    if len(keys) > 2 and keys[1] == "type" and keys[2] in OTHER_CLASS_TYPES:
        return True
    return keys[-1].startswith(_NOISE_NAMES)


def name_of(section: Section) -> str | None:
    """Return the name of a class-map or policy-map; None when its type is not known.

    Types have name spaces of their own: `type queuing Q` is named `queuing Q`.
    """
    words, keys = section.head.words, section.head.keys
    if len(keys) < 2:
        return None
    if keys[1] != "type":
        return words[-1]
    if len(keys) < 4 or keys[2] not in QUEUING_TYPES | {"qos"}:
        return None
    return words[-1] if keys[2] == "qos" else f"{keys[2]} {words[-1]}"


class ClassMaps:
    """The class-maps of one text. Their names are case-sensitive, keywords are not."""

    criteria: ClassVar[Mapping[str, Callable[[Cursor], Condition]]] = CRITERIA

    def __init__(self, sections: Iterable[Section], lists: AccessLists, ledger: Ledger) -> None:
        self._lists = lists
        self._ledger = ledger
        self._sections: dict[str, list[Section]] = {}
        self._removed: dict[str, TextLine] = {}
        self._conditions: dict[str, Condition] = {}
        self._lines: dict[str, tuple[int, ...]] = {}
        self._open: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._nested = 0  # matches of classes inside the one that is read
        self._room = _MOST_NESTED
        self._places = _MOST_PLACED
        for section in sections:
            if not is_noise(section):
                self._add(section)

    def read_all(self) -> None:
        """Read every class-map, used or not, so that all of its lines are accounted for."""
        for name in self._sections:
            self.condition(name)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the line numbers of a class and of all lists and classes under it."""
        return self._lines.get(name, ())

    def placed(self, name: str) -> tuple[Condition, tuple[int, ...]]:
        """Return what a class matches and its lines, for a policy that names it.

        What many policies make of a large list is followed up to a limit; a class beyond it is an
        unread predicate.
        """
        condition, lines = self.condition(name), self.lines_of(name)
        if len(lines) <= _FEW:
            return condition, lines
        self._places -= len(lines) - _FEW
        if self._places >= 0:
            return condition, lines
        reason = "policies stand for more lines of lists than are followed"
        self._ledger.note(reason)
        return Predicate(f"class-map {name}: {reason}", unread=True), lines[:1]

    def condition(self, name: str) -> Condition:
        """Return what a class matches; an undefined one is an unread predicate."""
        if name == "class-default":
            return ANY
        if name in self._conditions:
            return self._conditions[name]
        if name not in self._sections:
            self._ledger.note(f"class-map {name} is not defined: what it matches is unknown")
            return Predicate(f"class-map {name} is not defined", unread=True)
        if name in self._open:
            self._ledger.note(f"class-map {name} refers to itself")
            return Predicate(f"class-map {name} refers to itself", unread=True)
        if len(self._open) >= _DEEPEST:
            self._ledger.note(f"class-map {name} stands too deep inside others")
            return Predicate(f"class-map {name} stands too deep", unread=True)
        self._open.add(name)
        self._conditions[name] = self._read(name)
        self._open.discard(name)
        return self._conditions[name]

    def _add(self, section: Section) -> None:
        name = name_of(section)
        if name is None:
            for line in (section.head, *section.body):
                self._ledger.unread(line, "a class-map of this type is not known on this platform")
            return
        if is_removal(section):
            self._removed[name] = section.head
            return
        if name in self._sections:
            self._ledger.note(f"class-map {name} is written twice; its lines are put together")
        self._sections.setdefault(name, []).append(section)

    def _read(self, name: str) -> Condition:
        sections = self._sections[name]
        lines: Sequence[TextLine] = sections[0].body
        if len(sections) > 1:
            lines = [line for section in sections for line in section.body]
        idle, lost = taken_back(lines, self._meaning) if has_negatives(lines) else NOTHING
        parts: list[Entry] = []
        numbers: list[int] = []
        outside, self._nested = self._nested, 0
        for section in sections:
            self._ledger.read(section.head)
            numbers.append(section.head.number)
            for line in section.body:
                if line.number in idle:
                    self._ledger.read(line)
                elif line not in lost:
                    part = self._part(line, numbers)
                    if part is not None:
                        parts.append(Entry(True, part, line.number))
        removed = self._removed.get(name)
        if removed is not None:
            lost = (removed, *lost)
        numbers += [line.number for line in lost]
        self._lines[name] = tuple(dict.fromkeys(numbers))
        self._sizes[name] = self._nested + len(parts)
        self._nested = outside
        for line in lost:
            self._ledger.unread(line, IN_USE if line is removed else NOT_SAME)
        return _unread(lost[0]) if lost else self._joined(name, sections, parts)

    def _meaning(self, text: str) -> object:
        """Return what is equal for lines that a device takes for the same."""
        said = _said(self.criteria.get, text)
        return text if isinstance(said, str) or said.left else said

    def _joined(self, name: str, sections: list[Section], parts: list[Entry]) -> Condition:
        """Return what the match lines of a class come to."""
        if not parts:
            # Unverified: what a class-map without a match line matches.
            self._ledger.note(f"class-map {name} has no match line: what it matches is unknown")
            return Predicate(f"class-map {name} has no match line", unread=True)
        if len(parts) == 1:
            return parts[0].condition
        match_any = _is_any(sections[0])
        for section in sections:
            if _is_any(section) != match_any:
                # Unverified: whether a class keeps how its lines are joined when it is opened anew.
                self._ledger.unread(section.head, "it joins its lines otherwise than it did above")
                every, some = self.all_of(name, parts), self.any_of(parts)
                return AnyOf((every, AllOf((some, _unread(section.head)))))
        return self.any_of(parts) if match_any else self.all_of(name, parts)

    def any_of(self, parts: Sequence[Entry]) -> Condition:
        """Return that one of the match lines fits."""
        # A list of permits means the same as "any of", and says which line it was.
        return AccessList(tuple(parts))

    def all_of(self, name: str, parts: Sequence[Entry]) -> Condition:
        """Return that all match lines of a class fit."""
        del name
        return AllOf(tuple(entry.condition for entry in parts))

    def _part(self, line: TextLine, numbers: list[int]) -> Condition | None:
        # "description:" with a colon is what a scrubbing tool leaves; it decides nothing either.
        if line.keys[0].startswith("description") or line.keys[0] == "alias":
            self._ledger.read(line)
            return None
        numbers.append(line.number)
        try:
            condition = self._match(line, numbers)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            return _unread(line)
        self._ledger.read(line)
        return condition

    def _match(self, line: TextLine, numbers: list[int]) -> Condition:
        said = _said(self.criteria.get, line.text)
        if isinstance(said, str):
            raise NotReadError(said)
        condition = self._meant(said, numbers)
        if said.left:
            raise NotReadError(said.left)
        return Not(condition) if said.negated else condition

    def _add_lines(self, numbers: list[int], lines: tuple[int, ...], matches: int = 0) -> None:
        """Add the lines of what a class refers to, as long as there is room for them.

        Raises:
            NotReadError: a page of classes inside classes stands for more than can be followed.
        """
        self._room -= len(lines) + matches
        if self._room < 0:
            raise NotReadError("classes stand for more lines than are followed")
        numbers.extend(lines)

    def _meant(self, said: _Said, numbers: list[int]) -> Condition:
        """Return what a line asks of a packet; it takes in the lines of what it refers to."""
        name = said.name
        if said.refers == _LIST:
            condition = self._lists.condition(name)
            self._add_lines(numbers, self._lists.lines_of(name))
            return condition
        if said.refers == _CLASS:
            condition = self.condition(name)
            matches = self._sizes.get(name, 1)
            self._add_lines(numbers, self.lines_of(name), matches)
            self._nested += matches
            return condition
        self._add_lines(numbers, (), said.size)
        return said.condition


def _unread(line: TextLine) -> Predicate:
    return Predicate(f"line {line.number}: {line.text}", unread=True)


def _is_any(section: Section) -> bool:
    return "match-any" in section.head.keys


class _Said(NamedTuple):
    """What a `match` line says, whatever else the text holds.

    Attributes:
        condition: of a line that refers to nothing.
        size: how many lines of a list it counts for.
        refers: what kind of thing it refers to, if any; `name` is the name of that.
        left: why the words behind are not understood, if any are left.
    """

    negated: bool
    condition: Condition = ANY
    size: int = 0
    refers: str = ""
    name: str = ""
    left: str = ""


_ReaderOf = Callable[[str], Callable[[Cursor], Condition] | None]


# A fleet repeats the same lines on each device; few, because one may stand for thousands of ports.
@lru_cache(maxsize=512)
def _said(reader_of: _ReaderOf, text: str) -> _Said | str:
    """Return what a line of a class-map says, or why it is not understood.

    Args:
        reader_of: gives what reads a criterion, by its first word.
    """
    line = line_of(text)
    cursor = Cursor(line)
    try:
        if not cursor.skip_if("match"):
            raise NotReadError(f"{line.words[0]!r} is not known in a class-map")
        said = _criterion(reader_of, cursor)
    except NotReadError as error:
        return str(error)
    try:
        cursor.expect_end()
    except NotReadError as error:
        return said._replace(left=str(error))
    return said


def _criterion(reader_of: _ReaderOf, cursor: Cursor) -> _Said:
    negated = cursor.skip_if("not")
    word = cursor.take()
    if word == _LIST:
        cursor.skip_if("name")
        return _Said(negated, refers=_LIST, name=cursor.take_name())
    if word == _CLASS:
        return _Said(negated, refers=_CLASS, name=cursor.take_name())
    read = reader_of(word)
    if read is None:
        raise NotReadError(f"'match {word}' is not known")
    condition = read(cursor)
    return _Said(negated, condition, _ports_in(condition) // _PORTS_PER_LINE)


def _ports_in(condition: Condition) -> int:
    """Return how many ports `ip rtp` made of one line."""
    first = condition.parts[0] if isinstance(condition, AnyOf) else condition
    return len(first.destination_ports) if isinstance(first, Match) else 0
