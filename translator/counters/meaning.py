"""Which traffic of the plan each counted class serves: by what the configuration does, not by name.

The classes of the plan and those of the configuration meet where both take the same packets, over
all packets. Without a configuration, the code points that the output itself names decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.codepoint import CodePoint
from translator.counters.snapshot import counting
from translator.drivers.base import Driver
from translator.errors import UndecidedError
from translator.intents.device import DeviceQos, QueueClass
from translator.intents.model import DeviceIntents, InterfaceIntents, QueueIntent
from translator.intents.pipeline import Service
from translator.intents.stages import RESET_CLASS, device_of
from translator.plan.model import Plan, QueueRow, Treatment
from translator.verify.classes import class_diagram, class_pairs
from translator.verify.diagram import Space
from translator.verify.prove import OTHER, with_names_spelled_out

__all__ = ["EF", "Meaning", "Placement", "PlanClass", "meaning_of", "plan_classes"]

EF: Final = CodePoint(46)


@dataclass(frozen=True, slots=True)
class PlanClass:
    """A class of the plan: what it is marked with, and how it is to be served.

    Attributes:
        rows: ids of the plan rows whose traffic it carries.
        rest: whether it is the class of everything that the plan leaves alone.
    """

    name: str
    code_points: tuple[CodePoint, ...] = ()
    rows: tuple[str, ...] = ()
    priority: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """One direction of an interface: which of its classes serve which class of the plan.

    Attributes:
        serves: (class of the plan, names of the classes as they are counted) pairs.
        queues: the classes of its scheduler, under the names by which they are counted.
        queued: whether the plan wants queues here.
    """

    interface: str
    direction: str
    serves: tuple[tuple[PlanClass, tuple[str, ...]], ...]
    queues: tuple[QueueClass, ...] = ()
    queued: bool = False

    def plan_classes_of(self, name: str) -> tuple[PlanClass, ...]:
        """Return the classes of the plan whose packets a counted class serves."""
        words = name.split(", ")
        return tuple(item for item, names in self.serves if any(word in names for word in words))

    def queue(self, name: str) -> QueueClass | None:
        """Return the parameters of a counted class, None where the configuration has none."""
        words = name.split(", ")
        return next((item for item in self.queues if item.name in words), None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The placements of a device; `classes` are those of the plan, in its order."""

    classes: tuple[PlanClass, ...]
    placements: tuple[Placement, ...] = ()
    notes: tuple[str, ...] = ()

    def placement(self, interface: str, direction: str) -> Placement | None:
        """Return what is known of an interface, or of the unit that stands for a whole port."""
        here = [
            item
            for item in self.placements
            if item.serves and direction in ("", item.direction)  # some output names none
        ]
        exact = [item for item in here if item.interface == interface]
        units = [item for item in here if item.interface.rpartition(".")[0] == interface]
        found = exact or units
        return found[0] if len(found) == 1 else None


def plan_classes(plan: Plan) -> tuple[PlanClass, ...]:
    """Return the classes of a plan as its queues have them."""
    return tuple(_of_queue_row(plan, row) for row in plan.queues)


def _of_queue_row(plan: Plan, row: QueueRow) -> PlanClass:
    name = row.name
    return PlanClass(
        name,
        row.code_points,
        _rows(plan, (name,)),
        row.treatment is Treatment.PRIORITY,
        row.media is None,
    )


