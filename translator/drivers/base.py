"""The contract of a driver: render, parse, capabilities, session facts.

A new platform is a class with these members, one entry in the registry (or an entry point of the
group `translator.drivers`), a folder of templates and a golden folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from translator.errors import UnsupportedIntentError
from translator.intents.capabilities import Capabilities
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents

__all__ = ["Driver", "ReadsBackups", "Rendered", "SessionFacts", "refuse"]


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Which transport drivers and spellings of other tools mean this platform.

    Attributes:
        netmiko: netmiko's `device_type`.
        napalm: NAPALM's driver name, None where it has none.
        ansible: values of `ansible_network_os` or `ansible_connection` that mean it.
    """

    netmiko: str
    napalm: str | None = None
    ansible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text for one device.

    Attributes:
        config: what the device keeps and prints back, or the script that installs it; this is
            the text that `parse` reads and that is proven.
        removal: undoes `config`, in reverse order.
        instructions: what a human must do by hand, in order (web interface steps, reload).
        files: further files as (name, text), such as set form beside curly form.
    """

    config: str
    removal: str
    instructions: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


class Driver(Protocol):
    """One platform, both directions. Stateless; one instance serves all devices."""

    @property
    def platform(self) -> str:
        """Our name of the platform, netmiko's spelling where it has one."""

    @property
    def title(self) -> str:
        """One line for people: vendor, product line, mechanism."""

    @property
    def capabilities(self) -> Capabilities:
        """What can be expressed."""

    @property
    def session(self) -> SessionFacts:
        """How to reach such a device, and what others call it."""

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return the configuration for the intents.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what the text does, by meaning. Unread QoS lines are recorded, never skipped.

        Raises:
            ParseError: the text is not of this platform at all (binary, another format).
        """


@runtime_checkable
class ReadsBackups(Protocol):
    """A driver whose platform saves its configuration as a binary file."""

    def decode(self, data: bytes) -> str | None:
        """Return the text that `parse` reads, or None when the bytes are no such backup.

        Raises:
            ParseError: they are one, but damaged.
        """


def refuse(platform: str, what: str, why: str, *, nearest: str) -> UnsupportedIntentError:
    """Return the error for an intent that `platform` cannot express exactly."""
    return UnsupportedIntentError(f"{platform} cannot express {what}: {why}", hint=nearest)
