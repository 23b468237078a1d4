"""QoS policies where packets enter: what each class does with the packets it takes.

Sources: EOS user manual, chapter Traffic Management, "Creating Policy Maps". Its `class-default`
"matches all traffic except IPv4 or IPv6 traffic" on every family that the chapter tells of, and
does nothing unless it is told to; whether it takes IP packets elsewhere is not known, so what it
is told to do is a question, and nothing where it is told nothing. Unverified: that of the classes
of a policy the first that matches decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.arista_eos.classmap import ClassMaps, type_and_name
from translator.drivers.arista_eos.maps import CLASSES
from translator.drivers.arista_eos.marks import code_point_of
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.doubt import Doubt
from translator.intents.condition import Condition, Predicate
from translator.intents.match import ANY
from translator.intents.pipeline import (
    Action,
    Assign,
    Police,
    Rule,
    SetTag,
    Stage,
    Unclear,
    set_code_point,
)

__all__ = ["CLASS_TAG", "MARKED_TAG", "Policies"]

CLASS_TAG: Final = "traffic-class"
# Set where a policy wrote the code point: whether it is rewritten once more is not known.
MARKED_TAG: Final = "marked-by-policy"
DEFAULT_CLASS: Final = "class-default"
_TAKES_IP: Final = Predicate("class-default takes IP packets on this family", unread=True)
_UNITS: Final = {"bps": 1, "kbps": 1_000, "mbps": 1_000_000, "gbps": 1_000_000_000}
_BURSTS: Final = frozenset({"bytes", "kbytes", "mbytes", "packets"})


@dataclass(slots=True)
class _Class:
    """One class of a policy while its lines are read."""

    name: str
    lines: list[int]
    actions: list[Action] = field(default_factory=list)


class Policies:
    """The QoS policy-maps of one text, by their case-sensitive names."""

    def __init__(self, sections: Iterable[Section], classes: ClassMaps, ledger: Ledger) -> None:
        self._classes = classes
        self._ledger = ledger
        self._policies: dict[str, list[_Class]] = {}
        self._lines: dict[str, list[int]] = {}
        self._stages: dict[str, Stage] = {}
        for section in sections:
            kind, name = type_and_name(section)
            if kind == "qos" and name:
                self._read(section, name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all policies, in their order."""
        return tuple(self._policies)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the lines of a policy-map."""
        return tuple(self._lines.get(name, ()))

    def stage(self, name: str) -> Stage:
        """Return what a policy does to entering packets; one not in the text is unknown."""
        if name not in self._stages:
            self._stages[name] = Stage(f"policy-map {name}", self._rules(name))
        return self._stages[name]

    def _rules(self, name: str) -> tuple[Rule, ...]:
        if name not in self._policies:
            self._ledger.note(f"policy-map {name} is not defined: what it does is unknown")
            return (Doubt(f"policy-map {name} is not defined").rule(),)
        found = self._policies[name]
        others = [self._rule(item) for item in found if item.name != DEFAULT_CLASS]
        default = [item for item in found if item.name == DEFAULT_CLASS and item.actions]
        last = Rule(ANY, (Assign(DEFAULT_CLASS),), lines=tuple(self._lines[name][:1]))
        return (*others, *(self._default(item) for item in default), last)

    def _rule(self, item: _Class) -> Rule:
        condition: Condition = ANY
        below: tuple[int, ...] = ()
        if item.name:
            condition, below = self._classes.placed(item.name)
        actions = (Assign(item.name), *item.actions)
        return Rule(condition, actions, lines=(*item.lines, *below))

    def _default(self, item: _Class) -> Rule:
        actions = (Assign(item.name), *item.actions)
        return Rule(_TAKES_IP, actions, lines=tuple(item.lines))

    def _read(self, section: Section, name: str) -> None:
        self._ledger.read(section.head)
        if name in self._policies:
            self._ledger.note(f"policy-map {name} is written twice; its classes are put together")
        self._lines.setdefault(name, []).extend(
            (section.head.number, *(line.number for line in section.body))
        )
        found = self._policies.setdefault(name, [])
        by_name = {item.name: item for item in found}
        current: _Class | None = None
        for line in section.body:
            if line.keys[0] == "class":
                current = self._open_class(line, by_name)
                if current is not by_name.get(current.name):
                    found.append(current)
                    by_name[current.name] = current
            else:
                current = self._read_line(line, current, found)

    def _open_class(self, line: TextLine, known: Mapping[str, _Class]) -> _Class:
        """Return the class that is edited, which keeps its place; one of an unknown form takes
        every packet, as unclear.

        Source: classes are edited in a mode of their own, which entering the name enters again
        (EOS user manual, `class (policy-map)`).
        """
        if len(line.keys) == 2 or (len(line.keys) == 4 and line.keys[1] == "type"):
            self._ledger.read(line)
            item = known.get(line.words[-1]) or _Class(line.words[-1], [])
            item.lines.append(line.number)
            return item
        self._ledger.unread(line, "this form of class is not known")
        return _Class("", [line.number], [Unclear(f"line {line.number}: {line.text}")])

    def _read_line(
        self, line: TextLine, current: _Class | None, found: list[_Class]
    ) -> _Class | None:
        """Take in a line of the class that is open, and return that."""
        reader = _ACTIONS.get(line.keys[0])
        try:
            if reader is None or current is None:
                raise NotReadError(f"{line.words[0]!r} is not known in a class of a policy")
            cursor = Cursor(line, 1)
            actions = reader(cursor)
            cursor.expect_end()
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            # Outside of all classes it concerns every packet.
            if current is None:
                current = _Class("", [])
                found.append(current)
            current.actions.append(Unclear(f"line {line.number}: {line.text}"))
            current.lines.append(line.number)
            return current
        current.lines.append(line.number)
        if any(isinstance(action, Police) for action in actions):  # it has one rate
            current.actions = [item for item in current.actions if not isinstance(item, Police)]
        current.actions += actions
        self._ledger.read(line)
        return current


def _set(cursor: Cursor) -> tuple[Action, ...]:
    word = cursor.take()
    if word == "dscp":
        return set_code_point(code_point_of(cursor.take())), SetTag(MARKED_TAG, 1)
    if word == "traffic-class":
        number = cursor.take_int()
        if number >= CLASSES:
            raise NotReadError(f"there is no traffic class {number}")
        return (SetTag(CLASS_TAG, number),)
    if word in ("cos", "drop-precedence"):  # the tag, and a drop level within the queue
        cursor.take_int()
        return ()
    raise NotReadError(f"`set {word}` is not known")


def _police(cursor: Cursor) -> tuple[Action, ...]:
    """Read `police rate 10 kbps burst-size 260 kbytes [action set ...] [rate ...]`.

    The first rate is the one above which something happens; below it nothing does.
    """
    cursor.skip_if("rate") or cursor.skip_if("cir")
    rate = cursor.take_int() * _unit(cursor)
    if cursor.skip_if("burst-size") or cursor.skip_if("bc"):
        _burst(cursor)
    if cursor.skip_if("action", "set"):
        what = cursor.take()
        if what == "dscp":
            code_point_of(cursor.take())
        elif what != "drop-precedence":
            raise NotReadError(f"police action `set {what}` is not known")
        elif cursor.key.isdigit():
            cursor.take_int()
    if cursor.skip_if("rate") or cursor.skip_if("pir"):
        cursor.take_int()
        _unit(cursor)
        if cursor.skip_if("burst-size") or cursor.skip_if("be"):
            _burst(cursor)
    return (Police(rate),)


def _unit(cursor: Cursor) -> int:
    if cursor.key not in _UNITS:
        raise NotReadError("a rate in bps, kbps, mbps or gbps is expected")
    return _UNITS[cursor.take()]


def _burst(cursor: Cursor) -> None:
    cursor.take_int()
    if cursor.key in _BURSTS:
        cursor.take()


def _comment(cursor: Cursor) -> tuple[Action, ...]:
    cursor.rest()
    return ()


_ACTIONS: Final[dict[str, Callable[[Cursor], tuple[Action, ...]]]] = {
    "set": _set,
    "police": _police,
    "description": _comment,
}
