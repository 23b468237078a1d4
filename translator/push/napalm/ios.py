"""NAPALM's driver for IOS: Netmiko below it, with our socket, host keys and deadlines."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from translator.drivers.calls import Call, Method
from translator.errors import PrivilegeError, RefusedError
from translator.push.credentials import Credentials
from translator.push.host_keys import HostKeys
from translator.push.napalm.driver import configuration, facts
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.napalm.options import arguments_of
from translator.push.shown_key import pinned
from translator.push.ssh import connected_socket, netmiko_arguments

__all__ = ["IosDriver"]


class IosDriver:
    """See `translator.push.napalm.driver.OpenDriver`."""

    def __init__(self, endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> None:
        self._device = endpoint.device
        self._napalm = _opened(endpoint, login, host_keys)
        try:
            if login.secret is not None:
                self._enable()
        except BaseException:
            self.close(broken=True)
            raise

    def cli(self, text: str, timeout_s: float) -> str:
        """Type a command."""
        self._wait_at_most(timeout_s)
        return str(self._napalm.cli([text])[text])

    def call(self, call: Call) -> str:
        """Read; nothing else is asked of this driver.

        Raises:
            RefusedError: it would change the device.
        """
        self._wait_at_most(call.timeout_s)
        match call.method:
            case Method.FACTS:
                return facts(self._napalm)
            case Method.CONFIG:
                return configuration(self._napalm)
        raise RefusedError(
            f"{self._device} is only read over NAPALM: {call.method} was not called",
            hint="use --transport netmiko",
        )

    def close(self, *, broken: bool) -> None:
        """End the session as Netmiko does, whose good-bye waits where nothing answers."""
        del broken
        with suppress(Exception):
            self._napalm.device.paramiko_cleanup()
        with suppress(Exception):
            self._napalm.close()

    def _wait_at_most(self, seconds: float) -> None:
        """NAPALM passes no time on to Netmiko, whose own are too short for a configuration."""
        self._napalm.device.read_timeout_override = seconds

    def _enable(self) -> None:
        from netmiko.exceptions import ReadTimeout

        try:
            self._napalm.device.enable()
        except (ValueError, ReadTimeout) as error:
            raise PrivilegeError(
                f"{self._device} does not let us into the privileged mode",
                hint="check NET_SECRET; it was tried once",
            ) from error


def _opened(endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> Any:
    from napalm import get_network_driver

    deadlines = endpoint.deadlines
    chosen = arguments_of("ios", endpoint.options)
    with pinned(host_keys, endpoint.address, endpoint.port, deadlines) as known:
        way = connected_socket(endpoint.address, endpoint.port, deadlines)
        try:
            given = {
                **chosen,
                **netmiko_arguments(login, deadlines, way),
                "alt_key_file": str(known),
                "port": endpoint.port,
                "force_no_enable": True,  # it would try to enable with an empty password
                "auto_file_prompt": False,  # a setting of the device that it would change
            }
            driver = get_network_driver("ios")(
                endpoint.address,
                login.username,
                "" if login.password is None else login.password.reveal(),
                optional_args=given,
            )
            driver.open()
        except BaseException:
            way.close()
            raise
    return driver
