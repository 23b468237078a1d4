"""Policy-maps: ordered classes with actions and child policies, as stages and schedulers."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from translator.drivers.cisco.classmap import QUEUING_TYPES, ClassMaps, is_noise, name_of
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.shared import Shared
from translator.drivers.cisco.tablemap import TableMaps
from translator.drivers.cisco.taken_back import IN_USE, is_removal
from translator.drivers.cisco_ios.actions import ClassActions, read_actions
from translator.intents.device import QueueClass, Queuing
from translator.intents.match import ANY
from translator.intents.pipeline import (
    Action,
    Assign,
    Drop,
    Flow,
    Rule,
    Service,
    SetTos,
    Stage,
    Unclear,
)

__all__ = ["CLASS_DEFAULT", "PolicyMaps"]

CLASS_DEFAULT = "class-default"
_DEEPEST: Final = 8  # policies inside policies; devices take three
# Rules of children, counted each time that a policy has them: a page of policies inside policies
# can stand for more than any device holds.
_MOST_NESTED: Final = 50_000
# Weight of a class without `bandwidth remaining ratio`, where others have one. Source: Cisco
# "Distribution of Remaining Bandwidth Using Ratio"; it calls the default platform-dependent and
# names 1 for classes, so no class gets a share from it, it only counts in the sum.
_DEFAULT_RATIO: Final = 1
# Holds the lines of a policy that stand in no class we can name: it takes every packet, first.
_UNKNOWN: Final = ""


class _Class(Struct):
    name: str
    lines: list[int] = []
    body: list[TextLine] = []
    actions: ClassActions = field(default_factory=ClassActions)


class _Policy(Struct):
    name: str
    lines: list[int] = []
    classes: dict[str, _Class] = {}

    @property
    def queues(self) -> bool:
        return any(item.actions.queues for item in self.classes.values())

    @property
    def children(self) -> set[str]:
        return {child for item in self.classes.values() if (child := item.actions.child)}


class PolicyMaps:
    """The policy-maps of one text by name (case-sensitive)."""

    def __init__(
        self,
        sections: Iterable[Section],
        classes: ClassMaps,
        tables: TableMaps,
        ledger: Ledger,
        shared: Shared | None = None,
    ) -> None:
        self._shared = shared
        self._class_maps = classes
        self._ledger = ledger
        self._policies: dict[str, _Policy] = {}
        self._stages: dict[tuple[str, bool], Stage] = {}
        self._queuing: dict[str, bool] = {}
        self._schedulers: dict[str, Queuing | None] = {}
        self._childless: dict[tuple[str, bool, bool], tuple[Rule, ...]] = {}
        self._nested = 0
        self._queues_of: dict[str, tuple[QueueClass, ...]] = {}
        for section in sections:
            if not is_noise(section):
                self._add(section)
        for policy in self._policies.values():
            for item in policy.classes.values():
                if item.body:
                    read_actions(item.body, item.actions, tables, ledger)

    def with_ledger(self, ledger: Ledger) -> PolicyMaps:
        """Return the same policies for another text, with an account of its own."""
        other = copy(self)
        other._ledger = ledger
        other._stages = dict(self._stages)
        return other

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all policies that can be bound, in the order of the text."""
        return tuple(name for name in self._policies if " " not in name)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the line numbers of a policy itself."""
        return tuple(self._policies[name].lines) if name in self._policies else ()

    def queues(self, name: str) -> bool:
        """Whether a policy, or a child of it, asks anything of a queue."""
        if name not in self._queuing:
            self._queuing[name] = self._queues(name)
        return self._queuing[name]

    def stage(self, name: str, *, queues: bool = True) -> Stage:
        """Return what the policy does to a packet; `queues` False leaves services out (input)."""
        queues = queues and self.queues(name)
        if (name, queues) not in self._stages:
            stage = Stage(name, self._rules(name, (), queues))
            if self._shared is not None and name in self._policies:
                stage = self._shared.stage(stage, queues)
            self._stages[name, queues] = stage
        return self._stages[name, queues]

    def queuing(self, name: str) -> Queuing | None:
        """Return the scheduler; the shaper of a lone class-default is that of the interface.

        Its classes are then those of the child policy, where there is one.
        """
        if name not in self._schedulers:
            self._schedulers[name] = self._scheduler(name)
        return self._schedulers[name]

    def _scheduler(self, name: str) -> Queuing | None:
        policy = self._policies.get(name)
        if policy is None or not self.queues(name):
            return None
        shaper = policy.classes.get(CLASS_DEFAULT)
        if shaper is None or len(policy.classes) > 1 or not shaper.actions.shapes:
            return Queuing(self._queue_classes(policy), None, tuple(policy.lines))
        child = self._policies.get(shaper.actions.child or "")
        return Queuing(
            _unshaped(shaper) if child in (None, policy) else self._queue_classes(child),
            shaper.actions.shape_bps,
            tuple(policy.lines),
            shaper.actions.shape_percent,
        )

    def _queue_classes(self, policy: _Policy) -> tuple[QueueClass, ...]:
        if policy.name not in self._queues_of:
            self._queues_of[policy.name] = _queue_classes(policy)
        return self._queues_of[policy.name]

    def _add(self, section: Section) -> None:
        name = name_of(section)
        if name is None:
            for line in (section.head, *section.body):
                self._ledger.unread(line, "a policy of this type is not known on this platform")
            return
        if is_removal(section):
            self._doubt(section.head, IN_USE, self._policies.setdefault(name, _Policy(name)))
            return
        if name in self._policies:
            self._ledger.note(f"policy-map {name} is written twice; its lines are put together")
        policy = self._policies.setdefault(name, _Policy(name))
        policy.lines.append(section.head.number)
        self._ledger.read(section.head)
        current: _Class | None = None
        for line in section.body:
            policy.lines.append(line.number)
            current = self._line(line, policy, current)

    def _line(self, line: TextLine, policy: _Policy, current: _Class | None) -> _Class | None:
        word = line.keys[0]
        if word == "class":
            return self._open_class(line, policy)
        if word == "no" and line.keys[1:2] == ["class"]:
            self._remove_class(line, policy)
            return None
        if current is None:
            if line.keys[0].startswith("description"):
                self._ledger.read(line)
            else:
                self._ledger.unread(line, "the line stands in no class")
                unknown = policy.classes.setdefault(_UNKNOWN, _Class(_UNKNOWN))
                unknown.lines.append(line.number)
                unknown.actions.unclear.append(line.text)
            return None
        current.lines.append(line.number)
        current.body.append(line)
        return current

    def _remove_class(self, line: TextLine, policy: _Policy) -> None:
        """Take a class away, as typed commands do.

        Source: IOS command reference, class (policy-map): `no class` removes it from the policy.
        """
        name = _class_name(line.words[1:])
        if name not in (_UNKNOWN, CLASS_DEFAULT) and policy.classes.pop(name, None) is not None:
            self._ledger.read(line)
            return
        self._doubt(line, "the policy has no such class to take away", policy)

    def _doubt(self, line: TextLine, reason: str, policy: _Policy) -> None:
        """Note that a line leaves the whole policy unclear."""
        self._ledger.unread(line, reason)
        unknown = policy.classes.setdefault(_UNKNOWN, _Class(_UNKNOWN))
        unknown.lines.append(line.number)
        unknown.actions.unclear.append(f"line {line.number}: {line.text}")

    def _open_class(self, line: TextLine, policy: _Policy) -> _Class:
        name = _class_name(line.words)
        item = policy.classes.setdefault(name, _Class(name))
        item.lines.append(line.number)
        if name != _UNKNOWN:
            self._ledger.read(line)
        else:
            self._ledger.unread(line, "this form of class is not known")
            item.actions.unclear.append(line.text)
        return item

    def _queues(self, name: str) -> bool:
        seen = {name}
        pending = [name]
        while pending:
            policy = self._policies.get(pending.pop())
            if policy is None:
                continue
            if policy.queues:
                return True
            below = policy.children
            pending += below - seen
            seen |= below
        return False

    def _rules(self, name: str, above: tuple[str, ...], queues: bool) -> tuple[Rule, ...]:
        policy = self._policies.get(name)
        if policy is None:
            self._ledger.note(f"policy-map {name} is not defined: what it does is unknown")
            return (Rule(ANY, (Unclear(f"policy-map {name} is not defined"),)),)
        if name in above or len(above) >= _DEEPEST:
            reason = f"policy-map {name} is its own child, or stands too deep below others"
            self._ledger.note(reason)
            return (Rule(ANY, (Unclear(reason),)),)
        if policy.children:
            return self._rules_of(policy, above, queues)
        # Many shapers have the same child: without one of its own it is the same below each.
        key = (name, bool(above), queues)
        if key not in self._childless:
            self._childless[key] = self._rules_of(policy, above, queues)
        return self._childless[key]

    def _rules_of(self, policy: _Policy, above: tuple[str, ...], queues: bool) -> tuple[Rule, ...]:
        # class-default comes last wherever it is written. Source: IOS prints it last.
        ordered = [item for item in policy.classes.values() if item.name != CLASS_DEFAULT]
        if _UNKNOWN in policy.classes:
            ordered.sort(key=lambda item: item.name != _UNKNOWN)
        ordered.append(policy.classes.get(CLASS_DEFAULT) or _Class(CLASS_DEFAULT))
        serves = queues and policy.queues
        here = (*above, policy.name)
        return tuple([self._rule(item, here, queues=queues, serves=serves) for item in ordered])

    def _rule(self, item: _Class, above: tuple[str, ...], *, queues: bool, serves: bool) -> Rule:
        actions = item.actions
        condition, lines = self._class_maps.placed(item.name) if item.name else (ANY, ())
        body = [*actions.marks, *self._policed(actions)]
        if actions.child:
            body.extend(self._child(actions, above, queues))
        found: list[Action] = [Assign(item.name, self._service(item, above) if serves else None)]
        found.extend(map(Unclear, actions.unclear))
        if actions.drops:
            found.append(Drop())
        return Rule(
            condition=condition,
            actions=tuple(found),
            body=tuple(body),
            lines=(*item.lines, *lines),
        )

    def _service(self, item: _Class, above: tuple[str, ...]) -> Service | None:
        """Return the service; a child's class without a share keeps what its parent has."""
        service = item.actions.service(is_default=item.name == CLASS_DEFAULT)
        if service is Service.BEST_EFFORT and len(above) > 1:
            return None
        return service

    def _policed(self, actions: ClassActions) -> list[Rule]:
        rules: list[Rule] = []
        for policer in actions.policers:
            try:
                rules.append(Rule(ANY, policer.actions(), Flow.NEXT))
            except NotReadError as error:
                rules.append(Rule(ANY, (Unclear(str(error)),), Flow.NEXT))
        return rules

    def _child(
        self, actions: ClassActions, above: tuple[str, ...], queues: bool
    ) -> tuple[Rule, ...]:
        if self._nested > _MOST_NESTED:
            reason = "policies inside policies stand for more rules than are followed"
            self._ledger.note(reason)
            return (Rule(ANY, (Unclear(reason),)),)
        rules = self._rules(actions.child or "", above, queues)
        self._nested += len(rules)
        marked = any(_writes_header(rule) for rule in (*actions.marks, *self._policed(actions)))
        if marked and len(rules) > 1:
            # Unverified: whether the child classifies the header before or after the parent's mark.
            return (Rule(ANY, (Unclear("parent and child policy both classify and mark"),)),)
        return rules


