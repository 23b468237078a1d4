"""`from { ... }` of a firewall term: what a packet must be like.

Different conditions of a term are all required, the values of one are alternatives.
Source: "Understanding Firewall Filter Match Conditions"; keywords from Juniper's 24.4R1 YANG.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.cos import DSCP_TYPES, Classes
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.room import Room
from translator.drivers.juniper_junos.tree import Node
from translator.drivers.netmask import network_of
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.match import Match, Prefix
from translator.ports import PortRange

__all__ = ["CONDITION_WORDS", "FORWARDING_CLASS_TAG", "LOSS_PRIORITY_TAG", "Names", "read_from"]

FORWARDING_CLASS_TAG: Final = "forwarding-class"
LOSS_PRIORITY_TAG: Final = "loss-priority"

# The box compares bytes where ports would be, also in a fragment that has none. Unverified.
FRAGMENT_PORTS: Final = Predicate("ports read from a non-initial fragment", unread=True)

# What filters of the other IP version have. Source: Juniper's 24.4R1 YANG; `precedence` of IPv6 was
# not looked for.
_OF_OTHERS: Final[dict[int | None, tuple[str, ...]]] = {
    4: (keyword(lines.NEXT_HEADER), keyword(lines.TRAFFIC_CLASS), "payload-protocol"),
    6: (keyword(lines.PROTOCOL), keyword(lines.DSCP), "precedence"),
}
_OF_VALUES: Final = frozenset({"except"})  # of addresses
# Facts that the headers we model do not show; the packet may or may not have them.
_OPAQUE: Final = values.words(
    "icmp-type icmp-code tcp-flags tcp-established tcp-initial sctp-initial packet-length ttl "
    "hop-limit ip-options fragment-offset fragment-flags last-fragment esp-spi ah-spi gre-key "
    "interface interface-group interface-set source-class destination-class vlan-id user-vlan-id "
    "learn-vlan-id learn-vlan-1p-priority user-vlan-1p-priority source-mac-address "
    "destination-mac-address mac-address extension-header flexible-match-mask "
    "flexible-match-range service-filter-hit policy-map exp vlan-ether-type traffic-type "
    "dot1q-tag dot1q-user-priority arp-type icmp6-type vlan redirect-reason"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What names in a filter stand for.

    Attributes:
        code_points: aliases of `class-of-service code-point-aliases` by DSCP type.
        prefixes: prefix lists; None where a list is filled from elsewhere (`apply-path`).
        classes: the forwarding classes.
        room: for addresses of prefix lists, counted in each term that names one.
        lookups: what was found for prefix lists alone; terms share it.
    """

    code_points: Mapping[str, Mapping[str, int]]
    prefixes: Mapping[str, tuple[Prefix, ...] | None]
    classes: Classes
    room: Room = field(default_factory=Room)
    lookups: dict[tuple[object, ...], Condition] = field(default_factory=dict)

    def aliases(self, word: str) -> Mapping[str, int]:
        """Return the aliases that hold for a condition or action."""
        six = word.startswith(keyword(lines.TRAFFIC_CLASS))
        return self.code_points[DSCP_TYPES[1] if six else DSCP_TYPES[0]]


@dataclass(slots=True)
class _From:
    """The `from` under way: what fits one `Match`, and further conditions beside it."""

    names: Names
    report: Report
    match: Match
    parts: list[Condition]
    addresses: dict[str, list[tuple[Prefix, bool]]]
    vague: dict[str, list[tuple[Condition, bool]]]
    listed: dict[str, list[tuple[str, bool, int]]] = field(default_factory=dict)

    def unread(self, node: Node, reason: str) -> None:
        self.parts.append(Predicate(self.report.unread(node, reason), unread=True))


