"""Access list entries, both directions: `permit udp any range 20000 20039 any` and a Match.

An entry that denies is kept as such: in a class-map it means "this list does not match".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from translator.drivers.cisco import addresses
from translator.drivers.cisco.cursor import Cursor, number_of
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marks import (
    dscp_of,
    dscp_word,
    precedence_code_points,
    precedence_of,
)
from translator.drivers.cisco.ports import TCP, UDP, port_text, read_ports
from translator.drivers.cisco.protocols import protocol_of, protocol_word
from translator.drivers.cisco.reader import TextLine, line_of
from translator.drivers.line import Line
from translator.intents.condition import AllOf, AnyOf, Condition, Entry, Predicate
from translator.intents.match import Match, Prefix
from translator.ports import PortRange

__all__ = ["PERMIT", "REMARK", "read_entry", "read_standard_entry", "write_entries"]

PERMIT: Final = Line("permit {what:rest}")
REMARK: Final = Line("remark {text:rest}")

_WITH_PORTS: Final = frozenset({TCP, UDP, 132})
_ICMP: Final = frozenset({1, 58, 2})
# Facts that the packet sets do not hold: both answers are considered.
_FLAGS: Final = frozenset(
    [
        "established",
        "ack",
        "syn",
        "fin",
        "rst",
        "psh",
        "urg",
        "tracked",
        "routing",
        "mobility",
        "dest-option",
        "auth",
        "hbh",
        "undetermined-transport",
    ]
)
# Source: RFC 1349 names of the four TOS bits (bits 4-1 of the byte), as IOS spells them.
_TOS_WORDS: Final = {
    "normal": 0,
    "min-monetary-cost": 1,
    "max-reliability": 2,
    "max-throughput": 4,
    "min-delay": 8,
}
_OPTIONS: Final = _FLAGS | frozenset(
    [
        "dscp",
        "precedence",
        "tos",
        "fragments",
        "log",
        "log-input",
        "time-range",
        "ttl",
        "option",
        "reflect",
        "flow-label",
        "match-any",
        "match-all",
    ]
)

_NO_GROUPS: Final = Groups((), Ledger())


def read_entry(line: TextLine, version: int, groups: Groups, skip: int = 0) -> Entry | None:
    """Return the entry of an extended or IPv6 list; None for a remark.

    Args:
        version: 4 or 6, the IP version of the list.
        groups: the object-groups that entries may name.
        skip: words to step over first (`access-list 101`).

    Raises:
        NotReadError: the whole meaning of the line is not known.
    """
    found: tuple[bool, Condition] | str | None
    if "object-group" in line.keys:
        found = _read_words(line, version, groups, skip)
    else:
        found = _read_text(line.text, version, skip)
    if isinstance(found, str):
        raise NotReadError(found)
    return None if found is None else Entry(found[0], found[1], line.number)


@lru_cache(maxsize=8192)
def _read_text(text: str, version: int, skip: int) -> tuple[bool, Condition] | str | None:
    """Read an entry that refers to nothing, or say why it is not understood.

    A fleet repeats the same entries on each device.
    """
    try:
        return _read_words(line_of(text), version, _NO_GROUPS, skip)
    except NotReadError as error:
        return str(error)


def _read_words(
    line: TextLine, version: int, groups: Groups, skip: int
) -> tuple[bool, Condition] | None:
    cursor = Cursor(line, skip)
    permit = _read_permit(cursor)
    if permit is None:
        return None
    services = _read_service(cursor, version, groups)
    sources = _read_addresses(cursor, version, groups)
    cursor, services = _read_side(cursor, services, source=True)
    destinations = _read_addresses(cursor, version, groups)
    cursor, services = _read_side(cursor, services, source=False)
    extra = _read_options(cursor, services)
    matches = tuple(
        replace(item, version=version, sources=sources, destinations=destinations)
        for item in services
    )
    condition: Condition = matches[0] if len(matches) == 1 else AnyOf(matches)
    return permit, AllOf((condition, *extra)) if extra else condition


def read_standard_entry(line: TextLine, groups: Groups, skip: int = 0) -> Entry | None:
    """Return the entry of a standard list, which matches IPv4 sources only; None for a remark.

    Raises:
        NotReadError: the whole meaning of the line is not known.
    """
    cursor = Cursor(line, skip)
    permit = _read_permit(cursor)
    if permit is None:
        return None
    sources = _read_addresses(cursor, 4, groups, standard=True)
    _read_options(cursor, (Match(),))
    return Entry(permit, Match(version=4, sources=sources), line.number)


def write_entries(
    match: Match,
    version: int,
    *,
    address: Callable[[Prefix | None], str] = addresses.address_text,
    unnamed: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Yield the `permit` lines for a match, as the device prints them, without indentation.

    The match must concern that IP version; each listed value gets a line of its own.

    Args:
        address: how the device prints addresses.
        unnamed: names of ports that the device does not know, so that it prints the numbers.
    """
    sources = _of_version(match.sources, version)
    destinations = _of_version(match.destinations, version)
    for protocol in match.protocols or (None,):
        for source in sources:
            for destination in destinations:
                for from_ports in match.source_ports or (None,):
                    for to_ports in match.destination_ports or (None,):
                        for code_point in match.code_points or (None,):
                            words = [
                                protocol_word(protocol, version),
                                address(source),
                                _ports(from_ports, protocol, unnamed),
                                address(destination),
                                _ports(to_ports, protocol, unnamed),
                                "" if code_point is None else f"dscp {dscp_word(code_point)}",
                            ]
                            yield PERMIT.write(what=" ".join(word for word in words if word))


