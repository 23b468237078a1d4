"""Places, ranges and names as they are written into plans, messages and commands."""

from __future__ import annotations

import re
from typing import Final

from translator.endpoint.powershell.cmdlet import lines
from translator.endpoint.powershell.lync import LYNC_CMDLETS, TEAMS_CMDLETS
from translator.endpoint.powershell.parameters import quoted
from translator.endpoint.settings import Setting
from translator.errors import Where
from translator.ports import PortRange

__all__ = ["argument", "beside", "place", "set_command", "set_source_ports", "show_ports"]

_LONGEST: Final = 200
_GETTERS: Final = {
    "client": "Get-CsConferencingConfiguration",
    "conference_server": "Get-CsService -ConferencingServer",
    "application_server": "Get-CsService -ApplicationServer",
    "mediation_server": "Get-CsService -MediationServer",
    "edge_server": "Get-CsService -EdgeServer",
    "trusted_application_pool": "Get-CsTrustedApplicationPool",
}
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9:._-]+")


def place(where: Where | None) -> str:
    """Return a place as one printable line, whatever the file is called; "" where there is none."""
    if where is None:
        return ""
    text = str(where)
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown[-_LONGEST:]


def beside(one: PortRange, other: PortRange) -> bool:
    """Whether one end of the two is the same, and the other end one port off."""
    return sorted((abs(one.low - other.low), abs(one.high - other.high))) == [0, 1]


def argument(text: str) -> str:
    """Return a name as one argument of a PowerShell command, whatever is in it."""
    if _PLAIN_WORD.fullmatch(text):
        return text
    return quoted(text)


def set_command(*settings: Setting) -> str:
    """Return the command that makes settings of one scope; "" where no cmdlet holds them."""
    return next(lines((*LYNC_CMDLETS, *TEAMS_CMDLETS), settings), "")


def show_ports(setting: str) -> str:
    """Return the command that saves what a port setting of the product is; "" if none is known."""
    cmdlet = _GETTERS.get(setting.partition(".")[0])
    return f"{cmdlet} | Format-List > ports.txt" if cmdlet else ""


def set_source_ports(policy: str, ports: PortRange) -> str:
    """Return the command that gives a host policy other source ports."""
    return (
        f"Set-NetQosPolicy -Name {argument(policy)} -IPSrcPortStartMatchCondition {ports.low} "
        f"-IPSrcPortEndMatchCondition {ports.high}"
    )
