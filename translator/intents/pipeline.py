"""What a device does with a packet: stages of rules, each a condition and actions.

This is the common tongue of intents and of parsed configurations. It is as small as the
platforms allow: first-match lists (policy-maps, filters) are rules that `STOP`; chains that fall
through (nftables, iptables, Junos `next term`) use `NEXT`; a jump or a child policy is a `body`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from msgspec import Struct

from translator.codepoint import TOS_DSCP_MASK, CodePoint
from translator.errors import UsageError
from translator.intents.condition import Condition

__all__ = [
    "Action",
    "Assign",
    "Drop",
    "Flow",
    "Police",
    "Rule",
    "Service",
    "SetTag",
    "SetTos",
    "Stage",
    "Unclear",
    "set_code_point",
]


class Service(StrEnum):
    """How a class is served on its way out."""

    PRIORITY = "priority"
    GUARANTEED = "guaranteed"
    BEST_EFFORT = "best-effort"
    SCAVENGER = "scavenger"

    __hash__ = str.__hash__  # an enum's own is a call in Python, at every look into a table


class Flow(Enum):
    """Where evaluation goes on after a rule that matched."""

    NEXT = "next"  # the rule below
    RETURN = "return"  # leave this body, go on below the rule that owns it
    STOP = "stop"  # leave the stage


class SetTos(Struct, frozen=True):
    """Write the ToS byte: new = (old and not `mask`) or `value`."""

    value: int
    mask: int

    def __post_init__(self) -> None:
        if not (0 <= self.mask <= 255 and self.value & ~self.mask == 0 and self.value >= 0):
            raise UsageError(f"ToS value {self.value:#x} does not fit its mask {self.mask:#x}")


def set_code_point(code_point: CodePoint) -> SetTos:
    """Return the action that writes the six DSCP bits and keeps both ECN bits."""
    return SetTos(code_point.tos, TOS_DSCP_MASK)


class SetTag(Struct, frozen=True):
    """Attach device-internal metadata; with `mask` only those bits of an integer tag change."""

    tag: str
    value: int | str
    mask: int | None = None


class Assign(Struct, frozen=True):
    """Put the packet into a class; `service` None names the class without touching the queue."""

    class_name: str
    service: Service | None = None


class Police(Struct, frozen=True):
    """Drop or re-mark above a rate; `rate_bps` None where the text gives no absolute rate."""

    rate_bps: int | None


class Drop(Struct, frozen=True):
    """Discard the packet; evaluation of all later stages ends."""


class Unclear(Struct, frozen=True):
    """Something is done that we could not read; the treatment of such packets is unknown."""

    reason: str


Action = SetTos | SetTag | Assign | Police | Drop | Unclear


@dataclass(frozen=True, slots=True)
class Rule:
    """Packets under the condition receive the actions, run through `body`, then follow `flow`.

    Attributes:
        lines: configuration line numbers (from 1) that this rule came from.
        rows: ids of the plan rows that this rule came from.
    """

    condition: Condition
    actions: tuple[Action, ...] = ()
    flow: Flow = Flow.STOP
    body: tuple[Rule, ...] = ()
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()


class Stage(Struct, frozen=True):
    """An ordered list of rules; a packet that none stops leaves it as it is by then."""

    name: str
    rules: tuple[Rule, ...]
