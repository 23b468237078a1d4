"""Route-maps of policy routing that write marks behind the back of modular QoS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.doubt import Doubt

__all__ = ["RouteMaps"]

# Source: IOS command reference, policy-based routing: set ip precedence, tos and dscp.
_MARKS: Final = frozenset({"precedence", "tos", "dscp", "qos-group"})


class RouteMaps:
    """The lines of route-maps that write marks, by name of the route-map."""

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        self._ledger = ledger
        self._lines: dict[str, list[TextLine]] = {}
        for section in sections:
            if len(section.head.words) > 1:
                found = [line for line in section.body if _marks(line)]
                self._lines.setdefault(section.head.words[1], []).extend(found)

    def marks(self, name: str) -> tuple[Doubt, ...]:
        """Return why packets routed by this route-map are unclear; nothing when it only routes."""
        for line in self._lines.get(name, ()):
            self._ledger.unread(line, "marks written by policy routing are not followed")
        return tuple(Doubt.at(line.number, line.text) for line in self._lines.get(name, ()))


def _marks(line: TextLine) -> bool:
    return line.keys[:2] == ["set", "ip"] and not _MARKS.isdisjoint(line.keys[2:3])
