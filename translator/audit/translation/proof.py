"""Two texts on every way, over the packets that were carried over; and those that were not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from translator.audit.semdiff.ways import Text, Twin, Way, ways
from translator.audit.translation.known import Hindrance, hindrances, markings, predicates_in
from translator.audit.translation.lift import LeftOut, Lifted, packets_unasked
from translator.intents.capabilities import Capabilities
from translator.intents.condition import Not, Predicate, conditions_in
from translator.intents.pipeline import Rule
from translator.verify.behaviour import behaviour, stages_between
from translator.verify.boxes import boxes
from translator.verify.compare import Comparison, Side, Verdict, compare_by_class
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.packet import Packet
from translator.verify.prove import OTHER
from translator.verify.treatment import KEEP

__all__ = ["Carriage", "Remainder"]

_CARRIED = "carried"
_LEFT = "left"
_MAX_BOXES = 64


@dataclass(frozen=True, slots=True)
class Remainder:
    """Packets whose treatment is not carried over, and what each text does with one of them."""

    way: Way
    box: str
    packet: Packet
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.way}: {self.box}: {self.source} becomes {self.target}"


class Carriage:
    """What of a source is carried over: for each way, the packets that a proof is about."""

    def __init__(self, source: Text, target: Capabilities, lifted: Lifted, space: Space) -> None:
        self._source = source
        self._lifted = lifted
        self._space = space
        self._known: dict[object, dict[Hindrance, Node]] = {}
        unasked = packets_unasked(source.capabilities, target)
        self.scope = None if unasked is None else Not(unasked)

    def compared(
        self, target: Text, twins: Mapping[str, Twin], *, service: bool
    ) -> tuple[tuple[Way, ...], Comparison | None]:
        """Return the ways, and the first of their comparisons that does not come out equal.

        Args:
            twins: each interface of the source with its name in the target.
            service: whether queues are compared.
        """
        done: list[Way] = []
        for way in ways(self._source, target, tuple(twins.values())):
            if not way.decides:
                continue
            queues = service and way.service and self._queued(way)
            found = self._on(way, target, service=queues)
            if found.verdict is not Verdict.EQUAL:
                return (*done, way), found
            done.append(way)
        return tuple(done), None

    def left_out(self, target: Text) -> Iterator[LeftOut]:
        """Yield what keeps packets from being carried over, with the lines."""
        twins = [Twin(item.name, item.name) for item in self._lifted.intents.interfaces]
        for way in ways(self._source, target, twins):
            if way.decides:
                yield from self._hindered(way)

    def plain_entry(self, leaving: str) -> str | None:
        """Return an entry from which all packets to an exit are carried over; None without."""
        names = [item.name for item in self._lifted.intents.interfaces if item.name != leaving]
        by_itself = self._source.device.other_interface.ingress
        for name in names if by_itself else (OTHER, *names):
            if not self._hindrances(Way(Twin(name, name), Twin(leaving, leaving))):
                return name
        return None

    def remainders(self, target: Text, twins: Mapping[str, Twin]) -> Iterator[Remainder]:
        """Yield the packets that were left out and that the two texts do treat differently."""
        for way in ways(self._source, target, tuple(twins.values())):
            if not way.decides:
                continue
            left, right = _sides(self._source, target, way)
            found = self._by_class(way, left, right, service=False).get(_LEFT)
            if found is None or found.verdict is Verdict.EQUAL:
                found = self._by_class(way, left, right, service=True).get(_LEFT)
            for item in () if found is None else found.differences:
                yield Remainder(way, str(item.box), item.packet, str(item.wanted), str(item.found))

    def _queued(self, way: Way) -> bool:
        return way.exit is None or way.exit.a not in self._lifted.unqueued

    def _on(self, way: Way, target: Text, *, service: bool) -> Comparison:
        left, right = _sides(self._source, target, way)
        found = self._by_class(way, left, right, service=False)
        if service and all(item.verdict is Verdict.EQUAL for item in _carried(found)):
            found = self._by_class(way, left, right, service=True)
        return next(_carried(found), Comparison(Verdict.EQUAL))

    def _by_class(
        self, way: Way, left: Side, right: Side, *, service: bool
    ) -> dict[str, Comparison]:
        space = self._space
        hindered = NOTHING
        for packets in self._hindrances(way).values():
            hindered = space.union(hindered, packets)
        classes = space.union(space.where(hindered, space.leaf(_LEFT)), space.leaf(_CARRIED))
        return compare_by_class(left, right, space, classes, service=service, domain=self.scope)

    def _hindrances(self, way: Way) -> dict[Hindrance, Node]:
        """Return the packets on the way that intents cannot speak of."""
        names = (way.entry and way.entry.a, way.exit and way.exit.a)
        found = self._known.get(names)
        if found is None:
            found = self._known[names] = self._found(way)
        return found

    def _found(self, way: Way) -> dict[Hindrance, Node]:
        space, entry, leaving = self._space, way.entry, way.exit
        if entry is None or leaving is None:
            return {}
        treated = behaviour(self._source.device, entry.a, leaving.a, space)
        found = hindrances(space, treated)
        lifted = self._lifted.marked.get(entry.a, space.leaf(KEEP))
        written = markings(space, treated)
        late = space.combine(lifted, written, lambda _, mark: None if mark is None else True)
        found[Hindrance.LATE] = late
        asked = self._asked()
        within = {reason: space.intersection(packets, asked) for reason, packets in found.items()}
        return {reason: packets for reason, packets in within.items() if packets != NOTHING}

    def _hindered(self, way: Way) -> Iterator[LeftOut]:
        side, _ = _sides(self._source, self._source, way)
        for reason, packets in self._hindrances(way).items():
            if reason is Hindrance.PREDICATE:
                yield from self._predicates(way)
                continue
            for box, _ in boxes(self._space, packets, _MAX_BOXES):
                seen = side.trace(box.lowest)
                why = "; ".join(seen.treatment.unclear) if reason is Hindrance.UNREAD else ""
                yield LeftOut(why or str(reason), seen.lines)

    def _asked(self) -> Node:
        return EVERYTHING if self.scope is None else packets_of(self.scope, self._space)

    def _predicates(self, way: Way) -> Iterator[LeftOut]:
        side, _ = _sides(self._source, self._source, way)
        treated = behaviour(side.device, side.in_interface, side.out_interface, self._space)
        deciding = predicates_in(self._space, self._space.where(self._asked(), treated))
        for stage in stages_between(side.device, side.in_interface, side.out_interface):
            for name, lines in _asked_for(stage.rules):
                if name in deciding:
                    yield LeftOut(f"{Hindrance.PREDICATE}: {name}", lines)


def _carried(found: Mapping[str, Comparison]) -> Iterator[Comparison]:
    """Yield what was found of the packets that count; an undecided comparison counts as all."""
    for name, item in found.items():
        if name != _LEFT:
            yield item


def _sides(source: Text, target: Text, way: Way) -> tuple[Side, Side]:
    entry = (None, None) if way.entry is None else (way.entry.a, way.entry.b)
    leaving = (None, None) if way.exit is None else (way.exit.a, way.exit.b)
    return Side(source.device, entry[0], leaving[0]), Side(target.device, entry[1], leaving[1])


def _asked_for(rules: Iterable[Rule]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the predicates that rules ask for, with the lines of those rules."""
    for rule in rules:
        for part in conditions_in(rule.condition):
            if isinstance(part, Predicate):
                yield part.name, rule.lines
        yield from _asked_for(rule.body)
