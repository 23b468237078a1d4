"""Bundles, VLANs and the like: their packets pass physical ports, and their QoS stands there.

Source: Catalyst 3750-X Software Configuration Guide, QoS guidelines: the QoS of an EtherChannel is
configured on its physical ports; "Applying QoS on VLANs": the policy of a VLAN's interface acts at
those ports alone that have `mls qos vlan-based`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from translator.drivers.cisco_catalyst.egress import unknown_service
from translator.drivers.doubt import Doubt
from translator.intents.pipeline import Rule, Stage

__all__ = ["Logical", "is_logical"]

_LOGICAL: Final = re.compile(r"(po|vl|lo|tu)[a-z-]*[ 0-9]", re.IGNORECASE)
# What such names begin with, however short they are typed.
_BUNDLE: Final = "po"
_KINDS: Final = {
    _BUNDLE: "a bundle",
    "vl": "a VLAN interface",
    "lo": "a loopback",
    "tu": "a tunnel",
}
_NAMED: Final = 4  # members that a reason names


class _Member(NamedTuple):
    name: str
    line: int


def is_logical(name: str) -> bool:
    """Whether an interface is no physical port, by its name."""
    return _LOGICAL.match(name) is not None


class Logical:
    """What is known of such interfaces of one text: nothing, and why.

    Args:
        members: of bundles: number of the bundle, name of the member, and the line that says so.
    """

    def __init__(self, members: Iterable[tuple[str, str, int]]) -> None:
        self._members: dict[str, list[_Member]] = {}
        for bundle, name, line in members:
            for spelling in ("port-channel", _BUNDLE):
                member = _Member(name, line)
                self._members.setdefault(f"{spelling}{bundle}", []).append(member)

    @property
    def names(self) -> tuple[str, ...]:
        """The bundles with members, also in short, and a pattern of each kind; in lower case."""
        return (*self._members, *(f"{start}*[0-9]" for start in _KINDS))

    def rules(self, name: str) -> tuple[Rule, ...]:
        """Return why what happens to packets that enter is not known."""
        return (self._doubt(name).rule(),)

    def egress(self, name: str) -> Stage:
        """Return how leaving packets are served, which is not known."""
        return unknown_service(self._doubt(name))

    def _doubt(self, name: str) -> Doubt:
        kind = _KINDS[name[:2].lower()]
        members = self._members.get(name.lower())
        if members is None:
            return Doubt(f"{kind} has no QoS of its own: that of the ports that it goes by acts")
        names = ", ".join(item.name for item in members[:_NAMED])
        more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
        lines = tuple(item.line for item in members[:_NAMED])
        return Doubt(f"the QoS of {kind} stands on its members: {names}{more}", lines)
