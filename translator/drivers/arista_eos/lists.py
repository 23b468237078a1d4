"""The access lists of one text, by IP version and name, read when a class first refers to them.

Source: EOS user manual, "Creating Class Maps": class maps filter traffic only on ACL permit rules;
deny rules are disregarded. So a deny is no exception: it is left out, and noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from translator.drivers.cisco.acl import read_entry
from translator.drivers.cisco.entry_order import Written, placed
from translator.drivers.cisco.fragments import with_fragments
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.intents.condition import AccessList, Condition, Entry, Predicate

__all__ = ["LIST_KINDS", "AccessLists"]

_VERSIONS: Final = {"ip access-list": 4, "ipv6 access-list": 6}
LIST_KINDS: Final = frozenset(_VERSIONS)
_NO_ENTRY: Final = frozenset({"counters", "statistics"})  # what is counted: decides nothing
_NO_GROUPS: Final = Groups((), Ledger())


class AccessLists:
    """Lists that no class uses are not read and are no QoS lines."""

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        self._ledger = ledger
        self._sections: dict[tuple[int, str], list[Section]] = {}
        self._known: dict[tuple[int, str], Condition] = {}
        self._lines: dict[tuple[int, str], tuple[int, ...]] = {}
        for section in sections:
            if len(section.head.words) > 2:
                key = _VERSIONS[section.kind], section.head.words[-1]
                self._sections.setdefault(key, []).append(section)

    def lines_of(self, version: int, name: str) -> tuple[int, ...]:
        """Return the numbers of the entries of a list that was asked for."""
        return self._lines.get((version, name), ())

    def read_all(self) -> None:
        """Read every list: of a text that was cut out of a policy, or none would be."""
        for version, name in self._sections:
            self.condition(version, name)

    def condition(self, version: int, name: str) -> Condition:
        """Return what the list permits; an undefined or empty one is an unread predicate."""
        key = (version, name)
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    def _read(self, key: tuple[int, str]) -> Condition:
        version, name = key
        sections = self._sections.get(key, [])
        entries = list(self._entries(sections, version))
        self._lines[key] = tuple(item.line for item in entries if item.line is not None)
        permits = [item for item in entries if item.permit]
        if len(permits) < len(entries):
            self._ledger.note(
                f"access list {name} denies: a class-map disregards what a list denies"
            )
        if permits:
            return AccessList(tuple(with_fragments(permits)))
        state = "permits nothing" if sections else "is not defined"
        self._ledger.note(f"access list {name} {state}: what its class matches is unknown")
        return Predicate(f"access list {name} {state}", unread=True)

    def _entries(self, sections: Iterable[Section], version: int) -> Iterator[Entry]:
        """Yield the entries in the order in which the switch tries them, what denies first."""
        lines: list[Written] = []
        for section in sections:
            self._ledger.read(section.head)
            for line in section.body:
                if line.keys[0] in _NO_ENTRY:
                    self._ledger.read(line)
                elif section.head.keys[2] == "standard":
                    self._ledger.unread(line, "a class-map takes no standard list")
                elif _denies(line):  # wherever it stands, and its number may be any of 32 bits
                    yield from filter(None, (self._entry(line, version),))
                else:
                    lines.append(Written(line, 0, (version, False)))
        known = placed(lines)
        for line in known.idle:
            self._ledger.read(line)
        for item in known.order:
            doubt = known.doubts.get(item.line.number)
            if doubt is not None:
                yield self._unread(item.line, doubt)
            elif (entry := self._entry(item.line, version)) is not None:
                yield entry

    def _entry(self, line: TextLine, version: int) -> Entry | None:
        try:
            entry = read_entry(line, version, _NO_GROUPS)
        except NotReadError as error:
            return self._unread(line, str(error))
        self._ledger.read(line)
        return entry

    def _unread(self, line: TextLine, reason: str) -> Entry:
        self._ledger.unread(line, reason)
        condition = Predicate(f"line {line.number}: {line.text}", unread=True)
        return Entry(not _denies(line), condition, line.number)


def _denies(line: TextLine) -> bool:
    return "deny" in line.keys[:2]
