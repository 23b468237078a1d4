"""What several detectors look at: groups of interfaces, and what is done to sets of packets there.

What is found on one way through a device is kept under the identity of its stages: drivers give
the texts of a fleet the same stage objects where they share their QoS.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from translator.audit.case import Case
from translator.audit.groups import Group
from translator.audit.kinds import kind
from translator.audit.model import Direction, Finding, Severity
from translator.codepoint import CodePoint
from translator.intents.capabilities import Feature
from translator.intents.condition import AccessList, AllOf, AnyOf, Condition, Not, Tagged
from translator.intents.device import DeviceQos
from translator.intents.match import Match
from translator.intents.model import ClassifierRule, InterfaceIntents
from translator.intents.pipeline import Stage
from translator.intents.stages import with_ports_only_where_carried
from translator.verify.behaviour import behaviour_of_programs
from translator.verify.certainty import always
from translator.verify.compare import Side
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.packet import Packet
from translator.verify.prove import OTHER, domain_of
from translator.verify.treatment import KEEP, Change, Marking, Treatment

__all__ = [
    "DF",
    "Scene",
    "Way",
    "asks_for_tags",
    "carrying",
    "counted",
    "decided_by",
    "finding",
    "shown",
]

_T = TypeVar("_T")
DF: Final = CodePoint(0)
_PACKETS: Final = "packets under conditions that detectors ask for"
_CLOSED: Final = "packets that no predicate decides"
_CERTAIN: Final = "packets in a set whatever predicates answer"
_TOLD: Final = "findings of detectors"
_MARKED: Final = "unmarked packets by their marking"
_LEAVING: Final = "packets by the code point that they leave with"


class Way(Struct, frozen=True):
    """A group of interfaces that packets enter or leave by, as wanted and as found.

    Attributes:
        known: what detectors found on this way, and on all of the run that are decided alike.
    """

    group: Group
    intents: InterfaceIntents
    direction: Direction
    wanted: Side
    found: Side
    stages: tuple[Stage, ...]
    known: dict[Hashable, tuple[Finding, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The interfaces of the group."""
        return self.group.names


class _Known(NamedTuple):
    """What detectors found on ways that are alike, and the stages on whose identity that rests:
    they are kept, so that no other takes it.
    """

    findings: dict[Hashable, tuple[Finding, ...]]
    found: tuple[Stage, ...]
    wanted: tuple[Stage, ...]


