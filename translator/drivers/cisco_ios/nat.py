"""Address translation: output classes do not see the addresses that a packet came in with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco_ios.hidden import DESTINATIONS, SOURCES, Hidden
from translator.intents.match import Match

__all__ = ["Translation"]

# Source: Cisco, NAT Order of Operation: on the way out both kinds of translation come first, that
# of sources by the inside rules, that of destinations (outside to inside) before routing.
_CHANGED: Final = {
    "outside": SOURCES,
    "inside": DESTINATIONS,
    "enable": SOURCES | DESTINATIONS,
}


class Translation:
    """The rules of one text, `ip nat ...` at the margin."""

    def __init__(self, sections: Iterable[Section]) -> None:
        # Such a rule gives hosts of the outside other addresses, so that either side may change.
        self._both = any(x.head.keys[2:4] == ["outside", "source"] for x in sections)

    def hidden(self, line: TextLine) -> Hidden | None:
        """Return what `ip nat inside|outside|enable` hides from the interface's output policy."""
        fields = _CHANGED.get(line.keys[2]) if len(line.keys) == 3 else None
        if fields is None:
            return None
        done = f"line {line.number}: {line.text} may translate addresses of packets"
        fields = SOURCES | DESTINATIONS if self._both else fields
        # Unverified: ports are kept where they are free, and changed where two hosts use the same.
        assumed = f"line {line.number}: {line.text} is taken to leave ports as they are"
        return Hidden(done, (line.number,), fields, Match(version=4), assumed)
