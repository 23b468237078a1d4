"""Schedulers, scheduler maps and traffic control profiles: how a class leaves an interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.cos import Classes
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.tree import Node, in_force
from translator.intents.device import QueueClass, Queuing
from translator.intents.pipeline import Service

__all__ = ["Profile", "Scheduler", "Scheduling", "queuing_of", "read_scheduling"]

# Source: "priority (Schedulers)". high is served before low within its rate, strict-high always.
# low-latency, of ACX, is a strict queue ahead of the others.
_STRICT: Final = ("strict-high", "low-latency", "high")
_LEVELS: Final = (*_STRICT, "medium-high", "medium-low", "low")
# Depth of queues and what is left over: no bearing on the kind of service.
_NO_BEARING: Final = values.words(
    "buffer-size explicit-congestion-notification buffer-dynamic-threshold excess-priority "
    "excess-rate adjust-percent adjust-minimum queue-monitoring shared-buffer ecn-enhanced "
    "buffer-rate ecn-rtlog-rate-limit"
)
_MODIFIERS: Final = frozenset({"exact", "rate-limit", "burst-size"})
_ORDER: Final = (Service.PRIORITY, Service.GUARANTEED, Service.BEST_EFFORT, Service.SCAVENGER)


@dataclass(slots=True)
class Scheduler:
    """One scheduler; None where the text does not say."""

    name: str
    percent: float | None = None
    rate_bps: int | None = None
    limit_percent: float | None = None
    limit_bps: int | None = None
    priority: str = "low"
    early_drop: bool = False
    unread: str = ""
    lines: tuple[int, ...] = ()

    @property
    def service(self) -> Service:
        """Strict by priority, guaranteed by a configured share; `remainder` alone is no share."""
        if self.priority in _STRICT:
            return Service.PRIORITY
        if self.percent is not None or self.rate_bps is not None:
            return Service.GUARANTEED
        return Service.BEST_EFFORT


@dataclass(slots=True)
class Profile:
    """A traffic control profile."""

    scheduler_map: str | None = None
    shaping_bps: int | None = None


@dataclass(slots=True)
class Scheduling:
    """Everything that schedules, by name; a map gives the scheduler's name of each class."""

    schedulers: dict[str, Scheduler] = field(default_factory=dict)
    maps: dict[str, dict[str, str]] = field(default_factory=dict)
    map_lines: dict[str, tuple[int, ...]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def joined(self, one: str, other: str) -> str:
        """Return the name of a map with the classes of both, as sets of classes share a port."""
        name = f"{one} {other}"
        self.maps[name] = {**self.maps.get(one, {}), **self.maps.get(other, {})}
        lines = {*self.map_lines.get(one, ()), *self.map_lines.get(other, ())}
        self.map_lines[name] = tuple(sorted(lines))
        return name


def read_scheduling(node: Node, classes: Classes, report: Report) -> Scheduling:
    """Return the schedulers, maps and profiles of `class-of-service`."""
    found = Scheduling()
    for item in node.below("schedulers"):
        found.schedulers[item.word] = _scheduler(item, report)
    for item in node.below("scheduler-maps"):
        entries = found.maps.setdefault(item.word, {})
        found.map_lines[item.word] = tuple(sorted(set(item.all_lines())))
        for name in item.below(keyword(lines.MAP_ENTRY)):
            scheduler = name.take("scheduler")
            if scheduler is not None:
                entries[classes.name(name.word)] = scheduler.value() or ""
    for item in node.below("traffic-control-profiles"):
        found.profiles[item.word] = _profile(item, report)
    return found


def queuing_of(scheduling: Scheduling, map_name: str, shaping_bps: int | None) -> Queuing | None:
    """Return the queues of a scheduler map, strictest first; None when it is not in the text."""
    entries = scheduling.maps.get(map_name)
    if entries is None:
        return None
    schedulers = scheduling.schedulers
    queues = [_queue_class(name, schedulers.get(entry)) for name, entry in entries.items()]
    queues.sort(key=lambda queue: _ORDER.index(queue.service))
    return Queuing(tuple(queues), shaping_bps, scheduling.map_lines[map_name])


def scheduler_of(
    entries: Mapping[str, str], queues: Mapping[int | None, str], name: str, classes: Classes
) -> str | None:
    """Return the scheduler's name of a class: its own entry, or that of a class on its queue.

    Args:
        queues: the entry of the first class on each queue.
    """
    if name in entries:
        return entries[name]
    queue = classes.queue(name)
    return None if queue is None else queues.get(queue)


def _queue_class(name: str, scheduler: Scheduler | None) -> QueueClass:
    if scheduler is None:
        return QueueClass(name, Service.BEST_EFFORT)
    return QueueClass(
        name=name,
        service=scheduler.service,
        percent=scheduler.percent,
        rate_bps=scheduler.rate_bps,
        limit_percent=scheduler.limit_percent,
        limit_bps=scheduler.limit_bps,
        congestion_avoidance=scheduler.early_drop,
        lines=scheduler.lines,
    )


def _scheduler(item: Node, report: Report) -> Scheduler:
    found = Scheduler(item.word, lines=tuple(sorted(set(item.all_lines()))))
    for setting in item.each():
        word = setting.word
        if word == keyword(lines.TRANSMIT_PERCENT):
            found.percent, found.rate_bps = _percent_or_rate(found, setting, report)
        elif word == keyword(lines.LIMIT_PERCENT):
            found.limit_percent, found.limit_bps = _percent_or_rate(found, setting, report)
        elif word == keyword(lines.PRIORITY):
            found.priority = setting.value() or ""
            if found.priority not in _LEVELS:
                found.unread = report.unread(setting, f"priority {found.priority} is not known")
        elif word in ("drop-profile-map", "drop-profile-map-set"):
            setting.swallow()
            found.early_drop = True
        elif word in _NO_BEARING:
            setting.swallow()
        else:
            found.unread = report.unread(setting, f"{word} of a scheduler is not understood")
    return found


def _percent_or_rate(
    found: Scheduler, setting: Node, report: Report
) -> tuple[float | None, int | None]:
    """Return the percent or the rate of `percent 20`, `20m` or `rate 20m`, a choice."""
    percent: float | None = None
    rate_bps: int | None = None
    chosen = in_force([item for item in setting.each() if item.word not in _MODIFIERS])
    for item in setting.each():
        if item.word not in _MODIFIERS and item is not chosen:
            item.swallow()
            continue
        value = item.value() or ""
        if item.word in ("percent", "remainder"):
            percent = _percent(found, item, value, report)
        elif item.word == "rate":
            rate_bps = values.rate(value)
        elif item.word not in _MODIFIERS:
            rate_bps = values.rate(item.word)
            if rate_bps is None:
                found.unread = report.unread(item, f"rate {item.word} is not understood")
                continue
        item.swallow()
    return percent, rate_bps


def _percent(found: Scheduler, item: Node, value: str, report: Report) -> float | None:
    """Return a percentage; None for `remainder` alone, which takes what is left over."""
    try:
        return float(value) if value else None
    except ValueError:
        found.unread = report.unread(item, f"percentage {value} is not understood")
        return None


def _profile(item: Node, report: Report) -> Profile:
    found = Profile()
    for setting in item.each():
        if setting.word == keyword(lines.SCHEDULER_MAP):
            found.scheduler_map = setting.value()
        elif setting.word == keyword(lines.SHAPING_RATE):
            found.shaping_bps = shaping_rate(setting, report)
        elif setting.word in (
            "guaranteed-rate", "delay-buffer-rate", "overhead-accounting", "excess-rate",
            "excess-rate-high", "excess-rate-low", "shaping-rate-priority-high", "max-burst-size",
        ):  # fmt: skip
            setting.swallow()
        else:
            report.unread(setting, f"{setting.word} of a traffic control profile is not understood")
    return found


def shaping_rate(setting: Node, report: Report) -> int | None:
    """Return bit/s of `shaping-rate 50m`; None for a percentage."""
    return _percent_or_rate(Scheduler(""), setting, report)[1]
