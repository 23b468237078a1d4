"""One packet through the stages, step by step: the second evaluator, and who did what.

It shares no code with the diagrams. Where a condition hangs on a predicate that the packet says
nothing about, both answers are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from translator.codepoint import CodePoint
from translator.errors import UndecidedError
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Predicate,
    Tagged,
    conditions_in,
)
from translator.intents.match import Match, Prefix
from translator.intents.pipeline import (
    Action,
    Assign,
    Drop,
    Flow,
    Police,
    Rule,
    Service,
    SetTag,
    SetTos,
    Stage,
    Unclear,
)
from translator.ports import PortRange
from translator.verify.packet import Packet
from translator.verify.program import IN_INTERFACE
from translator.verify.treatment import UNSTATED_RATE, Marking, TagValue, Treatment

__all__ = ["Answers", "Trace", "trace", "traces"]

Answers = Mapping[Predicate, bool]
_MAX_PATHS: Final = 4096
_MAX_STEPS: Final = 2_000_000  # rules and entries that a packet is tried on, one by one


class Trace(Struct, frozen=True):
    """What happened to one packet under one set of answers to open predicates.

    Attributes:
        class_name: the class it was last put into, None if into none.
        lines, rows: configuration lines and plan rows of all rules that matched, in order.
        answers: the predicates that mattered, and the answers that were assumed.
    """

    treatment: Treatment
    tos: int
    class_name: str | None
    lines: tuple[int, ...]
    rows: tuple[str, ...]
    answers: tuple[tuple[Predicate, bool], ...] = ()

    @property
    def code_point(self) -> CodePoint:
        """The code point that the packet leaves with."""
        return CodePoint(self.tos >> 2)


class _OpenQuestionError(Exception):
    """The walk cannot go on before a predicate is answered."""

    def __init__(self, predicate: Predicate) -> None:
        super().__init__(predicate.name)
        self.predicate = predicate


def trace(
    stages: Iterable[Stage], packet: Packet, names: Mapping[str, str | None] | None = None
) -> Trace:
    """Return what happens to the packet; predicates it does not carry are false.

    Args:
        names: the tags `in_interface` and `out_interface`.
    """
    return _Walk(packet, names or {}, None).through(stages)


def traces(
    stages: Sequence[Stage], packet: Packet, names: Mapping[str, str | None] | None = None
) -> list[Trace]:
    """Return what can happen to the packet; predicates it does not carry may be true or false.

    Raises:
        UndecidedError: too many predicates matter.
    """
    found: list[Trace] = []
    pending: list[dict[Predicate, bool]] = [{}]
    steps = 0
    while pending:
        answers = pending.pop()
        walk = _Walk(packet, names or {}, answers, steps=steps)
        try:
            found.append(walk.through(stages))
        except _OpenQuestionError as question:
            pending.append({**answers, question.predicate: True})
            pending.append({**answers, question.predicate: False})
        steps = walk.steps
        if len(found) + len(pending) > _MAX_PATHS:
            raise UndecidedError(
                f"what happens to {packet} hangs on too many predicates",
                hint='name those that hold: with "NAME" after the packet',
            )
    return found


@dataclass(slots=True)
class _Walk:
    """The packet on its way; `answers` None means that open predicates are false."""

    packet: Packet
    names: Mapping[str, str | None]
    answers: Answers | None
    tos: int = field(init=False)
    tags: dict[str, TagValue | None] = field(init=False)
    service: Service = Service.BEST_EFFORT
    class_name: str | None = None
    dropped: bool = False
    policed_bps: int | None = None
    unclear: set[str] = field(default_factory=set)
    lines: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self.tos = self.packet.tos
        self.tags = dict(self.names)

    def through(self, stages: Iterable[Stage]) -> Trace:
        for stage in stages:
            self.walk(stage.rules)
            if self.dropped:
                break
        unclear = tuple(sorted(self.unclear))
        if self.dropped:
            treatment = Treatment(dropped=True, unclear=unclear)
        else:
            marking = Marking.between(self.packet.tos, self.tos)
            treatment = Treatment(marking, self.service, False, self.policed_bps, unclear)
        return Trace(
            treatment,
            self.tos,
            self.class_name,
            tuple(dict.fromkeys(self.lines)),
            tuple(dict.fromkeys(self.rows)),
            tuple((self.answers or {}).items()),
        )

    def walk(self, rules: Iterable[Rule]) -> Flow:
        """Apply the rules; return STOP when the stage was left, else RETURN."""
        for rule in rules:
            self.step()
            if not self.matches(rule.condition):
                continue
            self.note(rule)
            for action in rule.actions:
                self.act(action)
                if self.dropped:
                    return Flow.STOP
            if self.walk(rule.body) is Flow.STOP:
                return Flow.STOP
            if rule.flow is not Flow.NEXT:
                return rule.flow
        return Flow.RETURN

    def note(self, rule: Rule) -> None:
        """Add the lines and rows of a rule that matched, and of lists the entries that did."""
        if isinstance(rule.condition, Match):
            self.lines += rule.lines
        else:
            deciding = set(self.deciding_lines(rule.condition))
            silent = set(_entry_lines(rule.condition)) - deciding
            self.lines += [line for line in rule.lines if line not in silent]
            self.lines += sorted(deciding)
        self.rows += rule.rows

    def step(self) -> None:
        """Count a rule or entry that the packet is tried on.

        Raises:
            UndecidedError: there were too many.
        """
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise UndecidedError(
                f"{self.packet} is tried on more rules than are followed",
                hint="name the predicates that hold, or give a text whose rules are fewer",
            )

    def act(self, action: Action) -> None:
        if isinstance(action, SetTos):
            self.tos = self.tos & ~action.mask | action.value
        elif isinstance(action, SetTag):
            self.tags[action.tag] = self.tagged(action)
        elif isinstance(action, Assign):
            self.class_name = action.class_name
            self.service = self.service if action.service is None else action.service
        elif isinstance(action, Drop):
            self.dropped = True
        elif isinstance(action, Police):
            rate = UNSTATED_RATE if action.rate_bps is None else action.rate_bps
            self.policed_bps = rate if self.policed_bps is None else min(rate, self.policed_bps)
        elif isinstance(action, Unclear):
            self.unclear.add(action.reason)

    def tagged(self, action: SetTag) -> TagValue:
        if action.mask is None or isinstance(action.value, str):
            return action.value
        old = self.tags.get(action.tag)
        kept = old & ~action.mask if isinstance(old, int) else 0
        return kept | action.value & action.mask

    def matches(self, condition: Condition) -> bool:
        if self.answers is None:
            return self.is_true(condition)
        answer = self.holds(condition)
        if isinstance(answer, Predicate):
            raise _OpenQuestionError(answer)
        return answer

    def surely(self, condition: Condition) -> bool:
        """Return whether it holds whatever the open questions' answers are."""
        if self.answers is None:
            return self.is_true(condition)
        return self.holds(condition) is True

    def is_true(self, condition: Condition) -> bool:
        """Return whether it holds where no question is open: that takes half the time."""
        if isinstance(condition, Match):
            return self.fits(condition)
        if isinstance(condition, AccessList):
            for entry in condition.entries:
                self.step()
                if self.is_true(entry.condition):
                    return entry.permit
            return False
        if isinstance(condition, AnyOf):
            return any(map(self.is_true, condition.parts))
        if isinstance(condition, AllOf):
            return all(map(self.is_true, condition.parts))
        if isinstance(condition, Not):
            return not self.is_true(condition.part)
        return self.holds(condition) is True

    def holds(self, condition: Condition) -> bool | Predicate:
        """Return whether it holds, or a predicate that must be answered first."""
        if isinstance(condition, Match):
            return self.fits(condition)
        if isinstance(condition, AllOf):
            return self.decided((self.holds(part) for part in condition.parts), False)
        if isinstance(condition, AnyOf):
            return self.decided((self.holds(part) for part in condition.parts), True)
        if isinstance(condition, Not):
            inner = self.holds(condition.part)
            return inner if isinstance(inner, Predicate) else not inner
        if isinstance(condition, AccessList):
            return self.permitted(condition)
        if isinstance(condition, Tagged):
            return self.tag_fits(condition)
        return self.asked(condition)

    def asked(self, predicate: Predicate) -> bool | Predicate:
        """Return the answer to a predicate, or the predicate where it is open."""
        if predicate.name in self.packet.predicates:
            return True
        return False if self.answers is None else self.answers.get(predicate, predicate)

    @staticmethod
    def decided(answers: Iterator[bool | Predicate], deciding: bool) -> bool | Predicate:
        """Return the deciding answer if any part gives it, else what is open, else the other."""
        open_question: Predicate | None = None
        for answer in answers:
            if isinstance(answer, Predicate):
                open_question = open_question or answer
            elif answer is deciding:
                return deciding
        return not deciding if open_question is None else open_question

    def permitted(self, condition: AccessList) -> bool | Predicate:
        open_question: Predicate | None = None
        outcomes: set[bool] = set()
        for entry in condition.entries:
            self.step()
            answer = self.holds(entry.condition)
            if isinstance(answer, Predicate):
                open_question = open_question or answer
                outcomes.add(entry.permit)
            elif answer:
                outcomes.add(entry.permit)
                break
        else:
            outcomes.add(False)
        if len(outcomes) > 1 and open_question is not None:
            return open_question
        return outcomes.pop()

    def tag_fits(self, condition: Tagged) -> bool | Predicate:
        value = self.tags.get(condition.tag)
        if value is None and condition.tag in self.names and self.answers is not None:
            return self.asked(Predicate(_interface_question(condition)))
        if condition.mask is not None:
            value = 0 if value is None else value
            return isinstance(value, int) and (value & condition.mask) in condition.values
        return value in condition.values

    def fits(self, match: Match) -> bool:
        packet = self.packet
        if match.version not in (None, packet.version):
            return False
        if match.protocols and packet.protocol not in match.protocols:
            return False
        if match.fragment not in (None, packet.fragment):
            return False
        if packet.fragment and (match.source_ports or match.destination_ports):
            return False
        if match.code_points or match.tos:
            named = any(self.tos >> 2 == point for point in match.code_points)
            if not named and not any((self.tos ^ v) & mask == 0 for v, mask in match.tos):
                return False
        return (
            _within(match.source_ports, packet.source_port)
            and _within(match.destination_ports, packet.destination_port)
            and _inside(match.sources, packet.source)
            and _inside(match.destinations, packet.destination)
        )

    def deciding_lines(self, condition: Condition) -> Iterator[int]:
        """Return the lines of the access list entries that made the condition hold."""
        if isinstance(condition, AllOf):
            for part in condition.parts:
                yield from self.deciding_lines(part)
        elif isinstance(condition, AnyOf):
            first = next((part for part in condition.parts if self.surely(part)), None)
            if first is not None:
                yield from self.deciding_lines(first)
        elif isinstance(condition, AccessList):
            for entry in condition.entries:
                if self.surely(entry.condition):
                    if entry.line is not None:
                        yield entry.line
                    yield from self.deciding_lines(entry.condition)
                    return


def _interface_question(condition: Tagged) -> str:
    verb, option = ("enters", "--in") if condition.tag == IN_INTERFACE else ("leaves", "--out")
    names = " or ".join(str(value) for value in condition.values)
    return f"the packet {verb} by {names} (say so with {option})"


def _entry_lines(condition: Condition) -> Iterator[int]:
    """Return the lines of all access list entries in a condition."""
    for part in conditions_in(condition):
        if isinstance(part, AccessList):
            yield from (entry.line for entry in part.entries if entry.line is not None)


def _inside(prefixes: tuple[Prefix, ...], address: object) -> bool:
    return not prefixes or any(address in prefix for prefix in prefixes)


def _within(ranges: tuple[PortRange, ...], port: int) -> bool:
    for item in ranges:  # written out: `any` takes twice as long for the one that most have
        if item.low <= port <= item.high:
            return True
    return not ranges
