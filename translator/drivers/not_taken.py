"""Which error it is when a device does not take a line that was typed."""

from __future__ import annotations

from translator.drivers.echo import Echo
from translator.drivers.replies import Answer, Kind
from translator.errors import (
    AuthorizationError,
    ChangeError,
    LineRefusedError,
    LockedError,
    PrivilegeError,
)

__all__ = ["why_not_taken"]


def why_not_taken(device: str, text: str, answer: Answer, number: int = 0) -> ChangeError | None:
    """Return the error for a line that a device did not take, None where it took it.

    Args:
        number: of the line in the change, from 1; 0: it is none of the change's lines.
    """
    if answer.refusal is None:
        if answer.echo is not Echo.DIFFERENT:
            return None
        return LineRefusedError(device, number, text, f"it received {answer.shown!r}")
    said = str(answer.refusal)
    at = f"{device}: {f'line {number}, ' if number else ''}`{text}`: {said}"
    match answer.refusal.kind:
        case Kind.AUTHORIZATION:
            return AuthorizationError(at, hint="let the user enter what this change consists of")
        case Kind.PRIVILEGE:
            return PrivilegeError(at, hint="log in with the right to change the configuration")
        case Kind.LOCKED:
            return LockedError(at, hint="wait until the other one has finished")
    return LineRefusedError(device, number, text, said)
