"""From sets of packets to few rules: a first-match list that gives each region its class.

A region says which packets must be caught and which others may be. Each box of a region is
widened, field by field, as long as it stays within what is allowed; packets that a rule above has
taken do not matter any more. So a reset of all marks that no rule above has set stays one rule,
although the packets that it meets are everything around the ranges of those rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import Any, Final

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.errors import UndecidedError
from translator.intents.match import Match, Prefix
from translator.intents.model import ClassifierRule, TrafficClass
from translator.ports import PortRange
from translator.verify.boxes import Box, boxes
from translator.verify.conditions import packets_of
from translator.verify.diagram import NOTHING, Node, Space
from translator.verify.fields import Interval

__all__ = ["PLAIN_SIZE", "Region", "rules_for", "size_of"]

_BATCH: Final = 64
PLAIN_SIZE: Final = 16  # values of one region that nobody would write in another order
_LARGEST_SIZE: Final = 4096
# Code points first: what is marked keeps no trace of the mark that it had.
_FIELDS: Final = (
    "code_points",
    "fragment",
    "destinations",
    "sources",
    "protocols",
    "destination_ports",
    "source_ports",
    "version",
)


@dataclass(frozen=True, slots=True)
class Region:
    """Packets of one class: `must` are to be caught, `may` could be without any change."""

    traffic_class: TrafficClass
    must: Node
    may: Node


def rules_for(regions: Sequence[Region], free: Node, space: Space) -> tuple[ClassifierRule, ...]:
    """Return a first-match list for the regions, in their order as far as that is short.

    A region that needs long rules waits until others are taken: what lies around a range is easy
    to say once the range is taken.

    Args:
        free: packets that nobody asks about.

    Raises:
        UndecidedError: the packets are too irregular for a list of some hundred rules.
    """
    left = list(regions)
    taken = free
    rules: list[ClassifierRule] = []
    limit = PLAIN_SIZE
    while left:
        for at, region in enumerate(left):
            found = _cover(region, taken, space, limit)
            if found is not None:
                rules += found
                taken = _with_all(found, taken, space)
                del left[at]
                limit = PLAIN_SIZE
                break
        else:
            if limit > _LARGEST_SIZE:
                raise _irregular()
            limit *= 2
    return tuple(rules)


def _with_all(rules: Iterable[ClassifierRule], taken: Node, space: Space) -> Node:
    for rule in rules:
        taken = space.union(taken, packets_of(rule.match, space))
    return taken


def _cover(region: Region, taken: Node, space: Space, limit: int) -> list[ClassifierRule] | None:
    """Return rules for one region; None where they name more values than the limit."""
    allowed = space.union(region.may, taken)
    left = space.difference(region.must, taken)
    rules: list[ClassifierRule] = []
    while left != NOTHING:
        for box, _ in boxes(space, left, _BATCH):
            match = _match_of(box)
            if space.intersection(packets_of(match, space), left) == NOTHING:
                continue
            match = _widened(match, allowed, space)
            left = space.difference(left, packets_of(match, space))
            rules.append(ClassifierRule(match, region.traffic_class))
            if size_of(rules[-1:]) > limit or len(rules) > 4 * limit:
                return None
    rules = _joined(rules, allowed, space)
    return rules if size_of(rules) <= limit else None


def size_of(rules: Iterable[ClassifierRule]) -> int:
    """Return how many values a list names."""
    return sum(
        1
        + len(match.protocols)
        + len(match.sources)
        + len(match.destinations)
        + len(match.source_ports)
        + len(match.destination_ports)
        + len(match.tos)
        for match in (rule.match for rule in rules)
    )


def _irregular() -> UndecidedError:
    return UndecidedError(
        f"the rules are too irregular: one class takes more than {_LARGEST_SIZE} values",
        hint="look at the configuration in parts",
    )


def _widened(match: Match, allowed: Node, space: Space) -> Match:
    """Drop each field whose values do not matter within what is allowed."""
    for name in _FIELDS:
        empty: dict[str, Any] = {name: None if name in ("fragment", "version") else ()}
        if name == "code_points":
            empty["tos"] = ()
        wider = replace(match, **empty)
        if wider != match and _inside(packets_of(wider, space), allowed, space):
            match = wider
    return match


def _inside(packets: Node, allowed: Node, space: Space) -> bool:
    return space.difference(packets, allowed) == NOTHING


def _joined(rules: list[ClassifierRule], allowed: Node, space: Space) -> list[ClassifierRule]:
    """Join rules that differ in one field only, as widening has often made them alike."""
    done: list[ClassifierRule] = []
    for rule in rules:
        for at, other in enumerate(done):
            joined = _union(other.match, rule.match)
            if joined and _inside(packets_of(joined, space), allowed, space):
                done[at] = replace(other, match=joined)
                break
        else:
            done.append(rule)
    return done if len(done) == len(rules) else _joined(done, allowed, space)


def _union(one: Match, other: Match) -> Match | None:
    """Return one match for both where only the values of one field differ."""
    if one.version != other.version or one.fragment != other.fragment:
        return None
    names = [
        name
        for name in ("protocols", "sources", "destinations", "source_ports", "destination_ports")
        if getattr(one, name) != getattr(other, name)
    ]
    marks = (one.code_points, one.tos) != (other.code_points, other.tos)
    if len(names) + marks != 1:
        return one if not names and not marks else None
    if marks:
        if one.tos or other.tos:
            return None
        return replace(one, code_points=tuple(sorted({*one.code_points, *other.code_points})))
    (name,) = names
    both = dict.fromkeys((*getattr(one, name), *getattr(other, name)))
    values: dict[str, Any] = {name: tuple(sorted(both, key=_sort_key))}
    return replace(one, **values)


def _sort_key(value: object) -> tuple[int, ...]:
    if isinstance(value, PortRange):
        return value.low, value.high
    if isinstance(value, int):
        return (value,)
    assert isinstance(value, Prefix)
    return value.version, int(value.network_address), value.prefixlen


def _match_of(box: Box) -> Match:
    """Return the same packets as a match."""
    ports = bool(box.source_ports or box.destination_ports)
    points = _code_points(box.tos)
    return Match(
        version=box.version,
        protocols=tuple(n for low, high in box.protocols for n in range(low, high + 1)),
        sources=tuple(_prefixes(box.sources, box.version or 4)),
        destinations=tuple(_prefixes(box.destinations, box.version or 4)),
        source_ports=tuple(PortRange(low, high) for low, high in box.source_ports),
        destination_ports=tuple(PortRange(low, high) for low, high in box.destination_ports),
        code_points=points,
        tos=()
        if points
        else tuple((byte, 255) for low, high in box.tos for byte in range(low, high + 1)),
        # A later fragment has no ports, so a match on ports never holds for one.
        fragment=None if ports else box.fragment,
    )


def _code_points(intervals: Sequence[Interval]) -> tuple[CodePoint, ...]:
    """Return the code points where the bytes are whole ones, else nothing."""
    if any(low % 4 or high % 4 != 3 for low, high in intervals):
        return ()
    return tuple(CodePoint(n) for low, high in intervals for n in range(low >> 2, (high >> 2) + 1))


def _prefixes(intervals: Iterable[Interval], version: int) -> Iterator[Prefix]:
    for low, high in intervals:
        if version == 6:
            yield from summarize_address_range(IPv6Address(low), IPv6Address(high))
        else:
            yield from summarize_address_range(IPv4Address(low), IPv4Address(min(high, 2**32 - 1)))
