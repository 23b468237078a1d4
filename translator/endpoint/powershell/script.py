"""A PowerShell script as the settings that it makes; its other commands are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from translator.endpoint.files.encoding import text_of
from translator.endpoint.formats.registry import Source
from translator.endpoint.powershell.cmdlet import Collected
from translator.endpoint.powershell.commands import Command, commands
from translator.endpoint.powershell.lync import LYNC_CMDLETS, TEAMS_CMDLETS
from translator.endpoint.powershell.netqos import NEW, REMOVE, SET, Policies
from translator.endpoint.powershell.prompt import PROMPT
from translator.endpoint.settings import Settings
from translator.errors import PlanError

__all__ = ["has_commands", "read_script", "write_script"]

_MAX_BYTES: Final = 1024 * 1024
# Commands that name others without running them.
_TALKERS: Final = frozenset(
    {
        *("get-help", "help", "man", "get-command", "gcm", "show-command", "function", "alias"),
        *("write-host", "write-output", "write-verbose", "write-warning", "echo"),
    }
)
_CMDLETS: Final = {item.name.casefold(): item for item in (*LYNC_CMDLETS, *TEAMS_CMDLETS)}
_POLICY_CMDLETS: Final = frozenset(name.casefold() for name in (NEW, SET, REMOVE))


def read_script(source: Source) -> Settings:
    """Return what the script sets; of several commands that set the same thing the last counts.

    Raises:
        PlanError: one of the known cmdlets cannot be understood; names its line.
    """
    text = text_of(source.data, source.file, limit=_MAX_BYTES)
    collected, policies = Collected(), Policies()
    for command in commands(PROMPT.sub("", text), source.file):
        command.name = command.name.rpartition("\\")[2]  # NetQos\New-NetQosPolicy
        folded = command.name.casefold()
        if folded in _CMDLETS:
            collected.take(_CMDLETS[folded], command)
        elif folded in _POLICY_CMDLETS:
            policies.take(command)
        elif folded not in _TALKERS:
            _refuse_hidden(command)
    return (*collected.settings(), *policies.settings())


def _refuse_hidden(command: Command) -> None:
    """Refuse a known cmdlet among the arguments of a command that may run it."""
    for argument in command.arguments:
        if argument.literal and argument.text.casefold() in (*_CMDLETS, *_POLICY_CMDLETS):
            raise PlanError(
                f"{argument.text} stands behind {command.name[:60] or 'an expression'!a}, and "
                "whether it runs is not known",
                where=argument.where,
                hint="begin a line with it",
            )


def has_commands(source: Source, names: Iterable[str]) -> bool:
    """Whether a line of the text begins with one of the cmdlets, or lists what one is to set."""
    wanted = "|".join(map(re.escape, names))
    pattern = rf"^[^\S\n]*(?:Get-Cs[^\n]*)?\b(?:{wanted})\b"
    text = PROMPT.sub("", source.text)
    return re.search(pattern, text, re.IGNORECASE | re.MULTILINE) is not None


def write_script(comments: Iterable[str], lines: Iterable[str]) -> bytes:
    """Return a script as Windows PowerShell reads it.

    Without a byte order mark Windows PowerShell 5.1 takes a file for one of the ANSI code page, so
    a script with other than ASCII characters has one (about_Character_Encoding).
    """
    text = "".join(f"{line}\r\n" for line in (*(f"# {item}" for item in comments), *lines))
    return text.encode("ascii" if text.isascii() else "utf-8-sig")
