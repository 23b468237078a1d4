"""How many hardware entries a policy takes: a switch compares values and masks, not ranges.

Source: Catalyst 2960-X, 3560-X and 3750-X scale tables (384 to 512 QoS entries for each ASIC in
the common templates). Unverified: that a port range takes its minimal set of masks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.intents.lower import port_masks
from translator.intents.match import Match
from translator.ports import PortRange

__all__ = ["BUDGET", "TRUST_COST", "entries_of"]

BUDGET: Final = 384
# Source: the 2960 guide says that a trust statement takes several entries for each line of its
# list. Unverified: how many.
TRUST_COST: Final = 4


def entries_of(match: Match) -> int:
    """Return the entries that one match takes, its listed values multiplied out."""
    count = 1
    for listed in (match.protocols, match.sources, match.destinations, match.code_points):
        count *= max(1, len(listed))
    return count * _masks(match.source_ports) * _masks(match.destination_ports)


def _masks(ranges: Iterable[PortRange]) -> int:
    return sum(len(port_masks(ports)) for ports in ranges) or 1
