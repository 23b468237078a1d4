"""The filters of one parent, by preference: added, replaced and taken away as the kernel does it.

Source: tc_new_tfilter() and tc_del_tfilter() of net/sched/cls_api.c, u32_change() of cls_u32.c;
what is refused, how u32 numbers its filters and tables, and that a replaced one keeps its match
were measured with Linux 6.18 and iproute2 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

from msgspec.structs import replace

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.tc_parts import Filter
from translator.intents.pipeline import Unclear

__all__ = ["Chain", "Tables"]

# The first number that the kernel gives: of a table or a filter of u32, and of other filters.
_FIRST_OF_U32: Final = 0x800
_LAST_OF_U32: Final = 0xFFF
# Source: tcf_auto_prio(): the first preference that the kernel gives, and where it looks for it.
_FIRST_PREF: Final = 49152
_LOWEST_PREF: Final = 0x8000

_SKIPS: Final = Unclear("a filter of flower continues behind the others of its preference")


@dataclass(slots=True)
class Tables:
    """What the filters of one discipline share: numbers of hash tables of u32, and classes.

    Attributes:
        made: how many tables there are, None where the text does not say.
        live: for how many preferences.
        named: how many filters name a class.
    """

    made: int | None = 0
    live: int = 0
    named: dict[int | None, int] = field(default_factory=dict)

    def make(self) -> int:
        """Return the number of a new table, 0 where it is not known."""
        if self.made is None:
            return 0
        self.made += 1
        return _FIRST_OF_U32 + self.made - 1

    def name(self, target: int | None, more: int) -> None:
        """Count filters that name a class."""
        self.named[target] = self.named.get(target, 0) + more

    def forget(self) -> None:
        """Take note that a preference is gone: with the last one, numbers start anew."""
        self.live -= 1
        self.made = None if self.live else 0


@dataclass(slots=True)
class _Preference:
    """Filters of one preference, which the kernel has of one kind and protocol only.

    Attributes:
        table: of u32 the number of the table that packets come to first, 0 where not known.
        filters: by their number, within the table.
    """

    kind: str
    protocol: str
    table: int = 0
    filters: dict[int, Filter] = field(default_factory=dict)
    _next: int = 0

    def put(self, item: Filter, verb: str, tables: Tables) -> None:
        """Take in what a command gives or a listing shows.

        Raises:
            NotReadError: the kernel refuses it, or what it does is not known.
        """
        if item.defines_table:
            if not item.table:
                tables.make()
            return
        if not self._is_first_table(item, verb):
            return
        there = self.filters.get(item.handle) if item.handle else None
        if there is None and verb == "change":
            raise NotReadError("no filter of that handle is there to be changed")
        if verb == "add" and there is not None:
            raise NotReadError("a filter of that handle is there: the kernel refuses a second")
        if verb != "show" and self.kind == "matchall" and self.filters:
            raise NotReadError("matchall is there already: the kernel refuses a second")
        if there is not None:
            tables.name(there.target, -1)
            item = item if verb == "show" else _changed(there, item)
        self.filters[item.handle or self._free()] = item
        tables.name(item.target, 1)

    def ordered(self) -> Iterator[Filter]:
        """Yield the filters in the order in which they are asked."""
        if self.kind == "flower" and len(self.filters) > 1:
            return self._by_mask()
        numbers = sorted(self.filters) if self.kind == "u32" else self.filters
        return (self.filters[number] for number in numbers)

    def _by_mask(self) -> Iterator[Filter]:
        """Yield filters of flower: all of one mask, then of the next; one that matches is the last.

        Source: fl_classify() of net/sched/cls_flower.c.
        """
        masks: dict[str, list[Filter]] = {}
        for item in self.filters.values():
            masks.setdefault(item.mask, []).append(item)
        for found in masks.values():
            for item in found:
                yield replace(item, actions=(*item.actions, _SKIPS)) if item.continues else item

    def _is_first_table(self, item: Filter, verb: str) -> bool:
        """Whether packets come to the table of a filter by themselves, not by a link only."""
        if verb == "show" and not self.table and item.table >= _FIRST_OF_U32:
            self.table = item.table
        if item.table in (0, self.table):
            return True
        if item.table < _FIRST_OF_U32:
            return False
        raise NotReadError(f"the text does not say how packets come to hash table {item.table:x}:")

    def _free(self) -> int:
        if len(self.filters) >= _LAST_OF_U32 and self.kind == "u32":
            raise NotReadError("u32 has no number left for it")
        number = self._next or (_FIRST_OF_U32 if self.kind == "u32" else 1)
        while number in self.filters:
            number = 1 if self.kind == "u32" and number == _LAST_OF_U32 else number + 1
        self._next = number
        return number


@dataclass(slots=True)
class Chain:
    """All filters of one parent."""

    tables: Tables
    preferences: dict[int, _Preference] = field(default_factory=dict)
    _high: list[int] = field(default_factory=list)

    def put(self, item: Filter, verb: str) -> None:
        """Take in what a command gives or a listing shows; preference 0 leaves it to the kernel.

        Raises:
            NotReadError: the kernel refuses it, or what it does is not known.
        """
        if item.pref == 0:
            item = replace(item, pref=self._free_pref())
        there = self.preferences.get(item.pref)
        if there is None:
            if verb == "change":
                raise NotReadError("no filter of that preference is there to be changed")
            there = self._add(item, verb)
        elif verb != "show" and (there.kind, there.protocol) != (item.kind, item.protocol):
            raise NotReadError(
                f"preference {item.pref} is of another kind or protocol: the kernel refuses it"
            )
        there.put(item, verb, self.tables)

    def remove(self, pref: int | None, kind: str, protocol: str) -> None:
        """Take away the filters of a preference, or all; kind and protocol may be left out.

        Raises:
            NotReadError: the kernel refuses it.
        """
        if pref is None:
            if kind or protocol:
                raise NotReadError("a kind or protocol without a preference: the kernel refuses it")
            for number in list(self.preferences):
                self._drop(number)
            return
        there = self.preferences.get(pref)
        if there is None:
            return
        if kind not in ("", there.kind) or protocol not in ("", there.protocol):
            raise NotReadError(f"preference {pref} is of another kind or protocol")
        self._drop(pref)

    def ordered(self) -> Iterator[Filter]:
        """Yield the filters in the order in which they are asked."""
        for _, found in sorted(self.preferences.items()):
            yield from found.ordered()

    def _add(self, item: Filter, verb: str) -> _Preference:
        table = 0
        if item.kind == "u32":
            self.tables.live += 1
            if verb == "show":
                self.tables.made = None
            table = self.tables.make()
        found = self.preferences[item.pref] = _Preference(item.kind, item.protocol, table)
        if item.pref >= _LOWEST_PREF:
            heappush(self._high, item.pref)
        return found

    def _drop(self, pref: int) -> None:
        gone = self.preferences.pop(pref)
        for item in gone.filters.values():
            self.tables.name(item.target, -1)
        if gone.kind == "u32":
            self.tables.forget()

    def _free_pref(self) -> int:
        """Return the preference that the kernel gives: each new filter comes before the others."""
        while self._high and self._high[0] not in self.preferences:
            heappop(self._high)
        return self._high[0] - 1 if self._high else _FIRST_PREF


def _changed(there: Filter, item: Filter) -> Filter:
    """Return what a filter is after `replace` or `change`: of u32, only what it does is new."""
    if item.target is None and there.target is not None:
        raise NotReadError("kernels differ in whether a class stays that is not named again")
    if item.kind != "u32":
        return item
    kept = replace(item, condition=there.condition, terminal=there.terminal)
    return kept if there.terminal else replace(kept, actions=())
