"""Ports of each class over many devices, as the chart needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from translator.audit.model import MatchedRanges
from translator.ports import PortRange

__all__ = ["PortRow", "PortTally", "Ranges", "port_rows_of"]

Ranges = tuple[PortRange, ...]
_Key = tuple[str, str, str, str, Ranges]


@dataclass(frozen=True, slots=True)
class PortRow:
    """One line of the chart: ports that are wanted, and what was found on how many devices."""

    traffic_class: str
    role: str
    direction: str
    side: str
    protocols: tuple[str, ...]
    wanted: Ranges
    found: dict[Ranges, int]

    @property
    def devices(self) -> int:
        """How many devices were asked."""
        return sum(self.found.values())

    def share(self, port: int) -> float:
        """Return the share of devices on which the port is in the class."""
        there = sum(
            count
            for ranges, count in self.found.items()
            if any(item.low <= port <= item.high for item in ranges)
        )
        return there / self.devices


class PortTally:
    """Counts which ports were found, while the devices pass by."""

    def __init__(self) -> None:
        self._found: dict[_Key, dict[str, Counter[Ranges]]] = {}

    def count(self, matched: Iterable[MatchedRanges]) -> None:
        """Count the ports of one device; interfaces of a role that agree count once."""
        for item in dict.fromkeys(matched):
            key = (item.role, item.traffic_class, item.side, str(item.direction), item.wanted)
            by_protocol = self._found.setdefault(key, {})
            by_protocol.setdefault(item.protocol, Counter())[item.found] += 1

    def rows(self) -> tuple[PortRow, ...]:
        """Return a row for each class and side; protocols on which all agrees share one."""
        rows: list[PortRow] = []
        for (role, name, side, direction, wanted), by_protocol in self._found.items():
            alike: list[tuple[list[str], Counter[Ranges]]] = []
            for protocol, found in sorted(by_protocol.items()):
                known = next((names for names, other in alike if other == found), None)
                if known is None:
                    alike.append(([protocol], found))
                else:
                    known.append(protocol)
            rows += [
                PortRow(name, role, direction, side, tuple(names), wanted, dict(found))
                for names, found in alike
            ]
        return tuple(rows)


def port_rows_of(devices: Iterable[Iterable[MatchedRanges]]) -> tuple[PortRow, ...]:
    """Return the rows of a chart over some devices."""
    tally = PortTally()
    for matched in devices:
        tally.count(matched)
    return tally.rows()
