"""Object-groups: named sets of addresses and of services that entries refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from msgspec.structs import replace

from translator.drivers.cisco import addresses
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.ports import TCP, UDP, read_ports
from translator.drivers.cisco.protocols import PROTOCOLS, protocol_of
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import IN_USE, has_negatives, is_removal, taken_back
from translator.intents.match import Match, Prefix

__all__ = ["Groups"]

_T = TypeVar("_T")
_DEEPEST: Final = 32  # groups inside groups
_MOST: Final = 60_000  # members of groups, counted at each place that names the group
_SERVICE: Final = 4  # how many addresses a service counts for: each becomes a match of its own


class Groups:
    """The object-groups of one text, read when an entry first refers to them."""

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        self._ledger = ledger
        self._sections: dict[tuple[str, str], list[Section]] = {}
        self._removed: dict[tuple[str, str], TextLine] = {}
        for section in sections:
            if len(section.head.words) >= 3:
                key = _kind(section.head.keys[1]), section.head.words[2]
                if is_removal(section):
                    self._removed[key] = section.head
                else:
                    self._sections.setdefault(key, []).append(section)
        self._networks: dict[str, tuple[Prefix, ...]] = {}
        self._services: dict[str, tuple[Match, ...]] = {}
        self._open: set[str] = set()
        self._left = _MOST

    def networks(self, name: str) -> tuple[Prefix, ...]:
        """Return the addresses of a network group.

        Raises:
            NotReadError: it is undefined, refers to itself, or a line of it was not read.
        """
        if name not in self._networks:
            self._networks[name] = self._members("network", name, self._network_line)
        return self._given(self._networks[name])

    def services(self, name: str) -> tuple[Match, ...]:
        """Return what a service group matches, one match per line.

        Raises:
            NotReadError: as for `networks`.
        """
        if name not in self._services:
            self._services[name] = self._members("service", name, self._service_line)
        return self._given(self._services[name], _SERVICE)

    def _lines(self, kind: str, name: str) -> list[TextLine]:
        sections = self._sections.get((kind, name))
        if sections is None:
            raise NotReadError(f"{kind} object-group {name} is not defined")
        if (kind, name) in self._removed:
            line = self._removed[kind, name]
            self._ledger.unread(line, IN_USE)
            raise NotReadError(f"line {line.number}: {line.text}")
        if name in self._open or len(self._open) >= _DEEPEST:
            raise NotReadError(f"object-group {name} refers to itself, or stands too deep")
        if len(sections) > 1:
            self._ledger.note(f"object-group {name} is written twice; its lines are put together")
        lines = [line for section in sections for line in section.body]
        idle = taken_back(lines, _words).idle if has_negatives(lines) else ()
        self._ledger.read_numbers(section.head.number for section in sections)
        self._ledger.read_numbers(line.number for line in lines)
        return [x for x in lines if x.keys[0] != "description" and x.number not in idle]

    def _members(
        self, kind: str, name: str, read: Callable[[TextLine], tuple[_T, ...]]
    ) -> tuple[_T, ...]:
        lines = self._lines(kind, name)
        self._open.add(name)
        try:
            found = tuple(dict.fromkeys(member for line in lines for member in read(line)))
        finally:
            self._open.discard(name)
        if not found:
            raise NotReadError(f"object-group {name} is empty")
        return found

    def _given(self, members: tuple[_T, ...], each: int = 1) -> tuple[_T, ...]:
        self._left -= len(members) * each
        if self._left < 0:
            raise NotReadError("object-groups stand for more members than are followed")
        return members

    def _network_line(self, line: TextLine) -> tuple[Prefix, ...]:
        numbered = line.keys[0].isdigit() or line.keys[0] == "network-object"
        cursor = Cursor(line, 1 if numbered else 0)
        try:
            if cursor.skip_if("group-object"):
                return self.networks(cursor.take_name())
            return _addresses(cursor)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            raise

    def _service_line(self, line: TextLine) -> tuple[Match, ...]:
        cursor = Cursor(line, 1 if line.keys[0] == "service-object" else 0)
        try:
            if cursor.skip_if("group-object"):
                return self.services(cursor.take_name())
            return _service(cursor)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            raise


def _words(text: str) -> str:
    return " ".join(text.split())


def _kind(word: str) -> str:
    return "network" if word in ("v4-network", "v6-network", "ip") else word


def _addresses(cursor: Cursor) -> tuple[Prefix, ...]:
    if cursor.skip_if("any"):
        cursor.expect_end()
        return (addresses.prefix("0.0.0.0/0", 4),)
    if cursor.skip_if("host"):
        word = cursor.take()
        cursor.expect_end()
        return (addresses.host(word, 6 if ":" in word else 4),)
    if cursor.skip_if("range"):
        low, high = cursor.take(), cursor.take()
        cursor.expect_end()
        return addresses.address_range(low, high)
    word = cursor.take()
    if "/" in word:
        cursor.expect_end()
        return (addresses.prefix(word, 6 if ":" in word else 4),)
    mask = cursor.take()
    cursor.expect_end()
    return (addresses.subnet(word, mask),)


def _service(cursor: Cursor) -> tuple[Match, ...]:
    word = cursor.take()
    numbers: tuple[int, ...]
    if word == "tcp-udp":
        numbers = (TCP, UDP)
    elif word in PROTOCOLS or word.isdigit():
        number = protocol_of(word, 4)
        numbers = () if number is None else (number,)
    else:
        raise NotReadError(f"service {word!r} is not known")
    match = Match(protocols=numbers)
    if numbers and numbers[0] in (TCP, UDP):
        if cursor.skip_if("source"):
            match = replace(match, source_ports=read_ports(cursor, numbers[0]), fragment=False)
        if cursor.key.isdigit():  # `tcp 65000`: the bare number is a destination port
            cursor = _with_eq(cursor)
        ports = read_ports(cursor, numbers[0])
        if ports:
            match = replace(match, destination_ports=ports, fragment=False)
    cursor.expect_end()
    return (match,)


def _with_eq(cursor: Cursor) -> Cursor:
    words = ["eq", *cursor.rest()]
    return Cursor(TextLine(0, 0, " ".join(words), words, words))
