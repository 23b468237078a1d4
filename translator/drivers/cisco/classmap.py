"""Class-maps: `match` lines and the conditions they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.fragments import beside_portless
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.lists import AccessLists
from translator.drivers.cisco.marks import (
    dscp_of,
    numbers_of,
    precedence_code_points,
    precedence_of,
)
from translator.drivers.cisco.places import listed_interfaces
from translator.drivers.cisco.ports import UDP
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.tags import tagged
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
from translator.intents.match import ANY, Match
from translator.ports import PortRange

__all__ = ["OTHER_CLASS_TYPES", "QUEUING_TYPES", "ClassMaps", "is_noise", "name_of"]

# Firewalls, subscribers, control-plane logging: they serve no class and mark nothing.
OTHER_CLASS_TYPES: Final = frozenset(
    [
        "inspect",
        "control",
        "control-plane",
        "traffic",
        "pbr",
        "access-control",
        "port-filter",
        "queue-threshold",
        "logging",
        "performance-monitor",
        "appnav",
        "mace",
        "waas",
        "stack",
        "urlfilter",
        "multicast-flows",
        "site-manager",
        "packet-service",
        "epbr",
        "service-chain",
        "redirect",
        "policy-firewall",
        "regex",
        "http",
    ]
)
# Classes and policies of sibling platforms; a plain `service-policy` cannot bind them.
QUEUING_TYPES: Final = frozenset({"network-qos", "queuing", "queueing"})
_MOST_INTERFACES: Final = 64  # in one line: no switch of a stack has more ports
_MOST_NESTED: Final = 500_000  # lines and matches of lists and classes, in each class with them
_PORTS_PER_LINE: Final = 8  # ports of one line that count as a line of a list
_MOST_PLACED: Final = 500_000  # lines of classes, in each class of a policy that names them
_FEW: Final = 8  # lines of a class that are not counted: a text is no longer for them
_DEEPEST: Final = 32  # classes inside classes; devices nest a few
# Made by the device itself for its control plane; never bound to an interface.
_NOISE_NAMES: Final = ("system-cpp-", "copp-", "non-client-nrt-class", "port_child_policy")


def is_noise(section: Section) -> bool:
    """Whether a class-map or policy-map has nothing to do with QoS of forwarded packets."""
    keys = section.head.keys
    if len(keys) > 2 and keys[1] == "type" and keys[2] in OTHER_CLASS_TYPES:
        return True
    return keys[-1].startswith(_NOISE_NAMES)


def name_of(section: Section) -> str | None:
    """Return the name of a class-map or policy-map; None when its type is not known.

    Types have name spaces of their own: `type queuing Q` is named `queuing Q`.
    """
    words, keys = section.head.words, section.head.keys
    if len(keys) < 2:
        return None
    if keys[1] != "type":
        return words[-1]
    if len(keys) < 4 or keys[2] not in QUEUING_TYPES | {"qos"}:
        return None
    return words[-1] if keys[2] == "qos" else f"{keys[2]} {words[-1]}"


class ClassMaps:
    """The class-maps of one text. Their names are case-sensitive, keywords are not."""

    def __init__(self, sections: Iterable[Section], lists: AccessLists, ledger: Ledger) -> None:
        self._lists = lists
        self._ledger = ledger
        self._sections: dict[str, list[Section]] = {}
        self._conditions: dict[str, Condition] = {}
        self._lines: dict[str, tuple[int, ...]] = {}
        self._open: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._nested = 0  # matches of classes inside the one that is read
        self._room = _MOST_NESTED
        self._places = _MOST_PLACED
        for section in sections:
            if not is_noise(section):
                self._add(section)

    def read_all(self) -> None:
        """Read every class-map, used or not, so that all of its lines are accounted for."""
        for name in self._sections:
            self.condition(name)

    def lines_of(self, name: str) -> tuple[int, ...]:
        """Return the line numbers of a class and of all lists and classes under it."""
        return self._lines.get(name, ())

    def placed(self, name: str) -> tuple[Condition, tuple[int, ...]]:
        """Return what a class matches and its lines, for a policy that names it.

        What many policies make of a large list is followed up to a limit; a class beyond it is an
        unread predicate.
        """
        condition, lines = self.condition(name), self.lines_of(name)
        self._places -= max(0, len(lines) - _FEW)
        if self._places >= 0 or len(lines) <= _FEW:
            return condition, lines
        reason = "policies stand for more lines of lists than are followed"
        self._ledger.note(reason)
        return Predicate(f"class-map {name}: {reason}", unread=True), lines[:1]

    def condition(self, name: str) -> Condition:
        """Return what a class matches; an undefined one is an unread predicate."""
        if name == "class-default":
            return ANY
        if name in self._conditions:
            return self._conditions[name]
        if name not in self._sections:
            self._ledger.note(f"class-map {name} is not defined: what it matches is unknown")
            return Predicate(f"class-map {name} is not defined", unread=True)
        if name in self._open:
            self._ledger.note(f"class-map {name} refers to itself")
            return Predicate(f"class-map {name} refers to itself", unread=True)
        if len(self._open) >= _DEEPEST:
            self._ledger.note(f"class-map {name} stands too deep inside others")
            return Predicate(f"class-map {name} stands too deep", unread=True)
        self._open.add(name)
        self._conditions[name] = self._read(name)
        self._open.discard(name)
        return self._conditions[name]

    def _add(self, section: Section) -> None:
        name = name_of(section)
        if name is None:
            for line in (section.head, *section.body):
                self._ledger.unread(line, "a class-map of this type is not known on this platform")
            return
        if name in self._sections:
            self._ledger.note(f"class-map {name} is written twice; its lines are put together")
        self._sections.setdefault(name, []).append(section)

    def _read(self, name: str) -> Condition:
        sections = self._sections[name]
        match_any = "match-any" in sections[0].head.keys
        parts: list[Entry] = []
        numbers: list[int] = []
        outside, self._nested = self._nested, 0
        for section in sections:
            self._ledger.read(section.head)
            numbers.append(section.head.number)
            for line in section.body:
                part = self._part(line, numbers)
                if part is not None:
                    parts.append(Entry(True, part, line.number))
        self._lines[name] = tuple(dict.fromkeys(numbers))
        self._sizes[name] = self._nested + len(parts)
        self._nested = outside
        if not parts:
            # Unverified: what a class-map without a match line matches.
            self._ledger.note(f"class-map {name} has no match line: what it matches is unknown")
            return Predicate(f"class-map {name} has no match line", unread=True)
        if len(parts) == 1:
            return parts[0].condition
        if match_any:
            # A list of permits means the same as "any of", and says which line it was.
            return AccessList(tuple(parts))
        return AllOf(tuple(entry.condition for entry in parts))

    def _part(self, line: TextLine, numbers: list[int]) -> Condition | None:
        # "description:" with a colon is what a scrubbing tool leaves; it decides nothing either.
        if line.keys[0].startswith("description") or line.keys[0] == "alias":
            self._ledger.read(line)
            return None
        numbers.append(line.number)
        try:
            condition = self._match(line, numbers)
        except NotReadError as error:
            self._ledger.unread(line, str(error))
            return Predicate(f"line {line.number}: {line.text}", unread=True)
        self._ledger.read(line)
        return condition

    def _match(self, line: TextLine, numbers: list[int]) -> Condition:
        cursor = Cursor(line)
        if not cursor.skip_if("match"):
            raise NotReadError(f"{line.words[0]!r} is not known in a class-map")
        negated = cursor.skip_if("not")
        condition = self._criterion(cursor, numbers)
        cursor.expect_end()
        return Not(condition) if negated else condition

    def _add_lines(self, numbers: list[int], lines: tuple[int, ...], matches: int = 0) -> None:
        """Add the lines of what a class refers to, as long as there is room for them.

        Raises:
            NotReadError: a page of classes inside classes stands for more than can be followed.
        """
        self._room -= len(lines) + matches
        if self._room < 0:
            raise NotReadError("classes stand for more lines than are followed")
        numbers.extend(lines)

    def _criterion(self, cursor: Cursor, numbers: list[int]) -> Condition:
        word = cursor.take()
        if word == "access-group":
            cursor.skip_if("name")
            name = cursor.take_name()
            condition = self._lists.condition(name)
            self._add_lines(numbers, self._lists.lines_of(name))
            return condition
        if word == "class-map":
            name = cursor.take_name()
            condition = self.condition(name)
            matches = self._sizes.get(name, 1)
            self._add_lines(numbers, self.lines_of(name), matches)
            self._nested += matches
            return condition
        reader = _CRITERIA.get(word)
        if reader is None:
            raise NotReadError(f"'match {word}' is not known")
        condition = reader(cursor)
        self._add_lines(numbers, (), _ports_in(condition) // _PORTS_PER_LINE)
        return condition


def _ports_in(condition: Condition) -> int:
    """Return how many ports `ip rtp` made of one line."""
    first = condition.parts[0] if isinstance(condition, AnyOf) else condition
    return len(first.destination_ports) if isinstance(first, Match) else 0


def _any(_cursor: Cursor) -> Condition:
    return ANY


def _dscp(cursor: Cursor, version: int | None = None) -> Condition:
    return Match(version=version, code_points=tuple(dscp_of(word) for word in _some(cursor)))


def _precedence(cursor: Cursor, version: int | None = None) -> Condition:
    points = [
        point for word in _some(cursor) for point in precedence_code_points(precedence_of(word))
    ]
    return Match(version=version, code_points=tuple(points))


def _some(cursor: Cursor) -> list[str]:
    words = cursor.rest()
    if not words:
        raise NotReadError("the line is incomplete")
    return words


def _ip(cursor: Cursor) -> Condition:
    """Read `match ip dscp|precedence|rtp`: these see IPv4 only.

    Source: IOS command reference, match dscp: without `ip` both IP versions, with it IPv4.
    """
    word = cursor.take()
    if word == "dscp":
        return _dscp(cursor, 4)
    if word == "precedence":
        return _precedence(cursor, 4)
    if word == "rtp":
        return _rtp(cursor)
    raise NotReadError(f"'match ip {word}' is not known")


def _rtp(cursor: Cursor) -> Condition:
    """Read `ip rtp START LENGTH`: even UDP destination ports. Unverified: even, and destination."""
    start, length = cursor.take_int(), cursor.take_int()
    if start + length > 65535:
        raise NotReadError("the ports end past 65535")
    return _even_ports(start, start + length)


@lru_cache(maxsize=64)
def _even_ports(low: int, high: int) -> Condition:
    ports = _single_ports()[low + low % 2 : high + 1 : 2]
    match = Match(version=4, protocols=(UDP,), destination_ports=ports, fragment=False)
    return beside_portless(match)


@cache
def _single_ports() -> tuple[PortRange, ...]:
    return tuple(PortRange(port, port) for port in range(65536))


def _protocol(cursor: Cursor) -> Condition:
    """Read `match protocol`; `ip` and `ipv6` are the versions, all else needs NBAR."""
    words = _some(cursor)
    if words == ["ip"]:
        return Match(version=4)
    if words == ["ipv6"]:
        return Match(version=6)
    return Predicate(f"nbar:{' '.join(words)}")


def _cos(cursor: Cursor) -> Condition:
    inner = "inner " if cursor.skip_if("inner") else ""
    return _any_predicate(f"cos {inner}", numbers_of(cursor, 7))


def _vlan(cursor: Cursor) -> Condition:
    inner = "inner " if cursor.skip_if("inner") else ""
    return _any_predicate(f"vlan {inner}", numbers_of(cursor, 4095))


def _any_predicate(name: str, values: tuple[int, ...]) -> Condition:
    parts = tuple(Predicate(f"{name}{value}") for value in values)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _tag(name: str) -> Callable[[Cursor], Condition]:
    def read(cursor: Cursor) -> Condition:
        return tagged(name, numbers_of(cursor, 65535))

    return read


def _input_interface(cursor: Cursor) -> Condition:
    words = _names(cursor)
    names = listed_interfaces(words, most=_MOST_INTERFACES)
    if not names:
        raise NotReadError(f"{' '.join(words)!r} is no interface")
    return Tagged("in_interface", names)


def _names(cursor: Cursor) -> list[str]:
    words = [cursor.take_name()]
    while not cursor.done:
        words.append(cursor.take_name())
    return words


def _packet(cursor: Cursor) -> Condition:
    if not cursor.skip_if("length"):
        raise NotReadError("only 'match packet length' is known")
    bounds: dict[str, int] = {}
    while cursor.key in ("min", "max"):
        word = cursor.take()
        bounds[word] = cursor.take_int()
    if not bounds:
        raise NotReadError("the line is incomplete")
    return Predicate(f"packet length {bounds.get('min', 0)}-{bounds.get('max', 65535)}")


def _opaque(name: str) -> Callable[[Cursor], Condition]:
    def read(cursor: Cursor) -> Condition:
        return Predicate(" ".join([name, *_names(cursor)]))

    return read


def _bare(name: str) -> Callable[[Cursor], Condition]:
    def read(_cursor: Cursor) -> Condition:
        return Predicate(name)

    return read


_CRITERIA: Final[dict[str, Callable[[Cursor], Condition]]] = {
    "any": _any,
    "dscp": _dscp,
    "precedence": _precedence,
    "ip": _ip,
    "protocol": _protocol,
    "cos": _cos,
    "vlan": _vlan,
    "qos-group": _tag("qos-group"),
    "discard-class": _tag("discard-class"),
    "traffic-class": _tag("traffic-class"),
    "input-interface": _input_interface,
    "packet": _packet,
    "mpls": _opaque("mpls"),
    "source-address": _opaque("source-address"),
    "destination-address": _opaque("destination-address"),
    "application": _opaque("nbar:application"),
    "fr-dlci": _opaque("fr-dlci"),
    "security-group": _opaque("security-group"),
    "metadata": _opaque("nbar:metadata"),
    "input": _opaque("input"),  # `input vlan 10`
    "atm": _opaque("atm"),  # `atm oam`
    "fr-de": _bare("fr-de"),
    "atm-clp": _bare("atm-clp"),
}
