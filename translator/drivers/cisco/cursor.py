"""Walks along the words of one line."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.reader import TextLine

__all__ = ["Cursor", "number_of"]

_MOST_DIGITS: Final = 15


def number_of(word: str) -> int:
    """Return a decimal number as devices print it.

    Raises:
        NotReadError: it is none, or longer than any quantity of a configuration.
    """
    if not (word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS):
        raise NotReadError(f"{word[:40]!r} is no number")
    return int(word)


class Cursor:
    """A position in the words of a line. Keywords are compared in lower case, names are not."""

    __slots__ = ("_at", "_keys", "_words")

    def __init__(self, line: TextLine, skip: int = 0) -> None:
        self._words = line.words
        self._keys = line.keys
        self._at = skip

    @property
    def key(self) -> str:
        """The keyword here, empty at the end of the line."""
        return self._keys[self._at] if self._at < len(self._keys) else ""

    @property
    def done(self) -> bool:
        """Whether no word is left."""
        return self._at >= len(self._words)

    def take(self) -> str:
        """Return the keyword here and step over it.

        Raises:
            NotReadError: the line ends here.
        """
        word = self.key
        if not word:
            raise NotReadError("the line is incomplete")
        self._at += 1
        return word

    def take_name(self) -> str:
        """Return the word here as it was written and step over it."""
        self.take()
        return self._words[self._at - 1]

    def take_int(self) -> int:
        """Return the decimal number here and step over it."""
        return number_of(self.take())

    def skip_if(self, *keywords: str) -> bool:
        """Step over the given keywords if they stand here; say whether they did."""
        at, end = self._at, self._at + len(keywords)
        if self._keys[at:end] != [*keywords]:
            return False
        self._at = end
        return True

    def rest(self) -> list[str]:
        """Return all keywords that are left and step to the end."""
        left = self._keys[self._at :]
        self._at = len(self._keys)
        return left

    def expect_end(self) -> None:
        """Check that the whole line was read.

        Raises:
            NotReadError: words are left.
        """
        if not self.done:
            raise NotReadError(f"{' '.join(self._words[self._at :])!r} is not known here")
