"""Sessions over SSH with Netmiko: its device types, our socket, our host keys, our deadlines."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from translator.drivers.calls import Call
from translator.drivers.capture import cleaned
from translator.drivers.change import Channel, Command, Download, Request, Upload, Wait
from translator.drivers.replies import Reply
from translator.errors import (
    ConnectionLostError,
    DeadlineError,
    DriverError,
    PrivilegeError,
)
from translator.push.cli_channel import CliChannel
from translator.push.cli_prompt import prompt_of
from translator.push.credentials import Credentials
from translator.push.exec_channel import ExecChannel
from translator.push.host_keys import HostKeys, meet_unknown_key
from translator.push.logs import LOG
from translator.push.session import Deadlines
from translator.push.ssh import SSH_PORT, connected_socket, netmiko_arguments
from translator.push.translate_errors import of_login, of_session

if TYPE_CHECKING:
    from netmiko.base_connection import BaseConnection
    from paramiko import MissingHostKeyPolicy, PKey

__all__ = ["Endpoint", "NetmikoSession", "opener"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a device is and how one speaks with it.

    Attributes:
        device: our name of it, for messages.
        address: host name or IP address.
        device_type: netmiko's name of the platform.
    """

    device: str
    address: str
    device_type: str
    channel: Channel
    port: int = SSH_PORT
    deadlines: Deadlines = field(default_factory=Deadlines)


def opener(
    endpoint: Endpoint, login: Credentials, host_keys: HostKeys
) -> Callable[[], NetmikoSession]:
    """Return what opens sessions with a device, each with a login of its own."""
    return lambda: NetmikoSession(endpoint, login, host_keys)


class NetmikoSession:
    """One login; open when constructed.

    Raises:
        UnreachableError, HostKeyError, LoginError, PrivilegeError: there is no session.
    """

    def __init__(self, endpoint: Endpoint, login: Credentials, host_keys: HostKeys) -> None:
        self._device = endpoint.device
        self._lost = False
        self._given: set[str] = set()  # settings of the session
        self._deadlines = endpoint.deadlines
        LOG.info("%s: log in at %s port %d", self._device, endpoint.address, endpoint.port)
        with of_login(endpoint.device):
            self._connection = _connected(endpoint, login, host_keys)
            try:
                self._speaks = self._prepared(endpoint, login)
            except BaseException:
                self.close()
                raise

    def perform(self, request: Request) -> Reply:
        """Carry out one request; see `translator.push.session.Session`."""
        if isinstance(request, Wait):
            time.sleep(request.seconds)
            return Reply()
        if isinstance(request, Call):
            raise DriverError(
                f"{self._device} takes no calls in this session: {request.method}",
                hint="its procedures are those of another transport; please report it",
            )
        request = self._deadlines.limited(request)
        LOG.debug("%s: %s", self._device, _told(request))
        if self._lost:
            raise ConnectionLostError(f"the session with {self._device} was given up before")
        try:
            with of_session(self._device):
                if isinstance(request, Command):
                    return self._command(request)
                return self._file(request)
        except ConnectionLostError:
            self._lost = True
            raise
        except DeadlineError:
            # At a prompt a late answer would be taken for that to another command.
            self._lost = isinstance(self._speaks, CliChannel)
            raise

    def close(self) -> None:
        """End the session; never raises."""
        LOG.debug("%s: the session ends", self._device)
        with suppress(Exception):
            # First of all: netmiko's good-bye types and waits, up to half a minute where nothing
            # answers or prompts are coloured. Procedures leave no mode open that would need it.
            self._connection.paramiko_cleanup()
        with suppress(Exception):
            self._connection.disconnect()

    def _command(self, request: Command) -> Reply:
        if request.once and request.text in self._given:
            return Reply()
        reply = self._speaks.command(request)
        if request.once:
            self._given.add(request.text)
        return reply

    def _file(self, request: Upload | Download) -> Reply:
        if not isinstance(self._speaks, ExecChannel):
            raise DriverError(
                f"{self._device} takes no files in this session",
                hint="the driver has to enter lines instead",
            )
        if isinstance(request, Upload):
            return self._speaks.upload(request)
        return self._speaks.download(request)

    def _prepared(self, endpoint: Endpoint, login: Credentials) -> ExecChannel | CliChannel:
        shell: Any = self._connection.remote_conn
        if endpoint.channel is Channel.EXEC:
            transport = shell.get_transport()
            shell.close()  # nobody types into it
            return ExecChannel(transport, endpoint.device)
        prompt = self._prompt(shell, endpoint)
        if login.secret is not None:
            self._enable()
        return CliChannel(shell, prompt, endpoint.device, endpoint.deadlines.settle_s)

    def _prompt(self, shell: Any, endpoint: Endpoint) -> str:
        """Return the prompt without its mark, and have the terminal wide and without pages.

        Netmiko waits for the exact echo of what it types, and never sees it on a line that shows
        messages of the log within. Then the prompt is found by ours, which does without; drivers
        do without a terminal that was prepared.
        """
        from netmiko.exceptions import ReadTimeout

        try:
            self._connection.session_preparation()
        except ReadTimeout:
            LOG.info("%s: no exact echo; its prompt is looked for without", self._device)
            prompt = prompt_of(shell, self._device, endpoint.deadlines.login_s)
            self._connection.base_prompt = prompt
            self._connection.global_cmd_verify = False  # its `enable` waits for no echo then
            return prompt
        # What is coloured has its mark within: netmiko takes the last sign for it.
        return cleaned(self._connection.base_prompt).rstrip("#>$% ")

    def _enable(self) -> None:
        from netmiko.exceptions import ReadTimeout

        try:
            self._connection.enable()
        except (ValueError, ReadTimeout) as error:  # a refusal leaves it waiting for a prompt
            raise PrivilegeError(
                f"{self._device} does not let us into the privileged mode",
                hint="check NET_SECRET; it was tried once",
            ) from error


def _told(request: Command | Upload | Download) -> str:
    """Return what is asked; of files only which, for they may hold anything."""
    if isinstance(request, Command):
        return f"> {request.text}"
    return f"{type(request).__name__.lower()} {request.path}"


def _connected(endpoint: Endpoint, login: Credentials, host_keys: HostKeys) -> BaseConnection:
    from netmiko import ConnectHandler

    deadlines = endpoint.deadlines
    way = connected_socket(endpoint.address, endpoint.port, deadlines)
    try:
        connection = ConnectHandler(
            device_type=endpoint.device_type,
            host=endpoint.address,
            port=endpoint.port,
            username=login.username,
            password=None if login.password is None else login.password.reveal(),
            **netmiko_arguments(login, deadlines, way),
            auto_connect=False,
        )
        connection.key_policy = _policy(host_keys)
        try:
            with host_keys.of(endpoint.address, endpoint.port) as file:
                connection.alt_key_file = str(file)
                connection.establish_connection()
        except BaseException:
            connection.disconnect()  # also takes netmiko's log filter, with the password, away
            raise
    except BaseException:
        way.close()
        raise
    return connection


def _policy(host_keys: HostKeys) -> MissingHostKeyPolicy:
    from paramiko import MissingHostKeyPolicy

    class Policy(MissingHostKeyPolicy):
        def missing_host_key(self, client: object, hostname: str, key: PKey) -> None:
            del client  # it would add the key to its own memory; ours is the file
            meet_unknown_key(host_keys, hostname, key)

    return Policy()