class Scene:
    """One case, with what the detectors ask of it worked out once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._treatments: dict[int, tuple[Side, Node]] = {}
        self._widest: dict[int, tuple[Condition, Node]] = {}
        self._once: dict[tuple[int, Callable[..., Any]], Any] = {}
        self._marked: dict[tuple[int, CodePoint | None], Node] = {}
        self._of_rules: dict[int, tuple[ClassifierRule, Node]] = {}
        self._cache = case.programs
        memo = self.space.memo(_TOLD)
        # By what decides them beside the driver and what was asked.
        self._known: dict[Hashable, _Known] = memo.setdefault(
            (case.driver.platform, case.asked), {}
        )

    @property
    def space(self) -> Space:
        """The space of the run."""
        return self.case.space

    @cached_property
    def scope(self) -> Condition | None:
        """The condition of the packets that the platform lets us speak of; None of all."""
        return domain_of(self.case.intents, self.case.driver.capabilities)

    @cached_property
    def domain(self) -> Node:
        """The packets that the platform lets us speak of."""
        return EVERYTHING if self.scope is None else self.packets(self.scope)

    @cached_property
    def entering(self) -> tuple[Way, ...]:
        """The ways into the device, by each group of interfaces."""
        return tuple(self._entering())

    @cached_property
    def leaving(self) -> tuple[Way, ...]:
        """The ways out by each group that is asked to queue: what happens there alone."""
        return tuple(
            self._way(group, Direction.OUT, None, group.name)
            for group in self.case.groups
            if self._intents[group.name].queuing is not None
        )

    @cached_property
    def mapped_rows(self) -> tuple[tuple[str, CodePoint], ...]:
        """The plan's rows about packets with a code point that it wants to see nowhere else."""
        usual = self.case.plan.code_points
        return tuple(
            (row.id, row.match_code_point)
            for row in self.case.plan.rows
            if row.match_code_point is not None and row.match_code_point not in usual
        )

    @cached_property
    def unmarked(self) -> Node:
        """The packets that carry no code point."""
        return self.space.intersection(self.packets(carrying(DF)), self.domain)

    def told(
        self, way: Way, find: Callable[[Scene, Way], Iterable[Finding]], also: Hashable = None
    ) -> Iterator[Finding]:
        """Yield what a detector finds on a way, worked out once for all groups alike.

        Args:
            also: what decides it beside the way.
        """
        found = way.known.get((find, also))
        if found is None:
            found = way.known[find, also] = tuple(find(self, way))
        for item in found:
            yield replace(item, interfaces=way.names)

    def once(self, way: Way, make: Callable[[Scene, Way], _T]) -> _T:
        """Return what is made of one of the scene's ways, made once."""
        key = (id(way), make)
        if key not in self._once:
            self._once[key] = make(self, way)
        found: _T = self._once[key]
        return found

    def packets(self, condition: Condition) -> Node:
        """Return the packets under a condition."""
        memo = self.space.memo(_PACKETS)
        node: Node | None = memo.get(condition)
        if node is None:
            node = memo[condition] = packets_of(condition, self.space)
        return node

    def of_rule(self, rule: ClassifierRule) -> Node:
        """Return the unmarked packets that a rule of the plan speaks of."""
        known = self._of_rules.get(id(rule))
        if known is None:  # the rule is kept, so that no other takes its identity
            packets = self.packets(with_ports_only_where_carried(rule.match))
            node = self.space.intersection(packets, self.unmarked)
            known = self._of_rules[id(rule)] = (rule, node)
        return known[1]

    def treatments(self, side: Side) -> Node:
        """Return the diagram of a side's treatments."""
        known = self._treatments.get(id(side))
        if known is None:  # the side is kept, so that no other takes its identity
            node = behaviour_of_programs(side.programs, self.space)
            known = self._treatments[id(side)] = (side, node)
        return known[1]

    def treated(self, side: Side, wanted: Callable[[Treatment], bool]) -> Node:
        """Return the packets whose treatment is so, whatever no header shows."""
        node = self.space.members(self.treatments(side), lambda t: not t.unclear and wanted(t))
        return self.certain(node)

    def marked(self, side: Side, code_point: CodePoint) -> Node:
        """Return the unmarked packets that certainly get the code point."""
        return self._unmarked_with(side, code_point)

    def marks_astray(self, way: Way, code_point: CodePoint) -> bool:
        """Whether the device gives the code point to unmarked packets, but not to those wanted."""
        marked = self.marked(way.found, code_point)
        return marked not in (NOTHING, self.marked(way.wanted, code_point))

    def left_alone(self, side: Side) -> Node:
        """Return the unmarked packets that certainly stay as they are."""
        return self._unmarked_with(side, None)

    def _unmarked_with(self, side: Side, code_point: CodePoint | None) -> Node:
        node = self._marked.get((id(side), code_point))
        if node is None:  # the side is kept among the treatments, so that no other is taken for it
            node = self._marked[id(side), code_point] = self._marked_so(side, code_point)
        return node

    def _marked_so(self, side: Side, code_point: CodePoint | None) -> Node:
        memo = self.space.memo(_MARKED)
        key = (self.treatments(side), self.unmarked, code_point)
        node: Node | None = memo.get(key)
        if node is None:
            marking = KEEP if code_point is None else Marking(Change.SET_DSCP, code_point)
            # Of the few packets without a mark first: their diagram is much the smaller one.
            unmarked = self.space.where(self.unmarked, self.treatments(side))
            members = self.space.members(
                unmarked, lambda t: not (t.unclear or t.dropped) and t.marking == marking
            )
            node = memo[key] = self.certain(members)
        return node

    def leaving_with(self, side: Side, code_point: CodePoint) -> Node:
        """Return the packets, whatever they came with, that certainly leave with a code point."""
        memo = self.space.memo(_LEAVING)
        treatments = self.treatments(side)
        key = (treatments, code_point)
        node: Node | None = memo.get(key)
        if node is None:
            space, marking = self.space, Marking(Change.SET_DSCP, code_point)
            clear = space.members(treatments, lambda t: not (t.unclear or t.dropped))
            written = space.members(treatments, lambda t: t.marking == marking)
            kept = space.members(treatments, lambda t: t.marking == KEEP)
            kept = space.intersection(kept, self.packets(carrying(code_point)))
            either = space.union(written, kept)
            node = memo[key] = self.certain(space.intersection(clear, either))
        return node

    def closed(self, condition: Condition) -> Node | None:
        """Return the packets under a condition that asks for header fields alone, else None."""
        if asks_for_tags(condition):
            return None
        node = self.space.intersection(self.packets(condition), self.domain)
        memo = self.space.memo(_CLOSED)
        if node not in memo:
            memo[node] = self.certain(node) == node
        return node if memo[node] else None

    def widest(self, condition: Condition) -> Node:
        """Return the packets under a condition, whatever tags earlier stages have set."""
        known = self._widest.get(id(condition))
        if known is None:  # the condition is kept, so that no other takes its identity
            known = self._widest[id(condition)] = (condition, self._whatever_tags(condition))
        return known[1]

    def _whatever_tags(self, condition: Condition) -> Node:
        if not asks_for_tags(condition):
            return self.packets(condition)
        if isinstance(condition, AllOf):
            node = EVERYTHING
            for part in condition.parts:
                node = self.space.intersection(node, self.widest(part))
            return node
        if isinstance(condition, AnyOf):
            return self.space.first_match([self.widest(part) for part in condition.parts])
        return EVERYTHING

    def certain(self, node: Node) -> Node:
        """Return the packets of a set that are in it whatever predicates answer."""
        memo = self.space.memo(_CERTAIN)
        known: Node | None = memo.get(node)
        if known is None:
            known = memo[node] = always(self.space, node, lambda _name, _unread: True)
        return known

    def program_of(self, stage: Stage) -> Hashable:
        """Return a stage as a value that equal stages share."""
        return self._cache.program(stage)

    def side(self, device: DeviceQos, entry: str | None, leaving: str | None) -> Side:
        """Return a side that shares what the others have worked out."""
        return Side(device, entry, leaving, self._cache)

    @cached_property
    def _intents(self) -> dict[str, InterfaceIntents]:
        return {item.name: item for item in self.case.intents.interfaces}

    def _entering(self) -> Iterator[Way]:
        late = self.case.driver.capabilities.has(Feature.MARK_AT_EGRESS)
        for group in self.case.groups:
            leaving = self._queued(group) if late else OTHER
            yield self._way(group, Direction.IN, group.name, leaving)

    def _queued(self, group: Group) -> str:
        """Return an interface of another group, rather one that queues: it may write the marks."""
        others = [item for item in self.case.groups if item is not group]
        others.sort(key=lambda item: self._intents[item.name].queuing is None)
        return others[0].name if others else OTHER

    def _way(self, group: Group, direction: Direction, entry: str | None, leaving: str) -> Way:
        wanted = self.side(self.case.wanted, entry, leaving)
        found = self.side(self.case.found, entry, leaving)
        stages, asked = found.stages, wanted.stages
        tested = any(map(self._cache.names_tested, stages))
        key = (
            # Where packets enter, roles that ask for the same have the very same rules.
            group.spec.role if direction is Direction.OUT else None,
            group.spec.rate_bps,
            group.spec.shares,
            direction,
            tuple([id(stage.rules) for stage in asked]),
            tuple(map(id, stages)),
            (entry, leaving) if tested else None,
            group.found.ingress_policy,
            group.found.egress_policy,
        )
        intents = self._intents[group.name]
        known = self._known.setdefault(key, _Known({}, stages, asked))
        return Way(group, intents, direction, wanted, found, stages, known.findings)


