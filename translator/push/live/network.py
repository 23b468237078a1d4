"""The way to a device, before anybody logs in: its name, its port, its host key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from translator.errors import ChangeError
from translator.push.host_keys import HostKeys
from translator.push.live.checks import CHECKS, Check, Checked, Verdict, failed_by
from translator.push.session import Deadlines
from translator.push.shown_key import known_as, known_keys, shown_key
from translator.push.translate_errors import our_error

if TYPE_CHECKING:
    from paramiko import PKey

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
        """The name in a file of known hosts."""
        return known_as(self.address, self.port)


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
        known = known_keys(way.host_keys.file, way.known_as)
        key = shown_key(reached, known, way.deadlines)
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
