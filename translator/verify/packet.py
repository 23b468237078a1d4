"""One concrete packet, written and read as `udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0`."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from msgspec import Struct

from translator.codepoint import ECN_MASK, CodePoint
from translator.errors import TranslatorError, UsageError
from translator.intents.match import PROTOCOL_NUMBERS

__all__ = ["Packet", "protocol_name"]

_Address = IPv4Address | IPv6Address
_FORM: Final = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
_HINT: Final = f"write it as: {_FORM}   (IPv6: udp [2001:db8::1]:20001 > [2001:db8::2]:50000)"
_NAMES: Final = {number: name for name, number in PROTOCOL_NUMBERS.items()}
_ALIASES: Final = {**PROTOCOL_NUMBERS, "icmpv6": 58, "ipv6-icmp": 58, "udplite": 136, "dccp": 33}
_WITH_PORTS: Final = frozenset((6, 17, 33, 132, 136))
_ENDPOINT: Final = re.compile(
    r"\[(?P<six>[^\]]+)\](?::(?P<port6>\d{1,5}))?|(?P<four>[\d.]+)(?::(?P<port4>\d{1,5}))?"
)
_PREDICATE: Final = re.compile(r'(?<!\s)\s++with\s++"([^"]*)"')


def protocol_name(number: int) -> str:
    """Return the name of an IP protocol in lower case, or the number where there is none."""
    return _NAMES.get(number, str(number))


class Packet(Struct, frozen=True):
    """The header fields of one packet; `predicates` are the named ones that hold for it.

    A non-initial fragment, and a protocol without ports, has both ports 0.
    """

    version: int
    protocol: int
    source: _Address
    destination: _Address
    source_port: int = 0
    destination_port: int = 0
    tos: int = 0
    fragment: bool = False
    predicates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.source.version != self.version or self.destination.version != self.version:
            raise UsageError(
                f"{self.source} > {self.destination} is no IPv{self.version} packet", hint=_HINT
            )
        for what, value, top in (
            ("protocol", self.protocol, 255),
            ("source port", self.source_port, 65535),
            ("destination port", self.destination_port, 65535),
            ("ToS byte", self.tos, 255),
        ):
            if not 0 <= value <= top:
                raise UsageError(f"{what} {value} is not within 0-{top}", hint=_HINT)

    @classmethod
    def of(cls, text: str) -> Packet:
        """Return the packet of `PROTOCOL SOURCE > DESTINATION [dscp N|NAME] [ecn N] [fragment]`.

        `tos 0xb8` gives the whole byte instead; `with "name"` says that a predicate holds.

        Raises:
            UsageError: the text has another form or a value out of range.
        """
        predicates = tuple(_PREDICATE.findall(text))
        words = _PREDICATE.sub("", text).split()
        if len(words) < 4 or words[2] != ">":
            raise _refused(text, "it does not start with PROTOCOL SOURCE > DESTINATION")
        try:
            protocol = _protocol(words[0])
            source, source_port = _endpoint(words[1])
            destination, destination_port = _endpoint(words[3])
            tos, fragment = _options(words[4:])
            return cls(
                source.version,
                protocol,
                source,
                destination,
                source_port,
                destination_port,
                tos,
                fragment,
                predicates,
            )
        except TranslatorError as error:
            raise _refused(text, error.problem) from None

    @property
    def dscp(self) -> CodePoint:
        """The code point."""
        return CodePoint(self.tos >> 2)

    def __str__(self) -> str:
        return _sentence(self)


# Interfaces that are wrong in the same way are shown the same packets, again and again.
@lru_cache(maxsize=4096)
def _sentence(packet: Packet) -> str:
    ports = packet.protocol in _WITH_PORTS and not packet.fragment
    ports = ports or bool(packet.source_port or packet.destination_port)
    source = _written(packet.source, packet.source_port if ports else None)
    destination = _written(packet.destination, packet.destination_port if ports else None)
    text = f"{protocol_name(packet.protocol)} {source} > {destination} dscp {packet.tos >> 2}"
    if packet.tos & ECN_MASK:
        text += f" ecn {packet.tos & ECN_MASK}"
    if packet.fragment:
        text += " fragment"
    return text + "".join(f' with "{name}"' for name in packet.predicates)


def _refused(text: str, why: str) -> UsageError:
    return UsageError(f"{text!r} is no packet: {why}", hint=_HINT)


def _protocol(word: str) -> int:
    number = _ALIASES.get(word.lower())
    if number is not None:
        return number
    if word.isascii() and word.isdigit() and int(word) <= 255:
        return int(word)
    raise UsageError(f"{word!r} is no protocol name or number 0-255")


def _endpoint(word: str) -> tuple[_Address, int]:
    found = _ENDPOINT.fullmatch(word)
    if found is None:
        try:
            return IPv6Address(word), 0
        except ValueError:
            raise UsageError(f"{word!r} is no ADDRESS or ADDRESS:PORT") from None
    try:
        address = ip_address(found["six"] or found["four"])
    except ValueError:
        raise UsageError(f"{word!r} holds no address") from None
    return address, int(found["port6"] or found["port4"] or 0)


def _options(words: list[str]) -> tuple[int, bool]:
    """Return the ToS byte and whether the packet is a non-initial fragment."""
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        value = "" if word == "fragment" else next(rest, "")
        if word not in ("dscp", "tos", "ecn", "fragment") or word in given:
            raise UsageError(f"{word!r} is not understood here")
        given[word] = value
    if "tos" in given:
        if "dscp" in given or "ecn" in given:
            raise UsageError("tos is the whole byte: give it without dscp and ecn")
        return _number(given["tos"], "tos", 255), "fragment" in given
    dscp = CodePoint.of(given.get("dscp", "0"))
    return dscp.tos | _number(given.get("ecn", "0"), "ecn", ECN_MASK), "fragment" in given


def _number(text: str, what: str, top: int) -> int:
    try:
        value = int(text, 0)
    except ValueError:
        raise UsageError(f"{what} {text!r} is no number") from None
    if not 0 <= value <= top:
        raise UsageError(f"{what} {text} is not within 0-{top}")
    return value


def _written(address: _Address, port: int | None) -> str:
    text = f"[{address}]" if address.version == 6 else str(address)
    return text if port is None else f"{text}:{port}"
