"""Get-CsService and Get-CsTrustedApplicationPool: the ports of servers.

Source:
    Help of Set-CsConferenceServer, Set-CsApplicationServer, Set-CsMediationServer,
    Set-CsEdgeServer and Set-CsTrustedApplicationPool.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.endpoint.cmdlets.ports import media_ports
from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.settings import Setting
from translator.errors import PlanError

__all__ = ["PROPERTIES", "fits", "read"]

_PORTS: Final = {
    "audio": ("audioportstart", "audioportcount"),
    "video": ("videoportstart", "videoportcount"),
    "app_sharing": ("appsharingportstart", "appsharingportcount"),
    "media_external": ("mediacommunicationportstart", "mediacommunicationportcount"),
}
# The word before the colon of an identity, and how port settings of the plan call the service.
_SERVICES: Final = {
    "conferencingserver": "conference_server",
    "applicationserver": "application_server",
    "mediationserver": "mediation_server",
    "edgeserver": "edge_server",
    "trustedapplicationpool": "trusted_application_pool",
}
PROPERTIES: Final = frozenset(name for pair in _PORTS.values() for name in pair)


def fits(found: Printed) -> bool:
    """Whether the object tells ports of a server."""
    return not PROPERTIES.isdisjoint(found.properties)


def read(found: Printed) -> Iterator[Setting]:
    """Yield the ports of a service; its scope is its identity.

    Raises:
        PlanError: no identity or one of an unknown service, or a value cannot be understood.
    """
    identity = found.text("identity")
    service = _SERVICES.get(identity.partition(":")[0].lower())
    if service is None:
        problem = f"{identity[:60]!a} is no service with media ports" if identity else "no Identity"
        raise PlanError(
            f"{problem}, so nobody knows whose ports these are",
            where=found.where_of("identity"),
            hint="print it too: Get-CsService -ConferencingServer | Format-List Identity, *Port*",
        )
    names = {f"{service}.{medium}": pair for medium, pair in _PORTS.items()}
    yield from media_ports(found, names, identity)
