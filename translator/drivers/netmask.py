"""Addresses with masks as firewalls write them: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`.

The module `ipaddress` takes `0.0.0.255` for a host mask and reads `0.0.0.10/0.0.0.255` as
0.0.0.0/24; no firewall does. There the set bits of a mask are those that are compared, wherever
they stand.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Final

from translator.intents.match import Prefix

__all__ = ["network_of", "networks_of"]

_ALL: Final = 0xFFFFFFFF
_MOST: Final = 16  # prefixes that one mask with holes may stand for


def network_of(text: str) -> Prefix:
    """Return the network of an address with a length or a contiguous mask; host bits are dropped.

    Raises:
        ValueError: it is none, or its mask has holes.
    """
    (found,) = _networks(text, most=1)
    return found


def networks_of(text: str) -> tuple[Prefix, ...]:
    """Return the networks that an address with any mask stands for.

    Raises:
        ValueError: it is none, or its mask has more than four holes.

    Source: measured with iptables 1.8.9, which prints `-s 0.0.0.10/0.0.0.255` back as it is and
    compares the last octet.
    """
    return _networks(text, most=_MOST)


def _networks(text: str, most: int) -> tuple[Prefix, ...]:
    address, _, mask = text.partition("/")
    if "." not in mask:  # as most
        return (ip_network(text, strict=False),)
    free = ~int(IPv4Address(mask)) & _ALL
    tail = (free ^ (free + 1)).bit_length() - 1
    holes = [bit for bit in range(tail, 32) if free >> bit & 1]
    if 1 << len(holes) > most:
        raise ValueError(f"mask {mask} is not contiguous and stands for {1 << len(holes)} networks")
    found = [int(IPv4Address(address)) & ~free]
    for bit in holes:
        found += [one | 1 << bit for one in found]
    return tuple([IPv4Network((one, 32 - tail)) for one in found])
