"""DSCP code points: numbers, names, the ToS byte and 802.1p, in one place.

Source:
    RFC 2474 section 3 (the six-bit field), RFC 2597 (AF), RFC 3246 (EF), RFC 5865 (VOICE-ADMIT),
    RFC 8622 (LE).
"""

from __future__ import annotations

from typing import Final

from translator.errors import UsageError

__all__ = ["ECN_MASK", "TOS_DSCP_MASK", "CodePoint"]

TOS_DSCP_MASK: Final = 0xFC
ECN_MASK: Final = 0x03

_NAMES: Final[dict[int, str]] = {
    0: "df",
    1: "le",
    **{8 * n: f"cs{n}" for n in range(1, 8)},
    **{8 * x + 2 * y: f"af{x}{y}" for x in range(1, 5) for y in range(1, 4)},
    44: "va",
    46: "ef",
}
_ALIASES: Final[dict[str, int]] = {
    **{name: number for number, name in _NAMES.items()},
    "be": 0,
    "cs0": 0,
    "default": 0,
    "lephb": 1,
    "voice-admit": 44,
}


class CodePoint(int):
    """A DSCP, 0-63. An `int` everywhere; `name` is the RFC's word, or the number as text."""

    __slots__ = ()

    def __new__(cls, value: int) -> CodePoint:
        if not 0 <= value <= 63:
            raise UsageError(
                f"code point {value} is not within 0-63",
                hint="give the six-bit DSCP (EF is 46), not the ToS byte (EF is 184)",
            )
        return super().__new__(cls, value)

    @classmethod
    def of(cls, text: str) -> CodePoint:
        """Return the code point of a name (`ef`, `AF41`, `cs5`, `default`) or a decimal number.

        Raises:
            UsageError: the text is neither.
        """
        word = text.strip().lower()
        if word in _ALIASES:
            return cls(_ALIASES[word])
        if word.isascii() and word.isdigit() and len(word) <= 3:
            return cls(int(word))
        raise UsageError(
            f"{text!r} is no code point", hint="write 0-63 or a name such as ef, af41, cs5"
        )

    @property
    def name(self) -> str:
        """The RFC name in lower case (`ef`, `af41`, `df`), or the number where there is none."""
        return _NAMES.get(int(self), str(int(self)))

    @property
    def tos(self) -> int:
        """The ToS byte with ECN 0: four times the code point."""
        return int(self) << 2

    @property
    def dot1p(self) -> int:
        """The 802.1p value that switches derive by default: the top three bits."""
        return int(self) >> 3

    def __str__(self) -> str:
        return str(int(self))

    def __repr__(self) -> str:
        return f"CodePoint({int(self)})"
