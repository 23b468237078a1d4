"""Later fragments of a packet, which carry no ports, at access list entries that ask for ports.

Source: Cisco IOS IP Configuration Guide, "Specifying IP Extended Access Lists with Fragment
Control": a permit with ports takes a non-initial fragment by its addresses alone, a deny with
ports passes it on to the next entry.
That is said of packet filters. Unverified: whether a class follows it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from translator.intents.condition import AllOf, AnyOf, Condition, Entry, Predicate
from translator.intents.match import Match

__all__ = ["PORTLESS", "beside_portless", "with_fragments", "with_portless"]

PORTLESS: Final = Predicate("non-initial fragments meet an entry with ports", unread=True)


def with_fragments(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of a list; permits with ports may take later fragments, which is unread.

    Only the first of entries that are alike but for their ports is changed: where it takes a
    fragment the others do not see it.
    """
    seen: set[object] = set()
    for entry in entries:
        key = _but_ports(entry.condition) if entry.permit else None
        if key is None or key in seen:
            yield entry
            continue
        seen.add(key)
        yield Entry(True, with_portless(entry.condition), entry.line)


@lru_cache(maxsize=8192)
def with_portless(condition: Condition) -> Condition:
    """Return the condition that may hold for later fragments too, if it asks for ports.

    A fleet repeats the same entries on each device.
    """
    return beside_portless(condition)


def beside_portless(condition: Condition) -> Condition:
    """Return the same of a condition with so many ports that looking it up would take long."""
    portless = _portless(condition)
    return condition if portless is None else AnyOf((condition, AllOf((portless, PORTLESS))))


def _but_ports(condition: Condition) -> object | None:
    """What tells an entry with ports apart from others; None where it asks for none."""
    if isinstance(condition, Match):
        if condition.fragment is not False:
            return None
        return condition.protocols, condition.sources, condition.destinations
    return _portless(condition)


def _portless(condition: Condition) -> Condition | None:
    if isinstance(condition, Match):
        if condition.fragment is not False:
            return None
        return replace(condition, source_ports=(), destination_ports=(), fragment=True)
    if isinstance(condition, AnyOf):
        parts = tuple(part for part in map(_portless, condition.parts) if part is not None)
        return AnyOf(parts) if parts else None
    if isinstance(condition, AllOf):
        inner = _portless(condition.parts[0])
        return None if inner is None else AllOf((inner, *condition.parts[1:]))
    return None
