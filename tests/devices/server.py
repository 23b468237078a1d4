"""Simulated devices on loopback: real SSH, one thread with one event loop for all."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import asyncssh
from asyncssh.connection import SSHConnection
from asyncssh.constants import MSG_IGNORE

from .device import Device
from .scp import run_scp
from .session import Fate
from .shell import run_shell
from .terminal import Terminal

__all__ = ["LOOP", "Address", "reset_on_close", "run_on_loop", "serving", "serving_all"]

_HOST = "127.0.0.1"
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: close() sends RST
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a served device is, and the key by which a client knows it.

    `host_key` is an OpenSSH public key line; `known_hosts_line` is what a known_hosts file needs.
    """

    host: str
    port: int
    host_key: str

    @property
    def known_hosts_line(self) -> str:
        """The line of a known_hosts file."""
        return f"[{self.host}]:{self.port} {self.host_key}\n"


@contextmanager
def serving(device: Device) -> Iterator[Address]:
    """Serve one device over SSH until the block ends; then no thread and no socket is left."""
    with serving_all([device]) as (address,):
        yield address


@contextmanager
def serving_all(devices: list[Device]) -> Iterator[tuple[Address, ...]]:
    """Serve many devices, each on a port of its own."""
    with ExitStack() as stack:
        loop = stack.enter_context(LOOP.used())
        servers = [_DeviceServer(device) for device in devices]

        async def stop() -> None:
            await asyncio.gather(*(server.stop() for server in servers))

        stack.callback(lambda: run_on_loop(loop, stop()))
        yield run_on_loop(loop, _start_all(servers))


async def _start_all(servers: list[_DeviceServer]) -> tuple[Address, ...]:
    return tuple([await server.start() for server in servers])


def run_on_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine on the background loop and return its result."""
    return asyncio.run_coroutine_threadsafe(work, loop).result(60)


class _SharedLoop:
    """The background loop; it lives while somebody uses it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def used(self) -> Iterator[asyncio.AbstractEventLoop]:
        """Keep the loop alive."""
        with self._lock:
            self._users += 1
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="devices")
                self._thread.start()
            loop = self._loop
        try:
            yield loop
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._stop(loop)

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        run_on_loop(loop, _cancel_others())
        loop.call_soon_threadsafe(loop.stop)
        assert self._thread is not None
        self._thread.join(30)
        loop.close()
        self._loop = self._thread = None


async def _cancel_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
    await asyncio.sleep(0.005)  # cancelled transports close in the next turns of the loop


LOOP = _SharedLoop()


class _DeviceServer:
    """The listening side of one device."""

    def __init__(self, device: Device) -> None:
        self.device = device
        # asyncssh calls a connection lost before its socket is closed: the socket says when it is.
        self.connections: dict[asyncssh.SSHServerConnection, socket.socket] = {}
        self._acceptor: asyncssh.SSHAcceptor | None = None

    async def start(self) -> Address:
        key = asyncssh.generate_private_key("ssh-ed25519")
        self._acceptor = await asyncssh.listen(
            _HOST,
            0,
            server_factory=lambda: _Login(self),
            process_factory=self._serve,
            server_host_keys=[key],
            encoding=None,
            line_editor=False,
            kex_algs=["curve25519-sha256@libssh.org", "curve25519-sha256"],
            encryption_algs=["aes128-ctr", "aes256-ctr"],
            login_timeout=60,
        )
        self.device.clock.bind(asyncio.get_running_loop())
        host_key = key.export_public_key().decode().strip()
        return Address(_HOST, self._acceptor.get_port(), host_key)

    async def stop(self) -> None:
        self.device.clock.bind(None)
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()
            await asyncio.sleep(0.005)  # what was accepted last becomes a connection
        while self._forget_closed():
            for connection in self.connections:
                connection.abort()
            await asyncio.sleep(0.005)

    def opened(self, connection: asyncssh.SSHServerConnection) -> None:
        """Keep a connection until its socket is closed."""
        self._forget_closed()
        self.connections[connection] = connection.get_extra_info("socket")

    def _forget_closed(self) -> bool:
        """Drop what is closed; return whether anything is left."""
        for connection, sock in tuple(self.connections.items()):
            if sock.fileno() < 0:
                del self.connections[connection]
        return bool(self.connections)

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        connection = process.channel.get_connection()
        if (process.command or "").startswith("scp "):
            process.exit(
                await run_scp(self.device, process.command or "", process.stdin, process.stdout)
            )
            return
        user = process.get_extra_info("username")
        if process.subsystem is not None:
            await self._serve_subsystem(process, user)
            return
        session = self.device.attach(user)
        loop = asyncio.get_running_loop()
        session.kick = partial(loop.call_soon_threadsafe, _reset, connection)
        terminal = Terminal(
            process.stdin, process.stdout, self.device.faults.noise, self.device.clock
        )
        fate = Fate.CLOSES
        # a client that goes leaves what it had begun as it is
        with suppress(asyncssh.Error, OSError):
            fate = await run_shell(self.device, session, terminal)
        session.kick = None
        self.device.drop(session)
        self._end(process, fate)

    async def _serve_subsystem(self, process: asyncssh.SSHServerProcess[bytes], user: str) -> None:
        serve = self.device.subsystem(process.subsystem or "")
        if serve is None:
            process.exit(1)
            return
        fate = Fate.CLOSES
        with suppress(asyncssh.Error, OSError):
            fate = await serve(user, process.stdin, process.stdout)
            while fate is Fate.HANGS and await process.stdin.read(4096):
                pass
        self._end(process, fate)

    @staticmethod
    def _end(process: asyncssh.SSHServerProcess[bytes], fate: Fate) -> None:
        connection = process.channel.get_connection()
        if fate is Fate.RESETS:
            _reset(connection)
        else:
            process.exit(0)
            connection.close()


def _send_no_fillers(connection: SSHConnection) -> None:
    """Keep a connection from sending an SSH_MSG_IGNORE before each packet, as no device does."""
    send = connection.send_packet

    def send_packet(kind: int, *parts: bytes, handler: Any = None) -> None:
        if kind != MSG_IGNORE:
            send(kind, *parts, handler=handler)

    connection.send_packet = send_packet  # type: ignore[method-assign]  # no option turns it off


def _reset(connection: SSHConnection) -> None:
    """End a connection as a crashed device does: with a TCP reset, at once."""
    reset_on_close(connection.get_extra_info("socket"))
    connection.abort()


def reset_on_close(sock: socket.socket | None) -> None:
    """Let a socket end with a TCP reset when it is closed."""
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


class _Login(asyncssh.SSHServer):
    """Who may log in."""

    def __init__(self, server: _DeviceServer) -> None:
        self._server = server
        self._device = server.device
        self._admitted: bool | None = None  # a key is asked about first, then proven: one login

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        _send_no_fillers(conn)
        self._server.opened(conn)
        if self._device.full():
            _reset(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        await self._wait()
        return self._device.accepts(username, password)

    def public_key_auth_supported(self) -> bool:
        return bool(self._device.keys)

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = any(key == asyncssh.import_public_key(text) for text in self._device.keys)
        if not known or username not in self._device.users:
            return False  # not logged: clients offer every key they have
        if self._admitted is None:
            await self._wait()
            self._admitted = self._device.admits(username, proven=True)
        return self._admitted

    async def _wait(self) -> None:
        if self._device.faults.login_delay_s:
            self._device.note("fault", "slow authentication")
            await asyncio.sleep(self._device.faults.login_delay_s)
