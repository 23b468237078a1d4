"""Code points, precedences and CoS values in the words that Cisco devices print."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco.cursor import Cursor, number_of
from translator.drivers.cisco.ledger import NotReadError

__all__ = [
    "DSCP_WORDS",
    "dscp_of",
    "dscp_word",
    "numbers_of",
    "precedence_code_points",
    "precedence_of",
]

# Source: the keywords of the IOS-XE YANG model's DSCP type; 44 (VOICE-ADMIT) and 1 (LE) have none.
DSCP_WORDS: Final[dict[str, int]] = {
    "default": 0,
    **{f"cs{n}": 8 * n for n in range(1, 8)},
    **{f"af{x}{y}": 8 * x + 2 * y for x in range(1, 5) for y in range(1, 4)},
    "ef": 46,
}
_WORD_OF: Final = {number: word for word, number in DSCP_WORDS.items()}
# Source: RFC 791 names of the precedence values, as IOS spells them.
_PRECEDENCE_WORDS: Final = {
    "routine": 0,
    "priority": 1,
    "immediate": 2,
    "flash": 3,
    "flash-override": 4,
    "critical": 5,
    "internet": 6,
    "network": 7,
}


def dscp_word(code_point: int) -> str:
    """Return the keyword of a code point, or its number where Cisco has none."""
    return _WORD_OF.get(int(code_point), str(int(code_point)))


def dscp_of(word: str) -> CodePoint:
    """Return the code point of a keyword or number.

    Raises:
        NotReadError: it is neither.
    """
    if word in DSCP_WORDS:
        return CodePoint(DSCP_WORDS[word])
    if word[:1].isdigit() and number_of(word) <= 63:
        return CodePoint(number_of(word))
    raise NotReadError(f"{word!r} is no code point")


def precedence_of(word: str) -> int:
    """Return the precedence (0-7) of a keyword or digit.

    Raises:
        NotReadError: it is neither.
    """
    if word in _PRECEDENCE_WORDS:
        return _PRECEDENCE_WORDS[word]
    if word in "01234567" and len(word) == 1:
        return int(word)
    raise NotReadError(f"{word!r} is no precedence")


def precedence_code_points(precedence: int) -> tuple[CodePoint, ...]:
    """Return the eight code points whose top three bits are the precedence."""
    return tuple(CodePoint(8 * precedence + low) for low in range(8))


def numbers_of(cursor: Cursor, highest: int) -> tuple[int, ...]:
    """Return the numbers up to the end of the line; `5-7` and `1,3` are read too.

    Raises:
        NotReadError: a word is no number within 0-`highest`, or there is none.
    """
    found: list[int] = []
    for word in cursor.rest():
        found.extend(_listed(word, highest))
    if not found or max(found) > highest:
        raise NotReadError(f"expected numbers within 0-{highest}")
    return tuple(found)


@lru_cache(maxsize=4096)
def _listed(word: str, highest: int) -> tuple[int, ...]:
    """Return the numbers of one word: lines of ports and maps are full of the same few."""
    found: list[int] = []
    for part in word.strip(",").split(","):
        low, _, high = part.partition("-")
        found.extend(range(number_of(low), number_of(high or low) + 1)[: highest + 2])
    return tuple(found)
