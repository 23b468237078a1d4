"""Conditions of which no packet meets two, told from their fields alone.

Most lists name one port or network after another. Seeing that takes no diagram, and where nothing
is in the way of anything, no order needs to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Final

from translator.intents.condition import AccessList, AllOf, AnyOf, Condition
from translator.intents.match import Match, overlap

__all__ = ["all_apart"]

_MAX_MATCHES: Final = 40  # each is held against all others; of more, a diagram is quicker


def all_apart(conditions: Iterable[Condition], domain: Condition | None) -> bool:
    """Return whether no packet of the domain meets two of the conditions; False when in doubt.

    Args:
        domain: the packets that count; None for all.
    """
    within = list(_demanded(domain))
    around: list[list[Match]] = []
    left = _MAX_MATCHES
    for condition in conditions:
        matches = _around(condition)
        if matches is None or len(matches) > _MAX_MATCHES:
            return False
        around.append([one for one in matches if all(overlap(one, all_) for all_ in within)])
        left -= len(around[-1])
        if left < 0:
            return False
    return not any(
        overlap(one, other)
        for mine, others in combinations(around, 2)
        for one, other in product(mine, others)
    )


def _demanded(domain: Condition | None) -> Iterator[Match]:
    """Yield matches that every packet of the domain meets."""
    if isinstance(domain, Match):
        yield domain
    elif isinstance(domain, AllOf):
        for part in domain.parts:
            yield from _demanded(part)


def _around(condition: Condition) -> Sequence[Match] | None:
    """Return matches of which every packet under the condition meets one; None: it may be any."""
    if isinstance(condition, Match):
        return (condition,)
    if isinstance(condition, AllOf):
        return next(filter(None, map(_around, condition.parts)), None)
    if isinstance(condition, AnyOf):
        parts = [_around(part) for part in condition.parts]
    elif isinstance(condition, AccessList):
        parts = [_around(entry.condition) for entry in condition.entries if entry.permit]
    else:
        return None
    known = [part for part in parts if part is not None]
    return list(chain.from_iterable(known)) if len(known) == len(parts) else None
