"""Addresses of access list entries and object-groups: wildcard masks, subnet masks, prefixes."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    NetmaskValueError,
    summarize_address_range,
)
from typing import Final

from translator.drivers.cisco.ledger import NotReadError
from translator.intents.match import Prefix

__all__ = [
    "address_range",
    "address_text",
    "host",
    "is_address",
    "prefix",
    "prefixes_of_wildcard",
    "subnet",
]

_ALL: Final = 0xFFFFFFFF
_MOST_PREFIXES: Final = 256


def is_address(word: str) -> bool:
    """Whether the word looks like an IPv4 address."""
    return word[:1].isdigit() and word.count(".") == 3


def host(word: str, version: int) -> Prefix:
    """Return one address as a prefix.

    Raises:
        NotReadError: it is no address of that IP version.
    """
    try:
        return IPv4Network(word) if version == 4 else IPv6Network(word)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise NotReadError(f"{word!r} is no IPv{version} address") from error


def prefix(word: str, version: int) -> Prefix:
    """Return `10.0.0.0/8` or `2001:db8::/32`; host bits are dropped, as the device drops them."""
    try:
        if version == 4:
            return IPv4Network(word, strict=False)
        return IPv6Network(word, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise NotReadError(f"{word!r} is no IPv{version} prefix") from error


def subnet(address: str, mask: str) -> Prefix:
    """Return an address with a subnet mask (object-groups write these, not wildcards)."""
    return prefix(f"{address}/{mask}", 4)


def address_range(low: str, high: str) -> tuple[Prefix, ...]:
    """Return the prefixes that cover exactly the addresses from `low` to `high`."""
    try:
        return tuple(summarize_address_range(IPv4Address(low), IPv4Address(high)))
    except (AddressValueError, ValueError, TypeError) as error:
        raise NotReadError(f"{low} {high} is no range of addresses") from error


@lru_cache(maxsize=4096)
def prefixes_of_wildcard(address: str, wildcard: str) -> tuple[Prefix, ...]:
    """Return the prefixes under a wildcard mask, whose set bits are free.

    A mask with holes is expanded; past 256 prefixes it is not read.

    Raises:
        NotReadError: not an address and mask, or too many prefixes.
    """
    try:
        value, (free, tail, holes) = int(IPv4Address(address)), _free_bits(wildcard)
    except AddressValueError as error:
        raise NotReadError(f"{address} {wildcard} is no address and wildcard") from error
    if 1 << len(holes) > _MOST_PREFIXES:
        raise NotReadError(f"wildcard {wildcard} stands for {1 << len(holes)} prefixes")
    fixed = value & ~free & _ALL
    found = [fixed]
    for bit in holes:
        found += [item | 1 << bit for item in found]
    return tuple([IPv4Network((item, 32 - tail)) for item in sorted(found)])


@lru_cache(maxsize=256)
def _free_bits(wildcard: str) -> tuple[int, int, tuple[int, ...]]:
    """Return the set bits of a wildcard mask, how many stand at its end, and which others do."""
    free = int(IPv4Address(wildcard))
    tail = 0
    while free >> tail & 1:
        tail += 1
    return free, tail, tuple([bit for bit in range(tail, 32) if free >> bit & 1])


def address_text(network: Prefix | None) -> str:
    """Return a prefix as an entry writes it: `any`, `host A`, `A WILDCARD`, or IPv6 prefix form."""
    if network is None or network.prefixlen == 0:
        return "any"
    if network.prefixlen == network.max_prefixlen:
        return f"host {_text(network.network_address)}"
    if isinstance(network, IPv4Network):
        return f"{network.network_address} {network.hostmask}"
    return f"{_text(network.network_address)}/{network.prefixlen}"


def _text(address: IPv4Address | IPv6Address) -> str:
    # IOS prints IPv6 digits in upper case (measured: 2001:DB8:: in running configurations).
    return str(address).upper()
