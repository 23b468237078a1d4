"""Port ranges as people write them: `20000-20039`, `20000:20039`, en dashes, lists."""

from __future__ import annotations

import re
from typing import Final

from translator.errors import PlanError, Where
from translator.ports import PortRange

__all__ = ["parse_range", "parse_ranges"]

# Group Policy writes 20000:20039, Intune and most tables a hyphen, articles an en dash.
_DASH: Final = r"(?:-|:|\u2010|\u2011|\u2012|\u2013|\u2014|\u2212|\.\.|to)"
_RANGE: Final = re.compile(rf"(\d{{1,9}})(?:\s*{_DASH}\s*(\d{{1,9}}))?", re.ASCII)
_ANY: Final = frozenset({"", "any", "*"})


def parse_ranges(text: str, where: Where | None = None) -> tuple[PortRange, ...]:
    """Return the ranges of a list split by `;` or `,`; empty for `any`, `*` or nothing.

    Raises:
        PlanError: an item is no range, runs backwards or ends after 65535.
    """
    if text.strip().lower() in _ANY:
        return ()
    return tuple(parse_range(item, where) for item in re.split(r"[;,]", text))


def parse_range(text: str, where: Where | None = None) -> PortRange:
    """Return one range, or one port as a range of its own.

    Raises:
        PlanError: as `parse_ranges`.
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise PlanError(
            f"{text.strip()[:60]!a} is no port range", where=where, hint="write 20000-20039"
        )
    low, high = int(found[1]), int(found[2] or found[1])
    shown = " ".join(text.split())
    if max(low, high) > 65535:
        raise PlanError(
            f"port range {shown} ends after port 65535",
            where=where,
            hint=_guess(found[1], found[2]),
        )
    if high < low:
        raise PlanError(
            f"port range {shown} runs backwards", where=where, hint=f"write {high}-{low}"
        )
    return PortRange(low, high)


def _guess(low: str, high: str | None) -> str:
    """A hint for a digit typed twice: 200039 after 20000 is 20039."""
    for at in range(len(high or "")):
        if high is not None and high[at] == "0":
            shorter = high[:at] + high[at + 1 :]
            if len(shorter) == len(low) and int(low) <= int(shorter) <= 65535:
                return f"did you mean {low}-{shorter}? The last port is 65535"
    return "the last port is 65535"
