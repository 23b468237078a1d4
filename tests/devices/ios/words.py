"""Argument types of IOS commands, and the form in which IOS keeps what was typed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping

__all__ = ["TYPES", "kept_ace", "kept_dscp", "kept_interface"]

_DSCP_NAMES: Mapping[int, str] = {
    0: "default",
    46: "ef",
    **{8 * n: f"cs{n}" for n in range(1, 8)},
    **{8 * c + 2 * d: f"af{c}{d}" for c in range(1, 5) for d in range(1, 4)},
}
_DSCP_WORDS = frozenset(_DSCP_NAMES.values())
_PRECEDENCES = frozenset(
    [
        "routine",
        "priority",
        "immediate",
        "flash",
        "flash-override",
        "critical",
        "internet",
        "network",
    ]
)
# The names that IOS prints for well-known ports, of those that plans use or come near.
_PORTS: Mapping[tuple[str, int], str] = {
    ("tcp", 20): "ftp-data",
    ("tcp", 21): "ftp",
    ("tcp", 22): "22",
    ("tcp", 23): "telnet",
    ("tcp", 25): "smtp",
    ("tcp", 53): "domain",
    ("tcp", 80): "www",
    ("tcp", 179): "bgp",
    ("udp", 53): "domain",
    ("udp", 67): "bootps",
    ("udp", 68): "bootpc",
    ("udp", 69): "tftp",
    ("udp", 123): "ntp",
    ("udp", 161): "snmp",
    ("udp", 500): "isakmp",
    ("udp", 514): "syslog",
}
_PORT_WORDS = frozenset(name for name in _PORTS.values() if not name.isdigit())
_INTERFACE_KINDS = (
    "GigabitEthernet",
    "TenGigabitEthernet",
    "FastEthernet",
    "Loopback",
    "Vlan",
    "Tunnel",
    "Port-channel",
    "Serial",
    "Dialer",
)


def _is_ipv4(word: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+){3}", word)) and all(
        int(part) < 256 for part in word.split(".")
    )


def _is_ipv6(word: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(word))
    except ValueError:
        return False


def _is_ipv6_prefix(word: str) -> bool:
    address, slash, length = word.partition("/")
    return bool(slash) and _is_ipv6(address) and length.isdigit() and int(length) <= 128


def _is_port(word: str) -> bool:
    return word in _PORT_WORDS or (word.isdigit() and int(word) <= 65535)


def _is_dscp(word: str) -> bool:
    return word.lower() in _DSCP_WORDS or (word.isdigit() and int(word) < 64)


def _is_precedence(word: str) -> bool:
    return word.lower() in _PRECEDENCES or (word.isdigit() and int(word) < 8)


def _is_name(word: str) -> bool:
    return len(word) <= 40 and "?" not in word  # class and policy names: 40 characters


def _is_hostname(word: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,62}", word))


def _is_acl_name(word: str) -> bool:
    return not word[0].isdigit() or word.isdigit()


def _is_interface(word: str) -> bool:
    return kept_interface(word) is not None


TYPES: Mapping[str, Callable[[str], bool]] = {
    "line": bool,
    "word": bool,
    "name": _is_name,
    "host": _is_hostname,
    "acl": _is_acl_name,
    "int": str.isdigit,
    "ip": _is_ipv4,
    "ipv6": _is_ipv6,
    "prefix6": _is_ipv6_prefix,
    "port": _is_port,
    "dscp": _is_dscp,
    "precedence": _is_precedence,
    "interface": _is_interface,
}


def kept_interface(word: str) -> str | None:
    """Return the full name of an interface, None for what names no kind of interface."""
    found = re.fullmatch(r"([A-Za-z-]+)\s*(\d[\d/.:]*)", word)
    if not found:
        return None
    kinds = [kind for kind in _INTERFACE_KINDS if kind.lower().startswith(found[1].lower())]
    return f"{kinds[0]}{found[2]}" if kinds else None


def kept_dscp(word: str) -> str:
    """Return a code point as IOS prints it: by name where it has one."""
    return _DSCP_NAMES.get(int(word), word) if word.isdigit() else word.lower()


def kept_ace(words: tuple[str, ...]) -> str:
    """Return an access list entry as IOS prints it."""
    kept = list(words)
    start = next(at for at, word in enumerate(kept) if word in ("permit", "deny"))
    protocol = kept[start + 1] = {"6": "tcp", "17": "udp", "1": "icmp"}.get(
        kept[start + 1], kept[start + 1]
    )
    at = start + 2
    while at < len(kept):
        if (
            at + 1 < len(kept)
            and _is_ipv4(kept[at])
            and _is_ipv4(kept[at + 1])
            and kept[at - 1] != "host"
        ):
            kept[at : at + 2] = _address(kept[at], kept[at + 1])
        elif _is_ipv6_prefix(kept[at]):
            kept[at] = str(ipaddress.IPv6Network(kept[at], strict=False)).upper()
        elif kept[at].isdigit():
            kept[at] = _port(kept, at, protocol)
        at += 1
    return " ".join(kept)


def _address(address: str, wildcard: str) -> list[str]:
    bits, mask = int(ipaddress.IPv4Address(address)), int(ipaddress.IPv4Address(wildcard))
    if mask == 0xFFFFFFFF:
        return ["any"]
    if mask == 0:
        return ["host", address]
    return [str(ipaddress.IPv4Address(bits & ~mask & 0xFFFFFFFF)), wildcard]


def _port(kept: list[str], at: int, protocol: str) -> str:
    before = kept[at - 1]
    if before == "dscp":
        return kept_dscp(kept[at])
    return _PORTS.get((protocol, int(kept[at])), kept[at])
