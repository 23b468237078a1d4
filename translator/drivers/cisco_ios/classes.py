"""Writes the classes: access lists per IP version, class-maps over them or over code points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco.acl import REMARK, write_entries
from translator.drivers.cisco.marks import dscp_word
from translator.drivers.cisco.naming import clip, identifier
from translator.drivers.cisco.pieces import V6_SUFFIX, Kind, Pieces
from translator.drivers.cisco_ios import lines
from translator.intents.lower import Block, only_version
from translator.intents.match import Match
from translator.intents.model import ClassifierRule

__all__ = ["code_point_class", "rule_class"]

# Source: IOS command reference, match dscp: up to eight values in one line.
_VALUES_PER_LINE: Final = 8
_DESCRIPTION_LENGTH: Final = 200
_REMARK_LENGTH: Final = 100
_KINDS: Final = ((4, Kind.ACCESS_LIST, ""), (6, Kind.ACCESS_LIST_V6, V6_SUFFIX))


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
        _access_list(platform, pieces, kind, block.rules, wanted=name + suffix, version=version)
        for version, kind, suffix in _KINDS
    ]
    matches = [lines.MATCH_ACCESS_GROUP.write(name=item) for item in lists if item]
    _class_map(pieces, name, matches, _rows(block.rules) or f"class {block.name}")
    return name


def code_point_class(
    pieces: Pieces, wanted: tuple[str, ...], code_points: Iterable[CodePoint], text: str
) -> str:
    """Write a class over code points and return its name; an equal class is shared."""
    points = tuple(code_points)
    content = (wanted, points)
    known = pieces.known(Kind.CLASS_MAP, content)
    if known is not None:
        return known
    name = pieces.names(Kind.CLASS_MAP).give(identifier("QOS", *wanted), content)
    words = [dscp_word(point) for point in points]
    # IOS prints two blanks between values (and one at the end, which editors take away).
    matches = [
        lines.MATCH_DSCP.write(values="  ".join(words[start : start + _VALUES_PER_LINE]))
        for start in range(0, len(words), _VALUES_PER_LINE)
    ]
    _class_map(pieces, name, matches, text)
    return name


def _class_map(pieces: Pieces, name: str, matches: list[str], text: str) -> None:
    description = lines.DESCRIPTION.write(text=clip(text, _DESCRIPTION_LENGTH))
    pieces.add(
        Kind.CLASS_MAP,
        name,
        # The device prints the description two blanks deep and the matches one.
        [
            lines.CLASS_MAP.write(name=name),
            f"  {description}",
            *(f" {line}" for line in matches),
        ],
    )


def _access_list(
    platform: str,
    pieces: Pieces,
    kind: Kind,
    rules: tuple[ClassifierRule, ...],
    *,
    wanted: str,
    version: int,
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
    name = pieces.names(kind).give(wanted, rules)
    head = lines.ACCESS_LIST if version == 4 else lines.ACCESS_LIST_V6
    pieces.add(kind, name, [head.write(name=name), *(f" {line}" for line in _once(body))])
    return name


def _once(body: list[str]) -> Iterator[str]:
    """Yield lines, an entry that stands there already left out: the device refuses a second."""
    seen: set[str] = set()
    for line in body:
        if line not in seen or line.startswith("remark"):
            yield line
        seen.add(line)


@lru_cache(maxsize=4096)
def _entries(platform: str, match: Match, version: int) -> tuple[str, ...]:
    if match.tos:
        raise refuse(
            platform, "a match on the ToS byte", "access lists match code points", nearest="a DSCP"
        )
    if match.fragment is not None and not _has_ports(match):
        raise refuse(
            platform,
            "a match on fragments in a class",
            "how a class treats fragments is not verified",
            nearest="leave fragments out of the match",
        )
    if _has_ports(match) and not match.protocols:
        raise refuse(
            platform,
            "ports without a protocol",
            "an entry with ports names tcp or udp",
            nearest="name the protocols",
        )
    concerned = only_version(match, version)
    return () if concerned is None else tuple(write_entries(concerned, version))


def _has_ports(match: Match) -> bool:
    return bool(match.source_ports or match.destination_ports)


def _rows(rules: tuple[ClassifierRule, ...]) -> str:
    """Return the plan rows of the rules, as a reader of the device should see them."""
    rows = tuple(dict.fromkeys(row for rule in rules for row in rule.rows))
    if rows:
        return "plan rows " + " ".join(rows)
    return " ".join(dict.fromkeys(rule.comment for rule in rules if rule.comment))
