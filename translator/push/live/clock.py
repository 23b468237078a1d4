"""How far a device's clock is off ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from translator.counters.replies import taken_at

__all__ = ["skew_s"]

_UTC: Final = re.compile(r"\b(?:UTC|GMT)\b")
_ZONES_S: Final = 900
"""All zones in use lie a multiple of a quarter of an hour off UTC. Source: IANA time zone data."""


def skew_s(text: str, now: datetime | None = None) -> float | None:
    """Return by how many seconds a device's clock is ahead of ours; None where it shows no time.

    A short zone name says little (IST is three zones), so of another zone than UTC only what is
    left beside whole quarters of an hour counts.

    Args:
        text: what the device answered when asked for its time.
        now: our time.
    """
    shown = taken_at(text)
    if shown is None:
        return None
    skew = (shown - (now or datetime.now(UTC))).total_seconds()
    if _UTC.search(text):
        return skew
    return skew - round(skew / _ZONES_S) * _ZONES_S
