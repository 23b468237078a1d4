"""From what a device does to intents that ask for exactly that, interface by interface.

The behaviour is what is lifted, not the text: whatever lists, chains and filters a platform has,
the packets of each class become a short first-match list, and its queues become those of intents.
What intents cannot say stays behind; whoever translates finds it by comparing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import eq
from typing import Final

from translator.audit.semdiff.ways import Text
from translator.audit.translation.cover import PLAIN_SIZE, Region, rules_for, size_of
from translator.audit.translation.known import markings, without_predicates
from translator.audit.translation.queues import QueueLifter
from translator.codepoint import CodePoint
from translator.errors import UndecidedError, UsageError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.condition import AnyOf, Condition
from translator.intents.device import DeviceQos
from translator.intents.match import Match
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueuingIntent,
    Role,
    TrafficClass,
    check_interface_name,
)
from translator.intents.pipeline import Assign, Rule
from translator.verify.behaviour import behaviour
from translator.verify.classes import class_diagram
from translator.verify.conditions import packets_of
from translator.verify.diagram import NOTHING, Node, Space
from translator.verify.fields import TOS
from translator.verify.treatment import KEEP, Change, Marking

__all__ = ["LeftOut", "Lifted", "class_name", "lift", "packets_unasked"]

_DF: Final = CodePoint(0)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the text that is not carried over, with its lines."""

    what: str
    lines: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.lines:
            return self.what
        word = "line" if len(self.lines) == 1 else "lines"
        return f"{word} {', '.join(_runs(self.lines))}: {self.what}"


@dataclass(frozen=True, slots=True)
class Lifted:
    """The intents, and what of each interface was not put into them.

    Attributes:
        unqueued: interfaces whose queues are left out.
        marked: what the intents write on packets that enter, by interface.
    """

    intents: DeviceIntents
    left_out: tuple[LeftOut, ...] = ()
    unqueued: frozenset[str] = frozenset()
    marked: Mapping[str, Node] = field(default_factory=dict)


def lift(
    source: Text,
    target: Capabilities,
    space: Space,
    rates: Mapping[str, int] | None = None,
    device: str = "device",
) -> Lifted:
    """Return intents that ask for what the source does, for a platform of some capabilities.

    Args:
        target: what that platform's proofs do not cover need not be kept apart here.
        rates: rates of lines in bit/s, by interface, where they are known.
        device: what the device is to be called.
    """
    return _Lifter(source, target, space, rates or {}).lifted(device)


