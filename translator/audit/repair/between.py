"""Old, new or neither: what packets meet while commands are entered one by one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from translator.audit.repair.ways import Way, ways_of
from translator.intents.condition import Condition
from translator.intents.device import DeviceQos, QueueClass, Queuing
from translator.verify.behaviour import ProgramCache, behaviour_of_programs
from translator.verify.boxes import boxes
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.treatment import Treatment

__all__ = ["Third", "Watch", "first_change"]


class _Of(NamedTuple):
    """A treatment and whose it is, so that equal ones of two devices stay two leaves."""

    whose: str
    treatment: Treatment


class _Met(NamedTuple):
    before: Treatment
    meanwhile: Treatment
    after: Treatment


class Third(NamedTuple):
    """Packets that are treated neither as before nor as after, or a queue served so, and how."""

    way: str
    box: str
    packet: str
    before: str
    meanwhile: str
    after: str


class Watch:
    """Compares states of a device with the one before and the one after a change.

    At one end of an interface every packet must have its old or its new treatment as a whole.
    Between two interfaces that are changed one after the other that is impossible; there the
    marking and the service, each by itself, must be the old or the new one.
    """

    def __init__(
        self, before: DeviceQos, after: DeviceQos, space: Space, domain: Condition | None
    ) -> None:
        self._before = before
        self._after = after
        self._space = space
        self._domain = EVERYTHING if domain is None else packets_of(domain, space)
        self._caches = {id(before): ProgramCache(), id(after): ProgramCache()}

    def third(self, meanwhile: DeviceQos, names: Iterable[str] | None = None) -> Third | None:
        """Return packets with a third treatment, None where there are none.

        Args:
            names: interfaces to look at; all without.

        Raises:
            UndecidedError: a diagram outgrew its budget.
        """
        cache = ProgramCache()
        for way in ways_of((self._before, self._after, meanwhile), names):
            programs = [
                known.between(device, way.entry, way.exit)
                for device, known in (
                    (self._before, self._caches[id(self._before)]),
                    (self._after, self._caches[id(self._after)]),
                    (meanwhile, cache),
                )
            ]
            if programs[2] in programs[:2]:
                continue
            node = self._met([behaviour_of_programs(item, self._space) for item in programs], way)
            if node != NOTHING:
                box, met = boxes(self._space, node, 1)[0]
                return Third(str(way), str(box), str(box.lowest), *map(str, met))
        return self._queue(meanwhile)

    def _queue(self, meanwhile: DeviceQos) -> Third | None:
        """Return a shaper or queue whose rate is neither the old nor the new one."""
        for name in dict.fromkeys(item.name for item in meanwhile.interfaces):
            states = [
                _rates(device.interface(name).queuing)
                for device in (self._before, meanwhile, self._after)
            ]
            before, now, after = states
            for queue in now.keys() & before.keys() & after.keys():
                if now[queue] not in (before[queue], after[queue]):
                    return Third(
                        f"leaving {name}", f"packets of {queue}", "", *(s[queue] for s in states)
                    )
        return None

    def _met(self, nodes: list[Node], way: Way) -> Node:
        whole = None in way
        before, after, meanwhile = (
            self._space.map_leaves(node, partial(_Of, whose))
            for node, whose in zip(nodes, ("before", "after", "meanwhile"), strict=True)
        )
        ends = self._space.combine(before, after, lambda one, two: (one.treatment, two.treatment))

        def judge(pair: tuple[Treatment, Treatment], now: _Of) -> _Met | None:
            fits = now.treatment in pair or (not whole and _mixed(*pair, now.treatment))
            return None if fits else _Met(pair[0], now.treatment, pair[1])

        found = self._space.combine(ends, meanwhile, judge)
        return self._space.where(self._domain, found)


def _rates(queuing: Queuing | None) -> dict[str, str]:
    """Return what each queue of a scheduler, and its shaper, is configured to."""
    if queuing is None:
        return {}
    found = {f"queue {item.name}": f"{item.service}, {_stated(item)}" for item in queuing.classes}
    rate = "none" if queuing.shaping_bps is None else f"{queuing.shaping_bps} bit/s"
    return {"the shaper": rate, **found}


def _stated(item: QueueClass) -> str:
    shares = (item.percent, item.rate_bps, item.remaining_percent)
    return "/".join("-" if value is None else f"{value:g}" for value in shares)


def _mixed(before: Treatment, after: Treatment, now: Treatment) -> bool:
    """Whether marking and service are each as before or as after."""
    ends = (before, after)
    return (
        any((now.marking, now.dropped) == (end.marking, end.dropped) for end in ends)
        and any(now.service is end.service for end in ends)
        and any(now.policed_bps == end.policed_bps for end in ends)
        and any(now.unclear == end.unclear for end in ends)
    )


def first_change(
    before: DeviceQos, after: DeviceQos, names: Iterable[str], space: Space
) -> Way | None:
    """Return a way between the interfaces on which the two devices differ, None without.

    Raises:
        UndecidedError: a diagram outgrew its budget.
    """
    one, other = ProgramCache(), ProgramCache()
    chosen = tuple(names)
    for way in ways_of((before, after), chosen):
        left, right = one.between(before, *way), other.between(after, *way)
        if left != right and behaviour_of_programs(left, space) != behaviour_of_programs(
            right, space
        ):
            return way
    for name in chosen:
        if before.interface(name).queuing != after.interface(name).queuing:
            return Way(None, name)
    return None
