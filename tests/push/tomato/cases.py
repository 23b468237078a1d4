"""Faults of a Tomato router, each staged by a test of this folder."""

from __future__ import annotations

from push.broken import each_command
from push.faults import Ends, Fault

from translator.errors import DriftError, LockedError, ProofError, RevertedError

UNPROVEN = Fault("what is sent serves otherwise than the plan", Ends.OLD, RevertedError, ProofError)
OWNERS_RULES = Fault(
    "rules of the owner serve otherwise than the plan", Ends.OLD, RevertedError, ProofError
)
LOCKED = Fault("lock held by another", Ends.OLD, LockedError)
CHANGED = Fault(
    "changed by somebody else before it is read back", Ends.BESIDE, RevertedError, DriftError
)

CHANGED_LATE = Fault(
    "changed by somebody else once it is confirmed", Ends.BESIDE, RevertedError, DriftError
)
COMMANDS = 29
"""Commands and files of a push, both sessions together."""
EACH_COMMAND = each_command(COMMANDS)

CASES = tuple(
    ("tomato", fault)
    for fault in (*EACH_COMMAND, UNPROVEN, OWNERS_RULES, LOCKED, CHANGED, CHANGED_LATE)
)