def shown(way: Way) -> str:
    """Return the interfaces of a way in few words."""
    more = len(way.names) - 1
    return f"{way.names[0]} and {more} more" if more else way.names[0]


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things in words."""
    return f"{number} {many or one + 's'}" if number != 1 else f"one {one}"


def asks_for_tags(condition: Condition) -> bool:
    """Whether a condition asks for a tag, which earlier stages may have set."""
    if isinstance(condition, AllOf | AnyOf):
        return any(asks_for_tags(part) for part in condition.parts)
    if isinstance(condition, AccessList):
        return any(asks_for_tags(entry.condition) for entry in condition.entries)
    if isinstance(condition, Not):
        return asks_for_tags(condition.part)
    return isinstance(condition, Tagged)


@lru_cache(maxsize=256)
def carrying(*code_points: int) -> Match:
    """Return the match of packets that carry one of the code points."""
    return Match(code_points=tuple(CodePoint(point) for point in code_points))


def finding(
    id_: str,
    message: str,
    interfaces: Iterable[str] = (),
    *,
    direction: Direction = Direction.BOTH,
    traffic_class: str = "",
    lines: Iterable[int] = (),
    rows: Iterable[str] = (),
    hint: str = "",
    severity: Severity | None = None,
) -> Finding:
    """Return a finding of a kind, with the kind's severity and cure unless others are given."""
    return Finding(
        id_,
        severity or kind(id_).severity,
        message,
        tuple(interfaces),
        direction,
        traffic_class,
        lines=tuple(sorted(set(lines))),
        rows=tuple(dict.fromkeys(rows)),
        hint=hint or kind(id_).cure,
    )


def decided_by(side: Side, packet: Packet | None) -> tuple[int, ...]:
    """Return the configuration lines that decide what happens to a packet."""
    return () if packet is None else side.trace(packet).lines
