"""Numbers of things in the words of views."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, word: str, words: str = "") -> str:
    """Return `1 line` or `7 lines`; `words` is a plural that ends otherwise."""
    return f"{count} {word}" if count == 1 else f"{count:,} {words or word + 's'}"
