"""How a run ended, when it ended well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from translator.drivers.change import Identity
from translator.errors import IdentityError

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
            Capitals do not count, and the first part of a domain name will do.
        serial: of the chassis, as the driver's `identify` returns it.
    """

    hostname: str | None = None
    serial: str | None = None

    def check(self, device: str, found: Identity) -> None:
        """Check that it is the device that is meant.

        Raises:
            IdentityError: it is another one.
        """
        wrong = ""
        if not found.right_platform:
            wrong = f"it says that it is {found.version}"
        elif self.hostname is not None and not _same_name(found.hostname, self.hostname):
            wrong = f"it calls itself {found.hostname!r}, expected was {self.hostname!r}"
        elif self.serial is not None and found.serial != self.serial:
            wrong = f"its serial number is {found.serial!r}, expected was {self.serial!r}"
        if wrong:
            raise IdentityError(
                f"{device} is another device than was meant: {wrong}",
                hint="nothing was written to it; check the inventory",
            )


def _same_name(found: str, expected: str) -> bool:
    """Inventories hold full domain names where devices know only the first part, or both."""
    one, other = found.casefold(), expected.casefold()
    return one == other or one == other.split(".")[0] or one.split(".")[0] == other
