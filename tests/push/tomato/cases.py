"""Faults of a Tomato router, each staged by a test of this folder."""

from __future__ import annotations

from push.broken import each_command
from push.faults import Ends, Fault

from translator.errors import (
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    ProofError,
    RevertedError,
    StateUnknownError,
)

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
ANOTHER = Fault("another host name", Ends.OLD, IdentityError)
DRIFT = Fault("changed since the change was planned", Ends.OLD, DriftError)
FULL = Fault("flash full", Ends.OLD, PreflightError)
NO_SECOND_LOGIN = Fault(
    "the second login is refused until the timer has run out",
    Ends.OLD, RevertedError, LoginError,
)  # fmt: skip
NO_WAY_BACK = Fault(
    "the script fails, and the way back too", Ends.BETWEEN, StateUnknownError, LineRefusedError
)
DIED_BEFORE = Fault("a run of ours died behind its timer", Ends.NEW)
COMMANDS = 28
"""Commands and files of a push, both sessions together."""
EACH_COMMAND = each_command(COMMANDS)

CASES = tuple(
    ("tomato", fault)
    for fault in (
        *EACH_COMMAND, UNPROVEN, OWNERS_RULES, LOCKED, CHANGED, CHANGED_LATE, ANOTHER, DRIFT, FULL,
        NO_SECOND_LOGIN, NO_WAY_BACK, DIED_BEFORE,
    )
)  # fmt: skip
