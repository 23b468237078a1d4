"""Logins on the hosts of an inventory: who, with what, believing which host keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from translator.drivers.base import Driver
from translator.drivers.napalm_way import SpeaksNapalm
from translator.drivers.registry import driver
from translator.errors import DriverError
from translator.inventory.model import Host
from translator.inventory.transport import Transport
from translator.push.change import procedures_of
from translator.push.credentials import Credentials
from translator.push.extras import need_napalm
from translator.push.host_keys import HostKeys
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.napalm.options import arguments_of, port_of
from translator.push.napalm.session import napalm_opener
from translator.push.netmiko_session import Endpoint, opener
from translator.push.redact import Redactor
from translator.push.secret import Secret
from translator.push.session import Deadlines, Opener
from translator.push.ssh import SSH_PORT

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
            PreflightError: its driver cannot speak with devices over the host's transport.
            InventoryError: an option for NAPALM cannot be honoured.
            UsageError: NAPALM is not installed.
        """
        if host.transport is Transport.NAPALM:
            there = _napalm_endpoint(host, self.deadlines)
            return napalm_opener(there, self.login(host), self.host_keys)
        return opener(endpoint_of(host, self.deadlines), self.login(host), self.host_keys)

    def port(self, host: Host) -> int:
        """Return the TCP port at which a host is logged in to.

        Raises:
            InventoryError: it has one for NAPALM that is none.
        """
        otherwise = host.port or SSH_PORT
        if host.transport is Transport.NAPALM:
            return port_of(host.napalm, otherwise)
        return otherwise

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
    spoken = _driver_of(host)
    kind, channel = spoken.session.netmiko, procedures_of(spoken).channel
    if host.port is None:
        return Endpoint(host.name, host.address, kind, channel, deadlines=deadlines)
    return Endpoint(host.name, host.address, kind, channel, host.port, deadlines)


def _napalm_endpoint(host: Host, deadlines: Deadlines) -> NapalmEndpoint:
    spoken = _driver_of(host)
    procedures_of(spoken, Transport.NAPALM)
    kind = spoken.napalm_driver if isinstance(spoken, SpeaksNapalm) else ""
    arguments_of(kind, host.napalm)
    need_napalm()
    port = port_of(host.napalm, host.port or SSH_PORT)
    return NapalmEndpoint(host.name, host.address, kind, port, deadlines, host.napalm)


def _driver_of(host: Host) -> Driver:
    if not host.driver:
        raise DriverError(
            f"the platform of {host.name} is not known: {host.platform or 'none is given'}",
            hint="give it one of `qos-translator platforms` in the inventory",
        )
    return driver(host.driver)
