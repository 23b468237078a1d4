"""What an audit says: a judgement per interface, direction and class, and findings with evidence.

Everything here is plain data that goes to JSON and back without loss.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msgspec import Struct

from translator.ports import PortRange

__all__ = [
    "ClassAudit",
    "DeviceAudit",
    "Direction",
    "Evidence",
    "Finding",
    "FleetAudit",
    "Judgement",
    "MatchedRanges",
    "Placement",
    "RepairText",
    "RoleGiven",
    "Severity",
    "worst",
]

_NUMBERED: Final = re.compile(r"\blines? \d+(?:(?:-|, | and )\d+)*")


class Judgement(StrEnum):
    """How a device treats one class of traffic, measured against the plan."""

    COMPLIANT = "compliant"
    EXTRA = "extra"  # traffic that the plan leaves alone gets a treatment of its own
    UNKNOWN = "unknown"  # the text does not tell: unread lines, a cut text, a missing definition
    MISSING = "missing"  # no policy at all, or one that is bound nowhere or the wrong way
    DIFFERENT = "different"  # some packet is treated otherwise than the plan wants


_FROM_BAD_TO_GOOD: Final = (
    Judgement.DIFFERENT,
    Judgement.MISSING,
    Judgement.UNKNOWN,
    Judgement.EXTRA,
)


def worst(judgements: Iterable[Judgement]) -> Judgement:
    """Return the worst of some judgements; of none: compliant."""
    found = set(judgements)
    return next((item for item in _FROM_BAD_TO_GOOD if item in found), Judgement.COMPLIANT)


class Severity(StrEnum):
    """How much a finding matters; the words are those of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Direction(StrEnum):
    """Which packets of an interface: those that enter, those that leave; `BOTH` for neither."""

    IN = "in"
    OUT = "out"
    BOTH = ""


class Evidence(Struct, frozen=True):
    """Packets that are treated otherwise than the plan wants.

    Attributes:
        box: all of them, in words.
        packet: the lowest of them, in the notation that `explain --packet` reads.
        way: the interfaces between which it shows, as `Gi0/1 > Gi0/0`; `*` is any other.
        wanted, found: the two treatments in words.
        lines: configuration lines that decide.
        rows: plan rows that say what is wanted.
    """

    box: str
    packet: str
    way: str
    wanted: str
    found: str
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()


class Finding(Struct, frozen=True):
    """One thing that is wrong, or cannot be told, in one configuration.

    Attributes:
        kind: the id of what it is; `translator.audit.kinds` describes each.
        message: one sentence.
        interfaces: where it holds; none: the device as a whole.
        traffic_class: the plan's class, "" where it concerns no single one.
        lines: configuration lines, from 1.
        excerpt: those lines with their QoS neighbours, as (number, text).
        hint: what to do.
    """

    kind: str
    severity: Severity
    message: str
    interfaces: tuple[str, ...] = ()
    direction: Direction = Direction.BOTH
    traffic_class: str = ""
    judgement: Judgement | None = None
    evidence: tuple[Evidence, ...] = ()
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    hint: str = ""
    excerpt: tuple[tuple[int, str], ...] = ()

    def identity(self, device: str) -> str:
        """Return an id of 16 hexadecimal digits that stays while the fault stays.

        It does not change with line numbers or with the order of findings.
        """
        parts = [device, self.kind, self.direction, self.traffic_class, *sorted(self.interfaces)]
        parts += [f"{item.box}|{item.wanted}|{item.found}" for item in self.evidence]
        parts += [] if self.evidence else [self.message]
        text = _NUMBERED.sub("line", "\n".join(parts))  # what was not understood is told by line
        data = text.encode("utf-8", "backslashreplace")  # a name may be no UTF-8
        return hashlib.blake2b(data, digest_size=8).hexdigest()


class ClassAudit(Struct, frozen=True):
    """The judgement on one class; `reason` says why it is not compliant."""

    name: str
    judgement: Judgement
    reason: str = ""


class Placement(Struct, frozen=True):
    """One direction of interfaces that are treated alike and stand for the same role."""

    interfaces: tuple[str, ...]
    role: str
    direction: Direction
    classes: tuple[ClassAudit, ...]
    policy: str = ""

    @property
    def judgement(self) -> Judgement:
        """The worst judgement of its classes."""
        return worst(item.judgement for item in self.classes)


class RoleGiven(Struct, frozen=True):
    """Interfaces with their role; `inferred` says from what, "" where somebody gave it."""

    interfaces: tuple[str, ...]
    role: str
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class RepairText:
    """Lines that repair a device and lines that take them back, both proven on the model."""

    commands: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


class MatchedRanges(Struct, frozen=True):
    """Ports of one side whose unmarked packets are put into a class: as wanted, and as found.

    Attributes:
        role, direction: of the interfaces on which it is so.
        protocol: "tcp" or "udp".
        side: "source" or "destination".
        wanted, found: sorted ranges that do not touch.
    """

    traffic_class: str
    role: str
    direction: Direction
    protocol: str
    side: str
    wanted: tuple[PortRange, ...] = ()
    found: tuple[PortRange, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceAudit:
    """Everything that an audit says of one configuration.

    Attributes:
        file: the file as the user named it.
        platform: the driver that read it; `detected` says how it was chosen, "" if it was given.
        error: why the file could not be audited at all; then nothing else is set.
        left_alone: interfaces without a role, with the reason.
        assumptions: what every verdict rests on.
        ports_matched: the ports of every class, for the chart of a report.
    """

    device: str
    file: str
    platform: str = ""
    detected: str = ""
    plan: str = ""
    error: str = ""
    error_exit_code: int = 0
    placements: tuple[Placement, ...] = ()
    findings: tuple[Finding, ...] = ()
    roles: tuple[RoleGiven, ...] = ()
    left_alone: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    qos_lines: int = 0
    understood: int = 0
    unread: tuple[tuple[int, str, str], ...] = ()
    repair: RepairText | None = None
    ports_matched: tuple[MatchedRanges, ...] = ()

    @property
    def judgement(self) -> Judgement:
        """The worst judgement of all placements; unknown where nothing could be judged."""
        if self.error or not self.placements:
            return Judgement.UNKNOWN
        return worst(item.judgement for item in self.placements)

    def judgement_of(self, traffic_class: str) -> Judgement | None:
        """The worst judgement on a class, None where it is judged nowhere."""
        found = [
            item.judgement
            for placement in self.placements
            for item in placement.classes
            if item.name == traffic_class
        ]
        return worst(found) if found else None


@dataclass(frozen=True, slots=True)
class FleetAudit:
    """The audits of one run, in the order of the files, and what they were measured against."""

    plan: str
    devices: tuple[DeviceAudit, ...]
    version: str = ""
