"""Faults of a Linux router in network namespaces, each staged by a test of this folder."""

from __future__ import annotations

from signal import SIGKILL

from push.broken import each_command
from push.faults import Ends, Fault

from translator.errors import (
    ConnectionLostError,
    DriftError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    PrivilegeError,
    ProofError,
    RevertedError,
    StateUnknownError,
)

LOCKED_OUT = Fault("the new rules lock us out", Ends.OLD, RevertedError, ConnectionLostError)
SERVER_DIES = Fault(
    "SIGKILL of the device's SSH server during the change",
    Ends.OLD, RevertedError, ConnectionLostError,
)  # fmt: skip
SILENT = Fault(
    "all packets are lost during the change", Ends.OLD, RevertedError, ConnectionLostError
)
UNPROVEN = Fault("what is sent serves otherwise than the plan", Ends.OLD, RevertedError, ProofError)
HALF_WAY = Fault("the script fails half way", Ends.OLD, RevertedError, LineRefusedError)
BAD_RULES = Fault("the rules would be refused when loaded", Ends.OLD, PreflightError)
DRIFT = Fault("changed since the change was planned", Ends.OLD, DriftError)
ANOTHER = Fault("another host name", Ends.OLD, IdentityError)
CHANGED = Fault(
    "changed by somebody else before it is read back", Ends.BESIDE, RevertedError, DriftError
)
LOCKED = Fault("lock held by another", Ends.OLD, LockedError)
FOREIGN_QUEUES = Fault("queues of another hand are in the place of ours", Ends.OLD, PreflightError)
KILLED_AT_ROW = Fault(
    "SIGKILL of our process behind any row of its journal", Ends.EITHER, signal=SIGKILL
)
KILLED_DURING = Fault("SIGKILL of our process during the change", Ends.OLD_LATER, signal=SIGKILL)
DIED_BEFORE = Fault("a run of ours died behind its timer", Ends.NEW)
NOT_ROOT = Fault("a login that is not root", Ends.OLD, PrivilegeError)
FULL = Fault("flash full", Ends.OLD, PreflightError)
NO_SECOND_LOGIN = Fault(
    "the second login is refused until the timer has run out",
    Ends.OLD, RevertedError, LoginError,
)  # fmt: skip
NO_WAY_BACK = Fault(
    "the script fails, and the way back too", Ends.BETWEEN, StateUnknownError, LineRefusedError
)
COMMANDS = 41
"""Commands and files of a push, both sessions together."""
EACH_COMMAND = each_command(COMMANDS)
SERVER_DIES_AT = Fault(
    "SIGKILL of the device's SSH server before command k",
    Ends.CONFIRMED, RevertedError, causes=(ConnectionLostError,), tried=8,
)  # fmt: skip

CASES = tuple(
    ("linux", fault)
    for fault in (
        *EACH_COMMAND, SERVER_DIES_AT, LOCKED_OUT, SERVER_DIES, SILENT, UNPROVEN, HALF_WAY,
        BAD_RULES, DRIFT, CHANGED, ANOTHER, LOCKED, FOREIGN_QUEUES, KILLED_AT_ROW, KILLED_DURING,
        DIED_BEFORE, NOT_ROOT, FULL, NO_SECOND_LOGIN, NO_WAY_BACK,
    )
)  # fmt: skip
