"""Which packets rows have in common, once bound to addresses and narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from translator.codepoint import CodePoint
from translator.plan.groups import Bindings, Prefix, bound_addresses
from translator.plan.legs import Leg, legs_of, senders_of
from translator.plan.model import Plan, PlanRow
from translator.ports import ANY_PORT, PortRange, merge_ranges

__all__ = ["HostlessMatch", "Meeting", "Placed", "Region", "match_of", "meetings"]

# What is left of a row without its executable: ports, groups of both ends, code point.
HostlessMatch = tuple[tuple[Leg, ...], tuple[str, ...], tuple[str, ...], int | None]


@dataclass(frozen=True, slots=True)
class Region:
    """The packets of a row; empty addresses or ports are any."""

    legs: tuple[Leg, ...]
    sources: tuple[Prefix, ...]
    destinations: tuple[Prefix, ...]
    code_point: CodePoint | None

    @property
    def shape(self) -> tuple[bool, ...]:
        """Which fields are limited: source and destination address, source and destination port."""
        return (
            bool(self.sources),
            bool(self.destinations),
            any(leg.source_ports for leg in self.legs),
            any(leg.destination_ports for leg in self.legs),
        )

    def overlaps(self, other: Region) -> bool:
        """Whether a packet can belong to both."""
        if None not in (self.code_point, other.code_point) and self.code_point != other.code_point:
            return False
        return (
            any(_legs_meet(mine, its) for mine in self.legs for its in other.legs)
            and _prefixes_meet(self.sources, other.sources)
            and _prefixes_meet(self.destinations, other.destinations)
        )

    def shared_ports(self, other: Region) -> str:
        """Return the ports of common packets, such as `udp from ports 20040-20050`."""
        return " and ".join(
            f"{mine.transport}{_shared(' from ports ', mine.source_ports, its.source_ports)}"
            f"{_shared(' to ports ', mine.destination_ports, its.destination_ports)}"
            for mine in self.legs
            for its in other.legs
            if _legs_meet(mine, its)
        )

    def covers(self, other: Region) -> bool:
        """Whether every packet of the other belongs to this one, as far as single fields show."""
        return (
            self.code_point in (None, other.code_point)
            and all(any(_leg_covers(mine, its) for mine in self.legs) for its in other.legs)
            and _prefixes_cover(self.sources, other.sources)
            and _prefixes_cover(self.destinations, other.destinations)
        )


def _region_of(plan: Plan, row: PlanRow, bindings: Bindings) -> Region:
    """Return the packets of a row under these bindings."""
    return Region(
        legs=legs_of(row),
        sources=bound_addresses(plan, senders_of(row), bindings),
        destinations=bound_addresses(plan, row.destinations, bindings),
        code_point=row.match_code_point,
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and its packets."""

    row: PlanRow
    region: Region


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two rows with different code points that share packets."""

    earlier: Placed
    later: Placed


def match_of(row: PlanRow) -> HostlessMatch:
    """Return what the network sees of a row."""
    return (legs_of(row), senders_of(row), row.destinations, row.match_code_point)


def meetings(plan: Plan, rows: Sequence[PlanRow], bindings: Bindings) -> tuple[Meeting, ...]:
    """Return every pair of rows, in order, that mark a common packet differently.

    Rows that only an executable tells apart are left out: they are one match, not two.
    """
    placed = [(Placed(row, _region_of(plan, row, bindings)), match_of(row)) for row in rows]
    return tuple(
        Meeting(earlier, later)
        for at, (later, match) in enumerate(placed)
        for earlier, other in placed[:at]
        if earlier.row.code_point != later.row.code_point
        and earlier.region.overlaps(later.region)
        and match != other
    )


def _legs_meet(one: Leg, other: Leg) -> bool:
    return (
        one.transport is other.transport
        and _ports_meet(one.source_ports, other.source_ports)
        and _ports_meet(one.destination_ports, other.destination_ports)
    )


def _ports_meet(one: Sequence[PortRange], other: Sequence[PortRange]) -> bool:
    return not one or not other or any(a.overlaps(b) for a in one for b in other)


def _shared(before: str, one: Sequence[PortRange], other: Sequence[PortRange]) -> str:
    common = [
        PortRange(max(a.low, b.low), min(a.high, b.high))
        for a in one or (ANY_PORT,)
        for b in other or (ANY_PORT,)
        if a.overlaps(b)
    ]
    return before + ", ".join(map(str, merge_ranges(common))) if one or other else ""


def _prefixes_meet(one: Sequence[Prefix], other: Sequence[Prefix]) -> bool:
    if not one or not other:
        return True
    return any(a.version == b.version and a.overlaps(b) for a in one for b in other)


def _leg_covers(wide: Leg, narrow: Leg) -> bool:
    return (
        wide.transport is narrow.transport
        and _ports_cover(wide.source_ports, narrow.source_ports)
        and _ports_cover(wide.destination_ports, narrow.destination_ports)
    )


def _ports_cover(wide: Sequence[PortRange], narrow: Sequence[PortRange]) -> bool:
    if not wide:
        return True
    merged = merge_ranges(wide)
    return bool(narrow) and all(
        any(a.low <= b.low and b.high <= a.high for a in merged) for b in narrow
    )


def _prefixes_cover(wide: Sequence[Prefix], narrow: Sequence[Prefix]) -> bool:
    if not wide:
        return True
    return bool(narrow) and all(any(_contains(a, b) for a in wide) for b in narrow)


def _contains(wide: Prefix, narrow: Prefix) -> bool:
    return (
        wide.version == narrow.version
        and wide.prefixlen <= narrow.prefixlen
        and wide.overlaps(narrow)
    )
