"""What tc puts on a device: queuing disciplines, classes and filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from translator.drivers.linux.tc_cake import BEST_EFFORT, Tins
from translator.intents.condition import Condition
from translator.intents.pipeline import Action

__all__ = ["CLASSFUL", "EGRESS", "INGRESS", "ROOT", "Filter", "Qdisc", "TcClass", "class_name"]

# Source: TC_H_ROOT, TC_H_INGRESS and TC_H_MIN_EGRESS of linux/pkt_sched.h.
ROOT: Final = 0xFFFFFFFF
INGRESS: Final = 0xFFFFFFF1
EGRESS: Final = 0xFFFFFFF3
CLASSFUL: Final = frozenset({"htb", "hfsc", "prio", "pfifo_fast", "drr", "ets", "qfq"})
# Source: man tc-prio: bands by the sixteen values of skb->priority.
_PRIOMAP: Final = (1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)


@dataclass(slots=True)
class Qdisc:
    """A queuing discipline; `parent` is ROOT, INGRESS or a class id."""

    kind: str
    handle: int
    parent: int
    default: int | None = None
    rate_bps: int | None = None
    bands: int = 3
    priomap: tuple[int, ...] = _PRIOMAP
    clears_code_point: bool = False
    tins: Tins = BEST_EFFORT
    line: int = 0


@dataclass(slots=True)
class TcClass:
    """A class of a discipline; `share` says whether a rate is configured for it."""

    kind: str
    id: int
    parent: int
    priority: int = 0
    rate_bps: int | None = None
    ceil_bps: int | None = None
    share: bool = False
    line: int = 0


class Filter(Struct, frozen=True):
    """A filter; `target` None only runs its actions.

    Attributes:
        continues: its actions hand the packet to the next filter.
        terminal: False of u32 without class and actions, which ends no search.
        handle: its number among those of its preference, 0 where the kernel gives one.
        table: of u32 the hash table that the text names, else 0.
        defines_table: it is no filter but a hash table of u32.
        mask: of flower which fields it compares, and how much of them.
    """

    parent: int
    pref: int
    condition: Condition
    target: int | None
    actions: tuple[Action, ...] = ()
    line: int = 0
    continues: bool = False
    terminal: bool = True
    kind: str = ""
    protocol: str = ""
    handle: int = 0
    table: int = 0
    defines_table: bool = False
    mask: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the next filter is asked although this one matched."""
        return self.continues or not self.terminal


def class_name(class_id: int) -> str:
    """Return `1:10` for 0x10010: major and minor in hexadecimal, as tc prints them."""
    return f"{class_id >> 16:x}:{class_id & 0xFFFF:x}"
