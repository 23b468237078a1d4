"""Which VLANs a port of an EOS switch may carry.

Source: EOS user manual, chapter VLANs: a port is one of access VLAN 1 unless a line says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.drivers.cisco.reader import TextLine

__all__ = ["Vlans"]

_DIGITS: Final = 5  # VLANs have four


@dataclass(frozen=True, slots=True)
class Vlans:
    """What lines of `switchport` say.

    Attributes:
        routed: it is no switched port.
        tagged: it is a trunk or the like, on which the VLANs `allowed` pass; None is any.
        several: a line lets pass what is not followed (phones, trunk groups, translation).
    """

    routed: bool = False
    access: str = "1"
    tagged: bool = False
    allowed: str | None = None
    several: bool = False

    @classmethod
    def of(cls, lines: Iterable[TextLine]) -> Vlans:
        """Return what lines of `switchport` say in the end."""
        found = cls()
        for line in lines:
            negative = line.keys[0] in ("no", "default")
            found = found.after(line.keys[1 + negative :], off=line.keys[0] == "no")
        return found

    def after(self, keys: list[str], *, off: bool) -> Vlans:
        """Return what holds after a line, given by the words behind `switchport`."""
        if not keys:
            return replace(self, routed=off)
        if keys[:2] == ["access", "vlan"] and len(keys) == 3:
            return replace(self, access="1" if off else keys[2])
        if keys[0] == "mode":
            return replace(self, tagged=not off and keys[1:] != ["access"])
        if keys[:3] == ["trunk", "allowed", "vlan"]:
            plain = not off and len(keys) == 4 and keys[3][0].isdigit()
            return replace(self, allowed=keys[3] if plain else None)
        if keys[0] in ("phone", "vlan") or keys[:2] == ["trunk", "group"]:
            return replace(self, several=True)
        return self

    def first_of(self, vlans: Sequence[int]) -> int | None:
        """Return the first of ascending VLANs whose packets may enter; where that is not known,
        they may.
        """
        if self.routed or not vlans:
            return None
        if self.several or (self.tagged and self.allowed is None):
            return vlans[0]
        for part in ((self.allowed if self.tagged else None) or self.access).split(","):
            low, _, high = part.partition("-")
            if not (low.isdecimal() and (high or low).isdecimal()):
                return vlans[0]
            at = bisect_left(vlans, int(low[:_DIGITS]))
            if at < len(vlans) and vlans[at] <= int((high or low)[:_DIGITS]):
                return vlans[at]
        return None
