"""Lines that take from an interface what it was told: a policy, or everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, TypeVar

from translator.drivers.cisco.classmap import OTHER_CLASS_TYPES
from translator.drivers.cisco.kinds import RESET
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.places import is_unknown_range
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import NOT_SAME
from translator.drivers.cisco_ios.bearing import DIRECTIONS
from translator.drivers.doubt import Doubt

__all__ = ["Bound", "reset", "unbind"]

_BOTH: Final = ("in", "out")


class Bound(Protocol):
    """An interface while its lines are read."""

    name: str
    lines: list[int]
    policies: dict[str, str]

    @property
    def has_qos(self) -> bool:
        """Whether a line said anything about QoS."""

    def doubt(self, directions: Iterable[str], doubt: Doubt) -> None:
        """Note why what happens in some directions is not known."""


_Place = TypeVar("_Place", bound=Bound)


def unbind(line: TextLine, place: Bound, ledger: Ledger) -> None:
    """Take back what an earlier line bound, as a list of typed commands does.

    Unverified: what such a line does without a name, or with that of another policy.
    """
    words, keys = line.words[2:], line.keys[2:]
    if keys[:1] == ["type"] and keys[1:2] and keys[1] in OTHER_CLASS_TYPES:
        return
    place.lines.append(line.number)
    directions: tuple[str, ...] = _BOTH
    direction = DIRECTIONS.get(keys[0]) if keys else None
    if direction is not None:
        directions = (direction,)
        if words[1:] == [place.policies.get(direction)]:
            del place.policies[direction]
            directions = ()
    if any(item in place.policies for item in directions):
        ledger.unread(line, NOT_SAME)
        place.doubt(directions, Doubt.at(line.number, line.text))
    else:
        ledger.read(line)


def reset(
    section: Section,
    names: Iterable[str],
    places: dict[str, _Place],
    parts: Mapping[str, Iterable[str]],
    ledger: Ledger,
    *,
    new: Callable[[str], _Place],
) -> None:
    """Read `default interface`, which takes back all lines, or `no interface`.

    Args:
        names: the interfaces that it names, as the text has them.
        parts: of interfaces, the names of their circuits and service instances.
        new: makes one that was told nothing.

    Source: IOS Configuration Fundamentals Command Reference, default. Unverified: what an interface
    has behind `no`; devices keep some of its lines, or lend them again.
    """
    head = section.head
    for name in names:
        place = places.get(name)
        known = section.kind == RESET and not is_unknown_range(name)
        if is_unknown_range(name):
            place = places.setdefault(name, new(name))
        elif place is None or not place.has_qos:
            continue
        if known:
            ledger.read(head)
            for other in (name, *parts.get(name, ())):
                places[other] = new(other)
                places[other].lines.append(head.number)
        else:
            ledger.unread(head, "what an interface has behind this line is not known")
            place.lines.append(head.number)
            place.doubt(_BOTH, Doubt.at(head.number, head.text))
