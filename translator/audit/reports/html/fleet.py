"""The fleet as the first screen shows it: devices worst first, patterns, what to cure first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from translator.audit.codec import from_plain, to_plain
from translator.audit.model import DeviceAudit, Judgement, Severity
from translator.audit.reports.html.ports import PortRow, PortTally
from translator.audit.reports.html.words import percent, title_of
from translator.audit.wording import OTHER_TRAFFIC, SHAPING, UNTRUSTED
from translator.plan.model import Plan

__all__ = ["Device", "Facet", "Fleet", "Problem"]

_LAST: Final = (OTHER_TRAFFIC, UNTRUSTED, SHAPING)
_WORST_FIRST: Final = (
    Judgement.DIFFERENT,
    Judgement.MISSING,
    Judgement.UNKNOWN,
    Judgement.EXTRA,
    Judgement.COMPLIANT,
)
_SITE: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = re.compile(r"(\d+)")
_GROUP_FROM: Final = 60
"""Devices from which on the matrix shows one row for all that are judged alike."""

Facet = tuple[str, Severity, str, str]
"""Of a finding what can be searched: kind, severity, class, message."""
Pattern = tuple[Judgement | None, ...]
"""The judgement on a device, then on each class."""


@dataclass(frozen=True, slots=True)
class Device:
    """What the first screen and the filters know of a device; `packed` is all of it."""

    name: str
    file: str
    platform: str
    judgement: Judgement
    by_class: dict[str, Judgement]
    facets: tuple[Facet, ...]
    repair: str
    packed: bytes

    @classmethod
    def of(cls, audit: DeviceAudit) -> Device:
        """Return the device of an audit."""
        names = dict.fromkeys(item.name for place in audit.placements for item in place.classes)
        by_class = {name: found for name in names if (found := audit.judgement_of(name))}
        facets = tuple(
            (item.kind, item.severity, item.traffic_class, item.message) for item in audit.findings
        )
        repair = ""
        if audit.repair is not None:
            repair = "ready" if audit.repair.commands else "refused" if audit.repair.refused else ""
        return cls(
            audit.device,
            audit.file,
            audit.platform,
            audit.judgement,
            by_class,
            facets,
            repair,
            to_plain(audit),
        )

    @property
    def site(self) -> str:
        """The first word of the name, which in most fleets names the place."""
        found = _SITE.match(self.name)
        return found[0][:40].lower() if found else ""

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity it has."""
        return sum(facet[1] is severity for facet in self.facets)

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: worst first, then most errors, then by name with numbers as numbers."""
        parts = _DIGITS.split(self.name.lower())
        name = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts[:20]]
        return _WORST_FIRST.index(self.judgement), -self.count(Severity.ERROR), name


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of finding over the fleet.

    Attributes:
        alone: on how many of its devices no other kind of error was found.
        repairs: for how many of them a repair is ready.
    """

    kind: str
    severity: Severity
    devices: int
    findings: int
    alone: int
    repairs: int
    repairs_alone: int

    @property
    def title(self) -> str:
        """What is wrong, in words."""
        return title_of(self.kind)


