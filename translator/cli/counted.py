"""Numbers of things, and rates, in the words of views."""

from __future__ import annotations

__all__ = ["counted", "rate_text"]


def counted(count: int, word: str, words: str = "") -> str:
    """Return `1 line` or `7 lines`; `words` is a plural that ends otherwise."""
    return f"{count} {word}" if count == 1 else f"{count:,} {words or word + 's'}"


def rate_text(rate_bps: int) -> str:
    """Return a rate as an interface is given one: `10M`, or bit/s where that is not exact."""
    for unit, factor in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if rate_bps % factor == 0:
            return f"{rate_bps // factor}{unit}"
    return str(rate_bps)
