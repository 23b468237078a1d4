"""Questions to a device: a refusal is never taken for an answer that shows nothing."""

from __future__ import annotations

from typing import Final

from translator.drivers.base import ReadsReplies
from translator.drivers.change import Command, Procedure, Work
from translator.drivers.not_taken import why_not_taken
from translator.drivers.replies import Kind, Reply
from translator.errors import LineRefusedError, PreflightError

__all__ = ["NO_SUCH_COMMAND", "looked"]

NO_SUCH_COMMAND: Final = (Kind.SYNTAX, Kind.INCOMPLETE, Kind.AMBIGUOUS, Kind.UNSUPPORTED)
"""The device, or its release, does not know what it was asked."""
_FORBIDDEN: Final = (Kind.AUTHORIZATION, Kind.PRIVILEGE)
_LONGEST: Final = 500
"""A listing that is longer was given, whatever stands in it: a banner, a description."""


def looked(
    reader: ReadsReplies, work: Work, command: Command, *, optional: bool = False
) -> Procedure[Reply]:
    """Ask a device something and return what it says.

    Args:
        optional: a device that does not know the question is told by what it says.

    Raises:
        AuthorizationError, PrivilegeError: the user may not ask that.
        PreflightError: the device does not know the question.
    """
    reply = yield command
    if len(reply.text) > _LONGEST:
        return reply
    answer = reader.answer(command.text, reply)
    refused = _FORBIDDEN if optional else (*_FORBIDDEN, *NO_SUCH_COMMAND)
    if answer.refusal is None or answer.refusal.kind not in refused:
        return reply
    problem = why_not_taken(work.device, command.text, answer)
    if problem is None or isinstance(problem, LineRefusedError):
        raise PreflightError(
            f"{work.device} does not answer `{command.text}`: {answer.refusal}",
            hint="see what it says of it by hand",
        )
    raise problem
