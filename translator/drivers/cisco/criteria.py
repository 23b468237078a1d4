"""What the words behind `match` ask of a packet, for those that refer to nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.fragments import beside_portless
from translator.drivers.cisco.interface_names import printed_names
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.marks import (
    dscp_of,
    numbers_of,
    precedence_code_points,
    precedence_of,
)
from translator.drivers.cisco.places import listed_interfaces
from translator.drivers.cisco.ports import UDP
from translator.drivers.cisco.tags import tagged
from translator.intents.condition import (
    AnyOf,
    Condition,
    Predicate,
    Tagged,
)
from translator.intents.match import ANY, Match
from translator.ports import PortRange

__all__ = ["CRITERIA"]

_MOST_INTERFACES: Final = 64  # in one line: no switch of a stack has more ports


def _any(_cursor: Cursor) -> Condition:
    return ANY


def _dscp(cursor: Cursor, version: int | None = None) -> Condition:
    return Match(version=version, code_points=tuple(dscp_of(word) for word in _some(cursor)))


def _precedence(cursor: Cursor, version: int | None = None) -> Condition:
    points = [
        point for word in _some(cursor) for point in precedence_code_points(precedence_of(word))
    ]
    return Match(version=version, code_points=tuple(points))


def _some(cursor: Cursor) -> list[str]:
    words = cursor.rest()
    if not words:
        raise NotReadError("the line is incomplete")
    return words


def _ip(cursor: Cursor) -> Condition:
    """Read `match ip dscp|precedence|rtp`: these see IPv4 only.

    Source: IOS command reference, match dscp: without `ip` both IP versions, with it IPv4.
    """
    word = cursor.take()
    if word == "dscp":
        return _dscp(cursor, 4)
    if word == "precedence":
        return _precedence(cursor, 4)
    if word == "rtp":
        return _rtp(cursor)
    raise NotReadError(f"'match ip {word}' is not known")


def _rtp(cursor: Cursor) -> Condition:
    """Read `ip rtp START LENGTH`: even UDP destination ports. Unverified: even, and destination."""
    start, length = cursor.take_int(), cursor.take_int()
    if start + length > 65535:
        raise NotReadError("the ports end past 65535")
    return _even_ports(start, start + length)


@lru_cache(maxsize=64)
def _even_ports(low: int, high: int) -> Condition:
    ports = _single_ports()[low + low % 2 : high + 1 : 2]
    match = Match(version=4, protocols=(UDP,), destination_ports=ports, fragment=False)
    return beside_portless(match)


@cache
def _single_ports() -> tuple[PortRange, ...]:
    return tuple(PortRange(port, port) for port in range(65536))


def _protocol(cursor: Cursor) -> Condition:
    """Read `match protocol`; `ip` and `ipv6` are the versions, all else needs NBAR."""
    words = _some(cursor)
    if words == ["ip"]:
        return Match(version=4)
    if words == ["ipv6"]:
        return Match(version=6)
    return Predicate(f"nbar:{' '.join(words)}")


def _cos(cursor: Cursor) -> Condition:
    inner = "inner " if cursor.skip_if("inner") else ""
    return _any_predicate(f"cos {inner}", numbers_of(cursor, 7))


def _vlan(cursor: Cursor) -> Condition:
    inner = "inner " if cursor.skip_if("inner") else ""
    return _any_predicate(f"vlan {inner}", numbers_of(cursor, 4095))


def _any_predicate(name: str, values: tuple[int, ...]) -> Condition:
    parts = tuple(Predicate(f"{name}{value}") for value in values)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _tag(name: str) -> Callable[[Cursor], Condition]:
    def read(cursor: Cursor) -> Condition:
        return tagged(name, numbers_of(cursor, 65535))

    return read


def _input_interface(cursor: Cursor) -> Condition:
    words = _names(cursor)
    names = listed_interfaces(words, most=_MOST_INTERFACES)
    if not names:
        raise NotReadError(f"{' '.join(words)!r} is no interface")
    # Typed text shortens the names; a running configuration prints them in full.
    meant = [other for name in names for other in (name, *printed_names(name))]
    return Tagged("in_interface", tuple(dict.fromkeys(meant)))


def _names(cursor: Cursor) -> list[str]:
    words = [cursor.take_name()]
    while not cursor.done:
        words.append(cursor.take_name())
    return words


def _packet(cursor: Cursor) -> Condition:
    if not cursor.skip_if("length"):
        raise NotReadError("only 'match packet length' is known")
    bounds: dict[str, int] = {}
    while cursor.key in ("min", "max"):
        word = cursor.take()
        bounds[word] = cursor.take_int()
    if not bounds:
        raise NotReadError("the line is incomplete")
    return Predicate(f"packet length {bounds.get('min', 0)}-{bounds.get('max', 65535)}")


def _opaque(name: str) -> Callable[[Cursor], Condition]:
    def read(cursor: Cursor) -> Condition:
        return Predicate(" ".join([name, *_names(cursor)]))

    return read


def _bare(name: str) -> Callable[[Cursor], Condition]:
    def read(_cursor: Cursor) -> Condition:
        return Predicate(name)

    return read


CRITERIA: Final[dict[str, Callable[[Cursor], Condition]]] = {
    "any": _any,
    "dscp": _dscp,
    "precedence": _precedence,
    "ip": _ip,
    "protocol": _protocol,
    "cos": _cos,
    "vlan": _vlan,
    "qos-group": _tag("qos-group"),
    "discard-class": _tag("discard-class"),
    "traffic-class": _tag("traffic-class"),
    "input-interface": _input_interface,
    "packet": _packet,
    "mpls": _opaque("mpls"),
    "source-address": _opaque("source-address"),
    "destination-address": _opaque("destination-address"),
    "application": _opaque("nbar:application"),
    "fr-dlci": _opaque("fr-dlci"),
    "security-group": _opaque("security-group"),
    "metadata": _opaque("nbar:metadata"),
    "input": _opaque("input"),  # `input vlan 10`
    "atm": _opaque("atm"),  # `atm oam`
    "fr-de": _bare("fr-de"),
    "atm-clp": _bare("atm-clp"),
}
