"""Commands typed in whichever mode a session is in, and what was said to them."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.change import Answer, Command, Procedure, Reply, Work
from translator.drivers.juniper_junos.replies import JUNOS_REPLIES
from translator.drivers.replies import Kind, Refusal
from translator.errors import AuthorizationError, ChangeError, PreflightError, PrivilegeError

__all__ = ["LONG_S", "ask", "configuring", "leave", "obeyed", "said", "why_refused"]

LONG_S: Final = 300.0
"""Checks and commits of large configurations take minutes."""
_SHORT_S: Final = 30.0
# What stands between the output and the prompt: the hierarchy, the state of the routing engine, and
# that a commit waits for its confirmation. Source: Junos CLI User Guide.
_ABOVE_PROMPT: Final = re.compile(
    r"(?:\{[\w:.-]{1,40}\})?(?:\[edit[^\]]*\])?|# commit confirmed .*"
)
_LEAVES: Final = Answer(r"\[yes,no\]", "yes")


def configuring() -> Procedure[bool]:
    """Tell whether the session is in configuration mode, by an empty line."""
    reply = yield Command("")
    return reply.prompt.rstrip().endswith("#")


def ask(text: str, timeout_s: float = _SHORT_S) -> Procedure[Reply]:
    """Give an operational command, from either mode."""
    inside = yield from configuring()
    return (yield Command(f"run {text}" if inside else text, timeout_s))


def leave() -> Procedure[None]:
    """Leave configuration mode; what was not committed is discarded.

    Source: Junos CLI User Guide, "configure exclusive": uncommitted changes are discarded on exit.
    """
    if (yield from configuring()):
        yield Command("exit configuration-mode", _SHORT_S, answers=(_LEAVES,))


def said(reply: Reply) -> str:
    """Return an output without what belongs to the prompt behind it."""
    lines = reply.text.rstrip().split("\n")
    while lines and _ABOVE_PROMPT.fullmatch(lines[-1].strip()):
        del lines[-1]
    return "".join(f"{line}\n" for line in lines)


def why_refused(text: str, reply: Reply) -> Refusal | None:
    """Return why a command was refused; None where it was taken."""
    return JUNOS_REPLIES.answer(text, reply.text).refusal


def obeyed(work: Work, command: Command) -> Procedure[Reply]:
    """Give a command that must be taken.

    Raises:
        AuthorizationError, PrivilegeError: the user may not.
        PreflightError: it was refused for another reason.
    """
    reply = yield command
    refusal = why_refused(command.text, reply)
    if refusal is not None:
        raise _error(work, command.text, refusal)
    return reply


def _error(work: Work, text: str, refusal: Refusal) -> ChangeError:
    problem = f"{work.device} refuses `{text}`: {refusal}"
    if refusal.kind is Kind.AUTHORIZATION:
        return AuthorizationError(problem, hint="give the login class of the user that permission")
    if refusal.kind is Kind.PRIVILEGE:
        return PrivilegeError(problem, hint="log in as a user of a class that may configure")
    return PreflightError(problem, hint="settle what the device says first")
