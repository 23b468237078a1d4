"""Route-maps of policy routing that write marks behind the back of modular QoS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.doubt import Doubt

__all__ = ["RouteMaps"]

# Source: IOS command references, policy-based routing: set ip precedence, tos and dscp; set ipv6
# precedence and dscp.
_MARKS: Final = frozenset({"precedence", "tos", "dscp", "qos-group"})
_VERSIONS: Final = (["ip"], ["ipv6"])


class RouteMaps:
    """The lines of route-maps that write marks, by name of the route-map."""

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        self._ledger = ledger
        self._lines: dict[str, list[TextLine]] = {}
        for section in sections:
            if len(section.head.words) > 1:
                found = [line for line in section.body if _marks(line)]
                self._lines.setdefault(section.head.words[1], []).extend(found)

    def marks(self, name: str, version: int) -> tuple[Doubt, ...]:
        """Return why packets of an IP version that this route-map routes are unclear; nothing when
        it only routes.

        Unverified: what `set ip` does to IPv6 packets.
        """
        found = [x for x in self._lines.get(name, ()) if version == 6 or x.keys[1] == "ip"]
        for line in found:
            self._ledger.unread(line, "marks written by policy routing are not followed")
        return tuple(Doubt.at(line.number, line.text) for line in found)


def _marks(line: TextLine) -> bool:
    keys = line.keys
    return keys[0] == "set" and keys[1:2] in _VERSIONS and not _MARKS.isdisjoint(keys[2:3])
