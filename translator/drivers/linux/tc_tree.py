"""Queuing disciplines, classes and filters of one device, and what they do with a packet.

Source: htb_classify(), prio_classify(), hfsc_classify() and tcf_classify() of the Linux kernel:
`skb->priority` that names a class wins over all filters; filters run by `pref`; one that
only acts ends the search unless its action is `continue` (tcf_exts_exec()); a filter that
names an inner class hands over to that class's own filters; what is left goes to the default
class, without one past the scheduler (HTB) or nowhere (HFSC).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from msgspec.structs import replace as changed

from translator.codepoint import CodePoint
from translator.drivers.linux.conditions import without_sources
from translator.drivers.linux.tc_device import Device
from translator.drivers.linux.tc_parts import (
    CLASSFUL,
    EGRESS,
    INGRESS,
    ROOT,
    Filter,
    Qdisc,
    TcClass,
    class_name,
)
from translator.intents.condition import Condition, Not, Tagged
from translator.intents.device import InterfaceQos, QueueClass, Queuing
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Action,
    Assign,
    Drop,
    Flow,
    Rule,
    Service,
    SetTag,
    Stage,
    Unclear,
    set_code_point,
)

__all__ = ["interface_of"]

_BANDED: Final = frozenset({"prio", "pfifo_fast"})
_DEEPEST: Final = 4
_MOST_RULES: Final = 20_000  # of one device, beyond one for each class and filter
_TOO_MANY: Final = "filters inside each other stand for more rules than are followed"
# The usual disciplines of leaves, which hold no others and leave packets as they are.
_QUEUES: Final = frozenset({"pfifo", "bfifo", "fq_codel", "sfq", "fq", "codel"})
_NEW_PRIORITY: Final = "a filter changes the priority while bands are chosen by it"
_DIRECT: Final = Assign("direct", Service.BEST_EFFORT)
_DROPS_EARLY: Final = frozenset({"fq_codel", "codel", "red", "cake", "fq_pie", "pie", "choke"})


def interface_of(device: Device, *, sources_rewritten: bool = False) -> InterfaceQos:
    """Return what was understood of a device.

    With `sources_rewritten` packets have passed source NAT before they leave by it.
    """
    return _Tree(device, sources_rewritten=sources_rewritten).interface()


class _Index:
    """What stands where in the tree of a device, once all of its lines are read.

    Attributes:
        room: rules that may still be made of it: filters inside each other can stand for more than
            any kernel holds.
    """

    def __init__(self, qdiscs: Sequence[Qdisc], classes: Mapping[int, TcClass]) -> None:
        self.inner: dict[int, Qdisc] = {}
        self.owners: dict[int, Qdisc] = {}
        for qdisc in qdiscs:
            self.inner.setdefault(qdisc.parent, qdisc)
            self.owners.setdefault(qdisc.handle >> 16, qdisc)
        self.members: dict[int, list[TcClass]] = {}
        self.siblings: dict[int, list[TcClass]] = {}
        for item in classes.values():
            self.members.setdefault(item.id >> 16, []).append(item)
            self.siblings.setdefault(item.parent, []).append(item)
        priorities = {
            parent: [item.priority for item in items] for parent, items in self.siblings.items()
        }
        self.priorities = {parent: (min(x), max(x)) for parent, x in priorities.items()}
        self.filters: dict[int, list[Filter]] = {}
        self.room = _MOST_RULES + len(classes)


class _Tree:
    """Turns the tree of a device into rules and queues."""

    def __init__(self, device: Device, *, sources_rewritten: bool) -> None:
        self._device = device
        self.qdiscs = device.qdiscs
        self.classes = device.classes
        self._index = _Index(self.qdiscs, self.classes)
        for parent, filters in device.filters():
            found = list(filters)
            if sources_rewritten and parent != INGRESS:
                found = [_behind_nat(item) for item in found]
            self._index.filters[parent] = found
            self._index.room += len(found)

    def interface(self) -> InterfaceQos:
        """Return what was understood of the device."""
        root = self._device.root()
        ingress = (*_unclear(self._device.unclear_ingress), *self._side(INGRESS))
        name = self._device.name
        return InterfaceQos(
            name,
            ingress=(Stage(f"tc ingress {name}", ingress),) if ingress else (),
            egress=tuple(self._leaving(root)),
            queuing=self._queuing() if root is not None and self._schedules(root) else None,
            egress_policy=f"{root.kind} {root.handle >> 16:x}:" if root is not None else None,
            lines=tuple(sorted(self._lines())),
        )

    def _leaving(self, root: Qdisc | None) -> Iterator[Stage]:
        """Yield what packets meet that leave: filters of clsact, then the root discipline.

        Source: __dev_queue_xmit() of net/core/dev.c.
        """
        rules = [*_unclear(self._device.unclear)]
        filters = (*self._side(EGRESS),)
        if filters:
            yield Stage(f"tc egress {self._device.name}", (*rules, *filters))
            rules = []
        if root is not None:
            rules += self._rules(root, 0)
        if rules:
            yield Stage(f"tc {self._device.name}", tuple(rules))

    def _schedules(self, root: Qdisc) -> bool:
        return root.kind in CLASSFUL or root.rate_bps is not None or len(self.qdiscs) > 1

    def _lines(self) -> set[int]:
        found = {qdisc.line for qdisc in self.qdiscs} | {c.line for c in self.classes.values()}
        return (found | {x.line for items in self._index.filters.values() for x in items}) - {0}

    def _side(self, parent: int) -> Iterator[Rule]:
        """Yield the filters of ingress or egress: the first that ends the search ends it.

        Source: tc_run() of net/core/dev.c; a class that they name is none of the root's tree.
        """
        for item in self._index.filters.get(parent, ()):
            flow = Flow.NEXT if item.goes_on else Flow.STOP
            yield Rule(item.condition, item.actions, flow, lines=(item.line,))

    def _rules(self, qdisc: Qdisc, depth: int) -> Iterator[Rule]:
        inner = self._child(qdisc.handle | 1)
        if depth > _DEEPEST:
            why = "disciplines inside each other without end"
            yield Rule(ANY, (Unclear(why),), lines=(qdisc.line,))
        elif qdisc.kind in _BANDED:
            yield from self._bands(qdisc, depth)
        elif qdisc.kind in CLASSFUL:
            yield from self._class_rules(qdisc, depth)
        elif inner is not None:  # tbf or mq around another discipline
            yield from self._rules(inner, depth + 1)
        else:
            yield from self._doubts(qdisc)
            yield from _one_queue(qdisc)

    def _inside(self, qdisc: Qdisc, depth: int) -> Iterator[Rule]:
        """Yield what a discipline in a leaf does beside queuing: the leaf is the class then."""
        inner = self._child(qdisc.handle | 1)
        if qdisc.kind in CLASSFUL or depth > _DEEPEST:
            yield from self._rules(qdisc, depth)
        elif inner is not None:
            yield from self._inside(inner, depth + 1)
        else:
            yield from self._doubts(qdisc)
            if qdisc.clears_code_point:
                yield Rule(ANY, _wash(qdisc), Flow.NEXT, lines=(qdisc.line,))

    def _only_queues(self, qdisc: Qdisc) -> bool:
        return qdisc.kind in _QUEUES and qdisc.handle not in self._index.filters

    def _doubts(self, qdisc: Qdisc) -> Iterator[Rule]:
        """Yield a doubt where filters hang on a discipline without classes.

        Source: fq_codel_classify(), sfq_classify() and others: filters choose flows, and packets
        that none matches may be dropped.
        """
        for item in self._index.filters.get(qdisc.handle, ())[:1]:
            why = f"filters hang on {qdisc.kind}, which has no classes"
            yield Rule(ANY, (Unclear(why),), Flow.NEXT, lines=(item.line,))

    def _class_rules(self, qdisc: Qdisc, depth: int) -> Iterator[Rule]:
        if qdisc.kind == "htb":
            yield Rule(Tagged("priority", (qdisc.handle,)), (_DIRECT,), lines=(qdisc.line,))
        for item in self._index.members.get(qdisc.handle >> 16, ()):
            if self._is_leaf(item):
                condition = Tagged("priority", (item.id,))
                yield self._into(qdisc, item.id, condition, (qdisc.line, item.line), depth)
        filters = tuple(self._filtered(qdisc, qdisc.handle, depth))
        if filters:
            yield Rule(ANY, flow=Flow.NEXT, body=filters)
        yield self._default(qdisc, depth)

    def _default(self, qdisc: Qdisc, depth: int) -> Rule:
        chosen = self.classes.get(qdisc.handle | (qdisc.default or 0))
        if chosen is not None and qdisc.default and self._is_leaf(chosen):
            return self._into(qdisc, chosen.id, ANY, (qdisc.line, chosen.line), depth)
        action = _DIRECT if qdisc.kind == "htb" else Drop()
        return Rule(ANY, (action,), lines=(qdisc.line,))

    def _filtered(self, qdisc: Qdisc, parent: int, depth: int) -> Iterator[Rule]:
        """Yield the filters of a discipline or inner class, in the order in which they run."""
        for item in self._index.filters.get(parent, ()):
            if not self._has_room():
                yield Rule(ANY, (Unclear(_TOO_MANY),), lines=(item.line,))
                return
            target = self.classes.get(item.target) if item.target is not None else None
            if item.goes_on:
                yield Rule(item.condition, item.actions, Flow.NEXT, lines=(item.line,))
            elif item.target == qdisc.handle and qdisc.kind == "htb":
                yield Rule(item.condition, (*item.actions, _DIRECT), lines=(item.line,))
            elif target is None:  # no such class: the search ends, the default follows
                yield Rule(item.condition, item.actions, Flow.RETURN, lines=(item.line,))
            elif self._is_leaf(target):
                lines = (item.line, target.line)
                found = self._into(qdisc, target.id, item.condition, lines, depth)
                yield _acting_first(item, found)
            else:
                inside = depth + 1
                body = tuple(self._filtered(qdisc, target.id, inside)) if inside < 8 else ()
                yield Rule(item.condition, item.actions, Flow.RETURN, body, (item.line,))

    def _into(
        self, owner: Qdisc, class_id: int, condition: Condition, lines: tuple[int, ...], depth: int
    ) -> Rule:
        """Return the rule that puts packets into a leaf, and on into a scheduler inside it."""
        if not self._has_room():
            return Rule(condition, (Unclear(_TOO_MANY),), lines=tuple(sorted(set(lines) - {0})))
        assign = Assign(class_name(class_id), self._service(owner, class_id))
        inner = self._child(class_id)
        body: tuple[Rule, ...] = ()
        if inner is not None and not self._only_queues(inner):
            body = tuple(self._inside(inner, depth + 1))
        return Rule(condition, (assign,), Flow.STOP, body, tuple(sorted(set(lines) - {0})))

    def _bands(self, qdisc: Qdisc, depth: int) -> Iterator[Rule]:
        """Yield what prio does: a class, else filters, else the map of priorities to bands.

        pfifo_fast knows the map only, and takes the low four bits of any priority.
        """
        bands = [qdisc.handle | band + 1 for band in range(qdisc.bands)]
        first = bands[qdisc.priomap[0]]
        lines = (qdisc.line,)
        if qdisc.kind == "prio":
            for band in bands:
                yield self._into(qdisc, band, Tagged("priority", (band,)), lines, depth)
            own = Tagged("priority", (qdisc.handle,), 0xFFFF0000)
            yield self._into(qdisc, first, own, lines, depth)
            yield from self._filtered_to_bands(qdisc, bands, depth)
            other = Not(Tagged("priority", (0,), 0xFFFF0000))
            yield self._into(qdisc, first, other, lines, depth)
        for value in range(1, 16):
            condition = Tagged("priority", (value,), 0xF)
            yield self._into(qdisc, bands[qdisc.priomap[value]], condition, lines, depth)
        yield self._into(qdisc, first, ANY, lines, depth)

    def _filtered_to_bands(self, qdisc: Qdisc, bands: list[int], depth: int) -> Iterator[Rule]:
        """Yield the filters of prio: of their class, only the minor number chooses the band.

        Source: prio_classify() of the kernel; a band that is not there is that of priority 0.
        """
        for item in self._index.filters.get(qdisc.handle, ()):
            if item.goes_on:
                # The map of bands is asked with the priority that was there before.
                doubt = (Unclear(_NEW_PRIORITY),) if _sets_priority(item) else ()
                actions = (*item.actions, *doubt)
                yield Rule(item.condition, actions, Flow.NEXT, lines=(item.line,))
                continue
            band = qdisc.handle | (item.target or 0) & 0xFFFF
            chosen = band if band in bands else bands[qdisc.priomap[0]]
            found = self._into(qdisc, chosen, item.condition, (qdisc.line, item.line), depth)
            yield _acting_first(item, found)

    def _child(self, parent: int) -> Qdisc | None:
        return self._index.inner.get(parent)

    def _has_room(self) -> bool:
        self._index.room -= 1
        return self._index.room >= 0

    def _is_leaf(self, item: TcClass) -> bool:
        return item.id not in self._index.siblings

    def _owner(self, class_id: int) -> Qdisc:
        known = self._index.owners.get(class_id >> 16)
        return Qdisc("", class_id & 0xFFFF0000, ROOT) if known is None else known

    def _service(self, owner: Qdisc, class_id: int) -> Service:
        """Return how a class is served.

        Priority: the classes of strictly lowest `prio` among their siblings, the first band of
        prio. Guaranteed: any other class with a rate. Best effort: the default class.
        """
        if owner.kind in _BANDED:
            first = class_id == owner.handle | 1 and owner.bands > 1
            return Service.PRIORITY if first else Service.BEST_EFFORT
        item = self.classes[class_id]
        if owner.default and owner.handle | owner.default == class_id:
            return Service.BEST_EFFORT
        lowest, highest = self._index.priorities[item.parent]
        if item.priority == lowest < highest:
            return Service.PRIORITY
        return Service.GUARANTEED if item.share else Service.BEST_EFFORT

    def _queuing(self) -> Queuing:
        leaves = [item for item in self.classes.values() if self._is_leaf(item)]
        shaped = self._shaped_bps()
        found = [self._queue_class(item, shaped) for item in leaves]
        for qdisc in self.qdiscs:
            bands = range(1, qdisc.bands + 1) if qdisc.kind in _BANDED else ()
            names = [qdisc.handle | band for band in bands]
            found.extend(QueueClass(class_name(n), self._service(qdisc, n)) for n in names)
        return Queuing(
            tuple(sorted(found, key=lambda item: list(Service).index(item.service))),
            shaping_bps=shaped,
            lines=tuple(sorted(self._lines())),
        )

    def _shaped_bps(self) -> int | None:
        """Return the rate of the class above all others, or of a token bucket at the root."""
        root = self._device.root()
        if root is None or root.rate_bps is not None:
            return None if root is None else root.rate_bps
        tops = self._index.siblings.get(root.handle, [])
        if len(tops) != 1 or self._is_leaf(tops[0]):
            return None
        # A class at the top has nobody to borrow from: its rate, not its ceil, is the limit.
        return tops[0].rate_bps

    def _queue_class(self, item: TcClass, shaped: int | None) -> QueueClass:
        service = self._service(self._owner(item.id), item.id)
        # Source: tc-htb(8), `ceil`: the most that a class may take, of what others leave too.
        limited = item.ceil_bps if item.ceil_bps and shaped and item.ceil_bps < shaped else None
        inner = self._child(item.id)
        return QueueClass(
            class_name(item.id),
            service,
            percent=100 * item.rate_bps / shaped if item.rate_bps and shaped else None,
            rate_bps=item.rate_bps,
            limit_bps=limited,
            congestion_avoidance=inner is not None and inner.kind in _DROPS_EARLY,
            lines=tuple(line for line in (item.line, inner.line if inner else 0) if line),
        )


def _one_queue(qdisc: Qdisc) -> Iterator[Rule]:
    """Yield what a discipline without classes does: one queue for all, or the tins of CAKE."""
    lines = (qdisc.line,)
    wash = _wash(qdisc)
    for minor, name in enumerate(qdisc.tins.order if qdisc.handle else (), start=1):
        # A priority that names a tin goes before code points.
        tin = Assign(f"{qdisc.kind} {name}".strip(), qdisc.tins.service(name))
        yield Rule(Tagged("priority", (qdisc.handle | minor,)), (tin, *wash), lines=lines)
    if qdisc.tins.open_points:
        why = "which tin of CAKE takes it depends on the version of the kernel"
        yield Rule(_marked(qdisc.tins.open_points), (Unclear(why), *wash), lines=lines)
    for name, service, points in qdisc.tins.first:
        yield Rule(_marked(points), (Assign(f"{qdisc.kind} {name}", service), *wash), lines=lines)
    yield Rule(ANY, (Assign(qdisc.kind, Service.BEST_EFFORT), *wash), lines=lines)


def _wash(qdisc: Qdisc) -> tuple[Action, ...]:
    return (set_code_point(CodePoint(0)),) if qdisc.clears_code_point else ()


def _marked(points: tuple[int, ...]) -> Match:
    return Match(code_points=tuple(CodePoint(point) for point in points))


def _behind_nat(item: Filter) -> Filter:
    return changed(item, condition=without_sources(item.condition))


def _acting_first(item: Filter, rule: Rule) -> Rule:
    return replace(rule, actions=(*item.actions, *rule.actions)) if item.actions else rule


def _sets_priority(item: Filter) -> bool:
    return any(isinstance(action, SetTag) and action.tag == "priority" for action in item.actions)


def _unclear(reasons: Iterable[tuple[int, str]]) -> Iterator[Rule]:
    for line, why in reasons:
        yield Rule(ANY, (Unclear(why),), Flow.NEXT, lines=(line,))
