"""The matches of an iptables rule (`-p udp -m multiport --sports 5060,5061 ...`) as conditions.

Source: iptables-extensions(8); what is printed back was measured with iptables 1.8.9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, summarize_address_range
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.linux.conditions import NotReadError, conjunction, negation
from translator.drivers.netmask import networks_of
from translator.errors import TranslatorError
from translator.intents.condition import AnyOf, Condition, Predicate, Tagged
from translator.intents.match import PROTOCOL_NUMBERS, Match, Prefix
from translator.ports import PortRange

__all__ = [
    "FLAGS",
    "FULL",
    "MARK_OPTIONS",
    "TWO_ARGUMENTS",
    "Matches",
    "NotReadError",
    "masked",
    "number",
    "port",
    "protocol_number",
    "tos_pair",
]

FULL: Final = 0xFFFFFFFF
_PROTOCOLS: Final = {
    **PROTOCOL_NUMBERS,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "udplite": 136,
    "dccp": 33,
}
# Named services that QoS rules use; others are not guessed.
_SERVICES: Final = {
    "ftp-data": 20,
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "http": 80,
    "pop3": 110,
    "ntp": 123,
    "imap2": 143,
    "https": 443,
    "sip": 5060,
    "sip-tls": 5061,
}
# Source: iptables-extensions(8), tos: a symbolic name compares and writes the old ToS bits.
_TOS_NAMES: Final = {
    "minimize-delay": 0x10,
    "maximize-throughput": 0x08,
    "maximize-reliability": 0x04,
    "minimize-cost": 0x02,
    "normal-service": 0x00,
}


def number(text: str) -> int:
    """Return a decimal, hexadecimal (0x) or octal (leading 0) number as strtoul reads it."""
    try:
        if len(text) > 1 and text[0] == "0" and text.isdigit():
            return int(text, 8)
        return int(text, 0)
    except ValueError:
        raise NotReadError(f"{text!r} is no number") from None


def masked(text: str) -> tuple[int, int]:
    """Return value and mask of `0x1/0xff`; without a mask all 32 bits count."""
    value, slash, mask = text.partition("/")
    return number(value), number(mask) if slash else FULL


def tos_pair(text: str, symbol_mask: int) -> tuple[int, int]:
    """Return value and mask of a ToS argument, a number or a symbolic name."""
    name = text.lower()
    if name in _TOS_NAMES:
        return _TOS_NAMES[name], symbol_mask
    value, slash, mask = text.partition("/")
    pair = (number(value), number(mask) if slash else 0xFF)
    if not (0 <= pair[0] <= 255 and 0 <= pair[1] <= 255):
        raise NotReadError(f"ToS {text!r} is not within one byte")
    return pair


@dataclass(slots=True)
class Matches:
    """The conditions of one rule, collected word by word.

    Attributes:
        version: IP version of the program that owns the rule (iptables 4, ip6tables 6).
    """

    version: int
    parts: list[Condition] = field(default_factory=list)
    protocol: int | None = None

    @property
    def condition(self) -> Condition:
        """The conjunction of all that was read."""
        return conjunction(self.parts)

    def read(self, option: str, arguments: list[str], negated: bool) -> bool:
        """Read one option with its arguments; False when it is no match option we know.

        Raises:
            NotReadError: the option is known and its value is not understood.
        """
        reader = _OPTIONS.get(option)
        if reader is None:
            return False
        try:
            part = reader(self, " ".join(arguments))
        except (ValueError, TranslatorError) as error:
            raise NotReadError(f"{option} {' '.join(arguments)}: {error}") from None
        if part is not None:
            self.parts.append(negation(part) if negated else part)
        return True


def _protocol(rule: Matches, text: str) -> Condition | None:
    if text.lower() in ("all", "0"):
        return None
    rule.protocol = protocol_number(text)
    return Match(protocols=(rule.protocol,))


def protocol_number(text: str) -> int:
    """Return the number of a protocol's name or number."""
    name = text.lower()
    return _PROTOCOLS[name] if name in _PROTOCOLS else number(name)


def _prefixes(rule: Matches, text: str) -> tuple[Prefix, ...]:
    found = tuple([network for part in text.split(",") for network in networks_of(part)])
    if any(prefix.version != rule.version for prefix in found):
        raise NotReadError(f"{text} is not of IPv{rule.version}")
    return found


def _source(rule: Matches, text: str) -> Condition:
    return Match(sources=_prefixes(rule, text))


def _destination(rule: Matches, text: str) -> Condition:
    return Match(destinations=_prefixes(rule, text))


def _interface(tag: str) -> Callable[[Matches, str], Condition]:
    def read(_: Matches, text: str) -> Condition:
        # A trailing + is a wildcard over names that the text does not list.
        return Predicate(f"{tag} {text}") if text.endswith("+") else Tagged(tag, (text,))

    return read


def port(text: str) -> int:
    """Return a port number, or that of a well-known service's name."""
    return _SERVICES[text] if text in _SERVICES else number(text)


