"""Get-CsMediaConfiguration: whether clients that are no Windows PCs mark at all.

Source:
    Help of Set-CsMediaConfiguration: EnableQoS is False unless set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.settings import MediaQos, Setting

__all__ = ["PROPERTIES", "fits", "read"]

_SWITCH: Final = "enableqos"
PROPERTIES: Final = frozenset({_SWITCH})


def fits(found: Printed) -> bool:
    """Whether the object tells whether media are marked."""
    return found.has(_SWITCH)


def read(found: Printed) -> Iterator[Setting]:
    """Yield the switch of a scope.

    Raises:
        PlanError: neither True nor False.
    """
    enabled = found.flag(_SWITCH)
    if enabled is not None:
        yield MediaQos(enabled, found.text("identity") or "Global", found.where_of(_SWITCH))
