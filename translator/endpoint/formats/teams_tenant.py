"""`Set-CsTeamsMeetingConfiguration`: the port ranges and EnableQoS of a Teams tenant."""

from __future__ import annotations

from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.powershell.cmdlet import lines
from translator.endpoint.powershell.lync import TEAMS_CMDLETS
from translator.endpoint.powershell.script import has_commands, read_script, write_script
from translator.endpoint.settings import Settings

__all__ = ["FORMAT"]

_BEFORE: Final = ("Run after Connect-MicrosoftTeams (module MicrosoftTeams).",)


def _fits(source: Source) -> bool:
    return has_commands(source, (item.name for item in TEAMS_CMDLETS))


def _write(settings: Settings) -> bytes:
    return write_script(_BEFORE, lines(TEAMS_CMDLETS, settings))


def _holds(setting: object) -> bool:
    return any(item.holds(setting) for item in TEAMS_CMDLETS)


FORMAT = EndpointFormat(
    name="teams-tenant",
    title="Set-CsTeamsMeetingConfiguration of a Teams tenant",
    group="PowerShell",
    fits=_fits,
    read=read_script,
    write=_write,
    holds=_holds,
    extension=".ps1",
)
