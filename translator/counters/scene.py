"""One direction of one interface: what was counted there, and what the plan wants there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translator.audit.model import Direction, Finding, Severity
from translator.counters.change import Change, Difference
from translator.counters.kinds import KINDS
from translator.counters.meaning import EF, Meaning, Placement, PlanClass
from translator.intents.counters import Unit
from translator.intents.pipeline import Service

__all__ = ["Place", "places_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """What was counted in one direction of an interface.

    Attributes:
        changes: all of it; `leaves` are the classes that hold no other class.
        rules: rules of filters, wherever they are; they may speak of any interface.
        placement: what the plan wants here, None where that is not known.
    """

    interface: str
    direction: Direction
    changes: tuple[Change, ...]
    leaves: tuple[Change, ...]
    rules: tuple[Change, ...]
    placement: Placement | None
    known: tuple[PlanClass, ...]

    @property
    def name(self) -> str:
        """The interface as people call it, also where the output names none."""
        return self.interface or "the device"

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interface, if there is one."""
        return (self.interface,) if self.interface else ()

    def called(self, change: Change) -> str:
        """Return a class with where it is."""
        path = "/".join((*change.counted.path, change.counted.name))
        where = f"{self.name} {self.direction}" if self.direction else self.name
        return f"{where}: {path}"

    def plan_classes(self, change: Change) -> tuple[PlanClass, ...]:
        """Return the classes of the plan that a counted class serves, as far as that is known."""
        if self.placement is not None:
            return self.placement.plan_classes_of(change.counted.name)
        points = set(change.counted.code_points)
        return tuple(item for item in self.known if points & set(item.code_points))

    def first_class(self, change: Change) -> PlanClass | None:
        """Return the most important class of the plan that a counted class serves."""
        found = sorted(self.plan_classes(change), key=lambda item: (item.rest, not item.priority))
        return found[0] if found else None

    def by_plan_class(self) -> Iterator[tuple[PlanClass, list[Change]]]:
        """Yield each class of the plan with the counted classes that serve it.

        One that serves the rest as well is left out where another serves the class alone.
        """
        classes = (
            self.known
            if self.placement is None
            else tuple(plan_class for plan_class, _ in self.placement.serves)
        )
        for plan_class in classes:
            serving = [item for item in self.leaves if plan_class in self.plan_classes(item)]
            alone = [item for item in serving if not any(c.rest for c in self.plan_classes(item))]
            yield plan_class, alone or serving

    def counted_under(self, names: Iterable[str]) -> bool:
        """Return whether one of the classes was counted."""
        wanted = set(names)
        return any(wanted & set(item.counted.name.split(", ")) for item in self.leaves)

    def serves_voice(self, change: Change) -> bool:
        """Return whether a counted class serves EF, or is served before all others."""
        counted = change.counted
        if counted.priority or EF in counted.code_points:
            return True
        if any(item.priority or EF in item.code_points for item in self.plan_classes(change)):
            return not self.is_rest(change)
        return False

    def is_rest(self, change: Change) -> bool:
        """Return whether a counted class serves what the plan leaves alone, as best effort."""
        queue = None if self.placement is None else self.placement.queue(change.counted.name)
        if queue is not None:
            return queue.service is Service.BEST_EFFORT
        classes = self.plan_classes(change)
        if classes:
            return any(item.rest for item in classes)
        # Source: IOS names the class of all that no other class matches so, on every policy.
        return change.counted.name == "class-default"

    def purpose(self, change: Change) -> str:
        """Return in words what a class of voice serves."""
        plan_class = self.first_class(change)
        return plan_class.name if plan_class is not None else "EF or priority traffic"

    def limit_bps(self, change: Change) -> int | None:
        """Return the limit of a priority class: as the output has it, else the configuration."""
        if change.counted.limit_bps is not None or self.placement is None:
            return change.counted.limit_bps
        queue = self.placement.queue(change.counted.name)
        return None if queue is None else queue.limit_bps

    def finding(
        self,
        kind: str,
        message: str,
        changes: Iterable[Change],
        plan_class: PlanClass | None = None,
        *,
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding about some classes of this place."""
        return Finding(
            kind,
            KINDS[kind].severity if severity is None else severity,
            message,
            self.interfaces,
            self.direction,
            "" if plan_class is None else plan_class.name,
            lines=tuple(sorted({item.counted.lines[0] for item in changes})),
            rows=() if plan_class is None else plan_class.rows,
            hint=KINDS[kind].cure,
        )


def places_of(difference: Difference, meaning: Meaning) -> list[Place]:
    """Return the places of a difference, in the order of the output."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in difference.changes:
        key = (change.counted.interface, change.counted.direction)
        groups.setdefault(key, []).append(change)
    rules = tuple(item for item in difference.changes if item.counted.unit is Unit.RULE)
    return [
        Place(
            interface,
            Direction(direction),
            tuple(changes),
            _leaves(changes),
            rules,
            meaning.placement(interface, direction),
            meaning.classes,
        )
        for (interface, direction), changes in groups.items()
    ]


def _leaves(changes: Iterable[Change]) -> tuple[Change, ...]:
    classes = [item for item in changes if item.counted.unit is Unit.CLASS]
    holding = {
        item.counted.path[:depth]
        for item in classes
        for depth in range(1, len(item.counted.path) + 1)
    }
    return tuple(item for item in classes if (*item.counted.path, item.counted.name) not in holding)
