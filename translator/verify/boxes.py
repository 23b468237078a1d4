"""What is in a diagram, for people: a lowest packet, and few boxes that say it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from itertools import chain, cycle, islice
from typing import Any, Final

from msgspec import Struct

from translator.codepoint import CodePoint
from translator.verify.diagram import NOTHING, Node, Space
from translator.verify.fields import (
    DESTINATION,
    DESTINATION_PORT,
    FRAGMENT,
    IPV4_TOP,
    LEAF,
    PROTOCOL,
    SOURCE,
    SOURCE_PORT,
    TOS,
    VERSION,
    Interval,
    top_of,
    version_value,
)
from translator.verify.packet import Packet, protocol_name

__all__ = ["Box", "boxes", "value_at", "witness"]

_Sides = dict[int, tuple[Interval, ...]]
_MAX_PATHS: Final = 4096
_PATHS_PER_BOX: Final = 128
_FREE: Final = 0
"""The number of a field that a box leaves free."""
_Path = tuple[dict[int, int], Node]
"""The number of the intervals of each field that is not free, and the leaf of these packets."""
_Row = tuple[int, ...]
"""The same as a leaf and a number for each field of a list."""


_FIELD_OF: Final[dict[int, Callable[[Packet], int]]] = {
    VERSION: lambda packet: version_value(packet.version),
    FRAGMENT: lambda packet: packet.fragment,
    PROTOCOL: lambda packet: packet.protocol,
    SOURCE: lambda packet: int(packet.source),
    DESTINATION: lambda packet: int(packet.destination),
    SOURCE_PORT: lambda packet: packet.source_port,
    DESTINATION_PORT: lambda packet: packet.destination_port,
    TOS: lambda packet: packet.tos,
}


class Box(Struct, frozen=True):
    """A product of interval lists, one per field; an empty tuple (or None) leaves a field free.

    `predicates` are names with the answer that the box is about.
    """

    version: int | None = None
    fragment: bool | None = None
    protocols: tuple[Interval, ...] = ()
    sources: tuple[Interval, ...] = ()
    destinations: tuple[Interval, ...] = ()
    source_ports: tuple[Interval, ...] = ()
    destination_ports: tuple[Interval, ...] = ()
    tos: tuple[Interval, ...] = ()
    predicates: tuple[tuple[str, bool], ...] = ()

    @property
    def lowest(self) -> Packet:
        """The lowest packet of the box."""
        version = self.version or 4
        return Packet(
            version,
            _low(self.protocols),
            _address(_low(self.sources), version),
            _address(_low(self.destinations), version),
            _low(self.source_ports),
            _low(self.destination_ports),
            _low(self.tos),
            bool(self.fragment),
            tuple(name for name, answer in self.predicates if answer),
        )

    def __str__(self) -> str:
        return _sentence(self)


def witness(space: Space, packets: Node) -> Packet | None:
    """Return the lowest packet for which the diagram is defined, None where there is none.

    Fields are compared in the order of the diagram; a predicate is rather false than true.
    """
    if packets == NOTHING:
        return None
    sides: _Sides = {}
    node = packets
    while space.level(node) != LEAF:
        low, kid = next((low, kid) for low, _, kid in space.edges(node) if kid != NOTHING)
        sides[space.level(node)] = ((low, low),)
        node = kid
    return _box(space, sides).lowest


def value_at(space: Space, node: Node, packet: Packet) -> Any:
    """Return what the diagram gives for one packet, None where it is not defined."""
    while (level := space.level(node)) != LEAF:
        named = space.predicate_at(level)
        value = _FIELD_OF[level](packet) if named is None else named[0] in packet.predicates
        node = space.kid_at(node, value)
    return space.value(node)


def boxes(space: Space, node: Node, limit: int = 100) -> list[tuple[Box, Any]]:
    """Return disjoint boxes with the value that the diagram gives in each, at most `limit`.

    Of a diagram with very many paths, the first are joined, so that it does not take seconds.
    """
    numbers = _numbers_of(space)
    found = list(islice(_paths(space, node, numbers), min(_MAX_PATHS, _PATHS_PER_BOX * limit)))
    split = (
        (part, leaf)
        for sides, leaf in _merged(found, numbers)
        for part in _by_version({level: numbers.intervals(side) for level, side in sides.items()})
    )
    return [(_box(space, sides), space.value(leaf)) for sides, leaf in islice(split, limit)]


class _Numbers:
    """Numbers that stand for lists of intervals: the same for equal ones, and quick to compare."""

    def __init__(self) -> None:
        self._intervals: list[tuple[Interval, ...]] = [()]
        self._numbers: dict[tuple[Interval, ...], int] = {(): _FREE}

    def of(self, intervals: tuple[Interval, ...]) -> int:
        """Return the number of the intervals."""
        number = self._numbers.setdefault(intervals, len(self._intervals))
        if number == len(self._intervals):
            self._intervals.append(intervals)
        return number

    def intervals(self, number: int) -> tuple[Interval, ...]:
        """Return the intervals that have the number."""
        return self._intervals[number]


def _numbers_of(space: Space) -> _Numbers:
    known: dict[str, _Numbers] = space.memo("numbers of intervals")
    return known.get("") or known.setdefault("", _Numbers())


def _paths(space: Space, node: Node, numbers: _Numbers) -> Iterator[_Path]:
    """Return one product per path with the leaf where it ends; edges of a node that lead to the
    same kid count as one.
    """
    stack: list[tuple[Node, dict[int, int]]] = [(node, {})] if node != NOTHING else []
    while stack:
        here, sides = stack.pop()
        level = space.level(here)
        if level == LEAF:
            yield sides, here
            continue
        for kid, number in _targets(space, here, numbers):
            stack.append((kid, {**sides, level: number}))


def _targets(space: Space, node: Node, numbers: _Numbers) -> list[tuple[Node, int]]:
    """Return where the edges of a node lead that lead anywhere, the first one last."""
    memo: dict[Node, list[tuple[Node, int]]] = space.memo("edges to a kid")
    known = memo.get(node)
    if known is None:
        targets: dict[Node, list[Interval]] = {}
        for low, high, kid in space.edges(node):
            if kid != NOTHING:
                targets.setdefault(kid, []).append((low, high))
        known = memo[node] = [
            (kid, numbers.of(tuple(intervals))) for kid, intervals in reversed(targets.items())
        ]
    return known


def _merged(found: list[_Path], numbers: _Numbers) -> list[_Path]:
    """Join boxes of one leaf that differ in one field only, until no two do."""
    levels = sorted({level for sides, _ in found for level in sides}, reverse=True)
    rows = [(leaf, *[sides.get(level, _FREE) for level in levels]) for sides, leaf in found]
    in_vain = 0  # so many fields in a row
    for at, level in cycle(enumerate(levels, 1)):
        before = len(rows)
        rows = _merged_along(at, (0, top_of(level)), rows, numbers)
        in_vain = in_vain + 1 if len(rows) == before else 0
        if in_vain == len(levels):
            break
    return [
        ({level: side for level, side in zip(levels, row[1:], strict=True) if side}, row[0])
        for row in rows
    ]


def _merged_along(at: int, full: Interval, rows: list[_Row], numbers: _Numbers) -> list[_Row]:
    """Join the rows that differ at one place only."""
    others_of = [row[:at] + row[at + 1 :] for row in rows]
    if len(set(others_of)) == len(rows):
        return rows
    groups: dict[_Row, list[int]] = {}
    for row, others in zip(rows, others_of, strict=True):
        groups.setdefault(others, []).append(row[at])
    result: list[_Row] = []
    for others, alike in groups.items():
        side = alike[0]
        if len(alike) > 1:
            parts = (numbers.intervals(number) or (full,) for number in alike)
            joined = _joined(chain.from_iterable(parts))
            side = _FREE if joined == (full,) else numbers.of(joined)
        result.append((*others[:at], side, *others[at:]))
    return result


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    result: list[Interval] = []
    for low, high in sorted(intervals):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def _by_version(sides: _Sides) -> Iterator[_Sides]:
    """Split a box by IP version where it speaks of addresses; cut IPv4 ones to 32 bits."""
    if SOURCE not in sides and DESTINATION not in sides:
        yield sides
        return
    for version in (0, 1):
        if not any(low <= version <= high for low, high in sides.get(VERSION, ((0, 1),))):
            continue
        part = {**sides, VERSION: ((version, version),)}
        if version == 0:
            for level in (SOURCE, DESTINATION):
                if level in sides:
                    part[level] = tuple(
                        (low, min(high, IPV4_TOP)) for low, high in sides[level] if low <= IPV4_TOP
                    )
        if all(part.values()):
            yield part


def _box(space: Space, sides: _Sides) -> Box:
    version = sides.get(VERSION)
    fragment = sides.get(FRAGMENT)
    predicates = []
    for level in sorted(sides):
        named = space.predicate_at(level)
        if named is not None:
            predicates.append((named[0], sides[level][0][0] == 1))
    return Box(
        version=None if version is None else 4 + 2 * version[0][0],
        fragment=None if fragment is None else fragment[0][0] == 1,
        protocols=sides.get(PROTOCOL, ()),
        sources=sides.get(SOURCE, ()),
        destinations=sides.get(DESTINATION, ()),
        source_ports=sides.get(SOURCE_PORT, ()),
        destination_ports=sides.get(DESTINATION_PORT, ()),
        tos=sides.get(TOS, ()),
        predicates=tuple(predicates),
    )


# Interfaces that are wrong in the same way are shown the same boxes, again and again.
@lru_cache(maxsize=4096)
def _sentence(box: Box) -> str:
    protocols = _briefest(box.protocols, 255, protocol_name) or "any protocol"
    version = "" if box.version is None else f"IPv{box.version} "
    parts = [
        f"{version}{protocols}",
        f"from {_end(box.sources, box.source_ports, box.version)}",
        f"to {_end(box.destinations, box.destination_ports, box.version)}",
    ]
    if box.tos:
        parts.append(_tos_text(box.tos))
    if box.fragment is not None:
        parts.append("non-initial fragments" if box.fragment else "no fragments")
    parts += [f'{"with" if yes else "without"} "{name}"' for name, yes in box.predicates]
    return ", ".join([" ".join(parts[:3]), *parts[3:]])


def _low(intervals: tuple[Interval, ...]) -> int:
    return intervals[0][0] if intervals else 0


def _address(value: int, version: int) -> IPv4Address | IPv6Address:
    return IPv6Address(value) if version == 6 else IPv4Address(min(value, IPV4_TOP))


def _briefest(intervals: tuple[Interval, ...], top: int, name: Callable[[int], str]) -> str:
    """Return the values, or what is missing where that takes fewer words."""
    edges = [-1, *(edge for low, high in intervals for edge in (low, high)), top + 1]
    missing = tuple(
        (after + 1, before - 1)
        for after, before in zip(edges[::2], edges[1::2], strict=True)
        if after + 1 < before
    )
    if intervals and missing and len(missing) < len(intervals):
        return f"all but {_words(missing, name)}"
    return _words(intervals, name)


def _words(intervals: tuple[Interval, ...], name: Callable[[int], str] = str) -> str:
    return ",".join(
        name(low) if low == high else f"{name(low)}-{name(high)}" for low, high in intervals
    )


def _end(addresses: tuple[Interval, ...], ports: tuple[Interval, ...], version: int | None) -> str:
    where = ",".join(_range_text(item, version or 4) for item in addresses) or "any"
    return f"{where} port {_words(ports)}" if ports else where


def _range_text(interval: Interval, version: int) -> str:
    """Return the addresses as one network where they are one, else their first and last."""
    low, high = (_address(value, version) for value in interval)
    if low == high:
        return str(low)
    first, size = int(low), int(high) - int(low) + 1
    if size & size - 1 or first % size:
        return f"{low}-{high}"
    return f"{low}/{low.max_prefixlen + 1 - size.bit_length()}"


@lru_cache(maxsize=1024)
def _tos_text(intervals: tuple[Interval, ...]) -> str:
    """Return code points where the intervals are whole ones, else bytes."""
    if any(low % 4 or high % 4 != 3 for low, high in intervals):
        return f"tos {_words(intervals, hex)}"
    points = tuple((low >> 2, high >> 2) for low, high in intervals)
    return f"dscp {_briefest(points, 63, lambda value: CodePoint(value).name)}"
