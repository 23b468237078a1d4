"""Erlang B: the share of calls that find every channel busy, and both of its inverses.

Source:
    A. K. Erlang, 1917; the recursion over channels B(n) = A B(n-1) / (n + A B(n-1)), B(0) = 1,
    adds nothing but positive numbers, so no digit is lost and nothing overflows (ITU-T E.501
    and Iversen, Teletraffic Engineering Handbook, chapter 7).
"""

from __future__ import annotations

from math import isfinite
from typing import Final

from translator.errors import UsageError

__all__ = ["MAX_ERLANGS", "blocking", "channels_for", "traffic_for"]

MAX_ERLANGS: Final = 100_000.0
_STEPS: Final = 60  # halvings: from any start to the last digit of a float


def blocking(channels: int, erlangs: float) -> float:
    """Return the share of calls that are blocked, 0 to 1.

    Raises:
        UsageError: a negative number, more than `MAX_ERLANGS`, or no number at all.
    """
    _check_traffic(erlangs)
    if channels < 0:
        raise UsageError(f"{channels} channels", hint="give 0 channels or more")
    blocked = 1.0 if erlangs else 0.0
    for number in range(1, channels + 1):
        blocked = erlangs * blocked / (number + erlangs * blocked)
        if not blocked:
            break  # more channels than any call ever needs
    return blocked


def channels_for(erlangs: float, target: float) -> int:
    """Return the fewest channels that block at most `target` of the calls.

    Raises:
        UsageError: as `blocking`, or the target is not between 0 and 1.
    """
    _check_traffic(erlangs)
    _check_target(target)
    blocked, number = (1.0 if erlangs else 0.0), 0
    while blocked > target:
        number += 1
        blocked = erlangs * blocked / (number + erlangs * blocked)
    return number


def traffic_for(channels: int, target: float) -> float:
    """Return the most erlangs that may be offered so that at most `target` of calls is blocked.

    Raises:
        UsageError: no channels are less than none, or the target is not between 0 and 1.
    """
    _check_target(target)
    # Carried traffic, A (1 - B), never exceeds the channels.
    low, high = 0.0, min(channels / (1 - target) + 1, MAX_ERLANGS)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if blocking(channels, middle) <= target:
            low = middle
        else:
            high = middle
    return low


def _check_traffic(erlangs: float) -> None:
    if not (isfinite(erlangs) and 0 <= erlangs <= MAX_ERLANGS):
        raise UsageError(
            f"{erlangs:g} erlangs are not within 0-{MAX_ERLANGS:,.0f}",
            hint="an erlang is one call for a whole hour: 200 users of 6 minutes are 20",
        )


def _check_target(target: float) -> None:
    if not 0 < target < 1:
        raise UsageError(
            f"a blocking of {100 * target:g} % is not between 0 and 100 %",
            hint="1 % is usual; no number of channels blocks nothing at all",
        )