def _class_name(words: list[str]) -> str:
    """Return the name behind `class`, the unknown one for another form."""
    kind = words[2].lower() if len(words) == 4 and words[1].lower() == "type" else ""
    if kind == "qos" or len(words) == 2:
        return words[-1]
    return f"{words[2]} {words[3]}" if kind in QUEUING_TYPES else _UNKNOWN


def _writes_header(rule: Rule) -> bool:
    return any(isinstance(action, SetTos) for action in rule.actions) or any(
        _writes_header(inner) for inner in rule.body
    )


def _queue_classes(policy: _Policy) -> tuple[QueueClass, ...]:
    weights = sum(_ratio(item) for item in policy.classes.values() if not item.actions.priority)
    if CLASS_DEFAULT not in policy.classes:
        weights += _DEFAULT_RATIO
    found = [_queue_class(item, weights) for item in policy.classes.values() if item.name]
    if CLASS_DEFAULT not in policy.classes:
        found.append(QueueClass(CLASS_DEFAULT, Service.BEST_EFFORT))
    order = [Service.PRIORITY, Service.GUARANTEED, Service.BEST_EFFORT, Service.SCAVENGER]
    return tuple(sorted(found, key=lambda item: order.index(item.service)))


def _ratio(item: _Class) -> int:
    return item.actions.remaining_ratio or _DEFAULT_RATIO


