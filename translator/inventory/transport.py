"""Over which library a host is spoken with, and what the inventory tells that library."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from translator.errors import Where

__all__ = ["NO_NAPALM", "NapalmOption", "NapalmOptions", "Scalar", "Transport"]

Scalar: TypeAlias = str | int | bool


class Transport(StrEnum):
    """The library that carries a session."""

    NETMIKO = "netmiko"
    NAPALM = "napalm"


@dataclass(frozen=True, slots=True)
class NapalmOption:
    """One of NAPALM's `optional_args`; whether it can be honoured is asked when it is used."""

    name: str
    value: Scalar
    where: Where | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class NapalmOptions:
    """What an inventory says of a host for NAPALM alone; secrets never stand here.

    Attributes:
        port: TCP port, such as 830 of NETCONF; None: that of the host.
    """

    port: int | None = None
    options: tuple[NapalmOption, ...] = ()


NO_NAPALM: Final = NapalmOptions()
