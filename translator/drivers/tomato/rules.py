"""One rule of `qos_orules` as a condition and a class, with what the router does to bad ones.

Source: `ipt_qos` in rc/qos.c of FreshTomato. What it writes is loaded by one `iptables-restore`:
a rule that iptables refuses leaves the router without its whole new firewall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    ip_address,
    summarize_address_range,
)
from typing import Final

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.drivers.netmask import networks_of
from translator.drivers.tomato.dialect import CLASS_COUNT, RULE_MARK, Dialect
from translator.drivers.tomato.nvram import c_int
from translator.intents.condition import AllOf, AnyOf, Condition, Not, Predicate
from translator.intents.match import Match, Prefix
from translator.ports import PortRange

__all__ = ["MULTIPORT_SLOTS", "OutRule", "RuleList", "read_rules"]

# Source: xt_multiport.h, XT_MULTI_PORTS; a range takes two. Measured: seven ranges load, the
# eighth is "too many ports specified".
MULTIPORT_SLOTS: Final = 15
_TCP, _UDP = 6, 17
_HOST_NAME: Final = "is a host name, which the router looks up at its start"
_MAC: Final = re.compile(r"[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){5}")


class _RefusedError(Exception):
    """iptables refuses the line that this rule becomes, and so the whole file."""


class _NotReadError(Exception):
    """The rule has something that we do not know."""


class _SkippedError(Exception):
    """The router leaves the rule out, or it never matches a first packet."""


@dataclass(frozen=True, slots=True)
class OutRule:
    """One rule: packets under the condition belong to the class of that index, 0-9."""

    number: int
    condition: Condition
    class_index: int


@dataclass(frozen=True, slots=True)
class RuleList:
    """All rules of a router in order.

    Attributes:
        refused: why the router's firewall does not load, empty where it does.
        unread: (rule number, rule, reason) of rules that were not understood.
        notes: one sentence for all rules that share a surprise, and their numbers.
    """

    rules: tuple[OutRule, ...]
    refused: str = ""
    unread: tuple[tuple[int, str, str], ...] = ()
    notes: tuple[str, ...] = ()


def read_rules(dialect: Dialect, value: str) -> RuleList:
    """Return the rules of a `qos_orules` value as a build of that dialect reads them."""
    rules: list[OutRule] = []
    unread: list[tuple[int, str, str]] = []
    notes: dict[str, list[int]] = {}
    refused = ""
    known: dict[str, str] = {}  # why rules of this text are skipped
    for number, text in enumerate(value.split(RULE_MARK) if value else [], 1):
        if text in known:
            notes[known[text]].append(number)
            continue
        try:
            rules.append(_Reader(dialect, number, text, notes).rule())
        except _SkippedError as skipped:
            if str(skipped):
                known[text] = str(skipped)
                notes.setdefault(str(skipped), []).append(number)
        except _RefusedError as error:
            refused = refused or f"rule {number}: {error}"
        except _NotReadError as error:
            unread.append((number, text, str(error)))
            why = f"rule {number} of qos_orules: {error}"
            rules.append(OutRule(number, Predicate(why, unread=True), 0))
    said = tuple(f"{_listed(numbers)}: {sentence}" for sentence, numbers in notes.items())
    return RuleList(tuple(rules), refused, tuple(unread), said)


def _listed(numbers: list[int]) -> str:
    word = "rules" if len(numbers) > 1 else "rule"
    return f"qos_orules, {word} {', '.join(str(number) for number in numbers)}"


class _Reader:
    """Reads one rule, field by field."""

    def __init__(
        self, dialect: Dialect, number: int, text: str, notes: dict[str, list[int]]
    ) -> None:
        self._number = number
        self._notes = notes
        fields = dialect.split(text)
        if fields is None:
            count, wanted = text.count("<") + 1, len(dialect.fields)
            raise _SkippedError(
                f"{count} fields where this build wants {wanted}: skipped by the router in silence"
            )
        self._fields = fields
        if text.count("<") + 1 > len(dialect.fields):
            self._note("more fields than this build reads: written for another one")

    def rule(self) -> OutRule:
        """Return the rule.

        Raises:
            _SkippedError, _RefusedError, _NotReadError: there is none.
        """
        index = c_int(self._fields["class"])
        if not 0 <= index < CLASS_COUNT:
            raise _SkippedError("")
        match, either = self._transport()
        match = self._code_point(match)
        sources, destinations, more = self._address()
        match = replace(match, sources=sources, destinations=destinations)
        self._application()
        parts: tuple[Condition, ...] = (match, *either, *more, *self._size())
        return OutRule(self._number, parts[0] if len(parts) == 1 else AllOf(parts), index)

    def _note(self, sentence: str) -> None:
        self._notes.setdefault(sentence, []).append(self._number)

    def _address(self) -> tuple[tuple[Prefix, ...], tuple[Prefix, ...], tuple[Condition, ...]]:
        kind, address = self._fields["addr_type"][:1], self._fields["addr"].strip()
        if kind == "3":
            if not _MAC.fullmatch(address):
                raise _RefusedError(f"{address!r} is no MAC address")
            return (), (), (Predicate(f"source MAC {address.lower()}"),)
        if kind not in ("1", "2"):
            return (), (), ()
        prefixes = _prefixes(address)
        return ((), prefixes, ()) if kind == "1" else (prefixes, (), ())

    def _transport(self) -> tuple[Match, tuple[Condition, ...]]:
        protocol = c_int(self._fields["proto"])
        if protocol < -1 or protocol == 0:  # iptables reads -p 0 as any protocol
            return Match(), ()
        if protocol > 255:
            raise _RefusedError(f"there is no protocol {protocol}")
        if protocol not in (-1, _TCP, _UDP):
            return Match(protocols=(protocol,)), ()
        match = Match(protocols=(_TCP, _UDP) if protocol == -1 else (protocol,))
        kind = self._fields["port_type"][:1]
        if kind == "a":
            return match, ()
        listed = kind == "x" or "," in self._fields["port"]
        ports = _ports(self._fields["port"].strip(), listed)
        if kind == "s":
            return replace(match, source_ports=ports, fragment=False), ()
        if kind == "d":
            return replace(match, destination_ports=ports, fragment=False), ()
        if kind != "x":
            raise _RefusedError(f"port type {kind!r} is none of a, d, s, x")
        both = AnyOf((Match(source_ports=ports), Match(destination_ports=ports)))
        return replace(match, fragment=False), (both,)

    def _code_point(self, match: Match) -> Match:
        text = self._fields.get("dscp", "").strip()
        if not text:
            return match
        value = _strtoul(text)
        if not text[0].isdigit():
            self._note(f"DSCP {text!r} is read as {value} by the router: write a number")
        elif str(value) != text.lstrip("0") and not text.lower().startswith("0x") and text != "0":
            self._note(f"DSCP {text!r} is read as {value} by the router")
        return replace(match, code_points=(CodePoint(value),))

    def _application(self) -> None:
        """A rule that recognises an application by the content of packets.

        No header shows what is recognised; answers are for packets in which nothing is.
        """
        ndpi = self._fields.get("ndpi", "")
        if ndpi.isdigit():
            raise _NotReadError(f"nDPI name {ndpi!r} is a number: written for another build")
        peers = c_int(self._fields.get("ipp2p", ""))
        if peers or self._fields.get("l7") or ndpi:
            raise _SkippedError(
                "by what packets contain (layer 7, nDPI, ipp2p): answers are for packets in which "
                "none of these is recognised"
            )

    def _size(self) -> tuple[Condition, ...]:
        """How many KB the connection has carried, which no header shows: both answers stay open.

        Source: `ipt_qos`: beside such rules the class of a connection is not kept, so its first
        packet does not decide.
        """
        found = re.match(r"\s*(\d{0,9})\D(\d{0,9})", self._fields.get("bcount", ""), re.ASCII)
        if found is None:
            return ()
        low, high = found.groups()
        past = (_past(low),) if int(low or 0) else ()
        return (*past, Not(_past(high))) if high else past


def _past(kilobytes: str) -> Predicate:
    return Predicate(f"past the first {int(kilobytes)} KB of its connection")


def _strtoul(text: str) -> int:
    """Return what the router makes of a code point: strtoul base 0, then at most 63.

    Source: `ipt_dscp`; measured: the word `ef` caught code point 0.
    """
    found = re.match(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)", text, re.ASCII)
    if found is None:
        return 0
    digits = found[2].lower()
    base = 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10
    value = int(digits, base)
    return 63 if found[1] == "-" and value else min(63, value)


def _ports(text: str, listed: bool) -> tuple[PortRange, ...]:
    parts = text.split(",")
    slots = sum(2 if ":" in part else 1 for part in parts)
    if slots > MULTIPORT_SLOTS:
        raise _RefusedError(f"{slots} port slots in one rule, iptables takes {MULTIPORT_SLOTS}")
    return tuple(_port_range(part, listed) for part in parts)


def _port_range(text: str, listed: bool) -> PortRange:
    low, colon, high = text.partition(":")
    first = _port(low) if low or not colon else 0
    last = first if not colon else _port(high) if high else 65535
    if first <= last:
        return PortRange(first, last)
    if listed:
        raise _RefusedError(f"port range {text} descends")
    # Source: measured: iptables accepts `--sport 9:5` in silence; such a rule matches nothing.
    raise _SkippedError(f"port range {text} descends and matches nothing")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    if re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise _NotReadError(f"port {text!r} is the name of a service")
    raise _RefusedError(f"{text!r} is no port")


def _prefixes(text: str) -> tuple[Prefix, ...]:
    low, dash, high = text.partition("-")
    try:
        if not dash:
            return networks_of(text)
        first, last = ip_address(low.strip()), ip_address(high.strip())
        if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
            return tuple(summarize_address_range(first, last))
        if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
            return tuple(summarize_address_range(first, last))
    except ValueError:
        pass
    kind = "has a mask with many holes" if re.fullmatch(r"[\d./]+", text) else _HOST_NAME
    raise _NotReadError(f"address {text!r} {kind}")