def read_from(node: Node | None, *, version: int | None, names: Names, report: Report) -> Condition:
    """Return the condition of a term; without `from` every packet of the family."""
    state = _From(names, report, Match(version=version), [], {}, {})
    for item in () if node is None else node.each():
        _read_one(state, item)
    _refuse_beside_sides(state, node)
    _refuse_beside_exception(state, node)
    _finish_addresses(state)
    condition = _with_fragments(state.match)
    if not state.parts:
        return condition
    return AllOf((condition, *state.parts))


def _read_one(state: _From, item: Node) -> None:
    word, excepted = item.word, item.word.endswith("-except")
    name = word.removesuffix("-except")
    if name in _OF_OTHERS.get(state.match.version, ()):
        state.unread(item, f"filters of the family have no match condition {word}")
    elif name in _READERS:
        _READERS[name](state, item, excepted)
        for value in item.children.values():
            if value.children and not value.children.keys() <= _OF_VALUES:
                state.unread(value, f"what stands behind {value.word} is not understood")
    elif name in _OPAQUE:
        item.swallow()
        found = Predicate(f"{name} {' '.join(_words(item))}".strip())
        state.parts.append(Not(found) if excepted else found)
    else:
        state.unread(item, f"match condition {word} is not understood")


def _refuse_beside_sides(state: _From, node: Node | None) -> None:
    """A condition of either side beside one of a side is not allowed, though the schema takes it.

    Sources: "Firewall Filter Match Conditions for IPv4 Traffic", condition `port`; CLI reference,
    "destination-address": it cannot stand in one term with `address`.
    """
    if node is None:
        return
    for word in ("port", "address"):
        either, sides = node.get(word), (f"source-{word}", f"destination-{word}")
        if either is not None and any(node.get(side) for side in sides):
            state.unread(either, f"{word} cannot stand beside {' or '.join(sides)}")


def _refuse_beside_exception(state: _From, node: Node | None) -> None:
    """A condition and its `-except` twin are a choice: a device takes one of them in a term.

    Source: Juniper's 24.4R1 YANG of the firewall filters, tried out.
    """
    for item in () if node is None else node.each():
        name = item.word.removesuffix("-except")
        if name != item.word and node is not None and node.get(name) is not None:
            state.unread(item, f"{name} and {item.word} cannot stand in one term")


def _words(node: Node) -> list[str]:
    return sorted(
        " ".join((child.word, *_words(child))).strip() for child in node.children.values()
    )


def _require(state: _From, fields: Match, *, excepted: bool) -> None:
    state.parts.append(Not(fields) if excepted else fields)


def _read_protocols(state: _From, item: Node, excepted: bool) -> None:
    numbers: list[int] = []
    for value in item.each():
        found = values.protocol(value.word)
        if found is None:
            return state.unread(value, f"protocol {value.word} is not known")
        numbers.extend(found)
    if excepted or state.match.protocols:
        return _require(state, Match(protocols=tuple(numbers)), excepted=excepted)
    state.match = replace(state.match, protocols=tuple(numbers))
    return None


def _read_ports(state: _From, item: Node, excepted: bool, *, sides: tuple[str, ...]) -> None:
    ranges: list[PortRange] = []
    for value in item.each():
        found = values.port_range(value.word)
        if found is None:
            return state.unread(value, f"port {value.word} is not known")
        ranges.append(found)
    ports = tuple(ranges)
    if len(sides) == 1 and not excepted:
        state.match = _with_ports(state.match, sides[0], ports)
        return None
    either = AnyOf(tuple(_with_fragments(_with_ports(Match(), side, ports)) for side in sides))
    # `port-except` is read as: neither port is in the list.
    state.parts.append(Not(either) if excepted else either)
    return None


def _with_ports(match: Match, side: str, ports: tuple[PortRange, ...]) -> Match:
    if side == "source":
        return replace(match, source_ports=ports)
    return replace(match, destination_ports=ports)


def _with_fragments(match: Match) -> Condition:
    """Return the match where ports are compared; on fragments without ports it is not known."""
    if not (match.source_ports or match.destination_ports) or match.fragment is not None:
        return match
    portless = replace(match, source_ports=(), destination_ports=(), fragment=True)
    return AnyOf((replace(match, fragment=False), AllOf((portless, FRAGMENT_PORTS))))


