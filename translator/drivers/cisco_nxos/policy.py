"""Policy-maps of type qos: what each class writes into the header and which qos-group it gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marking import read_set
from translator.drivers.cisco.police import SECOND_POLICER, Policer, read_police
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.tablemap import TableMaps
from translator.drivers.cisco.taken_back import (
    IN_USE,
    NOT_SAME,
    is_negative,
    is_removal,
    negated,
    take_back,
)
from translator.drivers.cisco_nxos.classes import NexusClasses
from translator.intents.match import ANY
from translator.intents.pipeline import Assign, Flow, Rule, Stage, Unclear

__all__ = ["CLASS_DEFAULT", "QosPolicies", "class_name"]

CLASS_DEFAULT: Final = "class-default"
# Holds the lines of a policy that stand in no class we can name: it takes every packet, first.
_UNKNOWN: Final = ""


def class_name(line: TextLine, kind: str, *, typed: bool) -> str | None:
    """Return the name behind `class [type KIND]`; None for another form.

    Args:
        typed: whether the words `type KIND` must stand there.
    """
    words, keys = line.words, line.keys
    if keys[1:3] == ["type", kind]:
        words, keys = [words[0], *words[3:]], [keys[0], *keys[3:]]
    elif typed or keys[1:2] == ["type"]:
        return None
    if len(words) == 4 and keys[2] == "insert-before":
        return None  # where it puts the class is said by a list of commands, not by a device
    return words[1] if len(words) == 2 else None


@dataclass(slots=True)
class _Class:
    name: str
    lines: list[int]
    body: list[TextLine] = field(default_factory=list)
    marks: list[Rule] = field(default_factory=list)
    policers: list[Policer] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Policy:
    lines: list[int]
    classes: dict[str, _Class] = field(default_factory=dict)


class QosPolicies:
    """The policy-maps of type qos of one text, by their case-sensitive names."""

    def __init__(
        self, sections: Iterable[tuple[str, Section]], classes: NexusClasses, ledger: Ledger
    ) -> None:
        self._class_maps = classes
        self._ledger = ledger
        self._tables = TableMaps((), ledger)
        self._policies: dict[str, _Policy] = {}
        self._stages: dict[str, Stage] = {}
        for name, section in sections:
            self._add(name, section)
        for policy in self._policies.values():
            for item in policy.classes.values():
                for line in item.body:
                    self._read(line, item)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the text."""
        return tuple(self._policies)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the line numbers of a policy itself."""
        return tuple(self._policies[name].lines)

    def stage(self, name: str) -> Stage:
        """Return what the policy does to a packet; of one that is not in the text it is unknown."""
        if name not in self._stages:
            self._stages[name] = Stage(f"policy-map {name}", self._rules(name))
        return self._stages[name]

    def _rules(self, name: str) -> tuple[Rule, ...]:
        policy = self._policies.get(name)
        if policy is None:
            reason = f"policy-map type qos {name} is not defined"
            self._ledger.note(f"{reason}: what it does is unknown")
            return (Rule(ANY, (Unclear(reason),)),)
        others = [item for item in policy.classes.values() if item.name != CLASS_DEFAULT]
        others.sort(key=lambda item: item.name != _UNKNOWN)
        default = policy.classes.get(CLASS_DEFAULT, _Class(CLASS_DEFAULT, policy.lines[:1]))
        return tuple(map(self._rule, (*others, default)))

    def _rule(self, item: _Class) -> Rule:
        anything = item.name in (_UNKNOWN, CLASS_DEFAULT)
        condition, below = (ANY, ()) if anything else self._class_maps.placed(item.name)
        unclear = (Unclear(reason) for reason in item.unclear)
        return Rule(
            condition,
            (Assign(item.name), *unclear),
            body=(*item.marks, *map(_policed, item.policers)),
            lines=(*item.lines, *below),
        )

    def _add(self, name: str, section: Section) -> None:
        if name in self._policies and not is_removal(section):
            self._ledger.note(f"policy-map {name} is written twice; its lines are put together")
        policy = self._policies.setdefault(name, _Policy([]))
        policy.lines.append(section.head.number)
        if is_removal(section):
            item = self._unknown(policy)
            item.lines.append(section.head.number)
            self._doubt(section.head, IN_USE, item)
            return
        self._ledger.read(section.head)
        current: _Class | None = None
        for line in section.body:
            policy.lines.append(line.number)
            if line.keys[0] == "class":
                current = self._open(line, policy)
            elif line.keys[:2] == ["no", "class"]:
                self._remove(line, policy)
                current = None
            elif line.keys[0] == "description":
                self._ledger.read(line)
            else:
                self._take_in(line, current or self._unknown(policy))

    def _take_in(self, line: TextLine, item: _Class) -> None:
        item.lines.append(line.number)
        if not is_negative(line):
            item.body.append(line)
        elif take_back(item.body, line):
            self._ledger.read(line)
        else:
            self._doubt(line, NOT_SAME, item)

    def _doubt(self, line: TextLine, reason: str, item: _Class) -> None:
        self._ledger.unread(line, reason)
        item.unclear.append(f"line {line.number}: {line.text}")

    def _remove(self, line: TextLine, policy: _Policy) -> None:
        """Take a class away, as typed commands do."""
        name = class_name(negated(line), "qos", typed=False)
        if name not in (None, CLASS_DEFAULT) and policy.classes.pop(name or "", None) is not None:
            self._ledger.read(line)
            return
        item = self._unknown(policy)
        item.lines.append(line.number)
        self._doubt(line, "the policy has no such class to take away", item)

    def _open(self, line: TextLine, policy: _Policy) -> _Class:
        name = class_name(line, "qos", typed=False)
        if name is None:
            self._ledger.unread(line, "this form of class is not known in a policy of type qos")
            item = self._unknown(policy)
            item.lines.append(line.number)
            item.unclear.append(f"line {line.number}: {line.text}")
            return item
        self._ledger.read(line)
        item = policy.classes.setdefault(name, _Class(name, []))
        item.lines.append(line.number)
        return item

    def _unknown(self, policy: _Policy) -> _Class:
        return policy.classes.setdefault(_UNKNOWN, _Class(_UNKNOWN, []))

    def _read(self, line: TextLine, item: _Class) -> None:
        try:
            self._action(line, item)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            item.unclear.append(f"line {line.number}: {line.text}")
        else:
            self._ledger.read(line)

    def _action(self, line: TextLine, item: _Class) -> None:
        word = line.keys[0]
        if item.name == _UNKNOWN:
            raise NotReadError("the line stands in no class that is known")
        if word == "set":
            item.marks.extend(read_set(Cursor(line, 1), self._tables, self._ledger))
        elif word == "police":
            policer = read_police(Cursor(line, 1))
            if item.policers and policer != item.policers[-1]:
                raise NotReadError(SECOND_POLICER)
            item.policers.append(policer)
        else:
            raise NotReadError(f"{word!r} is not known in a policy of type qos")


def _policed(policer: Policer) -> Rule:
    try:
        return Rule(ANY, policer.actions(), Flow.NEXT)
    except NotReadError as error:
        return Rule(ANY, (Unclear(str(error)),), Flow.NEXT)
