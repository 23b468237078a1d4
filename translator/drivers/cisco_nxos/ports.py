"""The interfaces on which a Nexus switch has policies."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.base import refuse
from translator.drivers.cisco import naming

__all__ = ["interface_name"]

# Source: Nexus 9000 QoS guide, Using Modular QoS CLI: policies are attached to Ethernet ports,
# port channels and VLANs.
_PORTS: Final = re.compile(r"(?:Ethernet\d+(?:/\d+){1,3}|port-channel\d+)(?:\.\d+)?")


def interface_name(platform: str, name: str) -> str:
    """Return an interface name as the device prints it: `Eth1/1` is `Ethernet1/1`.

    Raises:
        DriverError: it is none.
        UnsupportedIntentError: no policy can be bound there.
    """
    full = naming.interface_name(name)
    if full.startswith("Port-channel"):
        full = full.lower()
    if _PORTS.fullmatch(full) is None:
        raise refuse(
            platform,
            f"QoS on {name}",
            "policies are bound to Ethernet ports and port channels",
            nearest="name the ports behind it, as in Ethernet1/1 or port-channel10",
        )
    return full
