"""Writes matches as nftables expressions, spelled as `nft list ruleset` prints them back.

Source: spelling and order measured with nft 1.0.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import collapse_addresses
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.line import Line
from translator.intents.lower import split_by_version
from translator.intents.match import Match, Prefix
from translator.ports import PortRange, merge_ranges

__all__ = ["dscp_word", "expressions"]

_ADDRESS: Final = Line("{family:word} {side:word} {addresses:rest}")
_TRANSPORT: Final = Line("{protocol:word} {side:word} {ports:rest}")
_PROTOCOL: Final = Line("meta l4proto {protocols:rest}")
_DSCP: Final = Line("{family:word} dscp {points:rest}")
_FAMILY: Final = {4: "ip", 6: "ip6"}
# Source: nft prints numbers of other protocols by the names of /etc/protocols.
_PROTOCOL_WORDS: Final = {1: "icmp", 6: "tcp", 17: "udp", 58: "ipv6-icmp"}
_DSCP_WORDS: Final = {0: "cs0", 1: "lephb"}


def dscp_word(point: CodePoint) -> str:
    """Return the word that nft prints for a code point."""
    if point in _DSCP_WORDS:
        return _DSCP_WORDS[point]
    return f"0x{point:02x}" if point.name.isdigit() else point.name


def _set_word(words: Iterable[str]) -> str:
    """Return one value bare, several in braces."""
    found = list(words)
    return found[0] if len(found) == 1 else "{ " + ", ".join(found) + " }"


def expressions(match: Match) -> Iterator[str]:
    """Yield the expressions whose disjunction is the match, one for each rule to write.

    Raises:
        UnsupportedIntentError: a part that an nft rule cannot say exactly.
    """
    if match.tos or (match.fragment is not None and not _has_ports(match)):
        raise refuse(
            "linux",
            "a rule on single ToS bits or on fragments",
            "rules are written for whole code points and for packets with ports",
            nearest="match code points",
        )
    by_family = match.sources or match.destinations or match.code_points or match.version
    for part in split_by_version(match) if by_family else (match,):
        yield _expression(part)


def _expression(match: Match) -> str:
    words: list[str] = []
    family = _FAMILY.get(match.version or 0, "")
    if match.sources:
        words.append(_addresses(family, "saddr", match.sources))
    if match.destinations:
        words.append(_addresses(family, "daddr", match.destinations))
    if match.code_points:
        points = _set_word(dscp_word(point) for point in sorted(match.code_points))
        words.append(_DSCP.write(family=family, points=points))
    if family and not words:
        words.append(f"meta nfproto ipv{match.version}")
    words.extend(_transport(match))
    return " ".join(words)


def _transport(match: Match) -> Iterator[str]:
    protocol = "th"
    if _has_ports(match) and match.protocols in ((6,), (17,)):
        protocol = _PROTOCOL_WORDS[match.protocols[0]]
    elif match.protocols:
        names = (_PROTOCOL_WORDS.get(n, str(n)) for n in sorted(match.protocols))
        yield _PROTOCOL.write(protocols=_set_word(names))
    if match.source_ports:
        yield _TRANSPORT.write(protocol=protocol, side="sport", ports=_ports(match.source_ports))
    if match.destination_ports:
        ports = _ports(match.destination_ports)
        yield _TRANSPORT.write(protocol=protocol, side="dport", ports=ports)


def _has_ports(match: Match) -> bool:
    return bool(match.source_ports or match.destination_ports)


def _ports(ranges: tuple[PortRange, ...]) -> str:
    return _set_word(str(item) for item in merge_ranges(ranges))


def _addresses(family: str, side: str, prefixes: tuple[Prefix, ...]) -> str:
    """Write addresses merged: the kernel's interval sets hold no overlapping members."""
    merged = [_prefix_word(item) for item in collapse_addresses(prefixes)]  # type: ignore[type-var]  # one version each, split before
    return _ADDRESS.write(family=family, side=side, addresses=_set_word(merged))


def _prefix_word(prefix: Prefix) -> str:
    return str(prefix.network_address) if prefix.prefixlen == prefix.max_prefixlen else str(prefix)
