"""All access lists of one text, named and numbered, read when a class first refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from translator.drivers.cisco.acl import read_entry, read_standard_entry
from translator.drivers.cisco.entry_order import Written, number_at, placed
from translator.drivers.cisco.fragments import with_fragments
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine, line_of
from translator.intents.condition import AccessList, Condition, Entry, Predicate

__all__ = ["LIST_KINDS", "AccessLists", "name_of"]

LIST_KINDS: Final = frozenset(
    {"ip access-list", "ipv6 access-list", "mac access-list", "access-list"}
)
_NUMBERED: Final = frozenset({"access-list", "no access-list"})
_RESEQUENCE: Final = "resequence"
_BEFORE_NAME: Final = frozenset({"extended", "standard", "role-based", _RESEQUENCE})
_MOST_REMEMBERED: Final = 50  # lines of a list that other texts may have, too


class AccessLists:
    """Access lists by name. Lists that no class uses are not read and are no QoS lines."""

    def __init__(self, sections: Iterable[Section], groups: Groups, ledger: Ledger) -> None:
        self._groups = groups
        self._ledger = ledger
        self._sections: dict[str, list[Section]] = {}
        self._removed: dict[str, TextLine] = {}
        self._conditions: dict[str, Condition] = {}
        self._lines: dict[str, tuple[int, ...]] = {}
        for section in sections:
            name = name_of(section)
            if section.kind not in LIST_KINDS:
                self._removed[name] = section.head
            elif name:
                self._sections.setdefault(name, []).append(section)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the entries of a list that was asked for."""
        return self._lines.get(name, ())

    def condition(self, name: str) -> Condition:
        """Return what the list permits; an undefined or empty one is an unread predicate.

        Unverified: whether a class whose list is missing or empty matches all or nothing.
        """
        if name not in self._conditions:
            self._conditions[name] = self._read(name)
        return self._conditions[name]

    def _read(self, name: str) -> Condition:
        if self._removed and name in self._removed:
            line = self._removed[name]
            self._ledger.unread(line, "whether it takes the whole list away is not known")
            self._lines[name] = (line.number,)
            return Predicate(f"line {line.number}: {line.text}", unread=True)
        sections = self._sections.get(name, [])
        if len(sections) == 1 and len(sections[0].body) <= _MOST_REMEMBERED:
            section = sections[0]
            known = _by_itself(section.kind, section.head.text, *[x.text for x in section.body])
            if known is not None:
                return self._placed_here(name, section, known)
        return self._read_lines(name, sections)

    def _placed_here(self, name: str, section: Section, known: _Known) -> Condition:
        """Return what a list permits that has its places in a section for line numbers."""
        numbers = [section.head.number, *[line.number for line in section.body]]
        self._ledger.read_numbers([numbers[at] for at in known.read])
        entries = [Entry(x.permit, x.condition, numbers[x.line or 0]) for x in known.entries]
        self._lines[name] = tuple([numbers[x.line or 0] for x in known.entries])
        return AccessList(tuple(entries))

    def _read_lines(self, name: str, sections: list[Section]) -> Condition:
        if any(section.kind == "mac access-list" for section in sections):
            return self._read_mac(name, sections)
        entries: list[Entry] = []
        # Each IP version has numbers of its own; a packet meets the lists of its version alone.
        for version in sorted({_version_and_form(item)[0] for item in sections}):
            of_version = [item for item in sections if _version_and_form(item)[0] == version]
            entries += self._entries(of_version)
        # With what renumbers them: texts are told apart by these lines.
        heads = [item.head.number for item in sections if item.head.keys[2] == _RESEQUENCE]
        lines = [entry.line for entry in entries if entry.line is not None]
        self._lines[name] = (*lines, *heads)
        if entries:
            return AccessList(tuple(with_fragments(entries)))
        state = "is empty" if name in self._sections else "is not defined"
        self._ledger.note(f"access list {name} {state}: what its class matches is unknown")
        return Predicate(f"access list {name} {state}", unread=True)

    def _read_mac(self, name: str, sections: Iterable[Section]) -> Condition:
        """Return a predicate that tells lists of one name apart by what they permit in order."""
        known = placed(self._lines_in(sections))
        lines = [item.line for item in known.order]
        for line in (*lines, *known.idle):
            self._ledger.read(line)
        for line in lines:
            if line.number in known.doubts:
                self._ledger.unread(line, known.doubts[line.number])
        entries = "; ".join(" ".join(line.keys[number_at(line.keys)[1] :]) for line in lines)
        return Predicate(f"mac access list {name}: {entries}", unread=bool(known.doubts))

    def _entries(self, sections: Iterable[Section]) -> Iterator[Entry]:
        """Yield the entries in the order in which the device tries them."""
        known = placed(self._lines_in(sections))
        for line in known.idle:
            self._ledger.read(line)
        for item in known.order:
            doubt = known.doubts.get(item.line.number)
            entry = self._entry(item) if doubt is None else self._unread(item, doubt)
            if entry is not None:
                yield entry

    def _lines_in(self, sections: Iterable[Section]) -> Iterator[Written]:
        for section in sections:
            keys, form = section.head.keys, _version_and_form(section)
            if section.kind == "access-list":
                skip = 3 if keys[2] in ("extended", "standard") else 2
                yield Written(section.head, skip, form)
            elif keys[2] == _RESEQUENCE:
                yield Written(section.head, 0, form)
            else:
                self._ledger.read(section.head)
                yield from [Written(line, 0, form) for line in section.body]

    def _entry(self, item: Written) -> Entry | None:
        line, skip, (version, standard) = item
        try:
            if standard:
                entry = read_standard_entry(line, self._groups, skip)
            else:
                entry = read_entry(line, version, self._groups, skip)
        except NotReadError as error:
            return self._unread(item, str(error))
        self._ledger.read(line)
        return entry

    def _unread(self, item: Written, reason: str) -> Entry:
        line = item.line
        self._ledger.unread(line, reason)
        permit = "deny" not in line.keys[item.skip : item.skip + 3]  # a number may stand before it
        return Entry(
            permit, Predicate(f"line {line.number}: {line.text}", unread=True), line.number
        )


