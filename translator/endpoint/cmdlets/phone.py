"""Get-CsUCPhoneConfiguration: what Phone Edition marks its audio with.

Source:
    Help of Set-CsUCPhoneConfiguration: VoiceDiffServTag 0-63, 40 unless set; Voice8021p 0-7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.settings import PhoneMarking, Setting
from translator.errors import PlanError

__all__ = ["PROPERTIES", "fits", "read"]

_TAG: Final = "voicediffservtag"
_DOT1P: Final = "voice8021p"
PROPERTIES: Final = frozenset({_TAG, _DOT1P})


def fits(found: Printed) -> bool:
    """Whether the object tells what phones mark."""
    return not PROPERTIES.isdisjoint(found.properties)


def read(found: Printed) -> Iterator[Setting]:
    """Yield the marking of a scope's phones.

    Raises:
        PlanError: no tag, or a value out of its limits.
    """
    tag = found.number(_TAG, 0, 63)
    if tag is None:
        raise PlanError(
            "no VoiceDiffServTag", where=found.where, hint="print all: ... | Format-List"
        )
    dot1p = found.number(_DOT1P, 0, 7) or 0
    scope = found.text("identity") or "Global"
    yield PhoneMarking(CodePoint(tag), dot1p, scope, found.where_of(_TAG))