def _read_code_points(state: _From, item: Node, excepted: bool) -> None:
    points: list[CodePoint] = []
    for value in item.each():
        found = values.code_points(value.word, state.names.aliases(item.word))
        if found is None:
            return state.unread(value, f"code point {value.word} is not known")
        points.extend(found)
    if excepted or state.match.code_points:
        return _require(state, Match(code_points=tuple(points)), excepted=excepted)
    state.match = replace(state.match, code_points=tuple(points))
    return None


def _read_precedence(state: _From, item: Node, excepted: bool) -> None:
    tos: list[tuple[int, int]] = []
    for value in item.each():
        found = values.precedence(value.word)
        if found is None:
            return state.unread(value, f"precedence {value.word} is not known")
        tos.append((found << 5, 0xE0))
    return _require(state, Match(tos=tuple(tos)), excepted=excepted)


def _read_addresses(state: _From, item: Node, excepted: bool, *, side: str) -> None:
    entries = state.addresses.setdefault(side, [])
    for value in item.each():
        denied = value.take("except") is not None or excepted
        try:
            # Source: "Firewall Filter Match Conditions Based on Address Fields": masks may have
            # holes, as 255.0.0.255; which of several then counts as the closest is not said.
            entries.append((network_of(value.word), not denied))
        except ValueError:
            _add_vague(state, side, value, f"{value.word} is no address prefix", denied=denied)


def _add_vague(state: _From, side: str, value: Node, reason: str, *, denied: bool) -> None:
    """Add addresses that are not known to those of one side, or to their exceptions."""
    unknown = Predicate(state.report.unread(value, reason), unread=True)
    state.vague.setdefault(side, []).append((unknown, denied))


def _read_prefix_lists(state: _From, item: Node, excepted: bool, *, side: str) -> None:
    entries = state.addresses.setdefault(side, [])
    for value in item.each():
        denied = value.take("except") is not None or excepted
        prefixes = state.names.prefixes.get(value.word)
        if prefixes and not state.names.room.take(len(prefixes)):
            reason = "prefix lists stand for more addresses than are followed"
            _add_vague(state, side, value, reason, denied=denied)
        elif prefixes:
            entries.extend([(prefix, not denied) for prefix in prefixes])
            state.listed.setdefault(side, []).append((value.word, denied, len(prefixes)))
        else:
            # Of either side, as one address may be in it and the other not.
            named = f"{item.word.removesuffix('-except')} {value.word}"
            reason = f"the contents of {named} are not in the text"
            _add_vague(state, side, value, reason, denied=denied)


def _finish_addresses(state: _From) -> None:
    for side in dict.fromkeys((*state.addresses, *state.vague)):
        entries = state.addresses.get(side, [])
        sides = ("source", "destination") if side == "either" else (side,)
        permits = {permit for _, permit in entries}
        plain = False not in permits and side not in state.vague
        if plain and len(sides) == 1 and entries:
            prefixes = tuple([prefix for prefix, _ in entries])
            state.match = _with_addresses(state.match, side, prefixes)
            continue
        options: list[Condition] = [_lookup(state, one, side) for one in sides if entries]
        vague = state.vague.get(side, ())
        options += [unknown for unknown, denied in vague if not denied]
        if permits | {not denied for _, denied in vague} == {False}:
            # Whether a list of exceptions alone matches the rest is not verified.
            options = [Predicate(f"{side} address list of exceptions only", unread=True)]
        if options:
            state.parts.append(AnyOf(tuple(options)))
        # An address within a wider one may be among the exceptions that are not known.
        state.parts += [Not(unknown) for unknown, denied in vague if denied]