def _rows(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(row.id for row in plan.rows if row.media.value in wanted)


def meaning_of(
    plan: Plan,
    driver: Driver | None = None,
    intents: DeviceIntents | None = None,
    found: DeviceQos | None = None,
    config: str = "",
) -> Meaning:
    """Return what the counted classes of a device stand for.

    Args:
        intents: what the plan wants of the device, lowered to its platform.
        found: what its configuration does; without it only code points decide.
        config: the text of the configuration.
    """
    classes = plan_classes(plan)
    if driver is None or intents is None:
        return Meaning(classes)
    if found is None:
        queued = (item.name for item in intents.interfaces if item.queuing is not None)
        return Meaning(classes, tuple(Placement(name, "out", (), (), True) for name in queued))
    names = counting(driver).counted_names(config)
    matcher = _Matcher(plan, with_names_spelled_out(intents, found), found, names)
    placements: list[Placement] = []
    notes: list[str] = []
    for item in matcher.intents.interfaces:
        try:
            placements += matcher.placements(item)
        except UndecidedError as error:
            notes.append(f"{item.name}: which class serves what is not known: {error.problem}")
    return Meaning(classes, tuple(placements), tuple(notes))


@dataclass(slots=True)
class _Matcher:
    """Holds the classes of a configuration against those of the plan, one interface at a time."""

    plan: Plan
    intents: DeviceIntents
    found: DeviceQos
    names: Mapping[str, str]
    space: Space = field(default_factory=Space)
    wanted: DeviceQos = field(init=False)

    def __post_init__(self) -> None:
        self.wanted = device_of(self.intents)

    def placements(self, item: InterfaceIntents) -> Iterable[Placement]:
        """Yield what enters and what leaves by an interface, as far as the plan wants anything."""
        if item.classifier:
            classes = {rule.traffic_class.name: rule.traffic_class for rule in item.classifier}
            rows: dict[str, dict[str, None]] = {}
            for rule in item.classifier:
                rows.setdefault(rule.traffic_class.name, {}).update(dict.fromkeys(rule.rows))
            serves = []
            for name, counted in self._meetings(item.name, None, (item.name,)).items():
                if name in classes:
                    point = classes[name].code_point
                    points = () if point is None else (point,)
                    known = PlanClass(name, points, tuple(rows[name]), EF in points)
                    serves.append((known, counted))
                elif name != RESET_CLASS:
                    serves.append((PlanClass("default", rest=True), counted))
            yield Placement(item.name, "in", tuple(serves))
        if item.queuing is not None:
            yield self._leaving(item, item.queuing.queues)

    def _leaving(self, item: InterfaceIntents, queues: tuple[QueueIntent, ...]) -> Placement:
        entries = (None, *(i.name for i in self.intents.interfaces if i is not item), OTHER)
        meetings = self._meetings(None, item.name, entries)
        serves = tuple((self._of_queue(queue), meetings.get(queue.name, ())) for queue in queues)
        queuing = self.found.interface(item.name).queuing
        counted = tuple(self._counted(queue) for queue in queuing.classes) if queuing else ()
        return Placement(item.name, "out", serves, counted, queued=True)

    def _of_queue(self, queue: QueueIntent) -> PlanClass:
        return PlanClass(
            queue.name,
            queue.code_points,
            _rows(self.plan, queue.name.split("+")),
            queue.service is Service.PRIORITY,
            not queue.code_points,
        )

    def _counted(self, queue: QueueClass) -> QueueClass:
        return QueueClass(
            self.names.get(queue.name, queue.name),
            queue.service,
            limit_percent=queue.limit_percent,
            limit_bps=queue.limit_bps,
            rate_bps=queue.rate_bps,
        )

    def _meetings(
        self, enters: str | None, leaves: str | None, entries: Iterable[str | None]
    ) -> dict[str, tuple[str, ...]]:
        """Return the counted names that the packets of each wanted class are found in.

        Of several ways to a queue the first counts on which the class is in any: marks that come
        in from elsewhere may be erased on the way, which says nothing about the queue.
        """
        met: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            way = (entry if enters is None else enters, leaves)
            wanted, found = (
                class_diagram(device, *way, self.space, served=False)
                for device in (self.wanted, self.found)
            )
            pairs = class_pairs(wanted, found, self.space.leaf(True), self.space)
            here: dict[str, dict[str, None]] = {}
            for pair in pairs:
                if pair.other:
                    name = self.names.get(pair.other, pair.other)
                    here.setdefault(pair.one, {})[name] = None
            for name, counted in here.items():
                met.setdefault(name, tuple(counted))
        return met
