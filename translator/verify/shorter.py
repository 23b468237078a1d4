"""Conditions that say the same of every packet in fewer parts, which is less to build diagrams of.

Access lists write one line per protocol, IP version and range of ports where one match holds them
all. Line numbers, which texts that mean the same do not share, are gone too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from operator import attrgetter, ne
from typing import Final

from msgspec.structs import astuple, replace

from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Predicate,
    Tagged,
    remade,
)
from translator.intents.match import Match

__all__ = ["shorter"]

_SHORT: Final = 16  # alternatives that are worked out anew for each who asks
_FIELDS: Final = Match.__struct_fields__
_WITHOUT_PARTS: Final = frozenset((Match, Predicate, Tagged))
_permit_of: Final = attrgetter("permit")
_condition_of: Final = attrgetter("condition")


def shorter(condition: Condition) -> Condition:
    """Return a condition for the same packets, with alternatives joined that one match can say."""
    if isinstance(condition, Match):  # most are
        return condition
    if isinstance(condition, AccessList):
        return _shorter_list(condition)
    if isinstance(condition, AnyOf):
        return _any_of(_joined(_alternatives(condition.parts)))
    if isinstance(condition, AllOf) and _WITHOUT_PARTS.issuperset(map(type, condition.parts)):
        return condition
    return remade(condition, shorter)


def _shorter_list(condition: AccessList) -> Condition:
    """Return a choice for a list that permits all its few entries; a long one stays a list, as
    what it permits is worked out once for all who ask.
    """
    entries = [
        Entry(permit, part)
        for permit, run in groupby(condition.entries, _permit_of)
        for part in _joined(_alternatives(map(_condition_of, run)))
    ]
    if len(entries) <= _SHORT and all(map(_permit_of, entries)):
        return _any_of([*map(_condition_of, entries)])
    return AccessList(tuple(entries))


def _any_of(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _alternatives(parts: Iterable[Condition]) -> list[Condition]:
    """Return the parts, and in the place of choices what they choose from."""
    found: list[Condition] = []
    for part in parts:
        if isinstance(part, AnyOf):
            found += _alternatives(part.parts)
        elif isinstance(part, AccessList):
            made = _shorter_list(part)
            found += made.parts if isinstance(made, AnyOf) else (made,)
        else:
            found.append(shorter(part))
    return found


def _joined(alternatives: list[Condition]) -> list[Condition]:
    """Return the alternatives, with the matches joined that stand beside the same conditions."""
    found: list[Condition] = []
    matches: dict[tuple[Condition, ...], list[Match]] = {}
    for part in alternatives:
        parts = part.parts if isinstance(part, AllOf) and part.parts else (part,)
        if isinstance(parts[0], Match):
            matches.setdefault(parts[1:], []).append(parts[0])
        else:
            found.append(part)
    for beside, alike in matches.items():
        found += [AllOf((match, *beside)) if beside else match for match in _unions(alike)]
    return found


def _unions(matches: list[Match]) -> Iterator[Match]:
    """Yield matches for the same packets, one for each run that differs in one field only."""
    run, field = matches[:1], ""
    for match in matches[1:]:
        differing = _difference(run[0], match)
        if differing is None or (field and differing not in ("", field)):
            yield _union(run, field)
            run, field = [match], ""
        elif differing:
            run.append(match)
            field = differing
    yield _union(run, field)


def _difference(one: Match, other: Match) -> str | None:
    """Return the one field in which two matches differ, if a match can hold the values of both;
    "" where they are equal, else None.
    """
    differs = [*map(ne, astuple(one), astuple(other))]
    count = differs.count(True)
    if count == 0:
        return ""
    field = _FIELDS[differs.index(True)]
    # An empty field is free, and of two values of `fragment` one is False or None.
    joins = field == "version" or (getattr(one, field) and getattr(other, field))
    return field if joins and count == 1 else None


def _union(matches: list[Match], field: str) -> Match:
    """Return the packets of matches that differ in the field."""
    if not field:
        return matches[0]
    if field == "version":
        return replace(matches[0], version=None)
    values = chain.from_iterable(map(attrgetter(field), matches))
    return replace(matches[0], **{field: tuple(dict.fromkeys(values))})
