"""What a device does with a packet, as z3 terms over all header fields: the independent evaluator.

It shares nothing with the diagrams but the values that it reads. Each condition and each action
is read here a second time, as arithmetic over bit vectors; all packets go through the rules at
once, each rule guarded by the term that says which packets are still on their way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import z3  # type: ignore[import-untyped]  # it has no types
from support.z3_terms import (
    NO,
    TOS,
    UNREAD,
    YES,
    Term,
    all_of,
    any_of,
    constants,
    if_,
    match_holds,
    not_,
    predicate,
    solved,
)

from tests.support.values import replace
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.device import DeviceQos
from translator.intents.match import Match
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

__all__ = ["Model", "State", "Truth", "moved", "verdict_on"]

_SERVICES = {service: number for number, service in enumerate(Service)}
_NO_RATE = 2**40 - 1
_MOST_GUESSES = 200


class Truth(Enum):
    """What z3 says of two treatments of all packets on one way."""

    EQUAL = "equal"
    UNCLEAR = "unclear"  # they differ at most where a text is not understood
    DIFFERENT = "different"


@dataclass(frozen=True)
class State:
    """All packets on their way: each part is a term over the fields of the packet.

    Attributes:
        policed: the tightest rate, `_NO_RATE` for none.
        unclear: for each reason the packets that it concerns.
        tags: 34 bits each: two for the kind (0 none, 1 a number, 2 a word), then the value.
        queue: number of the last class that is served, 0 for none.
    """

    tos: Term = TOS
    service: Term = field(default_factory=lambda: z3.BitVecVal(_SERVICES[Service.BEST_EFFORT], 3))
    dropped: Term = NO
    policed: Term = field(default_factory=lambda: z3.BitVecVal(_NO_RATE, 40))
    unclear: tuple[tuple[str, Term], ...] = ()
    tags: tuple[tuple[str, Term], ...] = ()
    queue: Term = field(default_factory=lambda: z3.BitVecVal(0, 16))

    def tag(self, name: str) -> Term:
        return dict(self.tags).get(name, z3.BitVecVal(0, 34))

    @property
    def is_unclear(self) -> Term:
        return any_of([term for _, term in self.unclear])

    def unlike(self, other: State, *, service: bool) -> Term:
        """Return which packets the two leave with another treatment; reasons do not count."""
        parts = [self.tos != other.tos, self.policed != other.policed]
        parts += [self.service != other.service] if service else []
        kept = z3.And(z3.Not(self.dropped), z3.Not(other.dropped), z3.Or(parts))
        return z3.Or(self.dropped != other.dropped, kept)

    def otherwise_unclear(self, other: State) -> Term:
        """Return which packets are unclear for another reason."""
        mine, its = dict(self.unclear), dict(other.unclear)
        return any_of([mine.get(key, NO) != its.get(key, NO) for key in {*mine, *its}])


class Model:
    """Turns devices into terms; terms that devices have in common are built once."""

    def __init__(self) -> None:
        self._holds: dict[object, Term] = {}
        self._words: dict[str, int] = {}
        self._states: dict[object, tuple[State, object]] = {}

    def after(self, device: DeviceQos, entry: str | None, leaving: str | None) -> State:
        """Return all packets after the way between two interfaces; None has no stages."""
        ingress = device.interface(entry).ingress if entry is not None else ()
        egress = device.interface(leaving).egress if leaving is not None else ()
        stages = (*ingress, *device.forward, *egress)
        return self.through(stages, {"in_interface": entry, "out_interface": leaving})

    def through(self, stages: Iterable[Stage], names: dict[str, str | None]) -> State:
        """Return all packets after the stages."""
        state = State()
        for stage in stages:
            state = _Walk(self, names, state).through(stage)
        return state

    def holds(self, condition: Condition, state: State, names: dict[str, str | None]) -> Term:
        """Return the packets in the state for which the condition holds."""
        tos, tags = _reads(condition)
        key = (
            condition,
            state.tos.get_id() if tos else None,
            (tuple((k, t.get_id()) for k, t in state.tags), *names.values()) if tags else None,
        )
        term = self._holds.get(key)
        if term is None:
            term = self._holds[key] = self._built(condition, state, names)
            self._states[key] = (state, names)  # the ids in the key stay taken
        return term

    def word(self, text: str) -> int:
        """Return the number that stands for a word, from 1."""
        return self._words.setdefault(text, len(self._words) + 1)

    def tag_value(self, value: int | str) -> int:
        return 1 << 32 | value if isinstance(value, int) else 2 << 32 | self.word(value)

    def _built(self, condition: Condition, state: State, names: dict[str, str | None]) -> Term:
        if isinstance(condition, Match):
            return match_holds(condition, state.tos)
        if isinstance(condition, Predicate):
            return predicate(condition)
        if isinstance(condition, Tagged):
            return self._tag_fits(condition, state, names)
        if isinstance(condition, Not):
            return not_(self.holds(condition.part, state, names))
        if isinstance(condition, AccessList):
            term = NO
            for entry in reversed(condition.entries):
                fits = self.holds(entry.condition, state, names)
                term = any_of([fits, term]) if entry.permit else all_of([not_(fits), term])
            return term
        parts = [self.holds(part, state, names) for part in condition.parts]
        return all_of(parts) if isinstance(condition, AllOf) else any_of(parts)

    def _tag_fits(self, test: Tagged, state: State, names: dict[str, str | None]) -> Term:
        numbers = [value for value in test.values if isinstance(value, int)]
        if test.tag in names:
            name = names[test.tag]
            fits = name in test.values if test.mask is None else name is None and 0 in numbers
            return z3.BoolVal(fits)
        tag = state.tag(test.tag)
        if test.mask is None:
            codes = [0 if value is None else self.tag_value(value) for value in test.values]
            return any_of([tag == code for code in codes])
        bits = z3.Extract(31, 0, tag) & test.mask
        fits = any_of([bits == number for number in numbers if 0 <= number < 2**32])
        return all_of([z3.Extract(33, 32, tag) != 2, fits])


@dataclass
class _Walk:
    """All packets in one stage."""

    model: Model
    names: dict[str, str | None]
    state: State

    def through(self, stage: Stage) -> State:
        self.run(stage.rules, not_(self.state.dropped))
        return self.state

    def run(self, rules: Iterable[Rule], active: Term) -> Term:
        """Apply the rules to the active packets; return those that left the whole stage."""
        stopped = NO
        for rule in rules:
            fits = self.model.holds(rule.condition, self.state, self.names)
            taken = all_of([active, fits])
            if z3.is_false(taken):
                continue
            dropped = self.act_all(rule.actions, taken)
            inner = NO if dropped or not rule.body else self.run(rule.body, taken)
            if dropped or rule.flow is Flow.STOP:
                stopped = any_of([stopped, taken])
            else:
                stopped = any_of([stopped, inner])
            if dropped or rule.flow is not Flow.NEXT:
                active = all_of([active, not_(fits)])
            else:
                active = all_of([active, not_(inner)])
        return stopped

    def act_all(self, actions: Iterable[Action], taken: Term) -> bool:
        """Apply actions to the packets taken; return whether they are dropped."""
        for action in actions:
            self.act(action, taken)
            if isinstance(action, Drop):
                return True
        return False

    def act(self, action: Action, taken: Term) -> None:
        state = self.state
        if isinstance(action, SetTos):
            tos = state.tos & (~action.mask & 255) | action.value
            self.state = replace(state, tos=if_(taken, tos, state.tos))
        elif isinstance(action, SetTag):
            tags = {**dict(state.tags), action.tag: self.tagged(action, taken)}
            self.state = replace(state, tags=tuple(sorted(tags.items(), key=lambda item: item[0])))
        elif isinstance(action, Assign):
            if action.service is not None:
                service = z3.BitVecVal(_SERVICES[action.service], 3)
                queue = z3.BitVecVal(self.model.word(action.class_name), 16)
                self.state = replace(
                    state,
                    service=if_(taken, service, state.service),
                    queue=if_(taken, queue, state.queue),
                )
        elif isinstance(action, Drop):
            self.state = replace(state, dropped=any_of([state.dropped, taken]))
        elif isinstance(action, Police):
            rate = z3.BitVecVal(0 if action.rate_bps is None else action.rate_bps, 40)
            tighter = all_of([taken, z3.ULT(rate, state.policed)])
            self.state = replace(state, policed=if_(tighter, rate, state.policed))
        elif isinstance(action, Unclear):
            known = dict(state.unclear)
            known[action.reason] = any_of([known.get(action.reason, NO), taken])
            self.state = replace(state, unclear=tuple(known.items()))

    def tagged(self, action: SetTag, taken: Term) -> Term:
        old = self.state.tag(action.tag)
        new = z3.BitVecVal(self.model.tag_value(action.value), 34)
        if action.mask is not None and isinstance(action.value, int):
            number = z3.If(z3.Extract(33, 32, old) == 1, z3.Extract(31, 0, old), 0)
            bits = number & (~action.mask & 0xFFFFFFFF) | action.value & action.mask
            new = z3.Concat(z3.BitVecVal(1, 2), bits)
        return if_(taken, new, old)


def verdict_on(
    one: State,
    other: State,
    *,
    service: bool = True,
    domain: Term = YES,
    limit_ms: int = 60_000,
) -> tuple[Truth, z3.ModelRef | None]:
    """Return whether any packet is treated differently, and such a packet.

    A packet counts as treated differently only if it is, whatever the lines say that were not
    understood. Two texts that are unclear for the same packets and reasons are equal.
    """
    unlike = one.unlike(other, service=service)
    doubted = any_of([one.is_unclear, other.is_unclear])
    clear = z3.And(domain, unlike, z3.Not(doubted))
    found = solved([clear], limit_ms)
    if found is not None:
        unread = [item for item in constants(clear) if item.decl().name().startswith(UNREAD)]
        if not unread:
            return Truth.DIFFERENT, found
        found = _whatever(clear, unread, limit_ms)
        return (Truth.UNCLEAR, None) if found is None else (Truth.DIFFERENT, found)
    unsure = z3.And(domain, z3.Or(unlike, one.otherwise_unclear(other)))
    found = solved([unsure], limit_ms)
    return (Truth.EQUAL, None) if found is None else (Truth.UNCLEAR, found)


def moved(one: State, other: State, limit_ms: int = 60_000) -> z3.ModelRef | None:
    """Return a packet that waits in a queue of another name, None if there is none."""
    waits = z3.And(z3.Not(one.dropped), z3.Not(other.dropped))
    return solved([waits, one.queue != other.queue], limit_ms)


@lru_cache(maxsize=65536)
def _reads(condition: Condition) -> tuple[bool, bool]:
    """Return whether a condition looks at the ToS byte, and whether at tags."""
    if isinstance(condition, Match):
        return bool(condition.code_points or condition.tos), False
    if isinstance(condition, Tagged):
        return False, True
    if isinstance(condition, Predicate):
        return False, False
    read = [_reads(part) for part in _parts(condition)]
    return any(tos for tos, _ in read), any(tags for _, tags in read)


def _parts(condition: AllOf | AnyOf | Not | AccessList) -> Iterator[Condition]:
    if isinstance(condition, Not):
        yield condition.part
    elif isinstance(condition, AccessList):
        yield from (entry.condition for entry in condition.entries)
    else:
        yield from condition.parts


def _whatever(term: Term, unread: list[Term], limit_ms: int) -> z3.ModelRef | None:
    """Return a packet for which the term holds whatever the unread lines say.

    A packet is guessed and then put to the test; each answer that spoils a guess is one that all
    later guesses have to bear.
    """
    asked = {item.get_id() for item in unread}
    fields = [item for item in constants(term) if item.get_id() not in asked]
    answers: list[Term] = [term]
    for _ in range(_MOST_GUESSES):
        guess = solved(answers, limit_ms)
        if guess is None:
            return None
        spoilt = solved([z3.Not(_with(term, fields, guess))], limit_ms)
        if spoilt is None:
            return guess
        answers.append(_with(term, unread, spoilt))
    raise TimeoutError(f"{len(unread)} lines that were not understood are too many")


def _with(term: Term, names: list[Term], values: z3.ModelRef) -> Term:
    return z3.substitute(term, *((name, values.eval(name, True)) for name in names))