class Fleet:
    """All devices, worst first; each is held as bytes and taken out when its turn comes."""

    def __init__(self, devices: Iterable[DeviceAudit], plan: Plan | None = None) -> None:
        ports = PortTally()
        held: list[Device] = []
        for audit in devices:
            held.append(Device.of(audit))
            ports.count(audit.ports_matched)
        self.devices = sorted(held, key=lambda item: item.order)
        self.classes = _classes(self.devices, plan)
        order = {name: place for place, name in enumerate(self.classes)}
        self.port_rows: tuple[PortRow, ...] = tuple(
            sorted(
                ports.rows(),
                key=lambda row: (row.role, order.get(row.traffic_class, 99), row.side),
            )
        )
        self.judgements = Counter(device.judgement for device in self.devices)
        self.patterns: dict[Pattern, list[int]] = {}
        for number, device in enumerate(self.devices):
            self.patterns.setdefault(self.pattern(device), []).append(number)
        self.problems = _problems(self.devices)

    def device(self, number: int) -> DeviceAudit:
        """Return the whole audit of a device."""
        return from_plain(self.devices[number].packed)

    def pattern(self, device: Device) -> Pattern:
        """Return the row of the matrix for a device."""
        return (device.judgement, *(device.by_class.get(name) for name in self.classes))

    @property
    def grouped(self) -> bool:
        """Whether the matrix joins devices that are judged alike."""
        return len(self.devices) > _GROUP_FROM

    @property
    def platforms(self) -> Counter[str]:
        """How many devices there are of each platform."""
        return Counter(device.platform or "not read" for device in self.devices)

    @property
    def tally(self) -> list[tuple[Judgement, int, str]]:
        """How many devices are judged how, with their share; the bad ones first."""
        whole = len(self.devices)
        return [
            (item, self.judgements[item], percent(self.judgements[item], whole))
            for item in _WORST_FIRST
            if self.judgements[item]
        ]

    @property
    def compliant(self) -> str:
        """The share of devices that do what the plan wants."""
        return percent(self.judgements[Judgement.COMPLIANT], len(self.devices))

    def share(self, name: str) -> str:
        """Return on how many of the devices that have the class it is treated as wanted."""
        found = [item.by_class[name] for item in self.devices if name in item.by_class]
        return percent(found.count(Judgement.COMPLIANT), len(found))

    @property
    def begin(self) -> Problem | None:
        """The kind of error whose cure brings most devices furthest."""
        errors = [item for item in self.problems if item.severity is Severity.ERROR]
        return max(errors or self.problems, key=lambda p: (p.alone, p.devices), default=None)

    @property
    def repairs(self) -> int:
        """For how many devices a repair is ready."""
        return sum(device.repair == "ready" for device in self.devices)

    @property
    def sites(self) -> list[str]:
        """First words of names that several devices share; none where that sorts nothing."""
        sites = Counter(device.site for device in self.devices if device.site)
        shared = sorted(site for site, count in sites.items() if count > 1)
        return shared if len(sites) > 1 else []

    @property
    def kinds(self) -> list[str]:
        """The kinds of findings that were found, worst first."""
        return [item.kind for item in self.problems]


def _classes(devices: list[Device], plan: Plan | None) -> tuple[str, ...]:
    """Return all classes: in the plan's order of queues, and what is no class of it last."""
    names = dict.fromkeys(name for device in devices for name in device.by_class)
    media = [] if plan is None else [str(row.media) for row in plan.queues if row.media]

    def order(name: str) -> tuple[int, int]:
        place = next((n for n, word in enumerate(media) if name.startswith(word)), len(media))
        return (_LAST.index(name) + 1 if name in _LAST else 0, place)

    return tuple(sorted(names, key=order))


def _problems(devices: list[Device]) -> tuple[Problem, ...]:
    """Return the kinds that were found: errors first, then those on most devices."""
    findings: Counter[str] = Counter()
    severity: dict[str, Severity] = {}
    having: dict[str, list[Device]] = {}
    errors_of: dict[int, set[str]] = {}
    for device in devices:
        for kind, how_bad, _, _ in device.facets:
            findings[kind] += 1
            severity[kind] = min(severity.get(kind, how_bad), how_bad, key=list(Severity).index)
        for kind in dict.fromkeys(facet[0] for facet in device.facets):
            having.setdefault(kind, []).append(device)
        errors = {facet[0] for facet in device.facets if facet[1] is Severity.ERROR}
        errors_of[id(device)] = errors
    found = []
    for kind, its in having.items():
        alone = [device for device in its if errors_of[id(device)] <= {kind}]
        found.append(
            Problem(
                kind,
                severity[kind],
                len(its),
                findings[kind],
                len(alone),
                sum(device.repair == "ready" for device in its),
                sum(device.repair == "ready" for device in alone),
            )
        )
    return tuple(
        sorted(found, key=lambda p: (list(Severity).index(p.severity), -p.devices, p.kind))
    )