def _lookup(state: _From, one: str, side: str) -> Condition:
    """Return `_address_list` of one side; that of prefix lists alone is made once for all terms."""
    entries, listed = state.addresses[side], tuple(state.listed.get(side, ()))
    if sum(count for _, _, count in listed) < len(entries):
        return _address_list(one, entries)
    known = state.names.lookups
    if (one, *listed) not in known:
        known[one, *listed] = _address_list(one, entries)
    return known[one, *listed]


def _address_list(side: str, entries: list[tuple[Prefix, bool]]) -> Condition:
    """Return the longest-prefix lookup that the box makes; an exception wins over its like."""
    ordered = sorted(entries, key=lambda entry: (-entry[0].prefixlen, entry[1]))
    matches = ((permit, _with_addresses(Match(), side, (prefix,))) for prefix, permit in ordered)
    return AccessList(tuple(Entry(permit, match) for permit, match in matches))


def _with_addresses(match: Match, side: str, prefixes: tuple[Prefix, ...]) -> Match:
    if side == "source":
        return replace(match, sources=prefixes)
    return replace(match, destinations=prefixes)


def _read_tag(state: _From, item: Node, excepted: bool, *, tag: str) -> None:
    named = state.names.classes.name if tag == FORWARDING_CLASS_TAG else str
    found = Tagged(tag, tuple(named(value.word) for value in item.each()))
    state.parts.append(Not(found) if excepted else found)


def _read_fragment(state: _From, _item: Node, _excepted: bool) -> None:
    state.parts.append(Match(fragment=True))


def _read_first_fragment(state: _From, _item: Node, _excepted: bool) -> None:
    state.parts.append(AllOf((Match(fragment=False), Predicate("first fragment"))))


def _read_ether_type(state: _From, item: Node, excepted: bool) -> None:
    options: list[Condition] = []
    for value in item.each():
        version = {"ipv4": 4, "ipv6": 6, "0x0800": 4, "0x86dd": 6}.get(value.word.lower())
        if version is None:
            options.append(Predicate(f"ether-type {value.word.lower()}"))
        else:
            options.append(Match(version=version))
    found = AnyOf(tuple(options))
    state.parts.append(Not(found) if excepted else found)


_READERS: Final[dict[str, Callable[[_From, Node, bool], None]]] = {
    keyword(lines.PROTOCOL): _read_protocols,
    keyword(lines.NEXT_HEADER): _read_protocols,
    "ip-protocol": _read_protocols,
    "payload-protocol": _read_protocols,
    keyword(lines.SOURCE_PORT): partial(_read_ports, sides=("source",)),
    keyword(lines.DESTINATION_PORT): partial(_read_ports, sides=("destination",)),
    "port": partial(_read_ports, sides=("source", "destination")),
    keyword(lines.DSCP): _read_code_points,
    keyword(lines.TRAFFIC_CLASS): _read_code_points,
    "precedence": _read_precedence,
    "ip-precedence": _read_precedence,
    keyword(lines.SOURCE_ADDRESS): partial(_read_addresses, side="source"),
    keyword(lines.DESTINATION_ADDRESS): partial(_read_addresses, side="destination"),
    "ip-source-address": partial(_read_addresses, side="source"),
    "ip-destination-address": partial(_read_addresses, side="destination"),
    "address": partial(_read_addresses, side="either"),
    "source-prefix-list": partial(_read_prefix_lists, side="source"),
    "destination-prefix-list": partial(_read_prefix_lists, side="destination"),
    "prefix-list": partial(_read_prefix_lists, side="either"),
    keyword(lines.FORWARDING_CLASS): partial(_read_tag, tag=FORWARDING_CLASS_TAG),
    keyword(lines.LOSS_PRIORITY): partial(_read_tag, tag=LOSS_PRIORITY_TAG),
    "is-fragment": _read_fragment,
    "first-fragment": _read_first_fragment,
    "ether-type": _read_ether_type,
}

CONDITION_WORDS: Final = frozenset(
    name for word in (*_READERS, *_OPAQUE) for name in (word, f"{word}-except")
)
