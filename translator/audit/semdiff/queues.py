"""Queues of two texts side by side: which classes correspond, their parameters, and who moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from translator.audit.semdiff.ways import Text, Twin, Way
from translator.intents.condition import Condition
from translator.intents.device import QueueClass, Queuing
from translator.intents.pipeline import Service
from translator.verify.boxes import Box, boxes, witness
from translator.verify.classes import class_diagram, class_pairs, joined_pairs
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.packet import Packet
from translator.verify.scheduling import Tolerance, percent_of

__all__ = ["ParameterChange", "QueueMove", "compare_queues"]

_EXACT: Final = Tolerance(share_points=0.005, rate_percent=0.0)
_LOOSE: Final = Tolerance()
_MAX_BOXES: Final = 3


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter of a queue or scheduler that is not the same.

    `queue` is "" when it concerns the whole interface.
    """

    place: Twin
    queue: str
    what: str
    in_a: str
    in_b: str
    lines_a: tuple[int, ...] = ()
    lines_b: tuple[int, ...] = ()

    def __str__(self) -> str:
        queue = f", queue {self.queue}" if self.queue else ""
        return f"{self.place}{queue}: {self.what}: A {self.in_a}, B {self.in_b}"


@dataclass(frozen=True, slots=True)
class QueueMove:
    """Packets that wait in another queue, though both serve their class alike."""

    way: Way
    boxes: tuple[Box, ...]
    packet: Packet
    queue_a: str
    queue_b: str

    def __str__(self) -> str:
        return f"{self.way}: {self.packet}: queue {self.queue_a} in A, {self.queue_b} in B"


class _Names(NamedTuple):
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class _Exit:
    """The schedulers of one exit on both sides; a class without an entry has no parameters."""

    place: Twin
    a: Queuing
    b: Queuing
    exact: bool

    @property
    def tolerance(self) -> Tolerance:
        return _EXACT if self.exact else _LOOSE


