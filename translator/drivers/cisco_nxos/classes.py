"""Class-maps of NX-OS: values with commas and ranges, and `match-all` as hardware has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from translator.codepoint import CodePoint
from translator.drivers.cisco.classmap import ClassMaps
from translator.drivers.cisco.criteria import CRITERIA
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.marks import (
    dscp_of,
    precedence_code_points,
    precedence_of,
)
from translator.intents.condition import AllOf, AnyOf, Condition, Entry, Predicate
from translator.intents.match import Match

__all__ = ["NexusClasses"]

_ANY_INSTEAD: Final = "match-all is taken for match-any by the hardware"


def _words(cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Yield the ends of each part of `8-10, 46,ef`."""
    found = [part for word in cursor.rest() for part in word.split(",") if part]
    if not found:
        raise NotReadError("the line is incomplete")
    for part in found:
        low, _, high = part.partition("-")
        # `flash-override` is a word and no range.
        yield (low, high) if low.isdigit() and high else (part, part)


def _dscp(cursor: Cursor) -> Condition:
    points = [
        CodePoint(number)
        for low, high in _words(cursor)
        for number in range(dscp_of(low), dscp_of(high) + 1)
    ]
    if not points:
        raise NotReadError("the range of code points is empty")
    return Match(code_points=tuple(dict.fromkeys(points)))


def _precedence(cursor: Cursor) -> Condition:
    points = [
        point
        for low, high in _words(cursor)
        for value in range(precedence_of(low), precedence_of(high) + 1)
        for point in precedence_code_points(value)
    ]
    if not points:
        raise NotReadError("the range of precedences is empty")
    return Match(code_points=tuple(dict.fromkeys(points)))


def _length(cursor: Cursor) -> Condition:
    if not cursor.skip_if("length"):
        raise NotReadError("only 'match packet length' is known")
    return Predicate("packet length " + " ".join(cursor.rest()))


class NexusClasses(ClassMaps):
    """The class-maps of one text; those of other types than qos are named `queuing NAME`."""

    # Source: Nexus 9000 QoS guide, Configuring Classification. `match ip rtp` is left out: which
    # of the ports of a range it means is not documented.
    criteria: ClassVar[Mapping[str, Callable[[Cursor], Condition]]] = {
        **{word: read for word, read in CRITERIA.items() if word not in ("ip", "input-interface")},
        "dscp": _dscp,
        "precedence": _precedence,
        "packet": _length,
    }

    def all_of(self, name: str, parts: Sequence[Entry]) -> Condition:
        """Return that all lines fit, or that one does and the hardware does not ask for more.

        Source: Nexus 9000 QoS guide 7.x, guidelines of classification: the device acts as if all
        policies were match-any. On other models it is as written, so packets that fit some lines
        and not all are unknown.
        """
        self._ledger.note(f"class-map {name}: {_ANY_INSTEAD} on Nexus 9000, not on Nexus 7000")
        conditions = tuple(entry.condition for entry in parts)
        some = AllOf((AnyOf(conditions), Predicate(f"{name}: {_ANY_INSTEAD}", unread=True)))
        return AnyOf((AllOf(conditions), some))
