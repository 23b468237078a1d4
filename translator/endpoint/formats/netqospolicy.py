"""`New-NetQosPolicy` scripts: policies of one host, or of a policy store."""

from __future__ import annotations

from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.powershell.netqos import (
    NEW,
    REMOVE,
    SET,
    policy_line,
    policy_problem,
)
from translator.endpoint.powershell.script import has_commands, read_script, write_script
from translator.endpoint.settings import HostPolicy, Settings

__all__ = ["FORMAT"]

_BEFORE: Final = (
    "Run as administrator on the host. A policy of the same name must not be there yet.",
)


def _fits(source: Source) -> bool:
    return has_commands(source, (NEW, SET, REMOVE))


def _write(settings: Settings) -> bytes:
    policies = (item for item in settings if isinstance(item, HostPolicy) and _holds(item))
    return write_script(_BEFORE, (policy_line(item) for item in policies))


def _holds(setting: object) -> bool:
    return isinstance(setting, HostPolicy) and not policy_problem(setting)


def _why_not(setting: object) -> str:
    return policy_problem(setting) if isinstance(setting, HostPolicy) else ""


FORMAT = EndpointFormat(
    name="netqospolicy",
    title="scripts of New-NetQosPolicy",
    group="PowerShell",
    fits=_fits,
    read=read_script,
    write=_write,
    holds=_holds,
    extension=".ps1",
    why_not=_why_not,
)
