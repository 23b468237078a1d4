"""Two behaviours side by side: equal on all packets, or boxes of packets treated differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from translator.errors import UndecidedError
from translator.intents.condition import Condition
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service, Stage
from translator.verify.behaviour import ProgramCache, behaviour_of_programs, stages_between
from translator.verify.boxes import Box, boxes, witness
from translator.verify.certainty import always, asks_for_predicates
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, TOO_DEEP, Node, Space
from translator.verify.packet import Packet
from translator.verify.program import IN_INTERFACE, OUT_INTERFACE, Program
from translator.verify.trace import Trace, trace
from translator.verify.treatment import Treatment

__all__ = [
    "Comparison",
    "Difference",
    "Origin",
    "Side",
    "Verdict",
    "compare",
    "compare_by_class",
    "packets_marked_alike",
]


class Verdict(StrEnum):
    """Outcome of a comparison."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    UNDECIDED = "undecided"


class Side(Struct, frozen=True, eq=False):
    """One of the two behaviours: a device and the interfaces a packet enters and leaves by.

    Sides of one device may share a cache, so that its stages are made ready once. Each is equal to
    itself alone.
    """

    device: DeviceQos
    in_interface: str | None
    out_interface: str | None
    cache: ProgramCache = field(default_factory=ProgramCache)

    @property
    def names(self) -> Mapping[str, str | None]:
        """The tags that a packet on this way has from the start."""
        return {IN_INTERFACE: self.in_interface, OUT_INTERFACE: self.out_interface}

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages on the way."""
        return stages_between(self.device, self.in_interface, self.out_interface)

    @property
    def programs(self) -> tuple[Program, ...]:
        """What runs on the way, as a value that two equal devices share."""
        return self.cache.between(self.device, self.in_interface, self.out_interface)

    def trace(self, packet: Packet) -> Trace:
        """Return what happens to one packet on the way."""
        return trace(self.stages, packet, self.names)


class Origin(Struct, frozen=True):
    """Who treats a packet so: the class, the configuration lines and the plan rows."""

    class_name: str | None = None
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()


class Difference(Struct, frozen=True):
    """Packets of a box that the two sides treat differently; `packet` is the lowest of them.

    With `certain` False the found side is not known there, so it may or may not differ.
    """

    box: Box
    packet: Packet
    wanted: Treatment
    found: Treatment
    wanted_origin: Origin
    found_origin: Origin
    certain: bool = True

    def __str__(self) -> str:
        return f"{self.packet}: wanted {self.wanted}; found {self.found}"


class Comparison(Struct, frozen=True):
    """The verdict with its evidence.

    Attributes:
        packet: the lowest packet treated differently, None when there is none.
        reasons: why the verdict is unknown or undecided.
    """

    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    packet: Packet | None = None
    reasons: tuple[str, ...] = ()


class _Scope(Struct, frozen=True):
    """What is compared: the packets, and whether their class of service counts."""

    service: bool
    domain: Condition | None


class _Pair(NamedTuple):
    wanted: Treatment
    found: Treatment


class _Unclear(NamedTuple):
    """A treatment that the text does not tell, kept apart from every known one."""

    side: int
    treatment: Treatment


def compare(
    wanted: Side,
    found: Side,
    space: Space,
    *,
    service: bool = True,
    domain: Condition | None = None,
    max_boxes: int = 20,
) -> Comparison:
    """Return whether both sides treat every packet of the domain equally, and where not.

    Args:
        service: whether the class of service counts; the marking always does.
        domain: the packets that are compared; None for all.
        max_boxes: how many boxes of differences are worked out at most.
    """
    try:
        return _decide(wanted, found, space, _Scope(service, domain), max_boxes)
    except UndecidedError as error:
        return Comparison(Verdict.UNDECIDED, reasons=(error.problem,))
    except RecursionError:
        return Comparison(Verdict.UNDECIDED, reasons=(TOO_DEEP,))


def compare_by_class(
    wanted: Side,
    found: Side,
    space: Space,
    classes: Node,
    *,
    service: bool = True,
    domain: Condition | None = None,
    packets: Node | None = None,
    max_boxes: int = 4,
) -> dict[str, Comparison]:
    """Return a comparison for each class of packets, by the class's name.

    Args:
        classes: a diagram that gives every packet the name of its class, as `class_diagram` does.
        service: whether the class of service counts; the marking always does.
        packets: the packets that are compared, within the domain; None for all of it.
    """
    ways = _Way.of(wanted), _Way.of(found)
    memo: dict[object, _ByClass] = space.memo("compared by class")
    key = (ways[0].key, ways[1].key, classes, service, domain, packets, max_boxes)
    try:
        known = memo.get(key)
        if known is None:
            differing = _differing(wanted, found, space, _Scope(service, domain))
            if packets is not None:
                differing = _within(packets, differing, space)
            shows = _Shows(space, max_boxes, _is_certain(differing, space))
            compared = {
                name: _part_compared(space.where(members, differing), ways, shows)
                for name, members in _packets_of_classes(classes, space)
            }
            known = memo[key] = _ByClass(compared, ways[0].stages + ways[1].stages)
        return dict(known.compared)
    except UndecidedError as error:
        return {"": Comparison(Verdict.UNDECIDED, reasons=(error.problem,))}
    except RecursionError:
        return {"": Comparison(Verdict.UNDECIDED, reasons=(TOO_DEEP,))}


class _Way(NamedTuple):
    """A side with its stages, and with what tells it from others while these are kept."""

    side: Side
    stages: tuple[Stage, ...]
    key: tuple[object, ...]

    @classmethod
    def of(cls, side: Side) -> _Way:
        """Return the way through the side's device."""
        stages = side.stages
        named = any(side.cache.names_tested(stage) for stage in stages)
        ends = (side.in_interface, side.out_interface) if named else None
        return cls(side, stages, (tuple([id(stage.rules) for stage in stages]), ends))


