"""By which lines a text of an IOS router is known."""

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
    *ROUTERS_ONLY,
    # Slot 0 and port 0, and subinterfaces of them; the members of a switch count from 1.
    r"interface Tunnel\d|interface (?:Ten)?GigabitEthernet(?:0/0/\d|0/0\.\d)",
    r"license udi pid (?:CISCO|ISR|ASR|CSR|C8)",
    # Other queuing of classes is that of Catalyst 3850 and 9000 too.
    anywhere=(*ROUTERS_ONLY_ANYWHERE, r"fair-queue$"),
)
_SHARED: Final = lines_like(
    r"(?:class|policy)-map |version 1\d\.\d+$|hostname \S+$|ip access-list extended ",
    r"Building configuration",
    anywhere=(r"service-policy (?:input|output) |match access-group ",),
)
_FOREIGN: Final = lines_like(
    *NEVER_IN_IOS,
    # A port of a stack's member; a router has slot 0 or no slots.
    r"interface \w*Ethernet[1-9]/0/\d+\n(?:[ ]+description [^\n]*\n)?[ ]+switchport",
    anywhere=(
        *NEVER_IN_IOS_ANYWHERE,
        r"(?:no )?mls qos\b|srr-queue bandwidth|priority-queue out$|queue-set \d",
    ),
)


def signs_of(text: str) -> Signs:
    """Return what speaks for a router, and against it."""
    lines = Lines(text)
    shared = lines.found(_SHARED)
    own = lines.found(_OWN)
    return Signs(own, shared, lines.found(_FOREIGN) if own or shared else ())
