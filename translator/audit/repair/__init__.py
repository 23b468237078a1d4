"""Repair: the smallest list of commands from what a device does to what is wanted, proven."""

from __future__ import annotations

from translator.audit.repair.compute import repair
from translator.audit.repair.model import Gap, Repair

__all__ = ["Gap", "Repair", "repair"]
