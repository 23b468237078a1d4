"""The interfaces that the settings of a Tomato router name: its LAN bridges and its WANs."""

from __future__ import annotations

from typing import Final

from translator.drivers.tomato.nvram import Nvram, read_nvram
from translator.errors import ParseError
from translator.intents.port import Port, PortMode

__all__ = ["read_ports"]

_LANS: Final = ("lan", *(f"lan{number}" for number in range(1, 8)))
_WANS: Final = ("wan", "wan2", "wan3", "wan4")


def read_ports(text: str) -> tuple[Port, ...]:
    """Return the LAN bridges, then the WANs; none of a text that is no settings; never raises."""
    try:
        nvram = read_nvram(text, "")
    except ParseError:
        return ()
    ports: dict[str, Port] = {}
    for prefix in _LANS:
        name, line = _named(nvram, f"{prefix}_ifname")
        if name:
            ports.setdefault(name, Port(name, line, mode=PortMode.ACCESS))
    for prefix in _WANS:
        # Source: rc/wan.c of FreshTomato: packets leave by wan_iface, a tunnel where there is
        # one; wan_ifname is the port under it. Every WAN is masqueraded.
        name, line = _named(nvram, f"{prefix}_iface", f"{prefix}_ifname")
        if name:
            ports.setdefault(name, Port(name, line, mode=PortMode.ROUTED, outside=True))
    return tuple(ports.values())


def _named(nvram: Nvram, *keys: str) -> tuple[str, int]:
    """Return the first of the names that is set, with its line."""
    for key in keys:
        found = nvram.find(key)
        if found is not None and found.value.strip():
            return found.value.split()[0], found.line
    return "", 0
