"""Which classifier, rewrite rule, map and shaper `class-of-service` gives to an interface.

Junos states them for the physical interface, for a unit, or for a pattern of either; what is
stated more closely wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from typing import Final

from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.cos import OTHER_TYPES, PRECEDENCE
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.scheduling import Scheduling, shaping_rate
from translator.drivers.juniper_junos.tree import Node

__all__ = ["Binding", "Bindings"]

_NO_BEARING: Final = values.words(
    "input-scheduler-map input-shaping-rate input-traffic-control-profile description "
    "congestion-notification-profile dedicated-buffer-profile exclude-queue-overhead-bytes "
    "logical-interface-aggregate-statistics member-link-scheduler report-ingress-shaping-rate "
    "monitoring-profile fragmentation-map adaptive-shaper"
)
_PROFILE: Final = "output-traffic-control-profile"
_SHOWN: Final = 100  # lines of a pattern that each interface is said to rest on
_MOST_PATTERNS: Final = 100
_WILD: Final = frozenset("*?[")
_ALL: Final = "all"  # stands for every interface


@dataclass(slots=True)
class Binding:
    """What class-of-service says of an interface or unit; None where it says nothing.

    Attributes:
        unread, unread_in, unread_out: what is not known of packets in both directions, of those
            that enter and of those that leave.
    """

    scheduler_map: str | None = None
    shaping_bps: int | None = None
    forwarding_class: str | None = None
    classifiers: dict[str, str] = field(default_factory=dict)
    rewrites: dict[str, str] = field(default_factory=dict)
    unread: str = ""
    unread_in: str = ""
    unread_out: str = ""
    lines: tuple[int, ...] = ()


class Bindings:
    """Reads `class-of-service interfaces`."""

    def __init__(self, cos: Node, scheduling: Scheduling, report: Report) -> None:
        self._report = report
        self._scheduling = scheduling
        self._physical: dict[str, Binding] = {}
        self._units: dict[tuple[str, str], Binding] = {}
        self._merged: dict[tuple[int, ...], Binding] = {}
        self._fitting_ports: dict[str, tuple[Binding, ...]] = {}
        self._fitting_units: dict[str, list[tuple[str, str]]] = {}
        self._physical_patterns: list[str] = []
        self._unit_patterns: list[tuple[str, str]] = []
        self.doubt: Doubt | None = None
        for item in cos.below("interfaces"):
            if item.word == "interface-set":
                report.unread(item, "class-of-service of interface sets is not read")
            elif self._has_room_for(item, item.word):
                self._read_physical(item)
        self._physical_patterns.sort(key=lambda name: "*" in name)
        self._unit_patterns.sort(key=_closest)

    def names(
        self, known: Mapping[str, Iterable[str]], filtered: Iterable[tuple[str, str]]
    ) -> tuple[tuple[str, str | None], ...]:
        """Return (interface, unit) of everything that has QoS; unit None is the whole port.

        Args:
            known: the units of every interface that the text names.
            filtered: units with filters.
        """
        covered = [pair for port, units in known.items() for pair in self._covered(port, units)]
        plain = [pair for pair in self._units if "*" not in pair[0] + pair[1]]
        units = tuple(dict.fromkeys((*plain, *filtered, *covered)))
        ported = {name for name, _ in units}
        ports = [name for name in known if self._of_ports(name)]
        alone = [name for name in (*self._physical, *ports) if name not in ported]
        return (*units, *((name, None) for name in dict.fromkeys(alone) if "*" not in name))

    def patterns(self) -> tuple[tuple[str, str | None], ...]:
        """Return the patterns of interfaces and units, which others than those named may fit."""
        units = [pair for pair in self._units if "*" in pair[0] + pair[1]]
        ports = {name for name, _ in units}
        alone = [name for name in self._physical if "*" in name and name not in ports]
        return (*units, *((name, None) for name in alone))

    def binding(self, name: str, unit: str | None) -> Binding:
        """Return what applies to a unit: its own statements, then patterns, then the port's."""
        said = (*self._of_units(name, unit), *self._of_ports(name))
        # Of hundreds of units most are told nothing, or the same.
        same = tuple(map(id, said))
        found = self._merged.get(same)
        if found is None:
            found = self._merged[same] = _merged(said)
        return found

    def _of_units(self, name: str, unit: str | None) -> Iterator[Binding]:
        """Yield what is said of a unit by its name, then by patterns, the closest first."""
        if unit is None:
            return
        own = (name, unit)
        if own in self._units:
            yield self._units[own]
        fitting = self._fitting_units.get(name)
        if fitting is None:
            fitting = [pair for pair in self._unit_patterns if _fits(name, pair[0])]
            self._fitting_units[name] = fitting
        for pair in fitting:
            if pair != own and _fits(unit, pair[1]):
                yield self._units[pair]

    def _of_ports(self, name: str) -> tuple[Binding, ...]:
        """Return what is said of a whole port by its name, then by patterns."""
        found = self._fitting_ports.get(name)
        if found is None:
            ports = [port for port in self._physical_patterns if port != name and _fits(name, port)]
            named = (name, *ports) if name in self._physical else ports
            found = self._fitting_ports[name] = tuple(self._physical[port] for port in named)
        return found

    def _covered(self, name: str, units: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield those of a port's units that something is said of, or of their port."""
        ports = self._of_ports(name)
        said = any(map(_said, ports))
        for unit in units if ports else ():
            if said or next(self._of_units(name, unit), None) is not None:
                yield name, unit

    def _read_physical(self, item: Node) -> None:
        name = "*" if item.word == _ALL else item.word
        binding = self._physical[name] = Binding()
        if _is_pattern(name):
            self._physical_patterns.append(name)
        of_units: set[int] = set()
        for setting in item.each():
            if setting.word == "unit":
                of_units.update(setting.all_lines())
                for unit in setting.each():
                    if not self._has_room_for(unit, name, unit.word):
                        continue
                    found = self._units[name, unit.word] = Binding()
                    for_others = _is_pattern(name) or _is_pattern(unit.word)
                    if for_others:
                        self._unit_patterns.append((name, unit.word))
                    for below in unit.each():
                        self._read_setting(found, below)
                    found.lines = _shown(unit.all_lines(), for_others=for_others)
            else:
                self._read_setting(binding, setting)
        binding.lines = _shown(set(item.lines) - of_units, for_others=_is_pattern(name))

    def _has_room_for(self, node: Node, *names: str) -> bool:
        """Whether patterns are still few enough to try each on each interface."""
        patterns = len(self._physical_patterns) + len(self._unit_patterns)
        if patterns < _MOST_PATTERNS or not any(map(_is_pattern, names)):
            return True
        self.doubt = self._report.doubt(node, "more patterns of interfaces than are followed")
        return False

    def _read_setting(self, found: Binding, setting: Node) -> None:
        word = setting.word
        if word == keyword(lines.SCHEDULER_MAP):
            found.scheduler_map = setting.value()
        elif word == keyword(lines.SHAPING_RATE):
            found.shaping_bps = shaping_rate(setting, self._report)
        elif word == _PROFILE:
            self._read_profile(found, setting)
        elif word == "forwarding-class-set":
            for item in setting.each():
                for below in item.below(_PROFILE):
                    self._add_profile(found, below, below.word)
        elif word == "forwarding-class":
            found.forwarding_class = setting.value()
        elif word in ("classifiers", "rewrite-rules"):
            self._read_tables(found, setting)
        elif word in _NO_BEARING:
            setting.swallow()
        else:
            reason = f"{word} of an interface is not understood"
            found.unread = self._report.unread(setting, reason)

    def _read_profile(self, found: Binding, setting: Node) -> None:
        self._add_profile(found, setting, setting.value() or "")

    def _add_profile(self, found: Binding, node: Node, name: str) -> None:
        profile = self._scheduling.profiles.get(name)
        if profile is None:
            reason = f"traffic control profile {name} is not in the text"
            found.unread_out = self._report.unread(node, reason)
        elif found.scheduler_map is None:
            found.scheduler_map = profile.scheduler_map
            found.shaping_bps = profile.shaping_bps
        elif profile.scheduler_map is not None:
            found.scheduler_map = self._scheduling.joined(
                found.scheduler_map, profile.scheduler_map
            )
            found.shaping_bps = None

    def _read_tables(self, found: Binding, setting: Node) -> None:
        target = found.classifiers if setting.word == "classifiers" else found.rewrites
        for kind in setting.each():
            target[kind.word] = kind.value() or ""
            if kind.word in OTHER_TYPES:
                kind.swallow()
            elif any(child.children for child in kind.children.values()) or not kind.children:
                # `dscp NAME protocol mpls` concerns packets of another protocol as well or only.
                del target[kind.word]
                reason = f"{setting.word} {kind.word} with options is not understood"
                found.unread = self._report.unread(kind, reason)


def _shown(numbers: Iterable[int], *, for_others: bool) -> tuple[int, ...]:
    """Return lines in their order; of what is said for other interfaces the first ones."""
    lines = tuple(sorted(set(numbers)))
    return lines[:_SHOWN] if for_others else lines


def _said(item: Binding) -> bool:
    return bool(
        item.scheduler_map
        or item.shaping_bps
        or item.forwarding_class
        or item.classifiers
        or item.rewrites
        or item.unread
        or item.unread_out
    )


def _merged(said: Iterable[Binding]) -> Binding:
    """Return what several say together; what is said first wins."""
    merged = Binding()
    for item in said:
        _fill(merged, item)
    _refuse_together(merged)
    return merged


def _fill(merged: Binding, item: Binding) -> None:
    merged.scheduler_map = merged.scheduler_map or item.scheduler_map
    merged.shaping_bps = merged.shaping_bps or item.shaping_bps
    merged.forwarding_class = merged.forwarding_class or item.forwarding_class
    merged.classifiers = {**item.classifiers, **merged.classifiers}
    merged.rewrites = {**item.rewrites, **merged.rewrites}
    merged.unread = merged.unread or item.unread
    merged.unread_out = merged.unread_out or item.unread_out
    merged.lines = tuple(sorted({*merged.lines, *item.lines}))


def _refuse_together(merged: Binding) -> None:
    """Say what a device takes one of, so that it is not known which holds.

    Source: Juniper's 24.4R1 YANG (`junos:must`): a fixed class and classifiers exclude each other
    on a unit, as do `dscp` and `inet-precedence`. Unverified: the like of rewrite rules, and of
    one stated for the unit and the other for its port or a pattern.
    """
    if merged.forwarding_class is not None and merged.classifiers:
        merged.unread_in = "a fixed forwarding class cannot stand beside classifiers"
    elif _both(merged.classifiers):
        merged.unread_in = "classifiers dscp and inet-precedence cannot stand side by side"
    if _both(merged.rewrites):
        merged.unread_out = "rewrite rules dscp and inet-precedence stand side by side"


def _both(tables: Mapping[str, str]) -> bool:
    return "dscp" in tables and PRECEDENCE in tables


def _is_pattern(word: str) -> bool:
    return word == _ALL or not _WILD.isdisjoint(word)


def _fits(name: str, pattern: str) -> bool:
    return _matcher(pattern)(name) is not None


# A text has a hundred at most, and each is tried on every name.
@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> Callable[[str], object]:
    return re.compile(translate(pattern)).match


def _closest(pair: tuple[str, str]) -> int:
    return sum("*" in word for word in pair)
