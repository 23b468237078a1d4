"""Commands typed in whichever mode a session is in, and what was said to them."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.change import Command, Procedure, TypedAnswer, Work
from translator.drivers.juniper_junos.replies import JUNOS_REPLIES
from translator.drivers.looks import looked
from translator.drivers.replies import Reply
from translator.drivers.reply_reader import StatesReplies

__all__ = ["LONG_S", "READER", "ask", "configuring", "leave", "need", "said"]


class _Reader(StatesReplies):
    replies = JUNOS_REPLIES


READER: Final = _Reader()
"""Tells whether a line was taken; all product lines say the same."""

LONG_S: Final = 300.0
"""Checks and commits of large configurations take minutes."""
_SHORT_S: Final = 30.0
# What stands between the output and the prompt: the hierarchy, the state of the routing engine, and
# that a commit waits for its confirmation. Source: Junos CLI User Guide.
_ABOVE_PROMPT: Final = re.compile(
    r"(?:\{[\w:.-]{1,40}\})?(?:\[edit[^\]]*\])?|# commit confirmed .*"
)
_LEAVES: Final = TypedAnswer(r"\[yes,no\]", "yes")


def configuring() -> Procedure[bool]:
    """Tell whether the session is in configuration mode, by an empty line."""
    return _is_inside((yield Command("")).prompt)


def _is_inside(prompt: str) -> bool:
    return prompt.rstrip().endswith("#")


def ask(text: str, timeout_s: float = _SHORT_S, *, after: Reply | None = None) -> Procedure[Reply]:
    """Give an operational command, from either mode.

    Args:
        after: the reply right before it, whose prompt shows the mode without an empty line.
    """
    return (yield (yield from _in_mode(text, timeout_s, after)))


def need(
    work: Work,
    text: str,
    timeout_s: float = _SHORT_S,
    *,
    optional: bool = False,
    after: Reply | None = None,
) -> Procedure[Reply]:
    """Give one whose answer cannot be done without; raises as `looked`."""
    asked = yield from _in_mode(text, timeout_s, after)
    return (yield from looked(READER, work, asked, optional=optional))


def _in_mode(text: str, timeout_s: float, after: Reply | None) -> Procedure[Command]:
    prompt = "" if after is None else after.prompt
    inside = _is_inside(prompt) if prompt else (yield from configuring())
    return Command(f"run {text}" if inside else text, timeout_s)


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