def _unshaped(item: _Class) -> tuple[QueueClass, ...]:
    """Return a lone class without its shaper, which holds back the interface as a whole."""
    return (replace(_queue_class(item, _ratio(item)), limit_percent=None, limit_bps=None),)


def _limits(actions: ClassActions) -> tuple[float | None, int | None]:
    """Return the limit in percent or bit/s: policing of a priority class, else its shaper.

    Source: Cisco IOS Quality of Service Solutions Command Reference, `shape (policy-map class)`:
    packets of the class above the rate are delayed, though the line may be free; a percentage is
    of the bandwidth that the policy has.
    """
    if actions.limit_percent is not None or actions.limit_bps is not None:
        return actions.limit_percent, actions.limit_bps
    if actions.priority and actions.policers:
        return actions.policers[0].percent, actions.policers[0].rate_bps
    return actions.shape_percent, actions.shape_bps


def _queue_class(item: _Class, weights: int) -> QueueClass:
    """Return the parameters of a class; `weights` is the sum of all ratios of its policy."""
    actions = item.actions
    limit_percent, limit_bps = _limits(actions)
    remaining = actions.remaining_percent
    if actions.remaining_ratio is not None:
        remaining = 100 * actions.remaining_ratio / weights
    percent = actions.percent
    if percent is None and actions.priority:
        percent = limit_percent
    return QueueClass(
        name=item.name,
        service=actions.service(is_default=item.name == CLASS_DEFAULT),
        percent=percent,
        rate_bps=actions.rate_bps,
        remaining_percent=remaining,
        limit_percent=limit_percent,
        limit_bps=limit_bps,
        congestion_avoidance=actions.early_drop,
        lines=tuple(item.lines),
    )
