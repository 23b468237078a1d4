"""TCP and UDP port ranges, and the start-and-count form in which Lync stores them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import Struct

from translator.errors import PlanError

__all__ = ["ANY_PORT", "PortBlock", "PortRange", "merge_ranges"]


class PortRange(Struct, frozen=True, order=True):
    """Inclusive range of TCP or UDP ports, 0-65535."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 65535:
            raise PlanError(
                f"port range {self.low}-{self.high} does not ascend within 0-65535",
                hint="write the lower port first; 65535 is the last port",
            )

    def overlaps(self, other: PortRange) -> bool:
        """Whether the two ranges share a port."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


ANY_PORT = PortRange(0, 65535)


@dataclass(frozen=True, slots=True)
class PortBlock:
    """Start and COUNT of ports, as `Set-Cs*` cmdlets store them: 5350 and 3 is 5350-5352."""

    start: int
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise PlanError(
                f"port count {self.count} from {self.start} holds no port",
                hint="a count of 40 from 20000 covers 20000-20039",
            )
        PortRange(self.start, self.start + self.count - 1)

    @property
    def range(self) -> PortRange:
        """The ports of the block; the end is start + count - 1."""
        return PortRange(self.start, self.start + self.count - 1)


def merge_ranges(ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Return the same ports as sorted, disjoint ranges that do not even touch."""
    merged: list[PortRange] = []
    for item in sorted(ranges):
        if merged and item.low <= merged[-1].high + 1:
            merged[-1] = PortRange(merged[-1].low, max(merged[-1].high, item.high))
        else:
            merged.append(item)
    return tuple(merged)
