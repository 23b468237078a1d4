"""What the classes of an output policy do not see of packets as they came in.

Where packets are encrypted, or get other addresses, before they are classified, a class that asks
for what is then changed takes other packets than its lines say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace as with_fields

from translator.drivers.doubt import Doubt
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.match import ANY, PROTOCOL_NUMBERS, Match
from translator.intents.pipeline import Assign, Rule, Stage

__all__ = ["ALL_BUT_TOS", "DESTINATIONS", "SOURCES", "Hidden", "doubted", "size_of"]

_NEVER: Final = AnyOf(())
_ENCRYPTED: Final = frozenset(
    {PROTOCOL_NUMBERS["esp"], PROTOCOL_NUMBERS["ah"], PROTOCOL_NUMBERS["udp"]}
)
_NAT_TRAVERSAL: Final = 4500
SOURCES: Final = frozenset({"sources"})
DESTINATIONS: Final = frozenset({"destinations"})
_TAGS: Final = "tags"  # what the device keeps of a packet, and what only its content shows
# Source: Cisco, Reference Guide to Implementing Crypto and QoS (document 18667): of a packet that
# is encrypted, output classes see the new header, into which the ToS byte is copied.
ALL_BUT_TOS: Final = (
    SOURCES | DESTINATIONS | {"protocols", "source_ports", "destination_ports", "fragment", _TAGS}
)


class Hidden(NamedTuple):
    """Something that is done to packets before output classes look at them.

    Attributes:
        done: what is done to "packets before ...", as a sentence that begins with its line.
        fields: of a `Match`, what is not as it was.
        concerned: which packets it may be done to.
        assumed: what is taken to be so where an output policy meets such packets.
    """

    done: str
    lines: tuple[int, ...]
    fields: frozenset[str]
    concerned: Condition = ANY
    assumed: str = ""


def doubted(stage: Stage, hidden: Iterable[Hidden]) -> Stage:
    """Return the stage with a doubt before each class that may take other packets than it says."""
    for item in hidden:
        stage = Stage(stage.name, tuple(_rules(stage.rules, item)))
    return stage


def size_of(rules: Iterable[Rule]) -> int:
    """Return how many lines rules stand for, each counted wherever it serves."""
    return sum(1 + len(rule.lines) + size_of(rule.body) for rule in rules)


def _rules(rules: Iterable[Rule], hidden: Hidden) -> Iterator[Rule]:
    for rule in rules:
        unsure = _unsure(rule.condition, hidden.fields)
        if unsure is not None:
            name = next((x.class_name for x in rule.actions if isinstance(x, Assign)), "")
            doubt = Doubt(f"{hidden.done} before class {name} looks at them", hidden.lines)
            yield doubt.rule(AllOf((hidden.concerned, unsure)))
        yield replace(rule, body=tuple(_rules(rule.body, hidden))) if rule.body else rule


# Many interfaces have the same policy.
@lru_cache(maxsize=256)
def _unsure(condition: Condition, fields: frozenset[str]) -> Condition | None:
    """Return for which packets it is not known whether they meet the condition; None for none."""
    certain, may = _bounds(condition, fields)
    return None if certain is condition else AllOf((may, Not(certain)))


def _bounds(condition: Condition, fields: frozenset[str]) -> tuple[Condition, Condition]:
    """Return when the condition holds whatever the fields have become, and when it may hold; twice
    the condition itself where it does not ask for them.
    """
    if isinstance(condition, Match):
        return _bounds_of_match(condition, fields)
    if isinstance(condition, Tagged | Predicate):
        return _bounds_of_fact(condition, fields)
    if isinstance(condition, Not):
        certain, may = _bounds(condition.part, fields)
        same = certain is condition.part
        return (condition, condition) if same else (Not(may), Not(certain))
    if isinstance(condition, AccessList):
        return _bounds_of_list(condition, fields)
    found = [_bounds(part, fields) for part in condition.parts]
    if all(certain is part for (certain, _), part in zip(found, condition.parts, strict=True)):
        return condition, condition
    kind = type(condition)
    return kind(tuple([one for one, _ in found])), kind(tuple([other for _, other in found]))


def _bounds_of_match(match: Match, fields: frozenset[str]) -> tuple[Condition, Condition]:
    free = {name: getattr(ANY, name) for name in match.__struct_fields__ if name in fields}
    other: Match = with_fields(match, **free)
    if other == match:
        return match, match
    if "protocols" not in fields:
        return _NEVER, other
    # Whether a class sees the old header or the new one, it is one of both.
    return _NEVER, AnyOf((match, other)) if _takes_tunnels(match) else match


def _takes_tunnels(match: Match) -> bool:
    """Whether a match may fit encrypted packets: by protocol, and by the ports of RFC 3948.

    They are whole when they are classified, though longer than what came in.
    """
    if match.fragment or (match.protocols and _ENCRYPTED.isdisjoint(match.protocols)):
        return False
    asked = [ports for ports in (match.source_ports, match.destination_ports) if ports]
    return all(any(x.low <= _NAT_TRAVERSAL <= x.high for x in ports) for ports in asked)


def _bounds_of_fact(
    fact: Tagged | Predicate, fields: frozenset[str]
) -> tuple[Condition, Condition]:
    """Return the same of what the device keeps of a packet, or what its content shows to NBAR."""
    if _TAGS not in fields or (isinstance(fact, Predicate) and fact.unread):
        return fact, fact
    if isinstance(fact, Tagged):  # unverified: whether a tag outlives the encryption
        return _NEVER, ANY if {None, 0} & set(fact.values) else fact
    return _NEVER, ANY if fact.name.startswith("packet length") else fact


def _bounds_of_list(condition: AccessList, fields: frozenset[str]) -> tuple[AccessList, AccessList]:
    """Return the same of a list: what may be denied is not permitted for certain."""
    least: list[Entry] = []
    most: list[Entry] = []
    same = True
    for entry in condition.entries:
        certain, may = _bounds(entry.condition, fields)
        same = same and certain is entry.condition
        one, other = (certain, may) if entry.permit else (may, certain)
        least.append(Entry(entry.permit, one, entry.line))
        most.append(Entry(entry.permit, other, entry.line))
    if same:
        return condition, condition
    return AccessList(tuple(least)), AccessList(tuple(most))