class _Known(NamedTuple):
    """What a list comes to by itself, with places in it for line numbers; the header's is 0.

    Attributes:
        read: the lines that were read.
    """

    entries: tuple[Entry, ...]
    read: tuple[int, ...]


@lru_cache(maxsize=2048)
def _by_itself(kind: str, head: str, *below: str) -> _Known | None:
    """Return what a list comes to; None where a line is not understood, or refers to what the list
    does not show.

    A fleet repeats the same lists on each device.
    """
    ledger = Ledger()
    section = Section(kind, line_of(head, 0), tuple(map(line_of, below, count(1))))
    lists = AccessLists((section,), Groups((), ledger), ledger)
    found = lists._read_lines(name_of(section), [section])
    if not isinstance(found, AccessList) or ledger.unread_lines:
        return None
    return _Known(found.entries, ledger.understood)


def name_of(section: Section) -> str:
    """Return the name or number of a list; empty when the header has none."""
    words, keys = section.head.words, section.head.keys
    if section.kind in _NUMBERED:
        return words[1] if len(words) > 2 else ""
    if len(words) > 3 and keys[2] in _BEFORE_NAME:
        return words[3]
    return words[2] if len(words) > 2 else ""


def _version_and_form(section: Section) -> tuple[int, bool]:
    """Return the IP version and whether the list is a standard one (sources only).

    Source: IOS numbers standard lists 1-99 and 1300-1999, extended ones 100-199 and 2000-2699.
    """
    if section.kind == "ipv6 access-list":
        return 6, False
    if section.kind == "access-list":
        number = section.head.keys[1]
        if not (number.isdecimal() and len(number) <= 4):
            return 4, section.head.keys[2] == "standard"
        return 4, 1 <= int(number) <= 99 or 1300 <= int(number) <= 1999
    return 4, section.head.keys[2] == "standard" and len(section.head.keys) > 3
