"""What the type in an interface's name says: the rate of its line, whether a cable ends there.

Source: IOS interface and hardware component command reference, `interface` (the types) and
`bandwidth` (the default of each type is its line rate).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["NUMBERING", "Hardware", "hardware_of"]

NUMBERING: Final = "0123456789/.:"
"""What stands behind the type in an interface's name."""

_MEGABIT: Final = 10**6


class Hardware(NamedTuple):
    """What a type of interface is; `line_bps` None where the type has no rate of its own."""

    line_bps: int | None = None
    virtual: bool = False
    distant: bool = False
    bundle: bool = False


_UNKNOWN: Final = Hardware()
_VIRTUAL: Final = Hardware(virtual=True)
_LEASED: Final = Hardware(distant=True)
# A tunnel or dialer leads to another site, but its packets leave by another interface.
_TUNNEL: Final = Hardware(virtual=True, distant=True)
# The longest spelling of each type that a configuration prints, in lower case.
_TYPES: Final = {
    "ethernet": Hardware(10 * _MEGABIT),
    "fastethernet": Hardware(100 * _MEGABIT),
    "gigabitethernet": Hardware(1_000 * _MEGABIT),
    "twogigabitethernet": Hardware(2_500 * _MEGABIT),
    "fivegigabitethernet": Hardware(5_000 * _MEGABIT),
    "tengigabitethernet": Hardware(10_000 * _MEGABIT),
    "tengige": Hardware(10_000 * _MEGABIT),
    "twentyfivegige": Hardware(25_000 * _MEGABIT),
    "twentyfivegigabitethernet": Hardware(25_000 * _MEGABIT),
    "fortygigabitethernet": Hardware(40_000 * _MEGABIT),
    "fiftygige": Hardware(50_000 * _MEGABIT),
    "hundredgige": Hardware(100_000 * _MEGABIT),
    "hundredgigabitethernet": Hardware(100_000 * _MEGABIT),
    "twohundredgige": Hardware(200_000 * _MEGABIT),
    "fourhundredgige": Hardware(400_000 * _MEGABIT),
    "appgigabitethernet": _VIRTUAL,
    "serial": _LEASED,
    "pos": _LEASED,
    "atm": _LEASED,
    "cellular": _LEASED,
    "multilink": _LEASED,
    "mfr": _LEASED,
    "hssi": _LEASED,
    "bri": _LEASED,
    "tunnel": _TUNNEL,
    "dialer": _TUNNEL,
    "virtual-ppp": _TUNNEL,
    "virtual-template": _TUNNEL,
    "port-channel": Hardware(bundle=True),
    "loopback": _VIRTUAL,
    "vlan": _VIRTUAL,
    "bvi": _VIRTUAL,
    "bdi": _VIRTUAL,
    "null": _VIRTUAL,
    "nve": _VIRTUAL,
    "embedded-service-engine": _VIRTUAL,
    "service-engine": _VIRTUAL,
    "virtualportgroup": _VIRTUAL,
    "vmi": _VIRTUAL,
    "async": _VIRTUAL,
    "analysis-module": _VIRTUAL,
    "ucse": _VIRTUAL,
}
# What the command line completes: typed names are shorter than printed ones.
_SHORT: Final = {
    "eth": "ethernet",
    "fa": "fastethernet",
    "gi": "gigabitethernet",
    "gig": "gigabitethernet",
    "te": "tengigabitethernet",
    "ten": "tengigabitethernet",
    "tw": "twogigabitethernet",
    "twe": "twentyfivegige",
    "fo": "fortygigabitethernet",
    "hu": "hundredgige",
    "se": "serial",
    "po": "port-channel",
    "tu": "tunnel",
    "di": "dialer",
    "lo": "loopback",
    "vl": "vlan",
}


def hardware_of(name: str) -> Hardware:
    """Return what the type of `GigabitEthernet1/0/1` is; of an unknown one nothing is said."""
    letters = name.rstrip(NUMBERING)
    return _hardware(letters)


@lru_cache(maxsize=1024)
def _hardware(letters: str) -> Hardware:
    kind = letters.lower()
    return _TYPES.get(_SHORT.get(kind, kind), _UNKNOWN)
