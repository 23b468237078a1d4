"""Conditions as sets of packets, seen from a state: the ToS byte and tags may have changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network

from translator.codepoint import CodePoint
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.match import Match, Prefix
from translator.ports import PortRange, merge_ranges
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.fields import (
    ADDRESS_TOP,
    DESTINATION,
    DESTINATION_PORT,
    FRAGMENT,
    IPV4_TOP,
    PROTOCOL,
    SOURCE,
    SOURCE_PORT,
    TOS,
    VERSION,
    Interval,
    intervals_of,
    version_value,
)
from translator.verify.nodes import EDGES_PER_STEP
from translator.verify.treatment import State

__all__ = ["given_to", "packets_of"]


def packets_of(condition: Condition, space: Space, state: State | None = None) -> Node:
    """Return the packets, as they entered, for which the condition holds in the state.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    state = State() if state is None else state
    if isinstance(condition, Match):
        return _of_match(condition, space, state, EVERYTHING)
    if isinstance(condition, AccessList):
        return _of_access_list(condition, space, state)
    if isinstance(condition, AllOf | AnyOf):
        return space.first_match(given_to(EVERYTHING, condition, space, state))
    if isinstance(condition, Not):
        return space.complement(packets_of(condition.part, space, state))
    if isinstance(condition, Tagged):
        return EVERYTHING if _tag_holds(condition, state) else NOTHING
    return space.predicate(condition.name, condition.unread)


def given_to(outcome: Node, condition: Condition, space: Space, state: State) -> list[Node]:
    """Return diagrams of which the first that is defined gives the condition's packets `outcome`.

    What is a choice anyway is not joined first: a classifier merges all its parts in one pass.
    """
    parts: list[Node] = []
    _give(outcome, condition, space, state, parts)
    return parts


def _give(
    outcome: Node, condition: Condition, space: Space, state: State, parts: list[Node]
) -> None:
    if isinstance(condition, AnyOf):
        for part in condition.parts:
            _give(outcome, part, space, state, parts)
    elif isinstance(condition, AllOf):
        node = outcome
        for part in sorted(condition.parts, key=_depth, reverse=True):
            node = _given_to_all(node, part, space, state)
        parts.append(node)
    else:
        parts.append(_given_to_all(outcome, condition, space, state))


def _given_to_all(outcome: Node, condition: Condition, space: Space, state: State) -> Node:
    """Return `outcome` for the condition's packets, undefined for others.

    No operation is needed where the outcome asks for nothing but fields below the condition's.
    """
    if _depth(condition) < space.level(outcome):
        if isinstance(condition, Match):
            return _of_match(condition, space, state, outcome)
        if isinstance(condition, Predicate):
            return space.predicate(condition.name, condition.unread, outcome)
    return space.where(packets_of(condition, space, state), outcome)


def _depth(condition: Condition) -> int:
    """Return the level of the lowest field that a match asks for, and for a predicate the last
    that one may have; others count as above all.
    """
    if not isinstance(condition, Match):
        return TOS - 1 if isinstance(condition, Predicate) else VERSION
    if condition.code_points or condition.tos:
        return TOS
    if condition.destination_ports:
        return DESTINATION_PORT
    return SOURCE_PORT if condition.source_ports else DESTINATION


def _tag_holds(condition: Tagged, state: State) -> bool:
    """Whether the tag of a packet in the state is one of the wanted values."""
    value = state.tag(condition.tag)
    if condition.mask is None:
        return value in condition.values
    value = 0 if value is None else value
    return isinstance(value, int) and value & condition.mask in condition.values


def _of_access_list(condition: AccessList, space: Space, state: State) -> Node:
    memo = space.memo("access list")
    # Without the numbers of the lines, which lists that mean the same do not share.
    entries = tuple([(entry.permit, entry.condition) for entry in condition.entries])
    key = (entries, state.keep, state.value, state.tags)
    node: Node | None = memo.get(key)
    if node is None:
        deny = space.leaf("deny")
        parts = [
            part
            for permit, inner in entries
            for part in given_to(EVERYTHING if permit else deny, inner, space, state)
        ]
        decided = space.first_match(parts)
        node = memo[key] = space.substitute(decided, deny, NOTHING)
    return node


