"""What every SSH session is made of: a socket that notices silence, and the key of who logs in."""

from __future__ import annotations

import socket
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from translator.errors import LoginError
from translator.push.credentials import Credentials
from translator.push.session import Deadlines

if TYPE_CHECKING:
    from paramiko import PKey

__all__ = [
    "SSH_PORT",
    "connected_socket",
    "keepalive_s",
    "netmiko_arguments",
    "private_key",
    "watch_silence",
]

SSH_PORT: Final = 22


def netmiko_arguments(
    login: Credentials, deadlines: Deadlines, way: socket.socket
) -> dict[str, Any]:
    """Return the arguments of a Netmiko connection, but for whose keys are believed."""
    return {
        "secret": "" if login.secret is None else login.secret.reveal(),
        "pkey": private_key(login),
        # Only what the caller named is tried: the user's other keys would use up attempts.
        "use_keys": False,
        "allow_agent": login.agent and login.key is None,
        "ssh_strict": True,
        "system_host_keys": False,
        "alt_host_keys": True,
        "conn_timeout": deadlines.login_s,
        "banner_timeout": deadlines.login_s,
        "auth_timeout": deadlines.login_s,
        "read_timeout_override": deadlines.answer_s if isfinite(deadlines.answer_s) else None,
        "keepalive": keepalive_s(deadlines),
        "sock": way,
    }


def keepalive_s(deadlines: Deadlines) -> float:
    """Return how often a session sends something, so that there is what can stay unacknowledged."""
    return max(1.0, deadlines.silence_s / 3)


def connected_socket(address: str, port: int, deadlines: Deadlines) -> socket.socket:
    """Return a connected socket that notices within `silence_s` that nobody is there any more.

    Source: tcp(7), TCP_USER_TIMEOUT: how long sent data may stay unacknowledged. The keepalives of
    SSH see to it that there is such data; paramiko never looks for their answers.
    """
    way = socket.create_connection((address, port), timeout=deadlines.connect_s)
    way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    watch_silence(way, deadlines)
    return way


def watch_silence(way: socket.socket, deadlines: Deadlines) -> None:
    """Have a socket notice it; does nothing where the system cannot."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        silence_ms = int(deadlines.silence_s * 1000)
        way.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, silence_ms)


def private_key(login: Credentials) -> PKey | None:
    """Return the key that the login names, None where it names none.

    Raises:
        LoginError: it cannot be read.
    """
    if login.key is None:
        return None
    try:
        return _read_key(login.key, None)
    except TypeError:  # so paramiko 5 passes on that it is encrypted
        if login.passphrase is None:
            raise LoginError(
                f"the key {login.key} is encrypted",
                hint="set NET_SSH_PASSPHRASE or use an SSH agent",
            ) from None
    return _read_key(login.key, login.passphrase.reveal().encode())


@lru_cache(maxsize=8)  # to open an encrypted key takes as long as a login, on purpose
def _read_key(file: Path, passphrase: bytes | None) -> PKey:
    """Return a private key.

    Raises:
        TypeError: it is encrypted, and there is no passphrase.
        LoginError: it cannot be read.
    """
    from paramiko import PKey
    from paramiko.ssh_exception import PasswordRequiredException

    # Its types say str; paramiko 5 hands it on to cryptography as it is, which takes bytes.
    password: Any = passphrase
    try:
        key: PKey = PKey.from_path(file, password)
    except (TypeError, PasswordRequiredException) as error:
        raise TypeError("encrypted") from error
    except Exception as error:
        raise LoginError(
            f"the key {file} cannot be read ({type(error).__name__})",
            hint="give the file of a private key, such as ~/.ssh/id_ed25519, and its passphrase",
        ) from None
    return key
