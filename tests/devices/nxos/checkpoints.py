"""What a Nexus switch keeps to go back to, and when."""

from __future__ import annotations

from dataclasses import dataclass

from ..clock import Timer
from ..tree import Node

__all__ = ["Checkpoint", "Schedule"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A copy of the running configuration."""

    tree: Node
    text: str
    user: str


@dataclass(slots=True)
class Schedule:
    """When a schedule runs its jobs, and whether it has."""

    name: str
    user: str
    timer: Timer
    start: str
    ran: str = ""
