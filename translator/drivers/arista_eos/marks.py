"""Code points in the words of EOS: names where they are well known, else numbers.

Source: schema of Arista's collection for Ansible (`dscp NAME|0-63`); which names an older release
prints is unverified, so numbers and names are both read.
"""

from __future__ import annotations

from translator.codepoint import CodePoint
from translator.drivers.cisco.marks import dscp_of, dscp_word

__all__ = ["code_point_of", "code_point_word"]

_ZERO = "cs0"


def code_point_of(word: str) -> CodePoint:
    """Return the code point of a keyword or number.

    Raises:
        NotReadError: it is neither.
    """
    return CodePoint(0) if word == _ZERO else dscp_of(word)


def code_point_word(code_point: int) -> str:
    """Return the keyword of a code point, or its number; 0 has several names and none for sure."""
    return "0" if int(code_point) == 0 else dscp_word(code_point)
