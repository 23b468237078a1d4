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
    standing: list[Section] = []
    idle: list[TextLine] = []
    for section in sections:
        if section.kind not in REMOVALS:
            standing.append(section)
            continue
        wanted = Section(section.kind.removeprefix(_NO), negated(section.head), ())
        gone = [item for item in standing if _defines_same(item, wanted)]
        others = [item for item in standing if not _defines_same(item, wanted)]
        if not gone:
            continue
        if _is_in_doubt(wanted, gone) or _is_used(_plain_name(wanted), wanted.kind, others):
            standing.append(wanted._replace(kind=section.kind))
            continue
        standing = others
        idle.append(section.head)
        if _is_class_or_policy(wanted):
            idle += [line for item in gone for line in (item.head, *item.body)]
    return Settled(tuple(standing), tuple(idle))


def _is_class_or_policy(section: Section) -> bool:
    return section.kind in ("class-map", "policy-map")


def _defines_same(section: Section, other: Section) -> bool:
    """Whether two headers name one definition."""
    name = _name(other)
    return bool(name) and _space(section) == _space(other) and _name(section) == name


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
    if "access-list" in section.kind:
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


def _is_used(name: str, kind: str, sections: Iterable[Section]) -> bool:
    """Whether a line of the sections that stands in the end refers to a definition."""
    if "access-list" in kind:
        return False
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
