"""Counters of Linux rules: `nft list` and `iptables -L -v -x`.

Source: nft(8), iptables(8); printed forms measured with nftables 1.0.6 and iptables 1.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.counting import Listing
from translator.drivers.fsm import Row, rows
from translator.errors import UsageError
from translator.intents.counters import ClassCounters, CountersRead, Matched, Shown, Unit
from translator.intents.device import Unread

__all__ = ["IPTABLES", "NFTABLES", "read_iptables", "read_nft"]

_TABLE: Final = re.compile(r"(?:-t|--table)[ =](\S+)")
_LEAVES: Final = re.compile(r'\boifname "?([^"\s*]+)"?')
_ENTERS: Final = re.compile(r'\biifname "?([^"\s*]+)"?')
_DSCP: Final = re.compile(r"\bip6? dscp (\{[^}]*\}|\S+)")
_PRIORITY: Final = re.compile(r"\bmeta priority set ([0-9a-f]+:[0-9a-f]+)")
_IPTABLES_DSCP: Final = re.compile(r"\bDSCP match (0x[0-9a-f]{2})")
_CLASSIFY: Final = re.compile(r"\bCLASSIFY set ([0-9a-f]+:[0-9a-f]+)")
_SET_DSCP: Final = re.compile(r"\bDSCP set (0x[0-9a-f]{2})|\bip6? dscp set (\S+)")


def read_nft(reply: Shown) -> CountersRead:
    """Return what each rule with a counter, and each named counter, has counted."""
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    numbers: dict[tuple[str, str], int] = {}
    for row in rows("linux/nft_list.textfsm", reply.text, reply.first_line):
        unread += row.unread
        if row.text("PACKETS"):
            table = f"{row.text('FAMILY')} {row.text('TABLE')}"
            place = (table, "" if row.text("COUNTER") else row.text("CHAIN"))
            numbers[place] = numbers.get(place, 0) + 1
            classes.append(_nft_rule(row, place, numbers[place]))
    interfaces = dict.fromkeys(item.interface for item in classes if item.interface)
    return CountersRead(tuple(classes), tuple(interfaces), tuple(unread))


def read_iptables(reply: Shown) -> CountersRead:
    """Return what each rule has counted."""
    table = _TABLE.search(reply.command)
    name = f"{reply.command.split()[0].removeprefix('sudo ')} {table[1] if table else 'filter'}"
    classes: list[ClassCounters] = []
    unread: list[Unread] = []
    numbers: dict[str, int] = {}
    for row in rows("linux/iptables_list.textfsm", reply.text, reply.first_line):
        unread += row.unread
        chain = row.text("CHAIN")
        if row.text("PACKETS"):
            numbers[chain] = numbers.get(chain, 0) + 1
            classes.append(_iptables_rule(row, name, numbers[chain]))
    return CountersRead(tuple(classes), (), tuple(unread))


def _nft_rule(row: Row, place: tuple[str, str], number: int) -> ClassCounters:
    text = " ".join(part for part in (row.text("MATCH"), row.text("VERDICT")) if part)
    leaves, enters = _LEAVES.search(text), _ENTERS.search(text)
    into = _PRIORITY.search(text)
    interface = leaves or enters
    return ClassCounters(
        interface[1] if interface else "",
        "out" if leaves else "in" if enters else "",
        row.text("COUNTER") or f"rule {number}: {text}",
        tuple(part for part in place if part),
        Unit.RULE,
        packets=row.number("PACKETS"),
        bytes=row.number("BYTES"),
        matched=(Matched(text),) if text else (),
        code_points=tuple(_nft_code_points(row.text("MATCH"))),
        sets=_set_code_point(text),
        into=into[1] if into else "",
        lines=(row.last, row.last),
    )


def _iptables_rule(row: Row, table: str, number: int) -> ClassCounters:
    text = f"{row.text('TARGET')} {row.text('MATCH')}".strip()
    enters, leaves = (row.text(key).replace("any", "*") for key in ("ENTERS", "LEAVES"))
    mark, into = _IPTABLES_DSCP.search(text), _CLASSIFY.search(text)
    named = leaves if leaves != "*" else enters
    return ClassCounters(
        "" if named == "*" else named,
        "out" if leaves != "*" else "in" if enters != "*" else "",
        f"rule {number}: {text}",
        (table, row.text("CHAIN")),
        Unit.RULE,
        packets=row.number("PACKETS"),
        bytes=row.number("BYTES"),
        matched=(Matched(text),),
        code_points=(CodePoint(int(mark[1], 16) & 63),) if mark else (),
        sets=_set_code_point(text),
        into=into[1] if into else "",
        lines=(row.last, row.last),
    )


def _nft_code_points(text: str) -> Iterator[CodePoint]:
    for found in _DSCP.finditer(text):
        for word in found[1].strip("{}").replace(",", " ").split():
            point = _code_point(word)
            if point is not None:
                yield point


def _set_code_point(text: str) -> CodePoint | None:
    found = _SET_DSCP.search(text)
    return _code_point(found[1] or found[2]) if found else None


def _code_point(word: str) -> CodePoint | None:
    try:
        return CodePoint(int(word, 16)) if word.startswith("0x") else CodePoint.of(word)
    except (UsageError, ValueError):
        return None


NFTABLES: Final = Listing(
    "nft list ruleset",
    re.compile(r"(sudo )?(/\S*/)?nft( -\S+)* list (ruleset|tables?|chains?|counters?)\b.*"),
    read_nft,
    re.compile(r"table (ip|ip6|inet|bridge|arp|netdev) \S+ \{"),
)
IPTABLES: Final = Listing(
    "iptables -t mangle -L -v -x -n",
    re.compile(r"(sudo )?(/\S*/)?ip6?tables(-nft|-legacy)? (?=.*(-\w*L|--list)).*"),
    read_iptables,
    re.compile(r"Chain \S+ \("),
)