def _ports(ports: PortRange | None, protocol: int | None, unnamed: frozenset[str]) -> str:
    return "" if ports is None else port_text(ports, protocol or 0, unnamed)


def _of_version(prefixes: tuple[Prefix, ...], version: int) -> tuple[Prefix | None, ...]:
    if not prefixes:
        return (None,)
    return tuple(item for item in prefixes if item.version == version)


def _read_permit(cursor: Cursor) -> bool | None:
    cursor.skip_if("sequence")
    if cursor.key.isdigit():  # entry_order knows what it means
        cursor.take()
    word = cursor.take()
    if word == "remark":
        return None
    if word in ("dynamic", "evaluate"):
        raise NotReadError("entries made at run time are not known from the text")
    if word not in ("permit", "deny"):
        raise NotReadError(f"{word!r} starts no entry")
    return word == "permit"


def _read_service(cursor: Cursor, version: int, groups: Groups) -> tuple[Match, ...]:
    if cursor.skip_if("object-group"):
        return groups.services(cursor.take_name())
    number = protocol_of(cursor.take(), version)
    return (Match(protocols=() if number is None else (number,)),)


def _read_addresses(
    cursor: Cursor, version: int, groups: Groups, *, standard: bool = False
) -> tuple[Prefix, ...]:
    """Return the prefixes at the cursor; none for `any`."""
    word = cursor.take()
    if word in ("any", "any4", "any6"):
        return ()
    if word == "host":
        return (addresses.host(cursor.take(), version),)
    if word == "object-group":
        return _of_group(groups.networks(cursor.take_name()), version)
    if "/" in word or version == 6:
        return (addresses.prefix(word, version),)
    if standard and not addresses.is_address(cursor.key):
        return (addresses.host(word, version),)
    found = addresses.prefixes_of_wildcard(word, cursor.take())
    return () if found[0].prefixlen == 0 else found


def _of_group(prefixes: tuple[Prefix, ...], version: int) -> tuple[Prefix, ...]:
    if any(item.prefixlen == 0 for item in prefixes):
        return ()
    found = tuple(item for item in prefixes if item.version == version)
    if not found:
        raise NotReadError(f"the object-group has no IPv{version} address")
    return found


def _read_side(
    cursor: Cursor, services: tuple[Match, ...], *, source: bool
) -> tuple[Cursor, tuple[Match, ...]]:
    """Read the ports that may follow an address."""
    protocols = services[0].protocols
    if len(services) != 1 or len(protocols) != 1 or protocols[0] not in _WITH_PORTS:
        return cursor, services
    ports = read_ports(cursor, protocols[0])
    if not ports:
        return cursor, services
    # An entry with ports speaks of packets that carry them; what a list does with the others
    # besides is not known (`fragments`).
    if source:
        return cursor, (replace(services[0], source_ports=ports, fragment=False),)
    return cursor, (replace(services[0], destination_ports=ports, fragment=False),)


def _read_options(cursor: Cursor, services: tuple[Match, ...]) -> tuple[Condition, ...]:
    found: list[Condition] = []
    if services[0].protocols and services[0].protocols[0] in _ICMP:
        message = _icmp_message(cursor)
        if message:
            found.append(Predicate(f"icmp {message}"))
    while not cursor.done:
        condition = _read_option(cursor)
        if condition is not None:
            found.append(condition)
    return tuple(found)


def _icmp_message(cursor: Cursor) -> str:
    words: list[str] = []
    while not cursor.done and cursor.key not in _OPTIONS and len(words) < 2:
        words.append(cursor.take())
    return " ".join(words)


def _read_option(cursor: Cursor) -> Condition | None:
    word = cursor.take()
    if word == "dscp":
        return Match(code_points=(dscp_of(cursor.take()),))
    if word == "precedence":
        return Match(code_points=precedence_code_points(precedence_of(cursor.take())))
    if word == "tos":
        return Match(tos=((_tos_bits(cursor.take()) << 1, 0x1E),))
    if word == "fragments":
        return Match(fragment=True)
    if word in ("log", "log-input"):  # counts and reports, decides nothing
        _skip_cookie(cursor)
        return None
    if word in _FLAGS:
        return Predicate("tcp established" if word == "established" else f"header {word}")
    if word in ("time-range", "option", "flow-label"):
        return Predicate(f"{word} {cursor.take_name()}")
    if word in ("ttl", "match-any", "match-all"):
        return Predicate(" ".join([word, *cursor.rest()]))
    if word == "sequence":  # entry_order knows what it means
        cursor.take_int()
        return None
    if word == "reflect":  # notes the flow for another list; the entry itself is unchanged
        cursor.take()
        if cursor.skip_if("timeout"):
            cursor.take_int()
        return None
    raise NotReadError(f"option {word!r} is not known")


def _skip_cookie(cursor: Cursor) -> None:
    """Step over the word that messages of the log show; what follows it decides as elsewhere.

    Source: IOS command reference, permit (IP): `log [word]`, before `time-range` and `fragments`.
    """
    cursor.skip_if("tag")
    if not cursor.done and cursor.key not in _OPTIONS and cursor.key != "sequence":
        cursor.take()


def _tos_bits(word: str) -> int:
    if word in _TOS_WORDS:
        return _TOS_WORDS[word]
    if number_of(word) <= 15:
        return number_of(word)
    raise NotReadError(f"{word!r} is no TOS value")