def class_name(text: str) -> str:
    """Return a class's name as a name that any platform takes."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_") or "class"


class _Lifter:
    """Lifts one device."""

    def __init__(
        self, source: Text, target: Capabilities, space: Space, rates: Mapping[str, int]
    ) -> None:
        self._device = source.device
        self._space = space
        self._rates = rates
        self._source_names = source.names
        self._names = _names(source)
        self._late = source.capabilities.has(Feature.MARK_AT_EGRESS)
        free = packets_unasked(source.capabilities, target)
        self._free = NOTHING if free is None else packets_of(free, space)
        self._classes = target.classes
        self._queues = QueueLifter(self._device, self._names, space)
        self._left_out: list[LeftOut] = []

    def lifted(self, device: str) -> Lifted:
        for name in self._source_names:
            if not _is_plain(name):
                what = f"{name}: it is not the name of a single interface"
                self._left_out.append(LeftOut(what, self._device.interface(name).lines))
        marked = {name: self._marking(name) for name in self._names}
        unqueued: set[str] = set()
        interfaces = []
        for name in self._names:
            classifier, reset = self._classifier(name, marked[name])
            queuing, egress = self._queuing(name)
            if queuing is None and self._device.interface(name).queuing is not None:
                unqueued.add(name)
            interfaces.append(
                InterfaceIntents(
                    name,
                    _role(bool(classifier or reset), queuing, egress),
                    classifier,
                    reset,
                    queuing,
                    egress,
                    self._rates.get(name),
                )
            )
        plan = f"{self._device.platform} configuration"
        intents = DeviceIntents(device, plan, tuple(interfaces))
        return Lifted(intents, tuple(self._left_out), frozenset(unqueued), marked)

    def _marking(self, name: str) -> Node:
        """Return what is written on packets that enter, as far as the exit does not matter."""
        entering = markings(self._space, behaviour(self._device, name, None, self._space))
        if not self._late:
            return entering
        # The platform marks on the way out: what all exits write is as good as written here.
        through = {
            markings(self._space, behaviour(self._device, name, other, self._space))
            for other in self._names
            if other != name and self._device.interface(other).egress
        }
        return through.pop() if len(through) == 1 else entering

    def _classifier(
        self, name: str, marking: Node
    ) -> tuple[tuple[ClassifierRule, ...], tuple[CodePoint, ...]]:
        if not any(item != KEEP for item in self._space.leaves(marking)):
            return (), ()
        try:
            rules = self._rules(name, marking)
        except UndecidedError as error:
            self._left_out.append(LeftOut(f"{name}: what enters: {error.problem}"))
            return (), ()
        return _with_reset(rules)

    def _rules(self, name: str, marking: Node) -> tuple[ClassifierRule, ...]:
        """Return the list without classes that only keep marks, if it is no longer for that."""
        regions = self._regions(name, marking)
        writing = [item for item in regions if item.traffic_class.code_point is not None]
        while regions and regions[-1].traffic_class.code_point is None:
            regions.pop()
        short = self._list(writing)
        if short is not None and all(size_of((rule,)) <= PLAIN_SIZE for rule in short):
            return short
        whole = self._list(regions) if len(regions) > len(writing) else None
        lists = [item for item in (short, whole) if item is not None]
        if not lists:
            raise UndecidedError("the rules are too irregular to be written in some hundred others")
        return min(lists, key=size_of)

    def _list(self, regions: list[Region]) -> tuple[ClassifierRule, ...] | None:
        try:
            return rules_for(regions, self._free, self._space)
        except UndecidedError:
            return None

    def _regions(self, name: str, marking: Node) -> list[Region]:
        """Return the packets of each class and mark, in the order in which classes are named."""
        space = self._space
        named = class_diagram(self._device, name, None, space, served=False)
        named = space.map_leaves(without_predicates(space, named), lambda text: ("class", text))
        both = space.combine(named, marking, _pair)
        pairs = [leaf for leaf in space.leaves(both) if isinstance(leaf, tuple)]
        order = list(_class_order(self._device, name))
        pairs.sort(key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
        free = space.union(self._free, _undefined(space, marking))
        may = {pair: self._as_if_written(marking, pair[1]) for pair in pairs}
        names = _traffic_classes(pairs)
        found = []
        for pair in pairs:
            must = space.difference(space.members(both, partial(eq, pair)), self._free)
            for other in pairs:
                # What a class would write is kept on packets that carry it already.
                if pair[1] == KEEP and other[0] == pair[0] and other[1] != KEEP:
                    must = space.difference(must, may[other])
            if must != NOTHING:
                found.append(Region(names[pair], must, space.union(may[pair], free)))
        return self._joined(found) if len(found) >= self._classes else found

    def _joined(self, regions: list[Region]) -> list[Region]:
        """Make one class of those that write the same, for a platform that tells few apart."""
        joined: dict[CodePoint | None, Region] = {}
        for item in regions:
            first = joined.setdefault(item.traffic_class.code_point, item)
            joined[item.traffic_class.code_point] = Region(
                first.traffic_class,
                self._space.union(first.must, item.must),
                self._space.union(first.may, item.may),
            )
        return list(joined.values())

    def _as_if_written(self, marking: Node, mark: Marking) -> Node:
        """Return the packets that leave as if the mark had been written on them."""
        space = self._space
        same = space.members(marking, lambda leaf: leaf == mark)
        if mark.change is Change.KEEP:
            return same
        kept = space.members(marking, lambda leaf: leaf == KEEP)
        carrying = space.among(TOS, ((mark.value << 2, mark.value << 2 | 3),))
        return space.union(same, space.intersection(kept, carrying))

    def _queuing(self, name: str) -> tuple[QueuingIntent | None, tuple[ClassifierRule, ...]]:
        found = self._queues.lift(name, self._free, self._rates.get(name))
        for what in found.problems:
            lines = self._device.interface(name).lines
            self._left_out.append(LeftOut(f"{name}: {what}", lines))
        return found.queuing, found.classifier


def _traffic_classes(
    pairs: Iterable[tuple[str, Marking]],
) -> dict[tuple[str, Marking], TrafficClass]:
    """Return the class of each name and mark; a name with two marks has one name for each."""
    found: dict[tuple[str, Marking], TrafficClass] = {}
    taken: set[str] = set()
    for text, mark in sorted(pairs, key=lambda pair: pair[1] == KEEP):
        point = None if mark.change is Change.KEEP else CodePoint(mark.value)
        word = "keep" if point is None else point.name
        name = class_name(text or word)
        name = f"{name}-{word}" if name in taken else name
        taken.add(name)
        found[text, mark] = TrafficClass(name, point)
    return found


def _pair(one: object, mark: Marking | None) -> tuple[str, Marking] | None:
    if mark is None or not isinstance(one, tuple):
        return None
    return one[1], mark


def _undefined(space: Space, node: Node) -> Node:
    """Return the packets for which a diagram gives nothing: they are dropped."""
    return space.complement(space.members(node, lambda _: True))


def _is_plain(name: str) -> bool:
    """Whether intents can name the interface; a pattern or a variable cannot be."""
    try:
        check_interface_name(name)
    except UsageError:
        return False
    return "*" not in name


def _names(source: Text) -> tuple[str, ...]:
    """Return the interfaces, a port and its only unit as one, patterns left out."""
    device = source.device
    names = [name for name in source.names if _is_plain(name)]

    def has_equal_unit(name: str) -> bool:
        mine = device.interface(name)
        return any(
            other.startswith(f"{name}.")
            and (mine.ingress, mine.egress, mine.queuing)
            == (device.interface(other).ingress, device.interface(other).egress,
                device.interface(other).queuing)
            for other in names
        )  # fmt: skip

    return tuple(name for name in names if not has_equal_unit(name))


def _runs(lines: Iterable[int]) -> Iterator[str]:
    """Yield 3-7 and 12 of 3, 4, 5, 6, 7, 12."""
    start = last = None
    for number in (*sorted(set(lines)), None):
        if start is not None and last is not None and (number is None or number > last + 1):
            yield str(start) if start == last else f"{start}-{last}"
            start = None
        start = number if start is None else start
        last = number


def packets_unasked(source: Capabilities, target: Capabilities) -> Condition | None:
    """Return the packets that no comparison of the two platforms is about."""
    parts: list[Condition] = []
    if not (source.fragments_proven and target.fragments_proven):
        parts.append(Match(fragment=True))
    if not (source.has(Feature.IPV6) and target.has(Feature.IPV6)):
        parts.append(Match(version=6))
    return AnyOf(tuple(parts)) if parts else None


def _class_order(device: DeviceQos, name: str) -> Iterator[str]:
    """Yield the names of classes in the order of the rules that give them."""
    stages = (*device.interface(name).ingress, *device.forward)
    pending: Iterable[Rule] = [rule for stage in stages for rule in stage.rules]
    seen: dict[str, None] = {}

    def walk(rules: Iterable[Rule]) -> None:
        for rule in rules:
            for action in rule.actions:
                if isinstance(action, Assign):
                    seen.setdefault(action.class_name)
            walk(rule.body)

    walk(pending)
    yield from seen


def _with_reset(
    rules: tuple[ClassifierRule, ...],
) -> tuple[tuple[ClassifierRule, ...], tuple[CodePoint, ...]]:
    """Take a last rule that only clears code points for what it is: the reset of an edge."""
    if not rules:
        return rules, ()
    last = rules[-1]
    points = last.match.code_points
    if last.traffic_class.code_point != _DF or last.match != Match(code_points=points):
        return rules, ()
    return (rules[:-1], points) if points else (rules, ())


def _role(marks: bool, queuing: QueuingIntent | None, egress: tuple[ClassifierRule, ...]) -> Role:
    """Return the role that asks for such things; drivers name things after it."""
    if egress:
        return Role.INTERNET
    if queuing is not None:
        return Role.UPLINK if queuing.shaping_bps is None else Role.WAN
    return Role.CLIENT if marks else Role.UPLINK
