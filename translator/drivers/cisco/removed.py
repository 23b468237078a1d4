"""Definitions that typed lines take away as a whole, such as `no ip access-list extended VOICE`.

A removal of something that no line above it uses is followed, and so is that of a list, which
devices let go at any time. Unverified: newer releases refuse to remove a class, policy, table or
group in use, older ones do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from translator.drivers.cisco import classmap, lists
from translator.drivers.cisco.interface_names import printed_names
from translator.drivers.cisco.kinds import REMOVABLE, RESET
from translator.drivers.cisco.places import opened_interfaces
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import negated

__all__ = ["REMOVALS", "Settled", "settled", "with_removals"]

_NO: Final = "no "
REMOVALS: Final = frozenset(_NO + kind for kind in REMOVABLE - {"interface", "route-map"})
"""The kinds of lines that take definitions away."""

_FORMS: Final = frozenset({"standard", "extended"})
_MOST_LOOKED_AT: Final = 50_000  # sections, again for each removal; what goes beyond is in doubt
_SHORTEST: Final = "serv"  # typed text shortens `service-policy`


class Settled(NamedTuple):
    """What is left of the sections of a text.

    Attributes:
        sections: without those that were taken away; a line that may have taken one away is left
            as a section of a kind such as `no class-map`, the word `no` left out of its words.
        idle: the lines that were followed, and those of classes and policies that they took away.
    """

    sections: tuple[Section, ...]
    idle: tuple[TextLine, ...] = ()


def with_removals(*kinds: str) -> frozenset[str]:
    """Return kinds of definitions and those of the lines that may take them away."""
    return frozenset((*kinds, *[_NO + kind for kind in kinds]))


def settled(sections: Sequence[Section]) -> Settled:
    """Return sections without those that lines of the kinds `REMOVALS` took away."""
    if REMOVALS.isdisjoint([section.kind for section in sections]):
        return Settled(tuple(sections))
    standing: dict[int, Section] = {}
    known: dict[tuple[str, str], list[int]] = {}  # which of them define something, by its name
    idle: list[TextLine] = []
    room = _MOST_LOOKED_AT
    for at, section in enumerate(sections):
        if section.kind not in REMOVALS:
            standing[at] = section
            known.setdefault(_key(section), []).append(at)
            continue
        wanted = Section(section.kind.removeprefix(_NO), negated(section.head), ())
        key = _key(wanted)
        numbers = known.get(key) if _name(wanted) else None
        if not numbers:
            continue
        gone = [standing[number] for number in numbers]
        others = (item for number, item in standing.items() if number not in numbers)
        if not _is_list(wanted):
            room -= len(standing)
        if _is_in_doubt(wanted, gone) or room < 0 or _is_used(wanted, others):
            standing[at] = wanted._replace(kind=section.kind)
            continue
        for number in known.pop(key):
            del standing[number]
        idle.append(section.head)
        if _is_class_or_policy(wanted):
            idle += [line for item in gone for line in (item.head, *item.body)]
    return Settled(tuple(standing.values()), tuple(idle))


def _is_class_or_policy(section: Section) -> bool:
    return section.kind in ("class-map", "policy-map")


def _is_list(section: Section) -> bool:
    return "access-list" in section.kind


def _key(section: Section) -> tuple[str, str]:
    """Return what is equal for headers that name one definition."""
    return _space(section), _name(section)


def _space(section: Section) -> str:
    """Return in which names are told apart: lists of IPv4 have one, numbered or named."""
    if section.kind == "object-group":
        return " ".join(section.head.keys[:2])
    return "ip access-list" if section.kind == "access-list" else section.kind


def _name(section: Section) -> str:
    if _is_class_or_policy(section):
        return classmap.name_of(section) or ""
    if section.kind == "access-list":
        return section.head.words[1] if len(section.head.words) > 1 else ""
    if _is_list(section):
        return lists.name_of(section)
    return section.head.words[-1] if len(section.head.words) > 1 else ""


def _plain_name(section: Section) -> str:
    return _name(section).rpartition(" ")[2]


def _is_in_doubt(removal: Section, gone: Iterable[Section]) -> bool:
    """Whether a line that removes a list has more than its name, or another form than it."""
    keys = removal.head.keys
    if removal.kind == "access-list":
        return len(keys) > 2
    if removal.kind != "ip access-list" or len(keys) < 4:
        return False
    forms = {item.head.keys[2] for item in gone if item.kind == removal.kind}
    return bool(forms & _FORMS - {keys[2]})


def _is_used(removal: Section, sections: Iterable[Section]) -> bool:
    """Whether a line of the sections that stands in the end refers to what is removed; lists are
    let go also then.
    """
    if _is_list(removal):
        return False
    name, kind = _plain_name(removal), removal.kind
    found: set[tuple[str, str, str]] = set()  # where, in which class, by which words
    for section in sections:
        places = _places(section)
        if section.kind == RESET:
            found = {item for item in found if item[0] not in places}
            continue
        inside = ""
        for line in (section.head, *section.body):
            negative = line.keys[0] == "no"
            item = negated(line) if negative else line
            if section.kind == "policy-map" and item.keys[:1] == ["class"]:
                inside = item.words[-1]
                if negative:
                    found = {x for x in found if x[0] not in places or x[1] != inside}
            if name in item.words[1:] and _refers(item.keys, section.kind, kind):
                uses = {(place, inside, " ".join(item.words)) for place in places}
                found = found - uses if negative else found | uses
    return bool(found)


def _places(section: Section) -> frozenset[str]:
    """Return the things that the lines of a section are about."""
    if section.kind not in ("interface", RESET):
        return frozenset({f"{section.kind} {_plain_name(section)}"})
    head = negated(section.head) if section.kind == RESET else section.head
    return frozenset(x for name in opened_interfaces(head) for x in printed_names(name))


def _refers(keys: Sequence[str], where: str, kind: str) -> bool:
    """Whether a line with a name in it refers to a definition of that kind.

    Args:
        where: the kind of the section in which the line stands.
    """
    if keys[0].startswith(("description", "remark")):
        return False
    if kind == "class-map":
        return keys[0] == "class" or (where == kind and "class-map" in keys[1:])
    if kind == "policy-map":
        return any(word.startswith(_SHORTEST) for word in keys)
    if kind == "table-map":
        return "table" in keys
    return "object-group" in keys[1:] or "group-object" in keys
