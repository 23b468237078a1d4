"""Which classifier, rewrite rule, map, shaper and filter an interface has.

Junos states them for the physical interface, for a unit, or for a pattern of either; what is
stated more closely wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.cos import OTHER_TYPES
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.scheduling import Scheduling, shaping_rate
from translator.drivers.juniper_junos.tree import Node

__all__ = ["Binding", "Bindings", "Placed"]

_NO_BEARING: Final = values.words(
    "input-scheduler-map input-shaping-rate input-traffic-control-profile description "
    "congestion-notification-profile dedicated-buffer-profile exclude-queue-overhead-bytes "
    "logical-interface-aggregate-statistics member-link-scheduler report-ingress-shaping-rate "
    "monitoring-profile fragmentation-map adaptive-shaper virtual-channel-group"
)
# What else may police or mark on a unit.
_NOT_READ: Final = values.words("policer simple-filter ingress-queuing-filter")


@dataclass(slots=True)
class Binding:
    """What class-of-service says of an interface or unit; None where it says nothing."""

    scheduler_map: str | None = None
    shaping_bps: int | None = None
    forwarding_class: str | None = None
    classifiers: dict[str, str] = field(default_factory=dict)
    rewrites: dict[str, str] = field(default_factory=dict)
    unread: str = ""
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class Placed:
    """Filters on one unit: (family, name) in the order in which they run."""

    input: list[tuple[str, str]] = field(default_factory=list)
    output: list[tuple[str, str]] = field(default_factory=list)
    unread: str = ""
    lines: list[int] = field(default_factory=list)


class Bindings:
    """Reads `class-of-service interfaces` and the filters of `interfaces`."""

    def __init__(
        self, cos: Node, interfaces: Node | None, scheduling: Scheduling, report: Report
    ) -> None:
        self._report = report
        self._scheduling = scheduling
        self._physical: dict[str, Binding] = {}
        self._units: dict[tuple[str, str], Binding] = {}
        self.filters: dict[tuple[str, str], Placed] = {}
        for item in cos.below("interfaces"):
            self._read_physical(item)
        for item in () if interfaces is None else interfaces.children.values():
            self._read_filters(item)

    def names(self) -> tuple[tuple[str, str | None], ...]:
        """Return (interface, unit) of everything that has QoS; unit None is the whole port."""
        units = dict.fromkeys((*self._units, *self.filters))
        plain = [pair for pair in units if "*" not in pair[0] + pair[1]]
        ported = {name for name, _ in plain}
        alone = [name for name in self._physical if name not in ported and "*" not in name]
        return (*plain, *((name, None) for name in alone))

    def binding(self, name: str, unit: str | None) -> Binding:
        """Return what applies to a unit: its own statements, then patterns, then the port's."""
        found = [
            item
            for (port, number), item in sorted(self._units.items(), key=_closest)
            if unit is not None and fnmatchcase(name, port) and fnmatchcase(unit, number)
        ]
        found += [
            item
            for port, item in sorted(self._physical.items(), key=lambda pair: "*" in pair[0])
            if fnmatchcase(name, port)
        ]
        merged = Binding()
        for item in found:
            _fill(merged, item)
        return merged

    def _read_physical(self, item: Node) -> None:
        binding = self._physical[item.word] = Binding()
        for setting in item.each():
            if setting.word == "unit":
                for unit in setting.each():
                    found = self._units[item.word, unit.word] = Binding()
                    for below in unit.each():
                        self._read_setting(found, below)
                    found.lines = tuple(sorted(set(unit.all_lines())))
            else:
                self._read_setting(binding, setting)
        binding.lines = tuple(sorted(set(item.lines)))

    def _read_setting(self, found: Binding, setting: Node) -> None:
        word = setting.word
        if word == keyword(lines.SCHEDULER_MAP):
            found.scheduler_map = setting.value()
        elif word == keyword(lines.SHAPING_RATE):
            found.shaping_bps = shaping_rate(setting, self._report)
        elif word == "output-traffic-control-profile":
            self._read_profile(found, setting)
        elif word == "forwarding-class":
            found.forwarding_class = setting.value()
        elif word in ("classifiers", "rewrite-rules"):
            target = found.classifiers if word == "classifiers" else found.rewrites
            target.update(_types(setting))
        elif word in _NO_BEARING:
            setting.swallow()
        else:
            reason = f"{word} of an interface is not understood"
            found.unread = self._report.unread(setting, reason)

    def _read_profile(self, found: Binding, setting: Node) -> None:
        name = setting.value() or ""
        profile = self._scheduling.profiles.get(name)
        if profile is None:
            reason = f"traffic control profile {name} is not in the text"
            found.unread = self._report.unread(setting, reason)
        else:
            found.scheduler_map = profile.scheduler_map
            found.shaping_bps = profile.shaping_bps

    def _read_filters(self, item: Node) -> None:
        units = item.get("unit")
        for unit in () if units is None else units.children.values():
            placed = Placed()
            if "filter" in unit.children:
                self._read_filter(placed, "any", unit.children["filter"])
            families = unit.get("family")
            for family in () if families is None else families.children.values():
                if "filter" in family.children:
                    self._read_filter(placed, family.word, family.children["filter"])
                for word in _NOT_READ & family.children.keys():
                    placed.lines += family.children[word].all_lines()
                    reason = f"{word} of a unit is not read"
                    placed.unread = self._report.unread(family.children[word], reason)
            if placed.lines:
                self.filters[item.word, unit.word] = placed

    def _read_filter(self, placed: Placed, family: str, node: Node) -> None:
        node.read = True
        placed.lines += node.all_lines()
        for item in node.each():
            target = placed.input if item.word.startswith("input") else placed.output
            if item.word in ("input", "output"):
                name = item.value()
                target += [] if name is None else [(family, name)]
                for child in item.children.values():
                    child.swallow()
            elif item.word in ("input-list", "output-list"):
                target += [(family, child.word) for child in item.each()]
            elif item.word == "group":
                item.swallow()
            else:
                self._report.unread(item, f"filter {item.word} is not understood")


def _fill(merged: Binding, item: Binding) -> None:
    merged.scheduler_map = merged.scheduler_map or item.scheduler_map
    merged.shaping_bps = merged.shaping_bps or item.shaping_bps
    merged.forwarding_class = merged.forwarding_class or item.forwarding_class
    merged.classifiers = {**item.classifiers, **merged.classifiers}
    merged.rewrites = {**item.rewrites, **merged.rewrites}
    merged.unread = merged.unread or item.unread
    merged.lines = tuple(sorted({*merged.lines, *item.lines}))


def _closest(pair: tuple[tuple[str, str], Binding]) -> int:
    return sum("*" in word for word in pair[0])


def _types(setting: Node) -> Iterator[tuple[str, str]]:
    for kind in setting.each():
        if kind.word in OTHER_TYPES:
            name = kind.value() or ""
            kind.swallow()
        else:
            name = kind.value() or ""
            for child in kind.children.values():
                child.swallow()
        yield kind.word, name
