"""What stands on one network device while tc commands put it there and take it away.

Source: tc_modify_qdisc(), tc_get_qdisc() and __tc_ctl_tclass() of net/sched/sch_api.c; what is
refused was measured with Linux 6.18.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.tc_cake import BEST_EFFORT
from translator.drivers.linux.tc_chain import Chain, Tables
from translator.drivers.linux.tc_parts import (
    CLASSFUL,
    EGRESS,
    INGRESS,
    ROOT,
    Filter,
    Qdisc,
    TcClass,
)
from translator.intents.pipeline import SetTag

__all__ = ["FIRST_GIVEN", "Device"]

_SIDES: Final = 0xFFFF  # the major number below which root, ingress and egress stand
FIRST_GIVEN: Final = 0x8001  # the first major number that the kernel gives


@dataclass(slots=True)
class _Below:
    """What hangs below one discipline, found by the major number of its handle."""

    leaves: dict[int, Qdisc] = field(default_factory=dict)
    classes: dict[int, TcClass] = field(default_factory=dict)
    inner: dict[int, int] = field(default_factory=dict)  # how many classes have that parent
    chains: dict[int, Chain] = field(default_factory=dict)
    tables: Tables = field(default_factory=Tables)

    def count(self, parent: int, more: int) -> None:
        """Count classes that have that parent."""
        self.inner[parent] = self.inner.get(parent, 0) + more


@dataclass(slots=True)
class Device:
    """All of one network device.

    Attributes:
        given: the major numbers that the kernel gives to disciplines without one.
        unclear, unclear_ingress: lines that may do anything to packets that leave, that enter.
        unread: all lines that were not understood, with those about some packets only.
    """

    name: str
    given: count[int]
    unclear: list[tuple[int, str]] = field(default_factory=list)
    unclear_ingress: list[tuple[int, str]] = field(default_factory=list)
    unread: set[int] = field(default_factory=set)
    _majors: dict[int, _Below] = field(default_factory=dict)
    _owners: dict[int, Qdisc] = field(default_factory=dict)

    @property
    def qdiscs(self) -> list[Qdisc]:
        """All disciplines, in the order of the text."""
        return sorted(self._all_qdiscs(), key=attrgetter("line"))

    @property
    def classes(self) -> dict[int, TcClass]:
        """All classes by number."""
        return {number: x for below in self._majors.values() for number, x in below.classes.items()}

    def filters(self) -> Iterator[tuple[int, Iterator[Filter]]]:
        """Yield each parent with its filters, in the order in which they are asked."""
        for below in self._majors.values():
            for parent, chain in below.chains.items():
                yield parent, chain.ordered()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there that could be taken away."""
        return not any(
            below.leaves
            or below.classes
            or any(chain.preferences for chain in below.chains.values())
            for below in self._majors.values()
        )

    def root(self) -> Qdisc | None:
        """Return the root discipline."""
        return self._below(ROOT).leaves.get(ROOT)

    @property
    def looks_at_tos(self) -> bool:
        """Whether a discipline chooses the band by the priority that comes from the ToS byte."""
        return any(qdisc.kind in ("prio", "pfifo_fast") for qdisc in self._all_qdiscs())

    @property
    def has_tins(self) -> bool:
        """Whether packets are sorted into tins of CAKE."""
        return any(qdisc.tins is not BEST_EFFORT for qdisc in self._all_qdiscs())

    @property
    def sets_priority_on_entry(self) -> bool:
        """Whether a filter of the ingress discipline writes the priority of packets."""
        chain = self._below(INGRESS).chains.get(INGRESS)
        return chain is not None and any(
            isinstance(action, SetTag) and action.tag == "priority"
            for item in chain.ordered()
            for action in item.actions
        )

    def doubt(self, line: int, why: str, sides: tuple[bool, bool]) -> None:
        """Note that a line may do anything to packets that enter, or that leave."""
        self.unread.add(line)
        if sides[0]:
            self.unclear_ingress.append((line, why))
        if sides[1]:
            self.unclear.append((line, why))

    def changed_by(self, qdisc: Qdisc, verb: str) -> Qdisc | None:
        """Return the discipline that a command changes in place, None where it makes a new one."""
        there = self._below(qdisc.parent).leaves.get(qdisc.parent)
        if verb not in ("change", "replace") or there is None or there.kind != qdisc.kind:
            return None
        return there if qdisc.handle in (0, there.handle) else None

    def place(self, qdisc: Qdisc, verb: str) -> None:
        """Put a discipline in its place, as the kernel does with that verb.

        Raises:
            NotReadError: the kernel refuses it. That HTB cannot be changed was measured.
        """
        old = self._below(qdisc.parent).leaves.get(qdisc.parent)
        if verb == "add" and old is not None and old.handle:  # those of the kernel's own have 0
            raise NotReadError("one is there already: the kernel refuses a second")
        there = self.changed_by(qdisc, verb)
        if there is not None:
            if qdisc.kind == "htb":
                raise NotReadError("the kernel refuses to change HTB in place")
            qdisc.handle = there.handle
        elif verb == "change":
            raise NotReadError("nothing of that kind is there to be changed")
        elif qdisc.parent == ROOT:
            self._remove_root()
        elif verb != "show":
            self._remove_below(qdisc.parent)
        if qdisc.parent == INGRESS:
            qdisc.handle = _SIDES << 16  # whatever the text says
        elif qdisc.handle == 0 and verb != "show":
            qdisc.handle = next(self.given) << 16
        elif there is None and verb != "show" and qdisc.handle >> 16 in self._owners:
            raise NotReadError("its handle is that of another one: the kernel refuses it")
        self._below(qdisc.parent).leaves[qdisc.parent] = qdisc
        self._owners[qdisc.handle >> 16] = qdisc

    def remove(self, parent: int, handle: int, kind: str) -> None:
        """Take a discipline away with all that hangs below it.

        Raises:
            NotReadError: the kernel refuses it, or what takes its place is not known.
        """
        there = self._below(parent).leaves.get(parent)
        if there is not None and (handle not in (0, there.handle) or kind not in ("", there.kind)):
            raise NotReadError("another discipline is there: the kernel refuses it")
        if parent == ROOT:
            self._remove_root()
        elif parent == INGRESS:
            below = self._below(INGRESS)
            below.leaves.pop(INGRESS, None)
            below.chains.clear()
            below.tables = Tables()
        else:
            owner = self._owners.get(parent >> 16)
            if there is not None and owner is not None and owner.kind not in CLASSFUL:
                raise NotReadError(f"what {owner.kind} does without it is not known")
            self._remove_below(parent)

    def put_class(self, item: TcClass, verb: str) -> None:
        """Take in a class that a command gives or a listing shows.

        Raises:
            NotReadError: the kernel refuses it.
        """
        if item.id >> 16 == 0:
            item.id |= item.parent & 0xFFFF0000 or self.parent_of_filters(None)
        below = self._below(item.id)
        there = below.classes.get(item.id)
        if verb == "add" and there is not None:
            raise NotReadError("a class of that number is there: the kernel refuses a second")
        if verb == "change" and there is None:
            raise NotReadError("no class of that number is there to be changed")
        if there is not None and verb != "show":
            _change(item, there, is_inner=below.inner.get(item.id, 0) > 0)
        elif item.parent not in below.classes and verb != "show":
            if item.kind == "hfsc" and item.parent & 0xFFFF:
                raise NotReadError("its parent is not there: the kernel refuses it")
            item.parent = item.id & 0xFFFF0000  # that of a class that is not there is the root's
        if there is not None:
            below.count(there.parent, -1)
        below.classes[item.id] = item
        below.count(item.parent, 1)

    def remove_class(self, number: int) -> None:
        """Take a class away, with the discipline and the filters in it.

        Raises:
            NotReadError: the kernel refuses it.
        """
        if number >> 16 == 0:
            number |= self.parent_of_filters(None)
        below = self._below(number)
        if number not in below.classes:
            return
        if below.inner.get(number, 0) or below.tables.named.get(number, 0):
            raise NotReadError("classes hang below it or filters name it: the kernel refuses it")
        below.count(below.classes.pop(number).parent, -1)
        self.chain(number).remove(None, "", "")
        self._remove_below(number)

    def chain(self, parent: int) -> Chain:
        """Return the filters of a parent."""
        below = self._below(parent)
        if parent not in below.chains:
            below.chains[parent] = Chain(below.tables)
        return below.chains[parent]

    def place_of(self, number: int | None) -> Qdisc | None:
        """Return the discipline that filters hang on whose text names no place, or `root`.

        Source: __tcf_qdisc_find() looks for `root` among handles, and finds ffff: (measured).
        """
        return self.root() if number is None else self._below(INGRESS).leaves.get(INGRESS)

    def parent_of_filters(self, number: int | None) -> int:
        """Return what a filter hangs on whose text names that number, or none: the root.

        Raises:
            NotReadError: nothing of that kind is there.
        """
        if number is None or number >> 16 == 0:
            root = self.root()
            if root is None:
                raise NotReadError("it names no parent, and the text shows no root discipline")
            return root.handle | (number or 0)
        if number == ROOT and self.place_of(number) is None:
            raise NotReadError("filters hang on a handle, not on the word root")
        return self._side(number) if number >> 16 == _SIDES else number

    def _side(self, number: int) -> int:
        """Return INGRESS or EGRESS; the discipline `ingress` takes every number for its own.

        Source: ingress_find() and clsact_find() of net/sched/sch_ingress.c, measured.
        """
        there = self._below(INGRESS).leaves.get(INGRESS)
        kind = there.kind if there is not None else ""
        if kind == "clsact" and number & 0xFFFF not in (0xFFF2, 0xFFF3):
            raise NotReadError("clsact has no such place: the kernel refuses it")
        return EGRESS if number == EGRESS and kind != "ingress" else INGRESS

    def _all_qdiscs(self) -> Iterator[Qdisc]:
        for below in self._majors.values():
            yield from below.leaves.values()

    def _below(self, number: int) -> _Below:
        major = number >> 16
        if major not in self._majors:
            self._majors[major] = _Below()
        return self._majors[major]

    def _remove_root(self) -> None:
        """Take the whole tree away: all but what packets meet on entry, and before the root."""
        sides = self._below(ROOT)
        sides.leaves.pop(ROOT, None)
        self._majors = {_SIDES: sides}
        self._owners.clear()

    def _remove_below(self, parent: int) -> None:
        """Take away the discipline of a class, and disciplines inside it."""
        pending = [self._below(parent).leaves.pop(parent, None)]
        while pending:
            gone = pending.pop()
            if gone is not None and gone.handle >> 16 != _SIDES:
                self._owners.pop(gone.handle >> 16, None)
                inside = self._majors.pop(gone.handle >> 16, None)
                pending += inside.leaves.values() if inside is not None else ()


def _change(item: TcClass, there: TcClass, *, is_inner: bool) -> None:
    """Complete what a command gives a class that is there by what it leaves as it is.

    Source: htb_change_class() (measured: the parent is not looked at, and only a leaf takes a
    priority) and hfsc_change_class() of the kernel.
    """
    if item.kind == "hfsc":
        if item.parent not in (0, there.parent):
            raise NotReadError("the class has another parent: the kernel refuses it")
        if item.rate_bps is None:
            item.rate_bps, item.share = there.rate_bps, there.share
        item.ceil_bps = item.ceil_bps or there.ceil_bps
    item.parent = there.parent
    if is_inner:
        item.priority = there.priority
