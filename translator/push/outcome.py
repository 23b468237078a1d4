"""How a run ended, when it ended well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Ending", "Expected", "Outcome"]


class Ending(StrEnum):
    """Which configuration a device ended with; each of them is proven."""

    UNCHANGED = "unchanged"  # nothing had to be sent
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one run on one device.

    Attributes:
        run: its name in the journal; "" where nothing had to be done.
        sent: how many lines were sent, scripts by their lines.
        proof: what was proven, a sentence each.
    """

    device: str
    run: str
    ending: Ending
    sent: int = 0
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """Which device is meant; what is None may be anything.

    Attributes:
        hostname: the name that the device gives itself.
        serial: of the chassis, as the driver's `identify` returns it.
    """

    hostname: str | None = None
    serial: str | None = None
