"""The text under construction: blocks of lines by kind, each with the line that removes it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from translator.drivers.base import refuse
from translator.drivers.cisco import naming
from translator.drivers.cisco.naming import Names

__all__ = ["V6_SUFFIX", "Kind", "Pieces", "interface_name"]

# Lists of both IP versions share one name space.
V6_SUFFIX: Final = "-V6"
# Source: Nexus 9000 QoS guide, Using Modular QoS CLI: policies are attached to Ethernet ports,
# port channels and VLANs.
_PORTS: Final = re.compile(r"(?:Ethernet\d+(?:/\d+){1,3}|port-channel\d+)(?:\.\d+)?")


class Kind(Enum):
    """What a name belongs to; each kind has its own name space."""

    ACCESS_LIST = "ip access-list"
    ACCESS_LIST_V6 = "ipv6 access-list"
    CLASS_MAP = "class-map type qos"
    POLICY_MAP = "policy-map type qos"
    QUEUING_MAP = "policy-map type queuing"


@dataclass(slots=True)
class Pieces:
    """Definitions in the order in which they were finished, so that each stands before its use."""

    limit: int
    blocks: dict[Kind, list[tuple[str, ...]]] = field(default_factory=dict)
    removals: dict[Kind, list[str]] = field(default_factory=dict)
    _names: dict[Kind, Names] = field(default_factory=dict)

    def known(self, kind: Kind, content: Hashable) -> str | None:
        """Return the name under which equal content was already written."""
        return self.names(kind).known(content)

    def names(self, kind: Kind) -> Names:
        """Return the names of a kind; those of classes leave room for a suffix of their lists."""
        limit = self.limit - len(V6_SUFFIX) if kind is Kind.CLASS_MAP else self.limit
        return self._names.setdefault(kind, Names(limit))

    def add(self, kind: Kind, name: str, lines: Sequence[str]) -> None:
        """Keep the finished block of a name."""
        self.blocks.setdefault(kind, []).append(tuple(lines))
        self.removals.setdefault(kind, []).append(f"no {kind.value} {name}")

    def lines(self, kind: Kind) -> tuple[str, ...]:
        """Return all lines of a kind."""
        return tuple(line for block in self.blocks.get(kind, ()) for line in block)

    def removal(self) -> tuple[str, ...]:
        """Return the lines that remove everything: what refers to a thing goes first."""
        order = (
            Kind.QUEUING_MAP,
            Kind.POLICY_MAP,
            Kind.CLASS_MAP,
            Kind.ACCESS_LIST_V6,
            Kind.ACCESS_LIST,
        )
        return tuple(line for kind in order for line in reversed(self.removals.get(kind, [])))


def interface_name(platform: str, name: str) -> str:
    """Return an interface name as the device prints it: `Eth1/1` is `Ethernet1/1`.

    Raises:
        DriverError: it is none.
        UnsupportedIntentError: no policy can be bound there.
    """
    full = naming.interface_name(name)
    if full.startswith("Port-channel"):
        full = full.lower()
    if _PORTS.fullmatch(full) is None:
        raise refuse(
            platform,
            f"QoS on {name}",
            "policies are bound to Ethernet ports and port channels",
            nearest="name the ports behind it, as in Ethernet1/1 or port-channel10",
        )
    return full