def _of_match(match: Match, space: Space, state: State, outcome: Node) -> Node:
    """Return `outcome`, which asks for lower fields only, for the packets of the match."""
    memo = space.memo("match")
    tos_matters = match.code_points or match.tos
    key = (match, outcome, state.keep, state.value) if tos_matters else (match, outcome)
    node: Node | None = memo.get(key)
    if node is None:
        node = memo[key] = _built(match, space, state, outcome)
    return node


def _built(match: Match, space: Space, state: State, node: Node) -> Node:
    """Build the conjunction from its lowest field upwards: no operation is needed."""
    addresses = len(match.sources) + len(match.destinations)
    ports = len(match.source_ports) + len(match.destination_ports)
    # Thousands of values that touch are work, too, although a node of them has few edges.
    space.spend(len(match.tos) + (addresses + ports) // EDGES_PER_STEP)
    if match.code_points or match.tos:
        bytes_ = _tos_intervals(match.code_points, match.tos, state.keep, state.value)
        node = space.among(TOS, bytes_, node)
    if match.destination_ports:
        node = space.among(DESTINATION_PORT, _port_intervals(match.destination_ports), node)
    if match.source_ports:
        node = space.among(SOURCE_PORT, _port_intervals(match.source_ports), node)
    if match.version is None and not (match.sources or match.destinations):
        return _of_family(match, 4, space, node)  # alike in both families
    families = [_of_family(match, version, space, node) for version in (4, 6)]
    return space.node(VERSION, (version_value(4), version_value(6)), families)


def _of_family(match: Match, version: int, space: Space, node: Node) -> Node:
    """Return the match's packets of one IP version, given the part below the addresses."""
    if match.version not in (None, version):
        return NOTHING
    if match.destinations:
        node = space.among(DESTINATION, _address_intervals(match.destinations, version), node)
    if match.sources:
        node = space.among(SOURCE, _address_intervals(match.sources, version), node)
    if match.protocols:
        node = space.among(PROTOCOL, _protocol_intervals(match.protocols), node)
    fragment = match.fragment
    if match.source_ports or match.destination_ports:
        # A non-initial fragment has no ports, so no condition on ports holds for it.
        if fragment:
            return NOTHING
        fragment = False
    if fragment is not None:
        node = space.among(FRAGMENT, ((int(fragment), int(fragment)),), node)
    return node


@lru_cache(maxsize=4096)
def _protocol_intervals(protocols: tuple[int, ...]) -> tuple[Interval, ...]:
    return intervals_of(set(protocols))


@lru_cache(maxsize=4096)
def _tos_intervals(
    code_points: tuple[CodePoint, ...], masked: tuple[tuple[int, int], ...], keep: int, value: int
) -> tuple[Interval, ...]:
    """Return the ToS bytes that fit once they have become `(byte and keep) or value`."""
    fitting = {point.tos | ecn for point in code_points for ecn in range(4)}
    for wanted, mask in masked:
        fitting.update(byte for byte in range(256) if byte & mask == wanted & mask)
    return intervals_of({byte for byte in range(256) if byte & keep | value in fitting})


@lru_cache(maxsize=4096)
def _port_intervals(ranges: tuple[PortRange, ...]) -> tuple[Interval, ...]:
    return tuple((item.low, item.high) for item in merge_ranges(ranges))


def _address_intervals(prefixes: Iterable[Prefix], version: int) -> tuple[Interval, ...]:
    """Return the prefixes of an IP version as intervals; what reaches the last of IPv4, to the top.

    An IPv4 packet has no address above 2**32-1; treating these as the last one keeps equal sets
    identical although the field has 128 bits.
    """
    found: list[Interval] = []
    for low, high in sorted([_bounds(item) for item in prefixes if item.version == version]):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


@lru_cache(maxsize=4096)
def _bounds(prefix: Prefix) -> Interval:
    low = int(prefix.network_address)
    high = low + (1 << prefix.max_prefixlen - prefix.prefixlen) - 1
    if isinstance(prefix, IPv4Network) and high == IPV4_TOP:
        high = ADDRESS_TOP
    return low, high
