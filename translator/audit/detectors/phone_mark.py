"""The phones' own code point 40: left as it is where they connect, or served as voice unmarked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from translator.audit.detectors.scene import DF, Scene, Way, carrying, decided_by, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.model import ClassifierRule
from translator.intents.pipeline import Service
from translator.intents.stages import with_ports_only_where_carried
from translator.verify.boxes import witness
from translator.verify.diagram import NOTHING, Node
from translator.verify.treatment import Change, Marking, Treatment

__all__ = ["find"]

# Source: the Lync plan's rows for Phone Edition, whose firmware marks audio with 40.
_PHONE: Final = CodePoint(40)
_EF: Final = CodePoint(46)


def find(scene: Scene) -> Iterator[Finding]:
    """Yield where 40 is not mapped at the phones, and where it shares the queue of voice."""
    for way in scene.entering:
        yield from scene.told(way, _unmapped)
    for way in scene.leaving:
        if way.stages:
            yield from scene.told(way, _served_as_voice)


def _phone_marks(scene: Scene, rule: ClassifierRule) -> tuple[CodePoint, ...]:
    """Return the code points that the plan expects on packets of a rule, to be mapped."""
    if rule.match.code_points:
        return rule.match.code_points
    return tuple(point for row, point in scene.mapped_rows if row in rule.rows)


def _unmapped(scene: Scene, way: Way) -> Iterator[Finding]:
    for rule in way.intents.classifier:
        point, old = rule.traffic_class.code_point, _phone_marks(scene, rule)
        if point is None or not old:
            continue
        packets = _sent_by_phones(scene, way, rule, old)
        mapped = scene.treated(way.found, _becomes(point))
        if packets == NOTHING or scene.space.intersection(packets, mapped) != NOTHING:
            continue
        if not _marks_others(scene, way, rule):
            continue  # nothing of the class is marked: that is another fault
        packet = witness(scene.space, packets)
        shown = "" if packet is None else way.found.trace(packet).code_point.name
        names = "/".join(item.name for item in old)
        yield finding(
            "phone-code-point",
            f"phones send class {rule.traffic_class.name} with {names}, which is not mapped to "
            f"{point.name}: it leaves with {shown}",
            direction=Direction.IN,
            traffic_class=rule.traffic_class.name,
            lines=decided_by(way.found, packet),
            rows=rule.rows,
            hint=f"set {point.name} for packets of the class that carry {names}",
        )
        return


def _becomes(point: CodePoint) -> Callable[[Treatment], bool]:
    marking = Marking(Change.SET_DSCP, point)
    return lambda treatment: not treatment.dropped and treatment.marking == marking


def _sent_by_phones(
    scene: Scene, way: Way, rule: ClassifierRule, old: tuple[CodePoint, ...]
) -> Node:
    """Return the packets of a rule with the phones' code point that the plan wants mapped."""
    space = scene.space
    match = with_ports_only_where_carried(replace(rule.match, code_points=old))
    packets = space.intersection(scene.packets(match), scene.domain)
    return space.intersection(
        packets, scene.treated(way.wanted, _becomes(rule.traffic_class.code_point or DF))
    )


def _marks_others(scene: Scene, way: Way, rule: ClassifierRule) -> bool:
    """Whether packets of the rule without a mark, or others of its class, are marked as wanted."""
    marked = scene.marked(way.found, rule.traffic_class.code_point or DF)
    same = [item for item in way.intents.classifier if item.traffic_class == rule.traffic_class]
    return any(
        scene.space.intersection(scene.of_rule(_bare(item)), marked) != NOTHING for item in same
    )


def _bare(rule: ClassifierRule) -> ClassifierRule:
    return replace(rule, match=replace(rule.match, code_points=()))


def _served_as_voice(scene: Scene, way: Way) -> Iterator[Finding]:
    """40 in the class of EF, whatever else the packet is, though the plan has it re-marked before.

    A priority class of its own is no fault: RFC 4594 has 40 for broadcast video.
    """
    space = scene.space
    found = scene.treated(way.found, lambda t: t.service is Service.PRIORITY)
    wanted = scene.treated(way.wanted, lambda t: t.service is Service.PRIORITY)
    for point in dict.fromkeys(point for _, point in scene.mapped_rows) or (_PHONE,):
        carried = space.intersection(scene.packets(carrying(point)), scene.domain)
        if space.difference(carried, found) != NOTHING:
            continue
        if space.difference(carried, wanted) == NOTHING:
            continue
        voice = space.intersection(scene.packets(carrying(_EF)), found)
        packets = witness(space, space.intersection(voice, scene.domain)), witness(space, carried)
        if packets[0] is None or packets[1] is None:
            continue
        seen = [way.found.trace(packet) for packet in packets if packet is not None]
        if seen[0].class_name != seen[1].class_name:
            continue
        yield finding(
            "phone-code-point",
            f"packets with {point.name} ({int(point)}) share the priority queue of voice without "
            "being re-marked: whoever sends it gets there, and what is behind does not know it",
            direction=Direction.OUT,
            lines=seen[1].lines,
            hint=f"take {point.name} out of the priority class and map it to ef at the phones",
        )
