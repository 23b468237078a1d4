"""Where a figure comes from, and how far to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["CAC", "LYNC", "SKYPE", "SKYPE_SHARING", "Grade", "Source"]


class Grade(StrEnum):
    """How a figure is known."""

    PUBLISHED = "published"
    OWN = "own"  # computed here from published figures
    SECOND_HAND = "2nd"
    MEMORY = "mem"


@dataclass(frozen=True, slots=True)
class Source:
    """A document, or how a figure was computed from others."""

    text: str
    grade: Grade = Grade.PUBLISHED

    def __str__(self) -> str:
        return f"{self.text} [{self.grade}]"


LYNC: Final = Source(
    "Microsoft, Lync Server 2013: network bandwidth requirements for media traffic"
)
SKYPE: Final = Source("Microsoft, Skype for Business Server 2015: network requirements")
SKYPE_SHARING: Final = Source("Microsoft, Skype for Business Server 2015: video-based sharing")
CAC: Final = Source(
    "Microsoft, Lync Server 2013: defining your requirements for call admission control"
)
