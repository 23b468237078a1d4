"""What a platform can express; lowering reads this, so that no other code asks for a platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto

__all__ = ["Capabilities", "Feature"]


class Feature(Flag):
    """Single abilities of a platform."""

    MARK_INGRESS = auto()  # classify and mark packets that enter an interface
    MARK_AT_EGRESS = auto()  # the mark is written only where the packet leaves (rewrite rules)
    QUEUE = auto()  # serve classes differently where packets leave
    QUEUE_BY_PORT = auto()  # choose the queue by ports, without relying on code points
    SHAPE = auto()  # shape the whole interface to a rate
    IPV6 = auto()  # classify IPv6 by addresses and ports
    MATCH_CODE_POINT_WITH_PORT = auto()  # code point and ports in one match
    EVERY_QUEUE_HAS_SHARE = auto()  # the default queue too: what the others leave is guaranteed
    KEEPS_COMMENTS = auto()  # comments survive in the running configuration


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Limits and abilities of one platform.

    Attributes:
        queues: hardware or software queues of an interface, the default queue included.
        classes: classes that can be told apart, the default class included.
        name_length: longest name of a class, policy or list.
        ranges_per_rule: port ranges in one rule, None without limit.
        masks_only: ports are matched by value and mask, so ranges are expanded.
        fragments_proven: what happens to non-initial fragments is known (measured or
            documented), so the proof covers them; else it leaves them out and says so.
        assumptions: unverified facts about the platform that a proof rests on.
    """

    features: Feature
    queues: int = 8
    classes: int = 64
    name_length: int = 40
    ranges_per_rule: int | None = None
    masks_only: bool = False
    fragments_proven: bool = False
    assumptions: tuple[str, ...] = ()

    def has(self, feature: Feature) -> bool:
        """Whether the platform has all of the given abilities."""
        return feature in self.features
