"""Words of Junos for protocols, ports, code points and rates, and its built-in tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from translator.codepoint import CodePoint
from translator.errors import TranslatorError
from translator.intents.match import PROTOCOL_NUMBERS
from translator.ports import PortRange

__all__ = [
    "BEST_EFFORT",
    "DEFAULT_DSCP",
    "DEFAULT_PRECEDENCE",
    "LOSS_PRIORITIES",
    "NETWORK_CONTROL",
    "code_point_bits",
    "code_point_word",
    "code_points",
    "port_range",
    "precedence",
    "protocol",
    "rate",
    "words",
]

BEST_EFFORT: Final = "best-effort"
NETWORK_CONTROL: Final = "network-control"
LOSS_PRIORITIES: Final = ("low", "medium-low", "medium-high", "high")

# Source: "Default DSCP and DSCP IPv6 Classifiers"; code points not listed are best-effort, low.
DEFAULT_DSCP: Final[dict[int, tuple[str, str]]] = {
    46: ("expedited-forwarding", "low"),
    10: ("assured-forwarding", "low"),
    12: ("assured-forwarding", "high"),
    14: ("assured-forwarding", "high"),
    48: (NETWORK_CONTROL, "low"),
    56: (NETWORK_CONTROL, "low"),
}
# Source: "Default IP Precedence Classifier", table ipprec-compatibility, which every logical
# interface has where nothing else is configured: EF (precedence 5) is best effort there.
DEFAULT_PRECEDENCE: Final[dict[int, tuple[str, str]]] = {
    **{number: (BEST_EFFORT, "high" if number % 2 else "low") for number in range(6)},
    6: (NETWORK_CONTROL, "low"),
    7: (NETWORK_CONTROL, "high"),
}

_DSCP_NAMES: Final[dict[str, int]] = {
    "be": 0,
    "ef": 46,
    "nc1": 48,
    "nc2": 56,
    **{f"cs{n}": 8 * n for n in range(8)},
    **{f"af{x}{y}": 8 * x + 2 * y for x in range(1, 5) for y in range(1, 4)},
}
_WRITTEN: Final = {
    number: name
    for name, number in _DSCP_NAMES.items()
    if not name.startswith("nc") and name != "cs0"
}
# Source: Junos default aliases of type inet-precedence.
_PRECEDENCE_NAMES: Final[dict[str, int]] = {
    "be": 0,
    "be1": 1,
    "ef": 2,
    "ef1": 3,
    "af11": 4,
    "af12": 5,
    "cs6": 6,
    "nc1": 6,
    "cs7": 7,
    "nc2": 7,
}
# Source: names of the firewall match conditions "precedence".
_IP_PRECEDENCE: Final[dict[str, int]] = {
    "routine": 0,
    "priority": 1,
    "immediate": 2,
    "flash": 3,
    "flash-override": 4,
    "critical-ecp": 5,
    "internet-control": 6,
    "net-control": 7,
}
_PROTOCOLS: Final[dict[str, int]] = {
    **PROTOCOL_NUMBERS,
    "egp": 8,
    "ipip": 4,
    "ipv6": 41,
    "rsvp": 46,
    "icmpv6": 58,
    "icmp6": 58,
    "hop-by-hop": 0,
    "dstopts": 60,
    "fragment": 44,
    "no-next-header": 59,
    "routing": 43,
}
# Source: port names of the IPv4 firewall match conditions; dhcp and bootps are the server's.
_PORTS: Final[dict[str, int]] = {
    "afs": 1483,
    "bgp": 179,
    "biff": 512,
    "bootpc": 68,
    "bootps": 67,
    "cmd": 514,
    "cvspserver": 2401,
    "dhcp": 67,
    "domain": 53,
    "eklogin": 2105,
    "ekshell": 2106,
    "exec": 512,
    "finger": 79,
    "ftp": 21,
    "ftp-data": 20,
    "http": 80,
    "https": 443,
    "ident": 113,
    "imap": 143,
    "kerberos-sec": 88,
    "klogin": 543,
    "kpasswd": 761,
    "krb-prop": 754,
    "krbupdate": 760,
    "kshell": 544,
    "ldap": 389,
    "ldp": 646,
    "login": 513,
    "mobileip-agent": 434,
    "mobilip-mn": 435,
    "msdp": 639,
    "netbios-dgm": 138,
    "netbios-ns": 137,
    "netbios-ssn": 139,
    "nfsd": 2049,
    "nntp": 119,
    "ntalk": 518,
    "ntp": 123,
    "pop3": 110,
    "pptp": 1723,
    "printer": 515,
    "radacct": 1813,
    "radius": 1812,
    "rip": 520,
    "rkinit": 2108,
    "sip": 5060,
    "smtp": 25,
    "snmp": 161,
    "snmptrap": 162,
    "snpp": 444,
    "socks": 1080,
    "ssh": 22,
    "sunrpc": 111,
    "syslog": 514,
    "tacacs": 49,
    "tacacs-ds": 65,
    "talk": 517,
    "telnet": 23,
    "tftp": 69,
    "timed": 525,
    "who": 513,
    "xdmcp": 177,
    "zephyr-clt": 2103,
    "zephyr-hm": 2104,
}
_RATE: Final = re.compile(r"(\d+(?:\.\d+)?)([kmg]?)", re.IGNORECASE)
_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def protocol(word: str) -> tuple[int, ...] | None:
    """Return the protocol numbers of a name, a number or a range; None when it is none."""
    if word in _PROTOCOLS:
        return (_PROTOCOLS[word],)
    found = _numbers(word, 255)
    return None if found is None else tuple(range(found[0], found[1] + 1))


def port_range(word: str) -> PortRange | None:
    """Return the ports of a name, a number or `low-high`; None when it is none."""
    if word in _PORTS:
        return PortRange(_PORTS[word], _PORTS[word])
    found = _numbers(word, 65535)
    if found is not None:
        return PortRange(*found)
    low, _, high = word.partition("-")
    if low in _PORTS and high in _PORTS and _PORTS[low] <= _PORTS[high]:
        return PortRange(_PORTS[low], _PORTS[high])
    return None


def code_points(word: str, aliases: Mapping[str, int]) -> tuple[CodePoint, ...] | None:
    """Return the code points of a firewall word: 46, 0x2e, b101110, ef, an alias, or a range."""
    low, dash, high = word.partition("-")
    if dash and word not in aliases:
        first, last = _code_point(low, aliases), _code_point(high, aliases)
        if first is None or last is None or first > last:
            return None
        return tuple(CodePoint(number) for number in range(first, last + 1))
    number = _code_point(word, aliases)
    return None if number is None else (CodePoint(number),)


def code_point_bits(word: str, aliases: Mapping[str, int]) -> CodePoint | None:
    """Return the code point of a class-of-service word: six bits or an alias, never decimal."""
    if len(word) == 6 and not word.strip("01"):
        return CodePoint(int(word, 2))
    number = aliases.get(word, _DSCP_NAMES.get(word))
    return None if number is None else CodePoint(number)


def code_point_word(code_point: CodePoint, *, binary_prefix: str) -> str:
    """Return the device's own word: its alias, else the bits (`b` before them in a firewall)."""
    return _WRITTEN.get(int(code_point)) or f"{binary_prefix}{int(code_point):06b}"