def _range(text: str) -> PortRange:
    low, colon, high = text.partition(":")
    first = port(low) if low else 0
    last = first if not colon else port(high) if high else 65535
    # Source: measured: iptables accepts `9:5` in silence; such a rule matches nothing.
    if last < first:
        raise NotReadError(f"port range {text} descends")
    return PortRange(first, last)


def _ranges(text: str) -> tuple[PortRange, ...]:
    return tuple(_range(part) for part in text.split(","))


def _needs_ports(rule: Matches) -> None:
    if rule.protocol not in (6, 17, 33, 132, 136):
        raise NotReadError("ports without -p tcp or -p udp")


def _source_ports(rule: Matches, text: str) -> Condition:
    _needs_ports(rule)
    return Match(source_ports=_ranges(text), fragment=False)


def _destination_ports(rule: Matches, text: str) -> Condition:
    _needs_ports(rule)
    return Match(destination_ports=_ranges(text), fragment=False)


def _either_ports(rule: Matches, text: str) -> Condition:
    return AnyOf((_source_ports(rule, text), _destination_ports(rule, text)))


def _dscp(_: Matches, text: str) -> Condition:
    return Match(code_points=(CodePoint(number(text)),))


def _dscp_class(_: Matches, text: str) -> Condition:
    return Match(code_points=(CodePoint.of(text),))


def _tos(_: Matches, text: str) -> Condition:
    return Match(tos=(tos_pair(text, 0x3F),))


def _mark(tag: str) -> Callable[[Matches, str], Condition]:
    def read(_: Matches, text: str) -> Condition:
        value, mask = masked(text)
        return Tagged(tag, (value,), mask)

    return read


def _address_range(field_name: str) -> Callable[[Matches, str], Condition]:
    def read(_: Matches, text: str) -> Condition:
        low, _dash, high = text.partition("-")
        first, last = ip_address(low), ip_address(high or low)
        networks: tuple[Prefix, ...] = tuple(summarize_address_range(first, last))
        if field_name == "sources":
            return Match(sources=networks)
        return Match(destinations=networks)

    return read


def _fragment(_: Matches, __: str) -> Condition:
    return Match(fragment=True)


def _fact(name: str) -> Callable[[Matches, str], Condition]:
    """A fact that no header of ours shows: both answers are considered for every packet."""

    def read(_: Matches, text: str) -> Condition:
        return Predicate(f"{name} {text}".strip())

    return read


def _never(_: Matches, __: str) -> Condition:
    """Source: owner_mt() of the kernel: a forwarded packet has no socket, so no owner."""
    return AnyOf(())


def _nothing(_: Matches, __: str) -> None:
    return None


_OPTIONS: Final[dict[str, Callable[[Matches, str], Condition | None]]] = {
    **dict.fromkeys(("-p", "--protocol", "--proto"), _protocol),
    **dict.fromkeys(("-s", "--source", "--src"), _source),
    **dict.fromkeys(("-d", "--destination", "--dst"), _destination),
    **dict.fromkeys(("-i", "--in-interface"), _interface("in_interface")),
    **dict.fromkeys(("-o", "--out-interface"), _interface("out_interface")),
    **dict.fromkeys(("-f", "--fragment"), _fragment),
    **dict.fromkeys(("--sport", "--source-port", "--sports", "--source-ports"), _source_ports),
    **dict.fromkeys(
        ("--dport", "--destination-port", "--dports", "--destination-ports"), _destination_ports
    ),
    **dict.fromkeys(("--ports", "--port"), _either_ports),
    "--dscp": _dscp,
    "--dscp-class": _dscp_class,
    "--tos": _tos,
    "--src-range": _address_range("sources"),
    "--dst-range": _address_range("destinations"),
    "--comment": _nothing,
    "--ctstate": _fact("connection state"),
    "--state": _fact("connection state"),
    "--ctdir": _fact("connection direction"),
    "--mac-source": _fact("source MAC"),
    "--tcp-flags": _fact("TCP flags"),
    "--syn": _fact("TCP flags SYN,RST,ACK,FIN SYN"),
    "--icmp-type": _fact("ICMP type"),
    "--icmpv6-type": _fact("ICMPv6 type"),
    "--length": _fact("packet length"),
    "--connbytes": _fact("connection bytes"),
    "--connbytes-dir": _nothing,
    "--connbytes-mode": _nothing,
    "--match-set": _fact("address set"),
    "--pkt-type": _fact("packet type"),
    "--src-type": _fact("source type"),
    "--dst-type": _fact("destination type"),
    "--ttl-eq": _fact("TTL"),
    "--helper": _fact("connection helper"),
    **dict.fromkeys(("--uid-owner", "--gid-owner"), _never),
    "--limit": _fact("limit"),
    "--limit-burst": _nothing,
    "--set": _fact("recent"),
}
MARK_OPTIONS: Final = {"mark": _mark("mark"), "connmark": _mark("ct_mark")}
FLAGS: Final = frozenset({"-f", "--fragment", "--syn"})  # options without an argument
TWO_ARGUMENTS: Final = frozenset({"--tcp-flags", "--match-set"})
