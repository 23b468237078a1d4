"""From the intents of one device to everything that its configuration states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from translator.codepoint import CodePoint
from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.layout import EARLY_DROP, Layout, Schedule, Schedules, name_of
from translator.drivers.juniper_junos.terms import (
    Actions,
    FilterText,
    Term,
    filter_text,
    listed,
)
from translator.drivers.juniper_junos.values import BEST_EFFORT
from translator.drivers.line import safe
from translator.drivers.templates import fill
from translator.errors import DriverError
from translator.intents.model import ClassifierRule, DeviceIntents, InterfaceIntents, QueuingIntent

__all__ = ["Dialect", "Renderer"]

DF: Final = CodePoint(0)
_INTERFACE: Final = re.compile(r"([a-z][a-z0-9/:-]{0,40})(?:\.([0-9]{1,10}))?")
_VERSIONS: Final = ((4, "inet", ""), (6, "inet6", "-V6"))
_CLASSIFIERS: Final = (("dscp", "QOS-DSCP"), ("dscp-ipv6", "QOS-DSCP-V6"))
_REWRITES: Final = (("dscp", "QOS-MARK"), ("dscp-ipv6", "QOS-MARK-V6"))


class Dialect(Protocol):
    """What the product lines of Junos write differently."""

    @property
    def platform(self) -> str: ...

    @property
    def queue_numbers(self) -> tuple[int, ...]:
        """Queues that no built-in class of the box uses."""

    @property
    def priority_levels(self) -> tuple[str, str]:
        """Scheduler priority of the first priority queue and of further ones."""

    def marking(self, code_point: CodePoint, version: int, layout: Layout, /) -> tuple[str, ...]:
        """Return the `then` statements that give a packet a code point."""

    def rewrites(self, intents: DeviceIntents, /) -> bool:
        """Return whether marks are written by rewrite rules where packets leave."""


@dataclass(frozen=True, slots=True)
class Table:
    """A classifier or rewrite rule; entries are (forwarding class, statements)."""

    kind: str
    name: str
    entries: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(slots=True)
class Unit:
    """What is stated for one unit of an interface."""

    number: str
    filters: list[tuple[str, str]] = field(default_factory=list)  # family, statement
    scheduling: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()


@dataclass(slots=True)
class Port:
    """What is stated for one interface."""

    name: str
    units: list[Unit] = field(default_factory=list)
    scheduling: tuple[str, ...] = ()
    per_unit: bool = False

    @property
    def filtered(self) -> bool:
        """Whether `interfaces` has anything to say of it."""
        return self.per_unit or any(unit.filters for unit in self.units)

    @property
    def in_cos(self) -> bool:
        """Whether `class-of-service interfaces` has anything to say of it."""
        said = any(unit.scheduling or unit.tables or unit.rewrites for unit in self.units)
        return said or bool(self.scheduling)


class Renderer:
    """Collects the parts of one device's configuration and fills the template with them."""

    def __init__(self, intents: DeviceIntents, dialect: Dialect) -> None:
        self.intents = intents
        self.dialect = dialect
        self.rewriting = dialect.rewrites(intents)
        self.layout = Layout(
            intents,
            platform=dialect.platform,
            numbers=dialect.queue_numbers,
            rewriting=self.rewriting,
        )
        self.schedules = Schedules(self.layout, dialect.priority_levels)
        self.filters: dict[tuple[object, ...], list[FilterText]] = {}
        self.ports: dict[str, Port] = {}
        for item in intents.interfaces:
            self._place(item)

    def config(self) -> str:
        """Return the configuration in curly form, in the order in which the box prints it."""
        return fill(
            "juniper_junos/config.j2",
            header={"plan": _comment(self.intents.plan), "device": _comment(self.intents.device)},
            ports=tuple(self.ports.values()),
            classifiers=self._classifiers(),
            rewrites=self._rewrites(),
            classes=tuple(self._classes()),
            maps=_sorted(self.schedules.maps.values()),
            schedulers=_sorted(self.schedules.schedulers.values()),
            early_drop=EARLY_DROP if self.schedules.drops_early else "",
            families=self._families(),
        )

    def removal(self) -> str:
        """Return `delete` lines for all that `config` states, users before what they use."""
        paths = [*self._placed_paths(), *self._table_paths()]
        for texts in self.filters.values():
            paths += [f"firewall family {text.family} filter {text.name}" for text in texts]
        return "".join(lines.DELETE.write(path=path) + "\n" for path in paths)

    def _place(self, item: InterfaceIntents) -> None:
        name, number = _port_and_unit(item.name)
        port = self.ports.setdefault(name, Port(name))
        unit = Unit(number or "0")
        port.units.append(unit)
        if item.marks:
            unit.filters += self._filter(item, "input", tuple(item.classifier))
        if item.egress_classifier:
            unit.filters += self._filter(item, "output", tuple(item.egress_classifier))
        if item.queuing is not None:
            scheduling = tuple(self._scheduling(item.queuing))
            # A map on a unit needs a scheduler per unit; unit 0 alone is served by the port's.
            if number in ("", "0") and not port.per_unit:
                port.scheduling = scheduling
            else:
                self._per_unit(port)
                unit.scheduling = scheduling
        if self.layout.classes:
            unit.tables = tuple(
                lines.TABLE.write(kind=kind, name=table) for kind, table in _CLASSIFIERS
            )
        if self.rewriting:
            unit.rewrites = tuple(
                lines.TABLE.write(kind=kind, name=table) for kind, table in _REWRITES
            )

    def _per_unit(self, port: Port) -> None:
        port.per_unit = True
        if port.scheduling:
            zero = next(unit for unit in port.units if unit.number == "0")
            zero.scheduling, port.scheduling = port.scheduling, ()

    def _scheduling(self, queuing: QueuingIntent) -> Iterator[str]:
        yield lines.SCHEDULER_MAP.write(name=self.schedules.map_for(queuing))
        if queuing.shaping_bps is not None:
            yield lines.SHAPING_RATE.write(rate=_rate(queuing.shaping_bps))

    def _filter(
        self, item: InterfaceIntents, direction: str, rules: tuple[ClassifierRule, ...]
    ) -> list[tuple[str, str]]:
        """Return (family, statement) of both filters; interfaces that want the same share them."""
        key = (direction, rules, item.reset if direction == "input" else ())
        if key not in self.filters:
            base = name_of(item.role, "in" if direction == "input" else "out")
            taken = {text.name for texts in self.filters.values() for text in texts}
            name, number = base, 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            make = self._ingress if direction == "input" else self._egress
            self.filters[key] = [make(item, name + tail, version) for version, _, tail in _VERSIONS]
        return [
            (text.family, lines.FILTER.write(direction=direction, name=text.name))
            for text in self.filters[key]
        ]

    def _ingress(self, item: InterfaceIntents, name: str, version: int) -> FilterText:
        accept = lines.ACCEPT.write()

        def actions(rule: ClassifierRule) -> tuple[str, ...]:
            point = rule.traffic_class.code_point
            if point is None:
                return (accept,)
            return self.dialect.marking(point, version, self.layout)

        last = [Term("REST", "", (), (accept,))]
        if item.reset:
            line = lines.TRAFFIC_CLASS if version == 6 else lines.DSCP
            words = [values.code_point_word(point, binary_prefix="b") for point in item.reset]
            marked = (line.write(value=listed(words)),)
            cleared = self.dialect.marking(DF, version, self.layout)
            last.insert(0, Term("RESET", "", marked, cleared))
        return self._text(name, version, item.classifier, actions, last)

    def _egress(self, item: InterfaceIntents, name: str, version: int) -> FilterText:
        def actions(rule: ClassifierRule) -> tuple[str, ...]:
            return class_actions(self.layout.for_queue(rule.traffic_class.name), "low")

        last = [Term("REST", "", (), class_actions(BEST_EFFORT, "low"))]
        return self._text(name, version, item.egress_classifier, actions, last)

    def _text(
        self,
        name: str,
        version: int,
        rules: Sequence[ClassifierRule],
        actions: Actions,
        last: Sequence[Term],
    ) -> FilterText:
        platform = self.dialect.platform
        return filter_text(name, version, rules, actions, last, platform=platform)

    def _classifiers(self) -> tuple[Table, ...]:
        entries = [
            (item.name, lines.CODE_POINTS.write(level=level, value=_bits(point)))
            for item in self.layout.classes
            for point, level in item.marks
        ]
        return _tables(_CLASSIFIERS, entries)

    def _rewrites(self) -> tuple[Table, ...]:
        if not self.rewriting:
            return ()
        entries = [
            (item.name, lines.CODE_POINT.write(level=level, value=_bits(point)))
            for item in self.layout.classes
            for point, level in item.marks
        ]
        # Loss priority high within best effort stands for "reset"; what is not listed is kept.
        entries.append((BEST_EFFORT, lines.CODE_POINT.write(level="high", value=_bits(DF))))
        return _tables(_REWRITES, entries)

    def _classes(self) -> Iterator[str]:
        for item in self.layout.classes:
            yield lines.CLASS.write(name=item.name, queue=item.number)

    def _families(self) -> tuple[tuple[str, tuple[FilterText, ...]], ...]:
        texts = [text for pair in self.filters.values() for text in pair]
        return tuple(
            (family, tuple(text for text in texts if text.family == family))
            for _, family, _ in _VERSIONS
            if texts
        )

    def _placed_paths(self) -> Iterator[str]:
        for port in self.ports.values():
            for unit in port.units:
                start = f"interfaces {port.name} unit {unit.number}"
                for family, statement in unit.filters:
                    yield f"{start} family {family} filter {statement}"
            if port.per_unit:
                yield f"interfaces {port.name} per-unit-scheduler"
        for port in self.ports.values():
            start = f"class-of-service interfaces {port.name}"
            for unit in port.units:
                for statement in unit.scheduling:
                    yield f"{start} unit {unit.number} {statement}"
                for statement in unit.tables:
                    yield f"{start} unit {unit.number} classifiers {statement}"
                for statement in unit.rewrites:
                    yield f"{start} unit {unit.number} rewrite-rules {statement}"
            for statement in port.scheduling:
                yield f"{start} {statement}"

    def _table_paths(self) -> Iterator[str]:
        start = "class-of-service"
        yield from (f"{start} scheduler-maps {x.name}" for x in self.schedules.maps.values())
        yield from (f"{start} schedulers {x.name}" for x in self.schedules.schedulers.values())
        if self.schedules.drops_early:
            yield f"{start} drop-profiles {EARLY_DROP}"
        yield from (f"{start} rewrite-rules {x.kind} {x.name}" for x in self._rewrites())
        yield from (f"{start} classifiers {x.kind} {x.name}" for x in self._classifiers())
        for item in self.layout.classes:
            yield f"{start} forwarding-classes class {item.name}"