def precedence(word: str, aliases: Mapping[str, int] | None = None) -> int | None:
    """Return the IP precedence 0-7 of a class-of-service word, or of a firewall word."""
    if aliases is None:
        named = _IP_PRECEDENCE.get(word)
        if named is None and word in "01234567" and len(word) == 1:
            named = int(word)
        return named
    if len(word) == 3 and not word.strip("01"):
        return int(word, 2)
    return aliases.get(word, _PRECEDENCE_NAMES.get(word))


def rate(word: str) -> int | None:
    """Return bit/s of `10m`, `512k`, `1g` or a plain number; None when it is no rate."""
    found = _RATE.fullmatch(word)
    return None if found is None else round(float(found[1]) * _UNITS[found[2].lower()])


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for lists of statements that read better as one."""
    return frozenset(text.split())


def _code_point(word: str, aliases: Mapping[str, int]) -> int | None:
    if word in aliases:
        return aliases[word]
    if word in _DSCP_NAMES:
        return _DSCP_NAMES[word]
    try:
        if word.startswith("b"):
            number = int(word[1:], 2)
        else:
            number = int(word, 16) if word.startswith("0x") else int(word)
        return int(CodePoint(number))
    except (ValueError, TranslatorError):
        return None


def _numbers(word: str, limit: int) -> tuple[int, int] | None:
    low, dash, high = word.partition("-")
    if len(word) > 11 or not low.isdecimal() or (dash and not high.isdecimal()):
        return None
    first, last = int(low), int(high) if dash else int(low)
    return (first, last) if first <= last <= limit else None
