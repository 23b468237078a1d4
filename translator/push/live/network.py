"""The way to a device, before anybody logs in: its name, its port, its host key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from translator.errors import ChangeError
from translator.push.host_keys import HostKeys
from translator.push.live.checks import CHECKS, Check, Checked, Verdict, failed_by
from translator.push.session import Deadlines
from translator.push.translate_errors import our_error

if TYPE_CHECKING:
    from paramiko import PKey, Transport

__all__ = ["Way", "check_way"]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a device is, and which keys are known."""

    device: str
    address: str
    port: int
    host_keys: HostKeys
    deadlines: Deadlines

    @property
    def known_as(self) -> str:
        """The name in a file of known hosts. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT."""
        return self.address if self.port == 22 else f"[{self.address}]:{self.port}"


def check_way(way: Way) -> Iterator[Checked]:
    """Yield name, port and host key, up to the first that fails."""
    try:
        found = socket.getaddrinfo(way.address, way.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        yield failed_by(Check.NAME, our_error(error, way.device, login=True))
        return
    addresses = ", ".join(dict.fromkeys(str(item[4][0]) for item in found))
    yield Checked(Check.NAME, Verdict.OK, f"{way.address} is {addresses}")
    try:
        reached = socket.create_connection((way.address, way.port), timeout=way.deadlines.connect_s)
    except OSError as error:
        yield _not_reached(way, error)
        return
    with closing(reached):
        yield Checked(Check.REACH, Verdict.OK, f"port {way.port} answers")
        yield _checked_key(way, reached)


def _not_reached(way: Way, error: OSError) -> Checked:
    at = f"{way.address} port {way.port}"
    if isinstance(error, ConnectionRefusedError):
        what, fix = f"{at} refuses the connection", "turn its SSH server on, or correct the port"
    elif isinstance(error, TimeoutError):
        what = f"{at} does not answer within {way.deadlines.connect_s:g} s"
        fix = "check that the device runs, and what filters the way there"
    else:
        what = f"{at} cannot be reached: {error.strerror or error}"
        fix = "check the route there, and what filters the way"
    return Checked(Check.REACH, Verdict.FAILED, what, (fix,), CHECKS[Check.REACH].exit_code)


def _checked_key(way: Way, reached: socket.socket) -> Checked:
    try:
        known = _known_keys(way)
        key = _shown_key(way, reached, known)
    except ChangeError as error:
        return failed_by(Check.HOST_KEY, error)
    except Exception as error:
        return failed_by(Check.HOST_KEY, our_error(error, way.device, login=True))
    shown = f"{key.get_name()} {key.fingerprint}"
    if not known:
        return _wrong_key(way, key, f"not known: it shows {shown}", ())
    if known.get(key.get_name()) == key.get_base64():
        return Checked(Check.HOST_KEY, Verdict.OK, f"known: {shown}")
    remove = f"ssh-keygen -R {quote(way.known_as)} -f {quote(str(way.host_keys.file))}"
    warning = (
        "do not log in: somebody may stand between, or the device has a new key",
        f"only if it is new, remove the old one: {remove}",
    )
    return _wrong_key(way, key, f"another than the known one: it shows {shown}", warning)


def _wrong_key(way: Way, key: PKey, found: str, first: tuple[str, ...]) -> Checked:
    kind = key.get_name().removeprefix("ssh-").partition("-")[0]
    fix = (
        *first,
        f"compare {key.fingerprint} with what the device shows at its console",
        f"scan again with: ssh-keyscan -p {way.port} -t {kind} {quote(way.address)}",
        f"only if they are equal, add this line to {way.host_keys.file}:",
        f"{way.known_as} {key.get_name()} {key.get_base64()}",
    )
    return Checked(Check.HOST_KEY, Verdict.FAILED, found, fix, CHECKS[Check.HOST_KEY].exit_code)


def _known_keys(way: Way) -> dict[str, str]:
    """Return the known keys by their kind."""
    from paramiko.hostkeys import HostKeys as KnownHosts

    file: Path = way.host_keys.file
    if not file.exists():
        return {}
    found = KnownHosts(str(file)).lookup(way.known_as)
    return {} if found is None else {kind: key.get_base64() for kind, key in found.items()}


def _shown_key(way: Way, reached: socket.socket, known: dict[str, str]) -> PKey:
    """Return the key that the device proves to have, of a kind that is known if it has one."""
    from paramiko import Transport

    transport = Transport(reached)
    try:
        transport.banner_timeout = way.deadlines.login_s
        _prefer(transport, known)
        transport.start_client(timeout=way.deadlines.login_s)
        return transport.get_remote_server_key()
    finally:
        transport.close()


def _prefer(transport: Transport, known: dict[str, str]) -> None:
    options = transport.get_security_options()
    kinds = tuple(options.key_types)

    def is_other(kind: str) -> bool:
        return ("ssh-rsa" if kind.startswith("rsa-sha2-") else kind) not in known

    options.key_types = tuple(sorted(kinds, key=is_other))