def compare_queues(
    a: Text, b: Text, ways: Sequence[Way], space: Space, domain: Condition | None
) -> tuple[tuple[ParameterChange, ...], tuple[QueueMove, ...]]:
    """Return what differs in the queues of one exit, for packets that come by the ways to it.

    A class corresponds to that one in which its packets wait on the other side, whatever it is
    called there.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    place = ways[0].exit
    if place is None:
        return (), ()
    left, right = a.device.interface(place.a).queuing, b.device.interface(place.b).queuing
    if left is None and right is None:
        return (), ()
    if left is None or right is None:
        words = ["none" if item is None else "configured" for item in (left, right)]
        lines = [() if item is None else item.lines for item in (left, right)]
        return (ParameterChange(place, "", "queues", words[0], words[1], *lines),), ()
    both = _Exit(place, left, right, a.device.platform == b.device.platform)
    meeting = _Meetings(a, b, space, domain)
    for way in ways:
        meeting.add(way)
    groups = _by_packets(meeting.nodes) if meeting.nodes else _by_name(both)
    changes = list(_shaping(both))
    for group in groups:
        changes += _parameters(both, group)
    if meeting.nodes and both.exact:
        changes += _unmet(both, meeting.nodes)
    return tuple(changes), tuple(meeting.moves(both, groups))


class _Meetings:
    """Which class of A shares packets with which class of B, on any of the ways."""

    def __init__(self, a: Text, b: Text, space: Space, domain: Condition | None) -> None:
        self._a, self._b, self._space = a, b, space
        self._domain = EVERYTHING if domain is None else packets_of(domain, space)
        self.nodes: dict[_Names, tuple[Way, Node]] = {}

    def add(self, way: Way) -> None:
        """Note every pair of classes that packets of the way meet in."""
        entry, leaving, space = way.entry, way.exit, self._space
        if leaving is None:
            return
        names = (None, None) if entry is None else (entry.a, entry.b)
        left = class_diagram(self._a.device, names[0], leaving.a, space)
        right = class_diagram(self._b.device, names[1], leaving.b, space)
        for met, node in class_pairs(left, right, self._domain, space).items():
            pair = _Names(*met)
            if pair not in self.nodes and (pair.a or pair.b):
                self.nodes[pair] = (way, node)

    def moves(self, both: _Exit, groups: Iterable[_Group]) -> Iterator[QueueMove]:
        """Yield the packets that left the queue which the others of their class stay in."""
        for group in groups:
            for pair in group.strays():
                if pair not in self.nodes or not _served_alike(both, pair):
                    continue  # where the service differs, the treatment says so already
                way, node = self.nodes[pair]
                packet = witness(self._space, node)
                if packet is not None and node != NOTHING:
                    shown = tuple(box for box, _ in boxes(self._space, node, _MAX_BOXES))
                    yield QueueMove(way, shown, packet, pair.a or "none", pair.b or "none")


@dataclass(frozen=True, slots=True)
class _Group:
    """Classes of both sides that share packets with each other and with no other class."""

    pairs: tuple[_Names, ...]

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (
            tuple(dict.fromkeys(pair.a for pair in self.pairs)),
            tuple(dict.fromkeys(pair.b for pair in self.pairs)),
        )

    @property
    def is_split(self) -> bool:
        """Whether one class became several: their packets and shares count as one."""
        left, right = self.names
        return len(left) == 1 or len(right) == 1

    def homes(self) -> list[_Names]:
        """Return for each class its counterpart: that of its own name before any other."""
        found: list[_Names] = []
        for pair in sorted(self.pairs, key=lambda pair: (pair.a != pair.b, pair)):
            if all(pair.a != known.a and pair.b != known.b for known in found):
                found.append(pair)
        return found

    def strays(self) -> list[_Names]:
        """Return the pairs whose packets changed the queue."""
        if self.is_split:
            return []
        homes = self.homes()
        return [pair for pair in self.pairs if pair not in homes]


def _by_packets(pairs: Iterable[_Names]) -> list[_Group]:
    """Return classes that share packets."""
    return [_Group(tuple(group)) for group in joined_pairs(pairs)]


def _by_name(both: _Exit) -> list[_Group]:
    """Return classes by name, for schedulers that no packet is seen to reach."""
    names = dict.fromkeys(item.name for item in (*both.a.classes, *both.b.classes))
    return [_Group((_Names(name, name),)) for name in names]


def _unmet(both: _Exit, met: Iterable[_Names]) -> Iterator[ParameterChange]:
    """Compare by name the classes that no packet of the ways waits in: others may come to."""
    known = [{pair.a for pair in met}, {pair.b for pair in met}]
    for group in _by_name(both):
        name = group.pairs[0].a
        if any(name in names for names in known):
            continue
        yield from _of_classes(both, (name,), (name,))
        one, other = (
            next((item for item in queuing.classes if item.name == name), None)
            for queuing in (both.a, both.b)
        )
        if one is not None and other is not None and one.service is not other.service:
            words = one.service.value, other.service.value
            yield ParameterChange(both.place, name, "service", *words, one.lines, other.lines)


def _shaping(both: _Exit) -> Iterator[ParameterChange]:
    one, other = both.a.shaping_bps, both.b.shaping_bps
    words = _shaped(both.a), _shaped(both.b)
    if words[0] == words[1]:
        return
    if one and other and abs(one - other) <= one * both.tolerance.rate_percent / 100:
        return
    yield ParameterChange(both.place, "", "shaping rate", *words, both.a.lines, both.b.lines)


def _shaped(queuing: Queuing) -> str:
    if queuing.shaping_bps is None and queuing.shaping_percent is not None:
        return f"{queuing.shaping_percent:g} % of the line"
    return _rate(queuing.shaping_bps)


def _parameters(both: _Exit, group: _Group) -> Iterator[ParameterChange]:
    if group.is_split:
        left, right = group.names
        yield from _of_classes(both, left, right)
        return
    for pair in group.homes():
        yield from _of_classes(both, (pair.a,), (pair.b,))


def _of_classes(
    both: _Exit, left: tuple[str, ...], right: tuple[str, ...]
) -> Iterator[ParameterChange]:
    """Compare the share of classes that hold the same packets, and whether they drop early."""
    one = [item for item in both.a.classes if item.name in left]
    other = [item for item in both.b.classes if item.name in right]
    name = _joined(left) if left == right else f"{_joined(left)} = {_joined(right)}"
    lines_a = tuple(line for item in one for line in item.lines)
    lines_b = tuple(line for item in other for line in item.lines)
    words = _share(one, both.a), _share(other, both.b)
    if words[0] != words[1] and not _near(both, one, other):
        yield ParameterChange(both.place, name, "share", *words, lines_a, lines_b)
    drops = ["on" if any(item.congestion_avoidance for item in x) else "off" for x in (one, other)]
    if both.exact and drops[0] != drops[1]:
        yield ParameterChange(
            both.place, name, "congestion avoidance", drops[0], drops[1], lines_a, lines_b
        )
    for what, told in (("limit", _limits), ("guarantee", _guarantees)):
        words = told(one), told(other)
        if both.exact and words[0] != words[1]:
            yield ParameterChange(both.place, name, what, *words, lines_a, lines_b)


def _limits(classes: Iterable[QueueClass]) -> str:
    """Return the rates that classes may not pass; that of a priority class is its share."""
    found = [
        _percent_or_rate(item.limit_percent, item.limit_bps)
        for item in classes
        if item.service is not Service.PRIORITY
    ]
    return ", ".join(filter(None, found)) or "none"


def _guarantees(classes: Iterable[QueueClass]) -> str:
    """Return what priority classes are sure of, where that is not their limit."""
    found = [
        _percent_or_rate(item.percent, item.rate_bps)
        for item in classes
        if item.service is Service.PRIORITY and _percent_or_rate(item.limit_percent, item.limit_bps)
    ]
    return ", ".join(filter(None, found)) or "none"


def _percent_or_rate(percent: float | None, rate_bps: int | None) -> str:
    if percent is not None:
        return f"{percent:g} %"
    return "" if rate_bps is None else _rate(rate_bps)


def _near(both: _Exit, one: list[QueueClass], other: list[QueueClass]) -> bool:
    """Whether two shares are equal within the tolerance; best effort may do without one."""
    left, right = _percent(one, both.a), _percent(other, both.b)
    if left is not None and right is not None:
        return abs(left - right) <= both.tolerance.share_points
    if both.exact:
        return False
    unserved = all(item.service is Service.BEST_EFFORT for item in (*one, *other))
    return unserved or not one or not other


def _percent(classes: Iterable[QueueClass], queuing: Queuing) -> float | None:
    shares = [percent_of(item, queuing, None) for item in classes]
    known = [share for share in shares if share is not None]
    return sum(known) if known and len(known) == len(shares) else None


def _share(classes: Sequence[QueueClass], queuing: Queuing) -> str:
    """Return the share in percent where it can be told, else what the text says of it."""
    percent = _percent(classes, queuing)
    if percent is not None:
        return f"{percent:.4g} %"
    return ", ".join(filter(None, (_as_written(item) for item in classes))) or "none"


def _as_written(item: QueueClass) -> str:
    if item.limit_bps is not None and item.service is Service.PRIORITY:
        return _rate(item.limit_bps)
    if item.rate_bps is not None:
        return _rate(item.rate_bps)
    return "" if item.remaining_percent is None else f"{item.remaining_percent:g} % of the rest"


def _served_alike(both: _Exit, pair: _Names) -> bool:
    left = [item.service for item in both.a.classes if item.name == pair.a]
    right = [item.service for item in both.b.classes if item.name == pair.b]
    return left == right


def _joined(names: tuple[str, ...]) -> str:
    return "+".join(name or "none" for name in names)


def _rate(rate_bps: int | None) -> str:
    return "none" if rate_bps is None else f"{rate_bps} bit/s"
