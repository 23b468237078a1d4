"""Input policies: what each class of a policy-map does with the packets it takes.

Sources: Catalyst 2960 Software Configuration Guide, "Classifying, Policing, and Marking Traffic by
Using Policy Maps": a policy sets the DSCP to 0 unless a class says otherwise; `trust` and `set`
exclude one another; class-default is last. Catalyst 2960 guide, QoS ACL guidelines: IP fragments
cannot be matched by extended access lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.cisco.classmap import ClassMaps, is_noise
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marks import dscp_of
from translator.drivers.cisco.police import rate_of
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import IN_USE, is_removal
from translator.drivers.cisco_catalyst.ingress import field_rules, mark
from translator.drivers.cisco_catalyst.maps import SwitchQos, check_exceed_action
from translator.drivers.doubt import Doubt
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Action, Assign, Police, Rule, Stage, Unclear

__all__ = ["Policies"]

DEFAULT_CLASS: Final = "class-default"
# Holds the lines of a policy that stand in no class we can name: it takes every packet, first.
_UNKNOWN: Final = ""
_DOUBTS: Final = (
    Doubt("access lists do not match fragments").rule(Match(fragment=True)),
    # Unverified: models differ in whether `match ip dscp` and the default reach IPv6.
    Doubt("what a policy does with IPv6 is not verified").rule(Match(version=6)),
)


@dataclass(slots=True)
class _Class:
    """One class of a policy while its lines are read."""

    name: str
    lines: list[int]
    code_point: int | None = None
    trust: str | None = None
    police: Police | None = None
    police_said: tuple[int | str, ...] = ()
    unread: list[str] = field(default_factory=list)


class Policies:
    """The policy-maps of one text, by their case-sensitive names."""

    def __init__(
        self,
        sections: Iterable[Section],
        classes: ClassMaps,
        switch: SwitchQos,
        ledger: Ledger,
    ) -> None:
        self._classes = classes
        self._switch = switch
        self._ledger = ledger
        self._policies: dict[str, dict[str, _Class]] = {}
        self._stages: dict[tuple[str, int | None], Stage] = {}
        self._lines: dict[str, list[int]] = {}
        for section in sections:
            if is_removal(section):
                self._doubt_all(section.head)
            elif not is_noise(section):
                self._read(section)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all policies, in their order."""
        return tuple(self._policies)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the lines of a policy-map."""
        return tuple(self._lines.get(name, ()))

    def stage(self, name: str, default_cos: int | None = None) -> Stage:
        """Return what a policy does to entering packets; one not in the text is unknown.

        `default_cos` is that of the port, None where the policy is looked at by itself.
        """
        classes = self._policies.get(name, {})
        if not any(item.trust == "cos" for item in classes.values()):
            default_cos = None  # no class asks for it: one stage serves all ports
        key = (name, default_cos)
        if key not in self._stages:
            self._stages[key] = Stage(f"policy-map {name}", self._rules(name, default_cos))
        return self._stages[key]

    def _rules(self, name: str, default_cos: int | None) -> tuple[Rule, ...]:
        if name not in self._policies:
            self._ledger.note(f"policy-map {name} is not defined: what it does is unknown")
            return (Doubt(f"policy-map {name} is not defined").rule(),)
        return (*_DOUBTS, *(self._rule(item, default_cos) for item in self._ordered(name)))

    def _ordered(self, name: str) -> list[_Class]:
        """Return the classes with class-default last, which is there even when unwritten."""
        found = self._policies[name]
        default = found.get(DEFAULT_CLASS) or _Class(DEFAULT_CLASS, self._lines[name][:1])
        others = [item for item in found.values() if item.name != DEFAULT_CLASS]
        others.sort(key=lambda item: item.name != _UNKNOWN)
        return [*others, default]

    def _rule(self, item: _Class, default_cos: int | None) -> Rule:
        anything = item.name in (_UNKNOWN, DEFAULT_CLASS)
        condition, below = (ANY, ()) if anything else self._classes.placed(item.name)
        lines = (*item.lines, *below)
        actions: list[Action] = [Assign(item.name)]
        if item.police is not None:
            actions.append(item.police)
        actions.extend(Unclear(reason) for reason in item.unread)
        if item.trust is None:
            actions.append(mark(self._switch, item.code_point or 0))
            return Rule(condition, tuple(actions), lines=lines)
        body = field_rules(
            item.trust, default_cos, self._switch, class_name=item.name, lines=tuple(item.lines)
        )
        return Rule(condition, tuple(actions), body=body, lines=lines)

    def _read(self, section: Section) -> None:
        keys = section.head.keys
        if len(keys) < 2 or (keys[1] == "type" and keys[2:3] != ["qos"]):
            for line in (section.head, *section.body):
                self._ledger.unread(line, "a policy-map of this type is not known here")
            return
        self._ledger.read(section.head)
        name = section.head.words[-1]
        if name in self._policies:
            self._ledger.note(f"policy-map {name} is written twice; its lines are put together")
        classes = self._policies.setdefault(name, {})
        lines = self._lines.setdefault(name, [])
        lines += (section.head.number, *(line.number for line in section.body))
        current: _Class | None = None
        for line in section.body:
            if line.keys[0] == "class":
                current = self._open_class(line, classes)
            elif line.keys[:2] == ["no", "class"]:
                current = None
                self._remove_class(line, classes)
            else:
                self._read_line(line, classes, current)

    def _doubt_all(self, line: TextLine) -> None:
        """Take in a line that may have removed a policy: nothing is known of it any more."""
        name = line.words[-1]
        self._lines.setdefault(name, []).append(line.number)
        self._unknown(line, IN_USE, self._policies.setdefault(name, {}))

    def _open_class(self, line: TextLine, classes: dict[str, _Class]) -> _Class:
        """Return a class, which keeps what it has when it is opened anew."""
        if len(line.keys) == 2 or line.keys[1:3] == ["type", "qos"]:
            self._ledger.read(line)
            item = classes.setdefault(line.words[-1], _Class(line.words[-1], []))
            item.lines.append(line.number)
            return item
        return self._unknown(line, "this form of class is not known", classes)

    def _remove_class(self, line: TextLine, classes: dict[str, _Class]) -> None:
        """Take a class out of the policy. Source: Catalyst 3750 Command Reference, `class`: the
        `no` form deletes an existing class from a policy-map.
        """
        name = line.words[-1]
        if len(line.keys) != 3 or name not in classes or name == DEFAULT_CLASS:
            self._unknown(line, "the policy has no such class that could be removed", classes)
            return
        del classes[name]
        self._ledger.read(line)

    def _unknown(self, line: TextLine, reason: str, classes: dict[str, _Class]) -> _Class:
        """Return the class of lines of which nobody knows where they act: it takes every packet."""
        self._ledger.unread(line, reason)
        item = classes.setdefault(_UNKNOWN, _Class(_UNKNOWN, []))
        item.lines.append(line.number)
        item.unread.append(f"line {line.number}: {line.text}")
        return item

    def _read_line(
        self, line: TextLine, classes: dict[str, _Class], current: _Class | None
    ) -> None:
        if line.keys[0] == "description":
            self._ledger.read(line)
            return
        if current is None:
            self._unknown(line, "the line stands in no class", classes)
            return
        try:
            _act(self, current, Cursor(line))
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            current.unread.append(f"line {line.number}: {line.text}")
            return
        current.lines.append(line.number)
        self._ledger.read(line)

    def _no(self, item: _Class, cursor: Cursor) -> None:
        """Take back an action that is written the same way, or one that is not there.

        Source: Catalyst 3750 Command Reference: the `no` forms of `set`, `trust` and `police`
        remove what was set up. Unverified: what they do where other values stand there.
        """
        if cursor.key == "no":
            raise NotReadError("'no no' is not known")
        other = _Class(item.name, [])
        _act(self, other, cursor)
        if item.code_point is not None and other.code_point is not None:
            _check_same(item.code_point, other.code_point)
            item.code_point = None
        if item.trust is not None and other.trust is not None:
            _check_same(item.trust, other.trust)
            item.trust = None
        if item.police is not None and other.police is not None:
            _check_same(item.police_said, other.police_said)
            item.police, item.police_said = None, ()

    def _set(self, item: _Class, cursor: Cursor) -> None:
        cursor.skip_if("ip")  # the switch stores `set ip dscp` as `set dscp`
        if cursor.take() != "dscp":
            # Unverified: which code point leaves when only the precedence is written.
            raise NotReadError("only `set dscp` is known on these switches")
        if item.trust is not None:
            raise NotReadError("`set` and `trust` exclude one another in a class")
        item.code_point = int(dscp_of(cursor.take()))

    def _trust(self, item: _Class, cursor: Cursor) -> None:
        word = "dscp" if cursor.done else cursor.take()
        if word not in ("cos", "dscp", "ip-precedence"):
            raise NotReadError(f"`trust {word}` is not known")
        if item.code_point is not None:
            raise NotReadError("`set` and `trust` exclude one another in a class")
        item.trust = word

    def _police(self, item: _Class, cursor: Cursor) -> None:
        rate: int
        said: tuple[int | str, ...]
        if cursor.skip_if("aggregate"):
            name = cursor.take_name()
            policer = self._switch.policers.get(name)
            if policer is None:
                state = "said in two ways" if name in self._switch.policers else "not in this text"
                raise NotReadError(f"aggregate policer {name} is {state}")
            rate, said = policer.rate_bps, (name,)
        else:
            rate = rate_of(cursor.take())
            said = (rate, cursor.take_int(), check_exceed_action(cursor))  # the burst in bytes
        if item.police is not None and said != item.police_said:
            # Unverified: whether the second one replaces the first or is refused.
            raise NotReadError("the class has another policer already")
        item.police, item.police_said = Police(rate), said


_ACTIONS: Final[dict[str, Callable[[Policies, _Class, Cursor], None]]] = {
    "set": Policies._set,
    "trust": Policies._trust,
    "police": Policies._police,
    "no": Policies._no,
}


def _act(policies: Policies, item: _Class, cursor: Cursor) -> None:
    """Take in one action of a class.

    Raises:
        NotReadError: it is not known.
    """
    word = cursor.take()
    reader = _ACTIONS.get(word)
    if reader is None:
        raise NotReadError(f"{word!r} is not known in a class of these switches")
    reader(policies, item, cursor)
    cursor.expect_end()


def _check_same(there: object, taken: object) -> None:
    if there != taken:
        raise NotReadError("the class has other values than are taken back")
