"""Where Windows decides between two policies otherwise than the order of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from translator.endpoint.policy.precedence import meet, stronger
from translator.endpoint.settings import HostPolicy

__all__ = ["order_remarks"]

_MAX_COMPARED: Final = 2000


def order_remarks(policies: Sequence[HostPolicy]) -> tuple[str, ...]:
    """Return a sentence for each pair where Windows does not, or may not, keep to the plan.

    Args:
        policies: in the first-match order of the plan.
    """
    if len(policies) > _MAX_COMPARED:
        return (
            f"more than {_MAX_COMPARED} policies: whether Windows keeps to the plan's order was "
            "not looked at",
        )
    found = []
    for first, second in combinations(policies, 2):
        if first.code_point == second.code_point or not meet(first, second):
            continue
        applied = stronger(first, second)
        if applied is not first:
            what = (
                "which of them Windows applies is not documented"
                if applied is None
                else "Windows applies the second, which says more"
            )
            found.append(
                f"policies {first.name!r} and {second.name!r} match the same packets; the plan "
                f"lets the first decide, and {what}"
            )
    return tuple(found)
