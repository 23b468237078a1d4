"""Steps that several platforms take alike: entering lines, and having a command carried out."""

from __future__ import annotations

from collections.abc import Sequence

from translator.drivers.base import ReadsReplies
from translator.drivers.change import Command, Procedure, Work
from translator.drivers.not_taken import why_not_taken
from translator.errors import LineRefusedError, PreflightError

__all__ = ["carried_out", "enter_lines"]


def enter_lines(reader: ReadsReplies, work: Work, lines: Sequence[str]) -> Procedure[None]:
    """Enter configuration lines one at a time; what `apply` of a CLI platform is made of.

    Raises:
        LineRefusedError: the device refused one, or received another line than was sent.
        AuthorizationError, PrivilegeError, LockedError: it says that the user may not. Nothing
            was sent behind that line.
    """
    for number, line in enumerate(lines, start=1):
        command = Command(line, changes=True, line=number)
        problem = why_not_taken(work.device, line, reader.answer(line, (yield command)), number)
        if problem is not None:
            raise problem


def carried_out(reader: ReadsReplies, work: Work, command: Command) -> Procedure[str]:
    """Have a command carried out that is none of the change's lines; return its output.

    Raises:
        PreflightError: the device refused it.
        AuthorizationError, PrivilegeError, LockedError: as `enter_lines`.
    """
    reply = yield command
    problem = why_not_taken(work.device, command.text, reader.answer(command.text, reply))
    if isinstance(problem, LineRefusedError):
        raise PreflightError(
            f"{work.device}: `{command.text[:80]}` failed: {problem.message}",
            hint="look at what the device says of it by hand",
        )
    if problem is not None:
        raise problem
    return reply.text
