"""The host key that a device shows before anybody logs in, and those that are known of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from translator.push.host_keys import HostKeys, meet_unknown_key
from translator.push.session import Deadlines
from translator.push.ssh import SSH_PORT, connected_socket

if TYPE_CHECKING:
    from paramiko import PKey, Transport

__all__ = ["known_as", "known_keys", "pinned", "shown_key"]


def known_as(address: str, port: int) -> str:
    """Return the name in a file of known hosts. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT."""
    return address if port == SSH_PORT else f"[{address}]:{port}"


def known_keys(file: Path, name: str) -> dict[str, str]:
    """Return the known keys of a host by their kind, in base64."""
    from paramiko.hostkeys import HostKeys as KnownHosts

    if not file.exists():
        return {}
    found = KnownHosts(str(file)).lookup(name)
    return {} if found is None else {kind: key.get_base64() for kind, key in found.items()}


def shown_key(reached: socket.socket, known: dict[str, str], deadlines: Deadlines) -> PKey:
    """Return the key that the device proves to have, of a kind that is known if it has one."""
    from paramiko import Transport

    transport = Transport(reached)
    try:
        transport.banner_timeout = deadlines.login_s
        _prefer(transport, known)
        transport.start_client(timeout=deadlines.login_s)
        return transport.get_remote_server_key()
    finally:
        transport.close()


@contextmanager
def pinned(host_keys: HostKeys, address: str, port: int, deadlines: Deadlines) -> Iterator[Path]:
    """Give a file with the keys that are believed of one host, and no others.

    For libraries that ask nobody about a key that they do not know. One that is to be written down
    is asked of the device first, without a login; the login that follows must meet the same.

    Raises:
        UnknownHostKeyError: there is none, and new ones are not accepted.
        OSError, SSHException: the device does not show its key.
    """
    name = known_as(address, port)
    with host_keys.of(address, port) as file:
        known = known_keys(file, name)
    if not known:
        with closing(connected_socket(address, port, deadlines)) as reached:
            key = shown_key(reached, known, deadlines)
        meet_unknown_key(host_keys, name, key)
        known = {key.get_name(): key.get_base64()}
    with NamedTemporaryFile("w", encoding="ascii", prefix="known_hosts.") as kept:
        kept.writelines(f"{name} {kind} {key}\n" for kind, key in known.items())
        kept.flush()
        yield Path(kept.name)


def _prefer(transport: Transport, known: dict[str, str]) -> None:
    options = transport.get_security_options()
    kinds = tuple(options.key_types)

    def is_other(kind: str) -> bool:
        return ("ssh-rsa" if kind.startswith("rsa-sha2-") else kind) not in known

    options.key_types = tuple(sorted(kinds, key=is_other))