class _ByClass(NamedTuple):
    """What the classes came to; the stages are kept, so that no others take their identity."""

    compared: dict[str, Comparison]
    kept: tuple[Stage, ...]


def packets_marked_alike(
    wanted: Side, found: Side, space: Space, domain: Condition | None = None
) -> Node:
    """Return the packets of the domain that both sides mark in the same way.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    differing = _differing(wanted, found, space, _Scope(service=False, domain=domain))
    memo = space.memo("marked alike")
    alike: Node | None = memo.get((differing, domain))
    if alike is None:
        unlike = space.members(differing, lambda pair: not _marked_alike(pair))
        everything = EVERYTHING if domain is None else packets_of(domain, space)
        alike = memo[differing, domain] = space.difference(everything, unlike)
    return alike


def _packets_of_classes(classes: Node, space: Space) -> tuple[tuple[str, Node], ...]:
    """Return each class with its packets; all devices of a run ask for the same ones."""
    memo = space.memo("packets of classes")
    known: tuple[tuple[str, Node], ...] | None = memo.get(classes)
    if known is None:
        names = [str(name) for name in space.leaves(classes)]
        known = memo[classes] = tuple((name, space.members(classes, name.__eq__)) for name in names)
    return known


def _within(packets: Node, differing: Node, space: Space) -> Node:
    memo = space.memo("differing, within")
    node: Node | None = memo.get((packets, differing))
    if node is None:
        node = memo[packets, differing] = space.where(packets, differing)
    return node


def _marked_alike(pair: _Pair) -> bool:
    return pair.wanted.marking == pair.found.marking


def _decide(wanted: Side, found: Side, space: Space, scope: _Scope, max_boxes: int) -> Comparison:
    differing = _differing(wanted, found, space, scope)
    shows = _Shows(space, max_boxes, _is_certain(differing, space))
    return _part_compared(differing, (_Way.of(wanted), _Way.of(found)), shows)


def _differing(wanted: Side, found: Side, space: Space, scope: _Scope) -> Node:
    """Return the pairs of treatments of all packets that are treated differently."""
    wanted_programs, found_programs = wanted.programs, found.programs
    memo = space.memo("differing")
    key = (wanted_programs, found_programs, scope)
    differing: Node | None = memo.get(key)
    if differing is None:
        differing = memo[key] = space.combine(
            _function(wanted_programs, 0, space, scope),
            _function(found_programs, 1, space, scope),
            _judge,
            space.memo("pairs that differ"),
        )
    return differing


def _function(programs: tuple[Program, ...], side: int, space: Space, scope: _Scope) -> Node:
    """Return the treatments within the scope; what is wanted is the same for all devices."""

    def seen(treatment: Treatment) -> Treatment | _Unclear:
        if not scope.service:
            treatment = replace(treatment, service=Service.BEST_EFFORT)
        return _Unclear(side, treatment) if treatment.unclear else treatment

    memo = space.memo("treatments within a scope")
    key = (programs, side, scope)
    node: Node | None = memo.get(key)
    if node is None:
        everywhere = space.map_leaves(behaviour_of_programs(programs, space), seen)
        domain = EVERYTHING if scope.domain is None else packets_of(scope.domain, space)
        node = memo[key] = space.where(domain, everywhere)
    return node


def _judge(wanted: Treatment | _Unclear, found: Treatment | _Unclear) -> _Pair:
    return _Pair(_known(wanted), _known(found))


def _known(item: Treatment | _Unclear) -> Treatment:
    return item.treatment if isinstance(item, _Unclear) else item


class _Shown(NamedTuple):
    """What is shown of a difference, which does not depend on whose it is: each box with the
    treatments in it and its lowest packet.
    """

    certain: bool
    boxes: tuple[tuple[Box, _Pair, Packet], ...]
    packet: Packet | None


class _Shows(NamedTuple):
    """How differences are shown; `certain`: of all together it is known that they are there."""

    space: Space
    max_boxes: int
    certain: bool


def _part_compared(differing: Node, ways: tuple[_Way, _Way], shows: _Shows) -> Comparison:
    if differing == NOTHING:
        return Comparison(Verdict.EQUAL)
    memo = shows.space.memo("evidence")
    key = (differing, shows.max_boxes)
    shown: _Shown | None = memo.get(key)
    if shown is None:
        shown = memo[key] = _shown(differing, shows)
    packets = [packet for _, _, packet in shown.boxes]
    by_plan, by_text = (_origins(key, packets, way, shows.space) for way in ways)
    differences = tuple(
        Difference(box, packet, pair.wanted, pair.found, planned, own, shown.certain)
        for (box, pair, packet), planned, own in zip(shown.boxes, by_plan, by_text, strict=True)
    )
    if shown.certain:
        return Comparison(Verdict.DIFFERENT, differences, shown.packet)
    reasons = [reason for item in differences for reason in item.found.unclear]
    reasons += [f"it hangs on {name}" for item in differences for name, _ in item.box.predicates]
    return Comparison(Verdict.UNKNOWN, differences, shown.packet, tuple(dict.fromkeys(reasons)))


def _shown(differing: Node, shows: _Shows) -> _Shown:
    space, _, is_certain = shows
    node, certain = differing, EVERYTHING
    if not is_certain and not _is_certain(differing, space):
        clear = space.members(differing, _is_clear)
        # A difference counts when it is there whatever the lines say that were not understood.
        certain = always(space, clear, lambda _, unread: unread)
        node = space.where(certain, differing) if certain != NOTHING else differing
    found = boxes(space, node, shows.max_boxes) if shows.max_boxes else ()
    shown = tuple((box, pair, box.lowest) for box, pair in found)
    return _Shown(certain != NOTHING, shown, witness(space, node))


def _is_certain(differing: Node, space: Space) -> bool:
    """Whether headers alone decide, and all treatments are known; then it is so of every part."""
    if asks_for_predicates(space, differing):
        return False
    return all(map(_is_clear, space.leaves(differing)))


def _is_clear(pair: Any) -> bool:
    return not (pair.wanted.unclear or pair.found.unclear)


def _origins(
    shown: tuple[Node, int], packets: Sequence[Packet], way: _Way, space: Space
) -> tuple[Origin, ...]:
    """Return who treats each of the packets shown so; sides with the same stages share it."""
    memo = space.memo("origins")
    known: tuple[tuple[Stage, ...], tuple[Origin, ...]] | None = memo.get((shown, way.key))
    if known is None:
        # The stages are kept beside the answer, so that their ids cannot become others'.
        names = way.side.names
        origins = tuple(_origin(trace(way.stages, packet, names)) for packet in packets)
        known = memo[shown, way.key] = (way.stages, origins)
    return known[1]


def _origin(seen: Trace) -> Origin:
    return Origin(seen.class_name, seen.lines, seen.rows)
