"""Writes classes: access lists per IP version, class-maps over them or over code points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco.acl import REMARK
from translator.drivers.cisco.naming import clip, identifier
from translator.drivers.cisco.pieces import V6_SUFFIX, Kind, Pieces
from translator.intents.lower import Block, only_version
from translator.intents.match import Match
from translator.intents.model import ClassifierRule

__all__ = ["ClassForm", "code_point_class", "rule_class"]

_DESCRIPTION_LENGTH: Final = 200
_REMARK_LENGTH: Final = 100
_KINDS: Final = ((4, Kind.ACCESS_LIST, ""), (6, Kind.ACCESS_LIST_V6, V6_SUFFIX))


class ClassForm(NamedTuple):
    """How a platform prints classes and their lists.

    Attributes:
        class_map: the lines of a class, from its name, its description and its matches.
        over_list: the match over a list, by name.
        over_code_points: the matches over code points.
        access_list: the lines of a list, from its kind, its name and its entries and remarks.
        entries: the entries for a match that concerns an IP version.
    """

    class_map: Callable[[str, str, Sequence[str]], Sequence[str]]
    over_list: Callable[[str], str]
    over_code_points: Callable[[Sequence[CodePoint]], Sequence[str]]
    access_list: Callable[[Kind, str, Iterable[str]], Sequence[str]]
    entries: Callable[[Match, int], Iterable[str]]


def rule_class(
    platform: str, form: ClassForm, pieces: Pieces, block: Block, *words: str
) -> str | None:
    """Write the class of a block of rules and return its name; equal rules share one class.

    None when the rules concern no packet at all: a class without a match line has no meaning.

    Raises:
        UnsupportedIntentError: a rule asks for something that an access list cannot say.
    """
    content = (block.traffic_class, block.rules)
    known = pieces.known(Kind.CLASS_MAP, content)
    if known is not None:
        return known
    if not any(_entries(platform, form, rule.match, n) for rule in block.rules for n in (4, 6)):
        return None
    name = pieces.names(Kind.CLASS_MAP).give(identifier("QOS", *words, block.name), content)
    matches: list[str] = []
    for version, kind, suffix in _KINDS:
        body = tuple(_body(platform, form, block.rules, version))
        if body:
            list_name = pieces.names(kind).give(name + suffix, block.rules)
            pieces.add(kind, list_name, form.access_list(kind, list_name, _once(body)))
            matches.append(form.over_list(list_name))
    _class_map(form, pieces, name, matches, _rows(block.rules) or f"class {block.name}")
    return name


def code_point_class(
    form: ClassForm,
    pieces: Pieces,
    wanted: tuple[str, ...],
    code_points: Iterable[CodePoint],
    text: str,
) -> str:
    """Write a class over code points and return its name; an equal class is shared."""
    points = tuple(code_points)
    content = (wanted, points)
    known = pieces.known(Kind.CLASS_MAP, content)
    if known is not None:
        return known
    name = pieces.names(Kind.CLASS_MAP).give(identifier("QOS", *wanted), content)
    _class_map(form, pieces, name, form.over_code_points(points), text)
    return name


def _class_map(
    form: ClassForm, pieces: Pieces, name: str, matches: Sequence[str], text: str
) -> None:
    described = clip(text, _DESCRIPTION_LENGTH)
    pieces.add(Kind.CLASS_MAP, name, form.class_map(name, described, matches))


def _body(
    platform: str, form: ClassForm, rules: tuple[ClassifierRule, ...], version: int
) -> Iterator[str]:
    """Yield the entries of the rules that concern an IP version, below the rows they are of."""
    remark = ""
    for rule in rules:
        entries = _entries(platform, form, rule.match, version)
        text = _rows((rule,)) if entries else ""
        if text and text != remark:
            yield REMARK.write(text=clip(text, _REMARK_LENGTH))
            remark = text
        yield from entries


def _once(body: Iterable[str]) -> Iterator[str]:
    """Yield lines, an entry that stands there already left out: the device refuses a second."""
    seen: set[str] = set()
    for line in body:
        if line not in seen or REMARK.read(line) is not None:
            yield line
        seen.add(line)


@lru_cache(maxsize=4096)
def _entries(platform: str, form: ClassForm, match: Match, version: int) -> tuple[str, ...]:
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
    return () if concerned is None else tuple(form.entries(concerned, version))


def _rows(rules: tuple[ClassifierRule, ...]) -> str:
    """Return the plan rows of the rules, as a reader of the device should see them."""
    rows = tuple(dict.fromkeys(row for rule in rules for row in rule.rows))
    if rows:
        return "plan rows " + " ".join(rows)
    return " ".join(dict.fromkeys(rule.comment for rule in rules if rule.comment))
