"""Right-hand sides of nftables expressions: single values, ranges, sets, maps.

Values stay words until a field says what they mean; a set becomes a tuple of `Span`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, summarize_address_range
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables_match import number
from translator.drivers.linux.nft_tokens import Token
from translator.drivers.netmask import network_of
from translator.errors import TranslatorError
from translator.intents.match import Prefix

__all__ = [
    "MapElement",
    "NamedSet",
    "Span",
    "class_id",
    "code_point",
    "elements",
    "map_elements",
    "prefixes",
    "spans_of",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A value, or an inclusive range of values, as written."""

    low: str
    high: str

    def __str__(self) -> str:
        return self.low if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class MapElement:
    """One element of a map: its key (one span per concatenated field) and what it maps to."""

    key: tuple[Span, ...]
    value: tuple[str, ...]


_MOST_GIVEN: Final = 30_000  # elements of a set, counted in each rule that names it
_MAPPED: Final = 5  # an element with a value becomes a rule of its own


@dataclass(slots=True)
class NamedSet:
    """A named set or map of a table; `dynamic` ones are filled by packets, not by the text."""

    dynamic: bool = False
    members: list[tuple[Span, ...]] = field(default_factory=list)
    mapped: list[MapElement] = field(default_factory=list)
    _given: int = 0

    def give(self) -> NamedSet:
        """Return it to a rule that names it.

        Raises:
            NotReadError: so many rules name so large a set that together they are too much.
        """
        self._given += len(self.members) + _MAPPED * len(self.mapped)
        if self._given > _MOST_GIVEN:
            raise NotReadError("a set stands for more elements in rules than are followed")
        return self


# Source: nft(8), "traffic control handle": major:minor in hexadecimal, or a 32-bit number.
_CLASS_NAMES: Final = {"none": 0, "root": 0xFFFFFFFF}


def class_id(word: str) -> int:
    """Return the number of a tc class (`1:10`, `none`, `0x10010`)."""
    if word in _CLASS_NAMES:
        return _CLASS_NAMES[word]
    major, colon, minor = word.partition(":")
    try:
        return int(major or "0", 16) << 16 | int(minor or "0", 16) if colon else int(word, 0)
    except ValueError:
        raise NotReadError(f"{word!r} is no class") from None


@lru_cache(maxsize=1024)
def code_point(word: str) -> int:
    """Return the DSCP of a name or number."""
    try:
        return CodePoint(number(word)) if word[:1].isdigit() else CodePoint.of(word)
    except TranslatorError as error:
        raise NotReadError(str(error)) from None


def prefixes(spans: Iterable[Span]) -> tuple[Prefix, ...]:
    """Return the prefixes that cover exactly the given addresses, prefixes and ranges."""
    found: list[Prefix] = []
    try:
        for span in spans:
            if span.low == span.high:
                found.append(_network(span.low))
            else:
                found.extend(_between(ip_address(span.low), ip_address(span.high)))
    except (ValueError, TypeError) as error:
        raise NotReadError(str(error)) from None
    return tuple(found)


@lru_cache(maxsize=4096)
def _network(word: str) -> Prefix:
    return network_of(word)  # nft and tc refuse a mask with holes


def _between(low: IPv4Address | IPv6Address, high: IPv4Address | IPv6Address) -> Iterable[Prefix]:
    if isinstance(low, IPv4Address) and isinstance(high, IPv4Address):
        return summarize_address_range(low, high)
    if isinstance(low, IPv6Address) and isinstance(high, IPv6Address):
        return summarize_address_range(low, high)
    raise NotReadError(f"{low}-{high} mixes IP versions")


def spans_of(
    members: Sequence[tuple[Span, ...]], read: Callable[[str], int]
) -> list[tuple[int, int]]:
    """Return the members of a plain set as number ranges."""
    found: list[tuple[int, int]] = []
    for member in members:
        low, high = read(member[0].low), read(member[0].high)
        if high < low:
            raise NotReadError(f"range {member[0]} descends")
        found.append((low, high))
    return found


def elements(found: Sequence[Token]) -> list[tuple[Span, ...]]:
    """Return the members of a set from the tokens between its braces."""
    return [_key(part) for part in _split(found, ",") if part]


def map_elements(found: Sequence[Token]) -> list[MapElement]:
    """Return the elements of a map from the tokens between its braces."""
    result: list[MapElement] = []
    for part in _split(found, ","):
        if not part:
            continue
        words = _apart(part)
        at = next((at for at, word in enumerate(words) if word.text == ":"), None)
        if at is None:
            raise NotReadError("a map element without a colon")
        value = tuple(word.text for word in words[at + 1 :])
        result.append(MapElement(_key(words[:at]), value))
    return result


def _apart(part: Sequence[Token]) -> list[Token]:
    """Return the tokens with a colon glued to a key as a token of its own."""
    words: list[Token] = []
    done = False
    for token in part:
        text = token.text
        if not done and not token.quoted and text != ":" and text.endswith(":"):
            words.append(Token(text[:-1], token.line))
            words.append(Token(":", token.line))
            done = True
        else:
            words.append(token)
            done = done or text == ":"
    if not done and len(words) == 1 and words[0].text.count(":") == 1:
        key, _, value = words[0].text.partition(":")
        words = [Token(text, words[0].line) for text in (key, ":", value)]
    return words


_BEHIND_A_KEY: Final = frozenset({"counter", "comment", "timeout", "expires", "limit"})


def _key(part: Sequence[Token]) -> tuple[Span, ...]:
    if len(part) == 1 and part[0].text not in _BEHIND_A_KEY:
        return (_value(part[0].text, part[0].quoted),)
    kept: list[Token] = []
    for token in part:
        # What follows belongs to the element (its counter, its comment, its age), not to the key.
        if not token.quoted and token.text in _BEHIND_A_KEY:
            break
        kept.append(token)
    return tuple(_span(piece) for piece in _split(kept, "."))


def _span(piece: Sequence[Token]) -> Span:
    if len(piece) == 1:
        return _value(piece[0].text, piece[0].quoted)
    return _value("".join([token.text for token in piece]), False)


@lru_cache(maxsize=4096)
def _value(text: str, quoted: bool) -> Span:
    if quoted:
        return Span(text, text)
    if not text:
        raise NotReadError("an empty set element")
    low, dash, high = text.partition("-")
    # A dash inside a name (`pool-a`) is no range; ranges here are of numbers and addresses.
    if dash and low[:1].isalnum() and (low[:1].isdigit() or ":" in low) and high:
        return Span(low, high)
    return Span(text, text)


def _split(found: Sequence[Token], mark: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        if not token.quoted:
            depth += (token.text == "{") - (token.text == "}")
            if token.text == "\n":
                continue
            if token.text == mark and depth == 0:
                parts.append([])
                continue
        parts[-1].append(token)
    return parts