def _tables(
    names: Sequence[tuple[str, str]], entries: Sequence[tuple[str, str]]
) -> tuple[Table, ...]:
    """Return the table of both IP versions, with the classes sorted as the box prints them."""
    grouped: dict[str, list[str]] = {}
    for class_name, statement in sorted(entries):
        grouped.setdefault(class_name, []).append(statement)
    listing = tuple((class_name, tuple(items)) for class_name, items in grouped.items())
    return tuple(Table(kind, name, listing) for kind, name in names if listing)


def class_actions(name: str, loss_priority: str) -> tuple[str, ...]:
    """Return the `then` statements that put a packet into a class."""
    return (
        lines.LOSS_PRIORITY.write(level=loss_priority),
        lines.FORWARDING_CLASS.write(name=name),
        lines.ACCEPT.write(),
    )


def _port_and_unit(name: str) -> tuple[str, str]:
    """Return `ge-0/0/0` and `10` of `ge-0/0/0.10`; "" where no unit is given.

    Raises:
        DriverError: it is no interface name of Junos.
    """
    found = _INTERFACE.fullmatch(name)
    if found is None:
        raise DriverError(
            f"{name!r} is no interface of Junos", hint="write ge-0/0/0.0, ae1.100 or irb.20"
        )
    return found[1], found[2] or ""


def _bits(code_point: CodePoint) -> str:
    return values.code_point_word(code_point, binary_prefix="")


def _rate(rate_bps: int) -> str:
    for unit, size in (("g", 10**9), ("m", 10**6), ("k", 10**3)):
        if rate_bps % size == 0:
            return f"{rate_bps // size}{unit}"
    return str(rate_bps)


def _comment(text: str) -> str:
    """Return a name as it may stand inside a comment of the box."""
    return safe(text, "comment").replace("*/", "* /")


def _sorted(items: Iterable[Schedule]) -> tuple[Schedule, ...]:
    return tuple(sorted(items, key=lambda item: item.name))
