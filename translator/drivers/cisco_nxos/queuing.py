"""Policy-maps of type queuing: which queue a qos-group has where it leaves, and how it is served.

Source: Nexus 9000 QoS guide, Configuring Queuing and Scheduling: a strict queue is served before
the others, which share what it leaves by `bandwidth remaining percent`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import IN_USE, NOT_SAME, is_negative, is_removal, take_back
from translator.drivers.cisco_nxos.classes import NexusClasses
from translator.drivers.cisco_nxos.family import (
    QOS_GROUP,
    group_of_queue,
    is_rest,
)
from translator.drivers.cisco_nxos.policy import class_name
from translator.intents.condition import Condition, Tagged, conditions_in
from translator.intents.device import QueueClass, Queuing
from translator.intents.match import ANY
from translator.intents.pipeline import Assign, Rule, Service, Stage, Unclear

__all__ = ["QueuingPolicies"]

_NO_GROUP: Final = (
    "the queue follows from the qos-group, and that from the interface that the packet enters "
    "by: name it (--in)"
)
_UNSERVED: Final = "the policy does not say how this qos-group is served"
_UNITS: Final = {"bps": 1, "kbps": 10**3, "mbps": 10**6, "gbps": 10**9}
# They bear on buffers, early drop and flow control, not on which packet gets which service.
_FREE: Final = frozenset(
    ["queue-limit", "random-detect", "pause", "no-drop", "congestion-control", "mtu", "afd"]
)


@dataclass(slots=True)
class _Queue:
    """One class of a policy while its lines are read; None where the text does not say."""

    name: str
    lines: list[int]
    body: list[TextLine] = field(default_factory=list)
    priority: bool = False
    percent: int | None = None
    remaining: int | None = None
    limit_percent: float | None = None
    limit_bps: int | None = None
    early_drop: bool = False
    unclear: list[str] = field(default_factory=list)

    @property
    def service(self) -> Service:
        """A queue that is promised nothing of the line shares what is left."""
        if self.priority:
            return Service.PRIORITY
        return Service.GUARANTEED if self.percent or self.remaining else Service.BEST_EFFORT


@dataclass(slots=True)
class _Policy:
    lines: list[int]
    queues: dict[str, _Queue] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)


class QueuingPolicies:
    """The policy-maps of type queuing of one text, by their case-sensitive names."""

    def __init__(
        self, sections: Iterable[tuple[str, Section]], classes: NexusClasses, ledger: Ledger
    ) -> None:
        self._class_maps = classes
        self._ledger = ledger
        self._policies: dict[str, _Policy] = {}
        self._stages: dict[str, Stage] = {}
        for name, section in sections:
            self._add(name, section)
        for policy in self._policies.values():
            for queue in policy.queues.values():
                for line in queue.body:
                    self._read(line, queue)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the text."""
        return tuple(self._policies)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the line numbers of a policy itself."""
        return tuple(self._policies[name].lines)

    def stage(self, name: str) -> Stage:
        """Return which queue packets leave by; of a policy that is not in the text it is unknown.

        The policies that a device has from the start (`default-out-policy`) are not shown.
        """
        if name not in self._stages:
            self._stages[name] = Stage(f"policy-map {name}", tuple(self._rules(name)))
        return self._stages[name]

    def queuing(self, name: str) -> Queuing | None:
        """Return the scheduler."""
        policy = self._policies.get(name)
        if policy is None:
            return None
        order = list(Service)
        shares = _Shares(policy.queues.values())
        found = sorted(
            map(shares.queue_class, policy.queues.values()),
            key=lambda item: order.index(item.service),
        )
        return Queuing(tuple(found), lines=tuple(policy.lines))

    def _rules(self, name: str) -> Iterator[Rule]:
        policy = self._policies.get(name)
        if policy is None:
            reason = f"policy-map type queuing {name} is not in the text"
            self._ledger.note(f"{reason}: how it serves is unknown")
            yield Rule(ANY, (Unclear(reason),))
            return
        if policy.unclear:
            yield Rule(ANY, tuple(map(Unclear, policy.unclear)))
        members = {
            item.name: self._members(item.name)
            for item in policy.queues.values()
            if not is_rest(item.name)
        }
        if any(_asks_group(condition) for condition, _ in members.values()):
            yield Rule(Tagged(QOS_GROUP, (None,)), (Unclear(_NO_GROUP),))
        for queue, (condition, lines) in members.items():
            yield _rule(policy.queues[queue], condition, lines)
        rest = [item for item in policy.queues.values() if is_rest(item.name)]
        for item in rest:
            yield _rule(item, ANY, ())
        if not rest:
            yield Rule(ANY, (Unclear(_UNSERVED),), lines=tuple(policy.lines[:1]))

    def _members(self, name: str) -> tuple[Condition, tuple[int, ...]]:
        """Return what a queue holds: as the text says, else what the name means everywhere."""
        group = group_of_queue(name)
        if group is None or self._class_maps.lines_of(f"queuing {name}"):
            return self._class_maps.placed(f"queuing {name}")
        return Tagged(QOS_GROUP, (group,)), ()

    def _add(self, name: str, section: Section) -> None:
        policy = self._policies.setdefault(name, _Policy([]))
        policy.lines.append(section.head.number)
        if is_removal(section):
            self._ledger.unread(section.head, IN_USE)
            policy.unclear.append(f"line {section.head.number}: {section.head.text}")
            return
        self._ledger.read(section.head)
        current: _Queue | None = None
        for line in section.body:
            policy.lines.append(line.number)
            if line.keys[0] == "description":
                self._ledger.read(line)
            elif line.keys[0] == "class":
                current = self._open(line, policy)
            else:
                current = self._take_in(line, policy, current)

    def _open(self, line: TextLine, policy: _Policy) -> _Queue | None:
        name = class_name(line, "queuing", typed=True)
        if name is None:
            self._ledger.unread(line, "expected: class type queuing NAME")
            policy.unclear.append(f"line {line.number}: {line.text}")
            return None
        self._ledger.read(line)
        item = policy.queues.setdefault(name, _Queue(name, []))
        item.lines.append(line.number)
        return item

    def _take_in(self, line: TextLine, policy: _Policy, item: _Queue | None) -> _Queue | None:
        """Take in a line below a class; return the class in which the next one stands."""
        if item is None or line.keys[:2] == ["no", "class"]:
            # What the queues of a switch, which it has from the start, become without their class
            # is not documented.
            self._ledger.unread(line, "the line stands in no class that is known")
            policy.unclear.append(f"line {line.number}: {line.text}")
            return None
        item.lines.append(line.number)
        if not is_negative(line):
            item.body.append(line)
        elif take_back(item.body, line):
            self._ledger.read(line)
        else:
            self._ledger.unread(line, NOT_SAME)
            item.unclear.append(f"line {line.number}: {line.text}")
        return item

    def _read(self, line: TextLine, item: _Queue) -> None:
        try:
            cursor = Cursor(line)
            word = cursor.take()
            if word in _FREE:
                item.early_drop |= word == "random-detect"
            elif word in _ACTIONS:
                _ACTIONS[word](item, cursor)
                cursor.expect_end()
            else:
                raise NotReadError(f"{word!r} is not known in a policy of type queuing")
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            item.unclear.append(f"line {line.number}: {line.text}")
        else:
            self._ledger.read(line)


def _asks_group(condition: Condition) -> bool:
    return any(isinstance(part, Tagged) for part in conditions_in(condition))


def _rule(item: _Queue, condition: Condition, lines: tuple[int, ...]) -> Rule:
    unclear = map(Unclear, item.unclear)
    return Rule(condition, (Assign(item.name, item.service), *unclear), lines=(*item.lines, *lines))


def _priority(item: _Queue, cursor: Cursor) -> None:
    item.priority = True
    if cursor.skip_if("level"):
        cursor.take_int()


def _bandwidth(item: _Queue, cursor: Cursor) -> None:
    remaining = cursor.skip_if("remaining")
    if not cursor.skip_if("percent"):
        raise NotReadError("expected: bandwidth [remaining] percent NUMBER")
    value = cursor.take_int()
    if value > 100:
        raise NotReadError(f"{value} is no percentage")
    if remaining:
        item.remaining = value
    else:
        item.percent = value


def _shape(item: _Queue, cursor: Cursor) -> None:
    """Read `shape min RATE UNIT max RATE UNIT` and, of Nexus 7000, `shape average percent N`."""
    if cursor.skip_if("average"):
        if cursor.skip_if("percent"):
            item.limit_percent = float(cursor.take_int())
        else:
            item.limit_bps = _rate(cursor)
        return
    if cursor.skip_if("min"):
        _rate(cursor)
    if not cursor.skip_if("max"):
        raise NotReadError("expected: shape min RATE UNIT max RATE UNIT")
    item.limit_bps = _rate(cursor)


def _rate(cursor: Cursor) -> int:
    value = cursor.take_int()
    unit = _UNITS.get(cursor.take())
    if unit is None:
        raise NotReadError("a rate has its unit: bps, kbps, mbps or gbps")
    return value * unit


_ACTIONS: Final[dict[str, Callable[[_Queue, Cursor], None]]] = {
    "priority": _priority,
    "bandwidth": _bandwidth,
    "shape": _shape,
}


class _Shares:
    """The shares of one policy.

    What strict queues leave is divided by the weights `bandwidth remaining`. What these and
    `bandwidth percent` lack to 100 is the only word of the text about how much was meant for a
    lone strict queue, so it is given as its share; the switch does not hold it to that.
    """

    def __init__(self, queues: Iterable[_Queue]) -> None:
        known = tuple(queues)
        self._weights = sum(item.remaining or 0 for item in known)
        self._promised = sum(item.percent or 0 for item in known)
        self._strict = sum(item.priority for item in known)

    def queue_class(self, item: _Queue) -> QueueClass:
        """Return the parameters of a queue."""
        percent: float | None = item.percent
        remaining: float | None = None
        left = 100 - self._weights - self._promised
        if item.priority:
            percent = float(left) if self._strict == 1 and 0 < left < 100 else None
        elif item.remaining is not None and self._weights:
            remaining = 100 * item.remaining / self._weights
            if not self._strict:  # they share what is promised to nobody
                percent = remaining * (100 - self._promised) / 100
                remaining = None
            elif self._promised and left >= 0:
                percent, remaining = float(item.remaining), None
        return QueueClass(
            name=item.name,
            service=item.service,
            percent=percent,
            remaining_percent=remaining,
            limit_percent=item.limit_percent,
            limit_bps=item.limit_bps,
            congestion_avoidance=item.early_drop,
            lines=tuple(item.lines),
        )
