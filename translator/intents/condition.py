"""Conditions on a packet as devices compose them: and, or, not, access lists, tags, predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from msgspec import Struct

from translator.intents.match import Match

__all__ = [
    "AccessList",
    "AllOf",
    "AnyOf",
    "Condition",
    "Entry",
    "Not",
    "Predicate",
    "Tagged",
    "conditions_in",
    "remade",
]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every part is; of no parts: always."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where one part is; of no parts: never."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Condition


class Entry(Struct, frozen=True):
    """One line of an access list: packets under the condition are permitted or denied."""

    permit: bool
    condition: Condition
    line: int | None = None


@dataclass(frozen=True, slots=True)
class AccessList:
    """First matching entry decides; without one the packet is not permitted."""

    entries: tuple[Entry, ...]


class Tagged(Struct, frozen=True):
    """A tag that the device itself attached earlier (qos-group, forwarding class, mark).

    `values` are what the tag may be; with a `mask` (integers only) `tag & mask` is compared.
    The tags `in_interface` and `out_interface` hold the names of the packet's two interfaces.
    A tag that was never set is None, or 0 where a mask is given.
    """

    tag: str
    values: tuple[int | str | None, ...]
    mask: int | None = None


class Predicate(Struct, frozen=True):
    """Something a header cannot show: an NBAR protocol, a VLAN, "established", an unread line.

    Both answers are considered for every packet. With `unread` True the text could not be
    understood, and a verdict that depends on it is unknown.
    """

    name: str
    unread: bool = False


Condition = Match | AllOf | AnyOf | Not | AccessList | Tagged | Predicate


def conditions_in(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all it is made of, each before its own parts, in their order."""
    pending = [condition]
    while pending:
        here = pending.pop()
        yield here
        if isinstance(here, Match):  # most are
            continue
        if isinstance(here, AllOf | AnyOf):
            pending += here.parts[::-1]
        elif isinstance(here, AccessList):
            pending += [entry.condition for entry in here.entries[::-1]]
        elif isinstance(here, Not):
            pending.append(here.part)


def remade(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Return the condition with each part changed; entries of its access list lose their lines."""
    if isinstance(condition, Match):  # most are
        return condition
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple([change(part) for part in condition.parts]))
    if isinstance(condition, AccessList):
        entries = [Entry(item.permit, change(item.condition)) for item in condition.entries]
        return AccessList(tuple(entries))
    return Not(change(condition.part)) if isinstance(condition, Not) else condition
