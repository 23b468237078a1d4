"""IP protocols under the names that Cisco access lists use."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.cursor import number_of
from translator.drivers.cisco.ledger import NotReadError

__all__ = ["PROTOCOLS", "protocol_of", "protocol_word"]

# None stands for every protocol. Source: IANA protocol numbers behind the IOS-XE YANG keywords.
PROTOCOLS: Final[dict[str, int | None]] = {
    "ip": None,
    "ipv4": None,
    "ipv6": None,
    "icmp": 1,
    "igmp": 2,
    "ipinip": 4,
    "tcp": 6,
    "igrp": 9,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ahp": 51,
    "ah": 51,
    "icmp6": 58,
    "icmpv6": 58,
    "eigrp": 88,
    "ospf": 89,
    "nos": 94,
    "pim": 103,
    "pcp": 108,
    "vrrp": 112,
    "sctp": 132,
}
_WORDS: Final = {
    1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ahp", 88: "eigrp",
    89: "ospf", 103: "pim",
}  # fmt: skip
_WORDS_V6: Final = {6: "tcp", 17: "udp", 50: "esp", 51: "ahp", 58: "icmp", 132: "sctp"}


def protocol_of(word: str, version: int) -> int | None:
    """Return the protocol number, or None for every protocol; `icmp` is 58 in an IPv6 list.

    Raises:
        NotReadError: the word is neither a protocol nor a number within 1-255.
    """
    if word == "icmp":
        return 1 if version == 4 else 58
    if word in PROTOCOLS:
        return PROTOCOLS[word]
    if word[:1].isdigit() and 0 < number_of(word) <= 255:
        return number_of(word)
    raise NotReadError(f"protocol {word!r} is not known")


def protocol_word(number: int | None, version: int) -> str:
    """Return what the device prints for a protocol number in a list of that IP version."""
    if number is None:
        return "ip" if version == 4 else "ipv6"
    return (_WORDS if version == 4 else _WORDS_V6).get(number, str(number))
