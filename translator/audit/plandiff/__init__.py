"""What changes when one plan takes the place of another: in words, and over all packets."""

from __future__ import annotations

from translator.audit.plandiff.packets import PacketChange, RoleDiff
from translator.audit.plandiff.plandiff import ROLES, PlanDiff, plan_diff
from translator.audit.plandiff.words import Change, Line, Section

__all__ = [
    "ROLES",
    "Change",
    "Line",
    "PacketChange",
    "PlanDiff",
    "RoleDiff",
    "Section",
    "plan_diff",
]
