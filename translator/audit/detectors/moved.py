"""Which rule stands in the way of another, told by what happens once that one stands above it.

Rules that only tag a packet do nothing by themselves: what they lead to is decided stages later,
so the whole way is walked again with the rules in the other order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from msgspec import structs

from translator.audit.detectors.scene import Scene, Way
from translator.codepoint import TOS_DSCP_MASK, CodePoint
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Rule, SetTos, Stage
from translator.verify.boxes import value_at
from translator.verify.diagram import NOTHING, Node
from translator.verify.packet import Packet
from translator.verify.trace import Trace, trace

__all__ = ["Right", "Taken", "Taker", "may_write", "taker_on_way"]

Right = Callable[[Trace], bool]


class Taken(NamedTuple):
    """Packets that are not treated as wanted, and one of them.

    Attributes:
        others: packets that the cure must suit as well. A rule that keeps the mark of a packet is
            not meant for its class: it keeps any.
        settled: packets of other classes that are treated as wanted; the cure must leave them.
    """

    packet: Packet
    packets: Node
    others: tuple[Packet, ...] = ()
    settled: Node = NOTHING


class Taker(NamedTuple):
    """A rule, a later one that its packets are meant for, and the classes they lead to, or ""."""

    first: Rule
    later: Rule
    first_class: str
    later_class: str


class _Order(NamedTuple):
    """Rules of one list, and how a whole stage looks when the list is another."""

    rules: tuple[Rule, ...]
    stage_of: Callable[[tuple[Rule, ...]], Stage]


def may_write(stages: Iterable[Stage], code_point: CodePoint) -> bool:
    """Return whether packets without a mark may get a code point, in whatever order of rules.

    Where none of the stages writes it, no order can be right. A stage that writes some bits of
    the code point only may make any.
    """
    return code_point == 0 or any(
        action.mask & TOS_DSCP_MASK != TOS_DSCP_MASK or action.value >> 2 == code_point
        for stage in stages
        for action in _written(stage.rules)
    )


def _written(rules: Iterable[Rule]) -> Iterator[SetTos]:
    for rule in rules:
        yield from (action for action in rule.actions if isinstance(action, SetTos))
        yield from _written(rule.body)


def taker_on_way(scene: Scene, way: Way, taken: Taken, right: Right) -> Taker | None:
    """Return the rule that takes a packet from a later one that would treat it as wanted."""
    for at, stage in enumerate(way.stages):
        for order in _orders(stage):
            walk = _Walk(scene, way, at, order, taken)
            pair = walk.pair(right)
            if pair is not None:
                first, later, after = pair
                before = way.found.trace(taken.packet).class_name or ""
                return Taker(first, later, before, after.class_name or "")
    return None


def _orders(stage: Stage) -> Iterator[_Order]:
    """Yield every list of rules in a stage that has more than one."""

    def lists(
        rules: tuple[Rule, ...], stage_of: Callable[[tuple[Rule, ...]], Stage]
    ) -> Iterator[_Order]:
        if len(rules) > 1:
            yield _Order(rules, stage_of)
        for at, rule in enumerate(rules):
            if rule.body:
                yield from lists(rule.body, _inside(rules, at, stage_of))

    yield from lists(stage.rules, lambda rules: structs.replace(stage, rules=rules))


def _inside(
    rules: tuple[Rule, ...], at: int, stage_of: Callable[[tuple[Rule, ...]], Stage]
) -> Callable[[tuple[Rule, ...]], Stage]:
    def with_body(body: tuple[Rule, ...]) -> Stage:
        owner = replace(rules[at], body=body)
        return stage_of((*rules[:at], owner, *rules[at + 1 :]))

    return with_body


class _Walk(NamedTuple):
    """One packet on one way, where one list of rules may be put into another order."""

    scene: Scene
    way: Way
    at: int
    order: _Order
    taken: Taken

    def pair(self, right: Right) -> tuple[Rule, Rule, Trace] | None:
        """Return the first pair whose order decides, with what happens in the other order."""
        rules = self.order.rules
        matching = [at for at, rule in enumerate(rules) if self._may_hold(rule)]
        for place, later in enumerate(matching[1:], start=1):
            if rules[later].condition == ANY:
                continue
            if not self._is_right(later, matching[0], right):
                continue
            above = reversed(matching[:place])
            first = next((at for at in above if self._is_right(later, at, right)), later)
            if first != later and self._is_meant_for(rules[first], rules[later]):
                return rules[first], rules[later], self._moved(later, first, self.taken.packet)
        return None

    def _is_right(self, later: int, first: int, right: Right) -> bool:
        packets = (self.taken.packet, *self.taken.others)
        return all(right(self._moved(later, first, packet)) for packet in packets)

    def _may_hold(self, rule: Rule) -> bool:
        if rule.flow is Flow.NEXT:
            return False
        # What hangs on more than headers show stands in nobody's way for certain.
        packets = self.scene.certain(self.scene.widest(rule.condition))
        return value_at(self.scene.space, packets, self.taken.packet) is True

    def _moved(self, later: int, first: int, packet: Packet) -> Trace:
        """Return what happens to the packet when a rule stands right above an earlier one."""
        rules = self.order.rules
        others = (*rules[first:later], *rules[later + 1 :])
        stage = self.order.stage_of((*rules[:first], rules[later], *others))
        stages = (*self.way.stages[: self.at], stage, *self.way.stages[self.at + 1 :])
        return trace(stages, packet, self.way.found.names)

    def _is_meant_for(self, first: Rule, later: Rule) -> bool:
        """Whether the later rule may match all that the first one takes, and spoils nothing."""
        space = self.scene.space
        both = self.scene.widest(first.condition), self.scene.widest(later.condition)
        lost = space.intersection(self.taken.packets, both[0])
        if space.difference(lost, both[1]) != NOTHING:
            return False
        return space.intersection(self.taken.settled, space.intersection(*both)) == NOTHING
