"""TCP and UDP ports under the names that IOS prints for them, and the port operators of entries."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.ports import ANY_PORT, PortRange, merge_ranges

__all__ = ["PORT_NAMES", "TCP", "UDP", "port_text", "read_ports"]

TCP: Final = 6
UDP: Final = 17

# Source: port types of the IOS-XE 17.9.1 YANG access-list model; exec, login and cmd take their
# numbers from the IANA registry (the model has names only).
_TCP: Final = {
    "bgp": 179, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53, "echo": 7,
    "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101,
    "ident": 113, "irc": 194, "klogin": 543, "kshell": 544, "login": 513, "lpd": 515,
    "msrpc": 135, "nntp": 119, "onep-plain": 15001, "onep-tls": 15002, "pim-auto-rp": 496,
    "pop2": 109, "pop3": 110, "smtp": 25, "sunrpc": 111, "tacacs": 49, "talk": 517,
    "telnet": 23, "time": 37, "uucp": 540, "whois": 43, "www": 80,
}  # fmt: skip
_UDP: Final = {
    "biff": 512, "bootpc": 68, "bootps": 67, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7,
    "isakmp": 500, "mobile-ip": 434, "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137,
    "netbios-ss": 139, "non500-isakmp": 4500, "ntp": 123, "pim-auto-rp": 496, "rip": 520,
    "ripv6": 521, "snmp": 161, "snmptrap": 162, "sunrpc": 111, "syslog": 514, "tacacs": 49,
    "talk": 517, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177,
}  # fmt: skip
PORT_NAMES: Final = frozenset((*_TCP, *_UDP))
# Names that IOS does not print but that pasted text and sibling platforms carry. Source: IANA.
_ALSO_READ: Final = {
    "http": 80, "https": 443, "ssh": 22, "ldap": 389, "ldaps": 636, "kerberos": 88, "sip": 5060,
    "microsoft-ds": 445, "drip": 3949, "radius": 1812, "radius-acct": 1813, "bfd": 3784,
    "bfd-echo": 3785, "snmp-trap": 162,
}  # fmt: skip
_NAMES: Final = {TCP: _TCP, UDP: _UDP}
_WORDS: Final = {
    protocol: {number: name for name, number in names.items()} for protocol, names in _NAMES.items()
}
_OPERATORS: Final = frozenset({"eq", "neq", "gt", "lt", "range"})


def _port_number(word: str, protocol: int) -> int | None:
    """Return the port of a name or number, None when it is neither."""
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 5 and int(word) <= 65535 else None
    found = _NAMES.get(protocol, {}).get(word)
    if found is None:
        found = _ALSO_READ.get(word)
    return found


def _port_word(number: int, protocol: int) -> str:
    """Return what the device prints for a port: its keyword for that protocol, else the number."""
    return _WORDS.get(protocol, {}).get(number, str(number))


def port_text(ports: PortRange, protocol: int, unnamed: frozenset[str] = frozenset()) -> str:
    """Return the operator and its ports, in the form in which the device prints them.

    Args:
        unnamed: names that it does not know.
    """
    low, high = (
        str(number) if (word := _port_word(number, protocol)) in unnamed else word
        for number in (ports.low, ports.high)
    )
    return f"eq {low}" if ports.low == ports.high else f"range {low} {high}"


def read_ports(cursor: Cursor, protocol: int) -> tuple[PortRange, ...]:
    """Return the ports of an operator at the cursor; nothing when none stands there.

    `eq` and `neq` may carry several ports. The ends of a reversed range are swapped (known of
    NX-OS, unverified elsewhere; no device prints one).

    Raises:
        NotReadError: a port is unknown, or no port is left (`gt 65535`).
    """
    if cursor.key not in _OPERATORS:
        return ()
    operator = cursor.take()
    first = _port(cursor, protocol)
    if operator == "range":
        low, high = sorted((first, _port(cursor, protocol)))
        return (PortRange(low, high),)
    if operator in ("gt", "lt"):
        if first == (65535 if operator == "gt" else 0):
            raise NotReadError(f"'{operator} {first}' holds no port")
        return (PortRange(first + 1, 65535) if operator == "gt" else PortRange(0, first - 1),)
    found = [first]
    while (number := _port_number(cursor.key, protocol)) is not None:
        found.append(number)
        cursor.take()
    ports = merge_ranges(PortRange(number, number) for number in found)
    return ports if operator == "eq" else _all_but(ports)


def _port(cursor: Cursor, protocol: int) -> int:
    word = cursor.take()
    number = _port_number(word, protocol)
    if number is None:
        raise NotReadError(f"{word!r} is no port")
    return number


def _all_but(ports: tuple[PortRange, ...]) -> tuple[PortRange, ...]:
    left: list[PortRange] = []
    at = ANY_PORT.low
    for item in ports:
        if item.low > at:
            left.append(PortRange(at, item.low - 1))
        at = item.high + 1
    if at <= ANY_PORT.high:
        left.append(PortRange(at, ANY_PORT.high))
    return tuple(left)
