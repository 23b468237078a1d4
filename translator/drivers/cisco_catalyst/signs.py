"""By which lines a text of a switch with `mls qos` is known."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.strangers import (
    NEVER_IN_IOS,
    NEVER_IN_IOS_ANYWHERE,
    ROUTERS_ONLY,
    ROUTERS_ONLY_ANYWHERE,
)
from translator.drivers.signs import Lines, Signs, lines_like

__all__ = ["signs_of"]

_OWN: Final = lines_like(
    r"(?:no )?mls qos(?: (?:map|srr-queue|queue-set|rewrite|aggregate-policer)\b|$)",
    r"switch \d+ provision ws-c(?:29[67]|35|37)",
    anywhere=(
        r"mls qos (?:trust|cos|vlan-based|dscp-mutation)|srr-queue bandwidth|queue-set \d",
        r"priority-queue out$",
    ),
)
_SHARED: Final = lines_like(
    r"(?:class|policy)-map |version 1\d\.\d+$|hostname \S+$|ip access-list extended ",
    r"Building configuration",
    anywhere=(r"service-policy input |match access-group ",),
)
_FOREIGN: Final = lines_like(
    *NEVER_IN_IOS,
    *ROUTERS_ONLY,
    anywhere=(
        *NEVER_IN_IOS_ANYWHERE,
        *ROUTERS_ONLY_ANYWHERE,
        r"service-policy output |bandwidth (?:percent|remaining)|priority percent",
    ),
)


def signs_of(text: str) -> Signs:
    """Return what speaks for such a switch, and against it."""
    lines = Lines(text)
    shared = lines.found(_SHARED)
    own = lines.found(_OWN)
    return Signs(own, shared, lines.found(_FOREIGN) if own or shared else ())
