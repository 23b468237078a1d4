"""Which definitions stand in the end where a list of typed commands removes some: `no class-map C`.

A device refuses to remove what is in use, or leaves its users without it, which differs between
kinds and releases. So a definition that something above names is not known behind such a line;
one that nothing does is gone, and what follows under its name is all there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.reader import Section
from translator.drivers.cisco.taken_back import is_removal, negated

__all__ = ["standing"]

_Key = tuple[str, str]
_NO: Final = "no "
# What is named by the kinds behind it: a list by a class-map, that by a policy, that by the rest.
_LEVELS: Final = {"class-map": 1, "policy-map": 2}
_OTHERS: Final = 3


def standing(
    sections: Sequence[Section], name_of: Callable[[Section], str | None], ledger: Ledger
) -> tuple[Section, ...]:
    """Return the sections that stand, in their order, without those that remove such a definition.

    One of which that is not known has the line that may have removed it as its only line: no
    definition has such a line, so that its reader names it.

    Args:
        name_of: the name of a definition, with all that tells it from others of its kind; None or
            "" for what is none.
    """
    stands: list[Section | None] = []
    places: dict[_Key, list[int]] = {}
    used: dict[int, Counter[str]] = {}
    doubted: set[_Key] = set()
    for section in sections:
        removes = is_removal(section)
        key = _key(_bare(section) if removes else section, name_of)
        if not removes:
            if key in doubted:
                continue
            if key is not None:
                places.setdefault(key, []).append(len(stands))
            stands.append(section)
            used.setdefault(_level(section.kind), Counter()).update(_words(section))
            continue
        if key is None:  # none of them
            stands.append(section)
            continue
        known = places.pop(key, [])
        if not known:
            continue
        ledger.read(section.head)
        first = known[0]
        if _is_used(key[0], section.head.words[-1], used):
            doubted.add(key)
            unknown = stands[first]
            assert unknown is not None, "what was dropped has no place"
            stands[first] = unknown._replace(body=(section.head,))
            known = known[1:]
        for at in known:
            gone = stands[at]
            assert gone is not None, "what was dropped has no place"
            used[_level(gone.kind)].subtract(_words(gone))
            stands[at] = None
    return tuple(section for section in stands if section is not None)


def _words(section: Section) -> Iterator[str]:
    return (word for line in section.body for word in line.words)


def _bare(section: Section) -> Section:
    kind = section.kind.removeprefix(_NO)
    return section._replace(kind=kind, head=negated(section.head))


def _key(section: Section, name_of: Callable[[Section], str | None]) -> _Key | None:
    name = name_of(section)
    return (section.kind, name) if name else None


def _level(kind: str) -> int:
    return 0 if kind.endswith("access-list") else _LEVELS.get(kind, _OTHERS)


def _is_used(kind: str, name: str, used: Mapping[int, Mapping[str, int]]) -> bool:
    level = _level(kind)
    least = level if kind == "policy-map" else level + 1  # a policy may name another
    return any(words.get(name, 0) > 0 for at, words in used.items() if at >= least)
