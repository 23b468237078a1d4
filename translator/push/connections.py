"""Logins on the hosts of an inventory: who, with what, believing which host keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from translator.drivers.registry import driver
from translator.errors import DriverError
from translator.inventory.model import Host
from translator.push.change import procedures_of
from translator.push.credentials import Credentials
from translator.push.host_keys import HostKeys
from translator.push.netmiko_session import Endpoint, opener
from translator.push.redact import Redactor
from translator.push.secret import Secret
from translator.push.session import Deadlines, Opener

__all__ = ["Connections", "endpoint_of"]


@dataclass(frozen=True, slots=True)
class Connections:
    """How the hosts of an inventory are logged in to.

    Attributes:
        logins: credentials by the user name that a host states; None: of hosts that state none.
    """

    logins: Mapping[str | None, Credentials]
    host_keys: HostKeys
    deadlines: Deadlines = field(default_factory=Deadlines)

    def opener(self, host: Host) -> Opener:
        """Return what opens sessions with a host, each with a login of its own.

        Raises:
            DriverError: nobody knows its platform.
            PreflightError: its driver cannot speak with devices.
        """
        return opener(endpoint_of(host, self.deadlines), self.login(host), self.host_keys)

    def login(self, host: Host) -> Credentials:
        """Return the credentials for a host."""
        return self.logins[host.username]

    @property
    def redactor(self) -> Redactor:
        """What masks all secrets of these logins."""
        return Redactor(self.secrets)

    @property
    def secrets(self) -> Iterable[Secret | None]:
        """All values that nobody may see."""
        return [secret for login in self.logins.values() for secret in login.secrets]


def endpoint_of(host: Host, deadlines: Deadlines) -> Endpoint:
    """Return where a host is and how one speaks with it.

    Raises:
        DriverError: nobody knows its platform.
        PreflightError: its driver cannot speak with devices.
    """
    if not host.driver:
        raise DriverError(
            f"the platform of {host.name} is not known: {host.platform or 'none is given'}",
            hint="give it one of `qos-translator platforms` in the inventory",
        )
    spoken = driver(host.driver)
    kind, channel = spoken.session.netmiko, procedures_of(spoken).channel
    if host.port is None:
        return Endpoint(host.name, host.address, kind, channel, deadlines=deadlines)
    return Endpoint(host.name, host.address, kind, channel, host.port, deadlines)
