"""All access lists of one text, named and numbered, read when a class first refers to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.drivers.cisco.acl import read_entry, read_standard_entry
from translator.drivers.cisco.fragments import with_fragments
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine
from translator.intents.condition import AccessList, Condition, Entry, Predicate

__all__ = ["LIST_KINDS", "AccessLists"]

LIST_KINDS: Final = frozenset(
    {"ip access-list", "ipv6 access-list", "mac access-list", "access-list"}
)


class AccessLists:
    """Access lists by name. Lists that no class uses are not read and are no QoS lines."""

    def __init__(self, sections: Iterable[Section], groups: Groups, ledger: Ledger) -> None:
        self._groups = groups
        self._ledger = ledger
        self._sections: dict[str, list[Section]] = {}
        self._conditions: dict[str, Condition] = {}
        self._lines: dict[str, tuple[int, ...]] = {}
        for section in sections:
            name = _name_of(section)
            if name:
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
        entries: list[Entry] = []
        numbers: list[int] = []
        for section in self._sections.get(name, ()):
            if section.kind == "mac access-list":
                return self._read_mac(name, section)
            for line, entry in self._entries(section):
                if entry is not None:
                    numbers.append(line.number)
                    entries.append(entry)
        self._lines[name] = tuple(numbers)
        if entries:
            return AccessList(tuple(with_fragments(entries)))
        state = "is empty" if name in self._sections else "is not defined"
        self._ledger.note(f"access list {name} {state}: what its class matches is unknown")
        return Predicate(f"access list {name} {state}", unread=True)

    def _read_mac(self, name: str, section: Section) -> Condition:
        for line in (section.head, *section.body):
            self._ledger.read(line)
        return Predicate(f"mac access list {name}")

    def _entries(self, section: Section) -> Iterable[tuple[TextLine, Entry | None]]:
        if section.kind == "access-list":
            skip = 3 if section.head.keys[2] in ("extended", "standard") else 2
            yield section.head, self._entry(section.head, _version_and_form(section), skip)
            return
        self._ledger.read(section.head)
        for line in section.body:
            yield line, self._entry(line, _version_and_form(section), 0)

    def _entry(self, line: TextLine, form: tuple[int, bool], skip: int) -> Entry | None:
        version, standard = form
        try:
            if standard:
                entry = read_standard_entry(line, self._groups, skip)
            else:
                entry = read_entry(line, version, self._groups, skip)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            permit = "deny" not in line.keys[skip : skip + 3]  # a number may stand before it
            return Entry(permit, Predicate(f"line {line.number}: {line.text}", unread=True))
        self._ledger.read(line)
        return entry


def _name_of(section: Section) -> str:
    """Return the name or number of a list; empty when the header has none."""
    words, keys = section.head.words, section.head.keys
    if section.kind == "access-list":
        return words[1] if len(words) > 2 else ""
    if len(words) > 3 and keys[2] in ("extended", "standard", "role-based"):
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
