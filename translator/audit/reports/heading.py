"""What a report says of the whole run, before the first device."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.errors import UsageError

__all__ = ["Heading"]

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heading:
    """The run that a report tells of.

    Attributes:
        plan: what the devices were measured against.
        version: of this program.
        made: when, as `2026-11-22T22:30:00Z`; "" leaves the time out, so that equal audits give
            equal reports.
        root: absolute folder to which SARIF's paths are relative, "" to leave them as they are.
    """

    plan: str
    version: str = ""
    made: str = ""
    root: str = ""

    def __post_init__(self) -> None:
        if self.made and not _MOMENT.fullmatch(self.made):
            raise UsageError(
                f"{self.made!r} is no time", hint="write it in UTC as 2026-11-22T22:30:00Z"
            )
