"""`Set-Cs...` scripts of Lync and Skype for Business: port ranges, phones, EnableQoS."""

from __future__ import annotations

from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.powershell.cmdlet import lines
from translator.endpoint.powershell.lync import LYNC_CMDLETS
from translator.endpoint.powershell.script import has_commands, read_script, write_script
from translator.endpoint.settings import Settings

__all__ = ["FORMAT"]

# Source: the documentation of the cmdlets; the article on the clients.
_AFTERWARDS: Final = (
    "Run in the Lync Server Management Shell. Afterwards restart the services whose ports",
    "changed; users sign out and in again; restart the phones.",
)


def _fits(source: Source) -> bool:
    return has_commands(source, (item.name for item in LYNC_CMDLETS))


def _write(settings: Settings) -> bytes:
    return write_script(_AFTERWARDS, lines(LYNC_CMDLETS, settings))


def _holds(setting: object) -> bool:
    return any(item.holds(setting) for item in LYNC_CMDLETS)


FORMAT = EndpointFormat(
    name="powershell-cs",
    title="scripts of Set-Cs... (ports, phones, EnableQoS)",
    group="PowerShell",
    fits=_fits,
    read=read_script,
    write=_write,
    holds=_holds,
    extension=".ps1",
)
