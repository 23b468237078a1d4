"""The contract of a platform that is spoken with over NAPALM, beside its command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from translator.drivers.calls import Call, Method
from translator.drivers.change import Procedure, Procedures
from translator.errors import PreflightError

__all__ = ["Facts", "OnlyReads", "SpeaksNapalm", "facts"]

# Source: NAPALM writes "Unknown" where it finds nothing (ios), or spells Python's None (junos).
_NOTHING: Final = ("Unknown", "None")
_LONG_S: Final = 60.0


@runtime_checkable
class SpeaksNapalm(Protocol):
    """A driver whose platform can be reached over NAPALM as well."""

    @property
    def napalm_driver(self) -> str:
        """NAPALM's name of its driver for the platform, such as "ios"."""

    @property
    def napalm_procedures(self) -> Procedures:
        """The way over NAPALM; its `lasting` and its timer's range are those of `procedures`."""


@runtime_checkable
class OnlyReads(Protocol):
    """Procedures of a way on which devices are read and never changed."""

    def why_unchanged(self, device: str) -> PreflightError:
        """Return why nothing is changed on this way, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What NAPALM says of a device; "" where it says nothing."""

    hostname: str
    serial: str
    model: str
    release: str


def facts() -> Procedure[Facts]:
    """Ask who a device is."""
    found: dict[str, Any] = json.loads((yield Call(Method.FACTS, timeout_s=_LONG_S)).text)
    names = ("hostname", "serial_number", "model", "os_version")
    words = (str(found.get(name, "")).strip() for name in names)
    return Facts(*("" if word in _NOTHING else word for word in words))
