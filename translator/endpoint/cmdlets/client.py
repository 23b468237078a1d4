"""Get-CsConferencingConfiguration and Get-CsTeamsMeetingConfiguration: the ports of clients.

Source:
    Help of Set-CsConferencingConfiguration and Set-CsTeamsMeetingConfiguration: ranges are counts,
    and hold only while ClientMediaPortRangeEnabled is True.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.endpoint.cmdlets.ports import media_ports
from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.settings import ClientRanges, MediaQos, Setting

__all__ = ["PROPERTIES", "fits", "read"]

_PORTS: Final = {
    "client.audio": ("clientaudioport", "clientaudioportrange"),
    "client.video": ("clientvideoport", "clientvideoportrange"),
    "client.app_sharing": ("clientappsharingport", "clientappsharingportrange"),
    "client.file_transfer": ("clientfiletransferport", "clientfiletransferportrange"),
    "client.communicator_2007r2": ("clientmediaport", "clientmediaportrange"),
    "client.sip_dynamic": ("clientsipdynamicport", "clientsipdynamicportrange"),
}
_SWITCH: Final = "clientmediaportrangeenabled"
PROPERTIES: Final = frozenset(name for pair in _PORTS.values() for name in pair) | {_SWITCH}
# What only the configuration of a Teams tenant has beside the ports.
_TEAMS: Final = frozenset({"enableqos", "disableanonymousjoin", "customfootertext", "legalurl"})


def fits(found: Printed) -> bool:
    """Whether the object tells client ports."""
    return not PROPERTIES.isdisjoint(found.properties)


def read(found: Printed) -> Iterator[Setting]:
    """Yield what clients of a scope are told; a Teams tenant has the scope `Tenant`.

    Raises:
        PlanError: a value cannot be understood.
    """
    is_tenant = not _TEAMS.isdisjoint(found.properties)
    scope = "Tenant" if is_tenant else found.text("identity") or "Global"
    enabled = found.flag(_SWITCH)
    if enabled is not None:
        yield ClientRanges(enabled, scope, found.where_of(_SWITCH))
    marking = found.flag("enableqos")
    if marking is not None:
        yield MediaQos(marking, scope, found.where_of("enableqos"))
    yield from media_ports(found, _PORTS, scope)
