"""What a configuration says of a port beside its QoS: enough to tell what is behind it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["Port", "PortMode"]


class PortMode(StrEnum):
    """What a port carries, as far as the text says."""

    ACCESS = "access"
    TRUNK = "trunk"
    ROUTED = "routed"
    UNSTATED = "unstated"


class Port(NamedTuple):  # there are a hundred to a text: a data class takes longer to make
    """One interface of a configuration.

    Attributes:
        name: as the text spells it.
        line: the first of its configuration lines, 0 where it has none.
        shutdown: whether the text disables it.
        voice_vlan: whether a phone has a VLAN of its own here.
        outside: whether addresses are translated here towards the Internet.
        virtual: a loopback, tunnel, VLAN interface or the like: no cable ends here.
        bundle: name of the aggregate that it is a member of, "" of none.
        circuit_bps: the rate that the text states for the line (`bandwidth`), None without.
        line_bps: the rate of the hardware, as its name or its speed tells; None if untold.
        distant: the type of the interface leads to another site (a leased line, a tunnel).
        qos_at: where the platform wants the QoS of this port instead of here: the aggregate of a
            member, or the members of an aggregate; "" where it stands here.
        vlan_interface: the interface of an access port's VLAN, where the platform may have the QoS
            of the port's packets; "" where it has none there.
        voice_interface: the same of the VLAN that phones have here.
    """

    name: str
    line: int = 0
    shutdown: bool = False
    mode: PortMode = PortMode.UNSTATED
    voice_vlan: bool = False
    outside: bool = False
    virtual: bool = False
    bundle: str = ""
    circuit_bps: int | None = None
    line_bps: int | None = None
    distant: bool = False
    qos_at: str = ""
    vlan_interface: str = ""
    voice_interface: str = ""
