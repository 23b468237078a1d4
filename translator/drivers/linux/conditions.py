"""Conditions as rules of Netfilter combine them, kept small so that proofs stay fast."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from translator.intents.condition import AllOf, AnyOf, Condition, Not, Predicate
from translator.intents.match import ANY, Match

__all__ = ["NotReadError", "conjunction", "negation", "without_sources"]

_values: Final = attrgetter(*Match.__struct_fields__)


class NotReadError(Exception):
    """A word of a rule was not understood; the message says which and why."""


def conjunction(parts: Iterable[Condition]) -> Condition:
    """Return the condition that all parts hold, with header matches merged where that is exact."""
    merged: Match = ANY
    others: list[Condition] = []
    for part in parts:
        if merged is ANY and isinstance(part, Match):
            merged = part
            continue
        together = _merge(merged, part) if isinstance(part, Match) else None
        if together is None:
            others.append(part)
        else:
            merged = together
    if not others:
        return merged
    if merged.is_any and len(others) == 1:
        return others[0]
    return AllOf(tuple(others)) if merged.is_any else AllOf((merged, *others))


def negation(part: Condition) -> Condition:
    """Return the opposite as iptables means it: a packet without ports matches no port test.

    Source: udp, tcp and multiport matches of xtables fail on non-initial fragments before they
    look at `!`.
    """
    tests = part.parts if isinstance(part, AnyOf) else (part,)
    if tests and all(isinstance(test, Match) and test.fragment is False for test in tests):
        return AllOf((Match(fragment=False), Not(part)))
    return Not(part)


def without_sources(part: Condition) -> Condition:
    """Return the condition as it is asked behind source NAT: of the new address, not known here."""
    match part:
        case Match() if part.sources:
            return AllOf((replace(part, sources=()), _NEW_SOURCE))
        case AllOf():
            return AllOf(tuple(without_sources(item) for item in part.parts))
        case AnyOf():
            return AnyOf(tuple(without_sources(item) for item in part.parts))
        case Not():
            return Not(without_sources(part.part))
    return part


def _merge(first: Match, second: Match) -> Match | None:
    """Return one match for both, or None where a field is asked by both in different ways."""
    both: list[Any] = []
    for mine, other in zip(_values(first), _values(second), strict=True):
        if other in (None, ()) or mine == other:
            both.append(mine)
        elif mine in (None, ()):
            both.append(other)
        else:
            return None
    merged = Match(*both)
    # Beside code points, a ToS byte would be an alternative, not a condition.
    return None if merged.code_points and merged.tos else merged


_NEW_SOURCE: Final = Predicate("source address behind NAT", unread=True)
