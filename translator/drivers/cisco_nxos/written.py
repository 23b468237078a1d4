"""Writes the classes: access lists per IP version, class-maps over them or over code points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco.acl import REMARK, write_entries
from translator.drivers.cisco.naming import clip, identifier
from translator.drivers.cisco.pieces import V6_SUFFIX, Kind, Pieces
from translator.drivers.cisco_nxos import lines
from translator.intents.lower import Block, only_version
from translator.intents.match import Match, Prefix
from translator.intents.model import ClassifierRule

__all__ = ["code_point_class", "rule_class"]

_DESCRIPTION_LENGTH: Final = 200
_REMARK_LENGTH: Final = 100
_STEP: Final = 10
_KINDS: Final = (
    (4, Kind.ACCESS_LIST, lines.ACCESS_LIST, ""),
    (6, Kind.ACCESS_LIST_V6, lines.ACCESS_LIST_V6, V6_SUFFIX),
)
# Source: the port types of the NX-OS grammar of batfish have no such names.
_UNNAMED: Final = frozenset({"msrpc", "onep-plain", "onep-tls", "ripv6"})


def rule_class(platform: str, pieces: Pieces, block: Block, *words: str) -> str | None:
    """Write the class of a block of rules and return its name; equal rules share one class.

    None when the rules concern no packet at all: a class without a match line has no meaning.

    Raises:
        UnsupportedIntentError: a rule asks for something that an access list cannot say.
    """
    content = (block.traffic_class, block.rules)
    known = pieces.known(Kind.CLASS_MAP, content)
    if known is not None:
        return known
    if not any(_entries(platform, rule.match, n) for rule in block.rules for n in (4, 6)):
        return None
    name = pieces.names(Kind.CLASS_MAP).give(identifier("QOS", *words, block.name), content)
    lists = [
        _access_list(platform, pieces, block.rules, name + suffix, version)
        for version, _, _, suffix in _KINDS
    ]
    matches = [lines.MATCH_ACCESS_GROUP.write(name=item) for item in lists if item]
    _class_map(pieces, name, matches, _rows(block.rules) or f"class {block.name}")
    return name


def code_point_class(
    pieces: Pieces, wanted: tuple[str, ...], code_points: Iterable[CodePoint], text: str
) -> str:
    """Write a class over code points and return its name; an equal class is shared."""
    points = tuple(sorted(code_points))
    content = (wanted, points)
    known = pieces.known(Kind.CLASS_MAP, content)
    if known is not None:
        return known
    name = pieces.names(Kind.CLASS_MAP).give(identifier("QOS", *wanted), content)
    # Source: lists with commas and numbers, in configurations of Nexus 7000.
    values = ", ".join(str(int(point)) for point in points)
    _class_map(pieces, name, [lines.MATCH_DSCP.write(values=values)], text)
    return name


def _class_map(pieces: Pieces, name: str, matches: list[str], text: str) -> None:
    description = lines.DESCRIPTION.write(text=clip(text, _DESCRIPTION_LENGTH))
    body = [f"  {line}" for line in (description, *matches)]
    pieces.add(Kind.CLASS_MAP, name, [lines.CLASS_MAP.write(name=name), *body])


def _access_list(
    platform: str, pieces: Pieces, rules: tuple[ClassifierRule, ...], wanted: str, version: int
) -> str | None:
    """Write the list of one IP version and return its name; None when no rule concerns it."""
    body: list[str] = []
    remark = ""
    for rule in rules:
        entries = _entries(platform, rule.match, version)
        if entries:
            text = _rows((rule,))
            if text and text != remark:
                body.append(REMARK.write(text=clip(text, _REMARK_LENGTH)))
                remark = text
            body.extend(entries)
    if not body:
        return None
    kind, head = next((kind, head) for number, kind, head, _ in _KINDS if number == version)
    name = pieces.names(kind).give(wanted, rules)
    numbered = (
        "  " + lines.ENTRY.write(number=_STEP * place, what=line)
        for place, line in enumerate(_once(body), 1)
    )
    pieces.add(kind, name, [head.write(name=name), *numbered])
    return name


def _once(body: list[str]) -> Iterator[str]:
    """Yield lines, an entry that stands there already left out."""
    seen: set[str] = set()
    for line in body:
        if line not in seen or REMARK.read(line) is not None:
            yield line
        seen.add(line)


@lru_cache(maxsize=4096)
def _entries(platform: str, match: Match, version: int) -> tuple[str, ...]:
    has_ports = bool(match.source_ports or match.destination_ports)
    if match.tos:
        raise refuse(
            platform, "a match on the ToS byte", "access lists match code points", nearest="a DSCP"
        )
    if match.fragment is not None and not has_ports:
        raise refuse(
            platform,
            "a match on fragments in a class",
            "how a class treats fragments is not verified",
            nearest="leave fragments out of the match",
        )
    if has_ports and not match.protocols:
        raise refuse(
            platform,
            "ports without a protocol",
            "an entry with ports names tcp or udp",
            nearest="name the protocols",
        )
    concerned = only_version(match, version)
    if concerned is None:
        return ()
    return tuple(write_entries(concerned, version, address=_address, unnamed=_UNNAMED))


def _address(prefix: Prefix | None) -> str:
    """Return an address as NX-OS prints it: by its prefix, a single one too."""
    return "any" if prefix is None or prefix.prefixlen == 0 else str(prefix)


def _rows(rules: tuple[ClassifierRule, ...]) -> str:
    """Return the plan rows of the rules, as a reader of the device should see them."""
    rows = tuple(dict.fromkeys(row for rule in rules for row in rule.rows))
    if rows:
        return "plan rows " + " ".join(rows)
    return " ".join(dict.fromkeys(rule.comment for rule in rules if rule.comment))
