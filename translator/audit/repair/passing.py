"""Packets that enter where the plan asks for something and leave where nobody asked.

The plan says how its own packets are marked there, and which marks no other may keep. What it says
nothing of has to meet on such a way what it met before: an internal mark that goes with a class of
somebody else's may be all that puts packets into a queue at the other end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from translator.audit.repair.ways import Way, pairs_of
from translator.intents.condition import Condition
from translator.intents.device import DeviceQos
from translator.intents.match import Match
from translator.intents.model import DeviceIntents, InterfaceIntents
from translator.intents.pipeline import Service
from translator.intents.stages import DEFAULT_CLASS, device_of
from translator.verify.behaviour import ProgramCache, behaviour_of_programs
from translator.verify.boxes import boxes
from translator.verify.classes import class_diagram
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.treatment import Treatment

__all__ = ["Passing", "Turn", "kept_sentences", "passing"]


class Turn(NamedTuple):
    """Packets on a way, and how they are treated before and after."""

    way: Way
    box: str
    before: Treatment
    after: Treatment


class Passing(NamedTuple):
    """What becomes of packets that the plan does not speak of.

    Attributes:
        lost: packets that are treated otherwise than before, if there are any.
        unknown: packets of which the text does not tell how they were treated before, if how they
            are treated changes.
    """

    lost: Turn | None = None
    unknown: Turn | None = None

    @property
    def problem(self) -> str:
        """Where packets are treated otherwise and what may be done, "" where none are."""
        if self.lost is None:
            return ""
        way, box, before, after = self.lost
        return (
            f"{way}: {box}: {before} before, {after} then (name {way.exit} with its role if the "
            "plan is to decide there too)"
        )

    @property
    def note(self) -> str:
        """What cannot be said of packets, "" where all can."""
        if self.unknown is None:
            return ""
        return (
            f"{self.unknown.way}: whether packets that the plan does not speak of are treated as "
            f"before is not known: {'; '.join(self.unknown.before.unclear)}"
        )


def kept_sentences(found: Passing) -> tuple[str, str]:
    """Return what is proven of interfaces that nobody asked about, where nothing is lost."""
    known = "" if found.unknown is None else ", where the text tells it"
    return (
        "interfaces that nobody asked about treat the packets between them as before",
        "packets that come to them by those asked about meet what they met before"
        f"{known}, unless the plan speaks of them or their mark was not as it wants",
    )


class _Met(NamedTuple):
    before: Treatment
    after: Treatment


def passing(
    intents: DeviceIntents,
    before: DeviceQos,
    after: DeviceQos,
    exits: Sequence[str],
    space: Space,
    *,
    domain: Condition | None,
) -> Passing:
    """Return what becomes of packets that the intents do not speak of where they leave elsewhere.

    Left out are those that were marked otherwise than is wanted where they enter: what they meet
    follows from the mark that they are to have.

    Args:
        exits: interfaces that nobody asked about. To hold to the same those that are asked about
            without queues would have a repair unbind theirs.

    Raises:
        UndecidedError: a diagram outgrew its budget.
    """
    wanted = device_of(intents)
    everything = EVERYTHING if domain is None else packets_of(domain, space)
    caches = ProgramCache(), ProgramCache()
    unknown: Turn | None = None
    for way, item in _ways(intents.interfaces, (before, after), exits):
        old, new = caches[0].between(before, *way), caches[1].between(after, *way)
        if old == new:
            continue
        changed = space.combine(
            behaviour_of_programs(old, space), behaviour_of_programs(new, space), _Met
        )
        if changed == NOTHING:
            continue
        others = space.difference(everything, _spoken_of(item, wanted, space))
        others = space.difference(others, _marked_wrongly(item, wanted, before, space))
        changed = space.where(others, changed)
        # What was not known before cannot be kept.
        known = space.members(changed, lambda met: not met.before.unclear)
        if known != NOTHING:
            return Passing(lost=_first(way, space.where(known, changed), space))
        if changed != NOTHING and unknown is None:
            unknown = _first(way, changed, space)
    return Passing(unknown=unknown)


def _first(way: Way, changed: Node, space: Space) -> Turn:
    box, met = boxes(space, changed, 1)[0]
    return Turn(way, str(box), *met)


def _ways(
    asked: Iterable[InterfaceIntents], devices: Sequence[DeviceQos], exits: Sequence[str]
) -> Iterator[tuple[Way, InterfaceIntents]]:
    """Yield each kind of way; interfaces that are asked for the same stand for each other."""
    kinds: dict[InterfaceIntents, list[InterfaceIntents]] = {}
    for item in asked:
        kinds.setdefault(replace(item, name="any"), []).append(item)
    for items in kinds.values():
        known = [item.name for item in items]
        for way in pairs_of(devices, known, exits):
            yield way, items[known.index(way.entry or "")]


def _spoken_of(item: InterfaceIntents, wanted: DeviceQos, space: Space) -> Node:
    """Return the packets entering by an interface that the plan speaks of.

    Where marks are trusted, these are the packets with marks of the plan.
    """
    if item.marks:
        classes = class_diagram(wanted, item.name, None, space, served=False)
        return space.members(classes, lambda name: name not in ("", DEFAULT_CLASS))
    queues = () if item.queuing is None else item.queuing.queues
    marks = tuple(point for queue in queues for point in queue.code_points)
    return packets_of(Match(code_points=marks), space) if marks else NOTHING


def _marked_wrongly(
    item: InterfaceIntents, wanted: DeviceQos, found: DeviceQos, space: Space
) -> Node:
    """Return the packets that do not enter as is wanted, whatever their class of service."""
    right, now = (
        space.map_leaves(
            behaviour_of_programs(ProgramCache().between(device, item.name, None), space), _unserved
        )
        for device in (wanted, found)
    )
    return space.members(space.combine(right, now, _Met), lambda _: True)


def _unserved(treatment: Treatment) -> Treatment:
    return replace(treatment, service=Service.BEST_EFFORT)
