"""The queues of an exit as intents: by the code points that packets leave with, or by ports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Final, NamedTuple

from translator.audit.translation.cover import Region, rules_for
from translator.audit.translation.known import without_predicates
from translator.codepoint import CodePoint
from translator.errors import UndecidedError
from translator.intents.device import DeviceQos, QueueClass, Queuing
from translator.intents.model import ClassifierRule, QueueIntent, QueuingIntent, TrafficClass
from translator.intents.pipeline import Service
from translator.verify.behaviour import behaviour
from translator.verify.classes import class_diagram
from translator.verify.diagram import NOTHING, Node, Space
from translator.verify.fields import LEAF, TOS
from translator.verify.prove import OTHER
from translator.verify.scheduling import limit_of, percent_of
from translator.verify.treatment import Treatment

__all__ = ["LiftedQueues", "QueueLifter"]

# Ports decide, but some platforms tell queues apart by a code point of their own.
_NOMINAL: Final = (46, 34, 26, 18, 10, 24, 36, 28, 20, 12, 38, 30, 22, 14)
_WHOLE: Final = 100  # percent
_MAX_SLIP: Final = 1  # points by which a share may be off, as in every comparison of shares


@dataclass(frozen=True, slots=True)
class LiftedQueues:
    """The queues of one exit; with problems there are none."""

    queuing: QueuingIntent | None = None
    classifier: tuple[ClassifierRule, ...] = ()
    problems: tuple[str, ...] = ()


class _Served(NamedTuple):
    """The class that a packet waits in, and how that is served."""

    name: str
    service: Service


class _NoShareError(Exception):
    """The share of a queue cannot be told in percent."""


class QueueLifter:
    """Lifts the queues of one device, exit by exit."""

    def __init__(self, device: DeviceQos, names: Sequence[str], space: Space) -> None:
        self._device = device
        self._names = names
        self._space = space

    def lift(self, name: str, free: Node, rate_bps: int | None) -> LiftedQueues:
        """Return the queues of an exit.

        Args:
            free: packets that nobody asks about.
            rate_bps: rate of the line, where it is known.
        """
        queuing = self._device.interface(name).queuing
        if queuing is None:
            return LiftedQueues()
        try:
            return self._lifted(name, queuing, free, rate_bps)
        except _NoShareError as error:
            return LiftedQueues(problems=(str(error),))
        except UndecidedError as error:
            return LiftedQueues(problems=(f"its queues: {error.problem}",))

    def _lifted(
        self, name: str, queuing: Queuing, free: Node, rate_bps: int | None
    ) -> LiftedQueues:
        by_point = self._by_code_point(name, free)
        if by_point is not None:
            default = _most_frequent(by_point.values())
            named = _names_of(by_point.values())
            return LiftedQueues(_queuing(queuing, named, default, by_point, rate_bps))
        served = self._served(self._plain_entry, name)
        found = [item for item in self._space.leaves(served) if isinstance(item, _Served)]
        if not found:
            return LiftedQueues(problems=("the text does not tell which queue packets wait in",))
        default = self._unclassified(served, found)
        others = [item for item in found if not _same_queue(item, default)]
        named = _names_of([*others, default])
        classifier = self._classifier(served, others, named, free)
        by_nominal = dict(zip(_NOMINAL, others, strict=False))
        return LiftedQueues(_queuing(queuing, named, default, by_nominal, rate_bps), classifier)

    @property
    def _plain_entry(self) -> str | None:
        """An interface that by itself does nothing to what enters."""
        return None if self._device.other_interface.ingress else OTHER

    def _by_code_point(self, name: str, free: Node) -> dict[int, _Served] | None:
        """Return who serves each leaving code point; None where that does not decide."""
        entries: list[str | None] = [item for item in self._names if item != name]
        found: dict[int, _Served] = {}
        for entry in (*entries, self._plain_entry):
            served = self._served(entry, name, leaving=True)
            asked = self._space.difference(self._defined(served), free)
            # Without an entry, what is decided where packets leave shows by itself; it is no way
            # of packets, so it does not say which code points leave.
            seen = dict(found) if entry is None else found
            for point, item in _leaving_points(self._space, self._space.where(asked, served)):
                if not _same_queue(seen.setdefault(point, item), item):
                    return None
        return found or None

    def _defined(self, node: Node) -> Node:
        return self._space.members(node, lambda _: True)

    def _served(self, entry: str | None, name: str, *, leaving: bool = False) -> Node:
        """Return the class of each packet, with `leaving` also its treatment; dropped ones none."""
        space = self._space
        treated = without_predicates(space, behaviour(self._device, entry, name, space))
        classes = class_diagram(self._device, entry, name, space)
        classes = space.map_leaves(without_predicates(space, classes), lambda text: ("in", text))

        def joined(treatment: Treatment, item: tuple[str, str]) -> object:
            if treatment.dropped or treatment.unclear:
                return None
            served = _Served(item[1], treatment.service)
            return (served, treatment) if leaving else served

        return space.combine(treated, classes, joined)

    def _unclassified(self, served: Node, found: Sequence[_Served]) -> _Served:
        """Return the class of most packets: the one at the end of most paths."""
        space = self._space
        sizes = dict.fromkeys(found, 0)
        for item in found:
            rest = space.members(served, partial(eq, item))
            sizes[item] = _top_share(space, rest)
        return max(found, key=lambda item: sizes[item])

    def _classifier(
        self,
        served: Node,
        others: Iterable[_Served],
        named: Mapping[_Served, str],
        free: Node,
    ) -> tuple[ClassifierRule, ...]:
        space = self._space
        regions = []
        for item in others:
            packets = space.members(served, partial(eq, item))
            must = space.difference(packets, free)
            if must != NOTHING:
                regions.append(Region(TrafficClass(named[item], None), must, packets))
        return rules_for(regions, free, space)


def _top_share(space: Space, packets: Node) -> int:
    """Return how much of all packets a set is, in a measure good enough to find the largest."""
    memo: dict[Node, float] = {}

    def walk(node: Node) -> float:
        if space.level(node) == LEAF:
            return 0.0 if node == NOTHING else 1.0
        found = memo.get(node)
        if found is None:
            edges = list(space.edges(node))
            size = edges[-1][1] + 1
            found = memo[node] = sum((h - low + 1) / size * walk(kid) for low, h, kid in edges)
        return found

    return round(walk(packets) * 10**12)


def _same_queue(one: _Served, other: _Served) -> bool:
    """Whether packets wait in the same queue: best effort has only one."""
    return one == other or one.service is other.service is Service.BEST_EFFORT


def _leaving_points(space: Space, served: Node) -> Iterator[tuple[int, _Served]]:
    """Yield each code point that packets leave with, and who serves them."""
    seen: set[tuple[int, object]] = set()
    for low, high, leaf in _leaves_by_tos(space, served):
        item, treatment = leaf
        for byte in range(low, high + 1):
            point = treatment.marking.applied(byte) >> 2
            if (point, item) not in seen:
                seen.add((point, item))
                yield point, item


def _leaves_by_tos(
    space: Space, served: Node
) -> Iterator[tuple[int, int, tuple[_Served, Treatment]]]:
    """Yield the bytes with which packets come, and what is made of them."""
    known: set[Node] = set()
    stack = [served]
    while stack:
        node = stack.pop()
        if node in known or node == NOTHING:
            continue
        known.add(node)
        if space.level(node) == LEAF:
            yield 0, 255, _leaf(space, node)
        elif space.level(node) == TOS:
            for low, high, kid in space.edges(node):
                if kid != NOTHING:
                    yield low, high, _leaf(space, kid)
        else:
            stack += [kid for _, _, kid in space.edges(node)]


def _leaf(space: Space, node: Node) -> tuple[_Served, Treatment]:
    leaf = space.value(node)
    assert isinstance(leaf, tuple)
    return leaf[0], leaf[1]


def _most_frequent(served: Iterable[_Served]) -> _Served:
    counts: dict[_Served, int] = {}
    for item in served:
        counts[item] = counts.get(item, 0) + 1
    return max(counts, key=lambda item: (counts[item], item.service is Service.BEST_EFFORT))


def _names_of(served: Iterable[_Served]) -> dict[_Served, str]:
    """Return names that any platform takes, all different, in order of first use."""
    found: dict[_Served, str] = {}
    for item in served:
        base = re.sub(r"[^A-Za-z0-9_-]+", "-", item.name).strip("-_") or "default"
        name, number = base, 2
        while item not in found and name in found.values():
            name, number = f"{base}-{number}", number + 1
        found.setdefault(item, name)
    return found


_STRICTNESS: Final = list(Service)


def _queuing(
    queuing: Queuing,
    named: Mapping[_Served, str],
    default: _Served,
    by_point: Mapping[int, _Served],
    rate_bps: int | None,
) -> QueuingIntent:
    """Return the queues, strictest first and the default one last, with shares in whole percent."""
    others = sorted(
        (item for item in named if not _same_queue(item, default)),
        key=lambda item: _STRICTNESS.index(item.service),
    )
    known = {item.name: item for item in queuing.classes}
    shares = {item: _percent(item, known.get(item.name), queuing, rate_bps) for item in others}
    own = known.get(default.name)
    _refuse_cap(own, queuing, rate_bps)
    kept = None if own is None else percent_of(own, queuing, rate_bps)
    percents, last = _whole(shares, kept)
    queues = [
        QueueIntent(
            named[item],
            item.service,
            tuple(CodePoint(n) for n in sorted(by_point) if _same_queue(by_point[n], item)),
            percents[item],
            _drops_early(known.get(item.name)) and item.service is not Service.PRIORITY,
        )
        for item in others
    ]
    queues.append(
        QueueIntent(
            named[default],
            default.service,
            (),
            last,
            _drops_early(own) and default.service is not Service.PRIORITY,
        )
    )
    return QueuingIntent(tuple(queues), _shaping(queuing, rate_bps))


def _shaping(queuing: Queuing, rate_bps: int | None) -> int | None:
    """Return the shaping rate; at the rate of the line a shaper delays nothing."""
    shaping_bps = queuing.shaping_bps
    if queuing.shaping_percent is not None:
        shaping_bps = queuing.rate_bps(rate_bps)
        if shaping_bps is None:
            raise _NoShareError(
                f"it sends at {queuing.shaping_percent:g} % of a line whose rate is not known"
            )
    if shaping_bps is not None and rate_bps is not None and shaping_bps >= rate_bps:
        return None
    return shaping_bps


def _drops_early(item: QueueClass | None) -> bool:
    return item is not None and item.congestion_avoidance


def _refuse_cap(item: QueueClass | None, queuing: Queuing, rate_bps: int | None) -> None:
    """Refuse a queue that is held back though the line may be free: no plan can ask for that."""
    if item is None or item.service is Service.PRIORITY:
        return
    limit = limit_of(item, queuing, rate_bps)
    if (limit is None and item.limit_bps is not None) or (limit is not None and limit < _WHOLE):
        raise _NoShareError(f"queue {item.name} has a shaper of its own, which is not carried over")


def _percent(
    served: _Served, item: QueueClass | None, queuing: Queuing, rate_bps: int | None
) -> float:
    _refuse_cap(item, queuing, rate_bps)
    share = None if item is None else percent_of(item, queuing, rate_bps)
    if share is None or share <= 0:
        raise _NoShareError(
            f"the share of queue {served.name or 'without a name'} cannot be told in percent of "
            "the line"
        )
    return share


def _whole(shares: Mapping[_Served, float], own: float | None) -> tuple[dict[_Served, int], int]:
    """Return shares in whole percent, none off by more than a point, and that of the default."""
    whole = {item: max(1, round(share)) for item, share in shares.items()}
    last = max(1, round(own)) if own is not None else max(1, 100 - sum(whole.values()))
    over = sum(whole.values()) + last - 100
    for item in sorted(whole, key=lambda item: shares[item] - whole[item]):
        slip = min(over, _MAX_SLIP, whole[item] - 1)
        if slip > 0 and shares[item] - (whole[item] - slip) <= _MAX_SLIP:
            whole[item] -= slip
            over -= slip
    if over > 0:
        raise _NoShareError(f"the shares of its queues sum to {100 + over} %")
    return whole, last
