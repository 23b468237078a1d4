"""Where a device is that is spoken with over NAPALM."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.inventory.transport import NO_NAPALM, NapalmOptions
from translator.push.session import Deadlines
from translator.push.ssh import SSH_PORT

__all__ = ["NapalmEndpoint"]


@dataclass(frozen=True, slots=True)
class NapalmEndpoint:
    """Where a device is and how NAPALM speaks with it.

    Attributes:
        device: our name of it, for messages.
        address: host name or IP address.
        kind: NAPALM's name of the platform.
    """

    device: str
    address: str
    kind: str
    port: int = SSH_PORT
    deadlines: Deadlines = field(default_factory=Deadlines)
    options: NapalmOptions = NO_NAPALM
