"""A login with NAPALM, that carries out requests as every session does."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Final, TypeGuard

from translator.drivers.calls import Call, Method
from translator.drivers.change import Command, Request, Wait
from translator.drivers.replies import Reply
from translator.errors import ConnectionLostError, DeadlineError, RefusedError
from translator.push.credentials import Credentials
from translator.push.host_keys import HostKeys
from translator.push.logs import LOG
from translator.push.napalm.driver import OpenDriver
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.translate_errors import of_login, of_session

__all__ = ["NapalmSession", "napalm_opener"]

_DRIVERS: Final = {
    "ios": ("translator.push.napalm.ios", "IosDriver"),
    "junos": ("translator.push.napalm.junos", "JunosDriver"),
}


def napalm_opener(
    endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys
) -> Callable[[], NapalmSession]:
    """Return what opens sessions with a device, each with a login of its own."""
    return lambda: NapalmSession(endpoint, login, host_keys)


class NapalmSession:
    """One login; open when constructed.

    Raises:
        UnreachableError, HostKeyError, LoginError, PrivilegeError: there is no session.
    """

    def __init__(self, endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> None:
        self._device = endpoint.device
        self._deadlines = endpoint.deadlines
        self._lost = False
        LOG.info(
            "%s: log in at %s port %d with NAPALM (%s)",
            self._device,
            endpoint.address,
            endpoint.port,
            endpoint.kind,
        )
        with of_login(endpoint.device):
            self._driver = _driver(endpoint, login, host_keys)

    def perform(self, request: Request) -> Reply:
        """Carry out one request; see `translator.push.session.Session`.

        Raises:
            RefusedError: it is a command that may change the device, or a file: those are left to
                calls here.
        """
        if isinstance(request, Wait):
            time.sleep(request.seconds)
            return Reply()
        if not _is_carried(request):
            raise RefusedError(
                f"{self._device}: over NAPALM no command may change the device",
                hint="its procedures are those of another transport; please report it",
            )
        if self._lost:
            raise ConnectionLostError(f"the session with {self._device} was given up before")
        request = self._deadlines.limited(request)
        try:
            with of_session(self._device):
                return Reply(self._said(request))
        except (ConnectionLostError, DeadlineError):
            self._lost = True  # a late answer must not be taken for that to another request
            raise

    def close(self) -> None:
        """End the session; never raises."""
        LOG.debug("%s: the session ends", self._device)
        self._driver.close(broken=self._lost)

    def _said(self, request: Command | Call) -> str:
        if isinstance(request, Call):
            LOG.debug("%s: call: %s", self._device, request)
            for line in request.text.splitlines() if request.method is Method.LOAD else ():
                LOG.debug("%s: > %s", self._device, line)
            return self._driver.call(request)
        LOG.debug("%s: > %s", self._device, request.text)
        return self._driver.cli(request.text, request.timeout_s) if request.text else ""


def _is_carried(request: Request) -> TypeGuard[Command | Call]:
    return isinstance(request, Call) or (isinstance(request, Command) and not request.changes)


def _driver(endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> OpenDriver:
    module, name = _DRIVERS[endpoint.kind]
    opened: OpenDriver = getattr(import_module(module), name)(endpoint, login, host_keys)
    return opened
