"""What every command that logs in to devices is given: who we are, whom we believe.

A password is no option: every process of the machine can read the command line. It comes from
NET_PASSWORD, --password-command, the keyring or --ask-pass.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from translator.inventory.transport import Transport

if TYPE_CHECKING:
    from translator.inventory.model import Host
    from translator.push.connections import Connections

__all__ = [
    "HostKey",
    "Live",
    "Logins",
    "StrictLogins",
    "connections",
]


class HostKey(StrEnum):
    """What becomes of a host key that is in no file; a changed one is refused always."""

    STRICT = "strict"
    ACCEPT_NEW = "accept-new"


_HostKeyOption = Annotated[
    HostKey,
    typer.Option(
        "--host-key",
        help="Keys of unknown hosts: refuse them, or write them down. Changed keys are refused.",
    ),
]
_KnownHosts = Annotated[
    str | None,
    typer.Option(
        "--known-hosts",
        metavar="FILE",
        help="File of known host keys [default: NET_KNOWN_HOSTS, or our own].",
        show_default=False,
    ),
]
_Username = Annotated[
    str | None,
    typer.Option(
        "--username",
        metavar="NAME",
        help="Who logs in where the inventory does not say [default: NET_USERNAME].",
        show_default=False,
    ),
]
_AskPass = Annotated[
    bool, typer.Option("--ask-pass", help="Ask for the password, if NET_PASSWORD is not set.")
]
_PasswordCommand = Annotated[
    str | None,
    typer.Option(
        "--password-command",
        metavar="COMMAND",
        help="A command that prints the password; run without a shell.",
        show_default=False,
    ),
]
_Transport = Annotated[
    Transport | None,
    typer.Option(
        "--transport",
        help="Library for the sessions of all hosts [default: as the inventory says, or netmiko].",
        show_default=False,
    ),
]
_Forks = Annotated[int, typer.Option("--forks", "-f", min=1, max=256, help="Hosts at one time.")]
_Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        help="Longest time for a login, and for each answer [default: as the platform needs].",
        show_default=False,
    ),
]
Live = Annotated[
    bool, typer.Option("--live", help="Log in to the hosts of -i PATH; changes nothing there.")
]


_Verbose = Annotated[
    int,
    typer.Option(
        "-v",
        "--verbose",
        count=True,
        help="Log to stderr: steps; -vv: commands, too; -vvv: all that the libraries say.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class StrictLogins:
    """These options as they were given, to be used once the hosts are known; keys must be known."""

    known_hosts: _KnownHosts = None
    username: _Username = None
    ask_pass: _AskPass = False
    password_command: _PasswordCommand = None
    timeout: _Timeout = None
    transport: _Transport = None
    forks: _Forks = 20
    verbose: _Verbose = 0

    @property
    def host_key_policy(self) -> HostKey:
        """What becomes of keys that nobody knows."""
        return HostKey.STRICT

    def over(self, hosts: Iterable[Host]) -> tuple[Host, ...]:
        """Return the hosts as they are spoken with: over the library that was asked for."""
        if self.transport is None:
            return tuple(hosts)
        return tuple(replace(host, transport=self.transport) for host in hosts)

    @contextmanager
    def connected(self, hosts: Collection[Host]) -> Iterator[Connections]:
        """Give how the hosts are logged in to; what is logged inside is shown as was asked.

        Raises:
            UsageError: a library is missing; or as `connections`.
            LoginError: as `connections`.
        """
        from translator.push.extras import need_napalm, need_push
        from translator.push.logs import logged

        need_push()
        if any(host.transport is Transport.NAPALM for host in hosts):
            need_napalm()
        known = connections(
            hosts,
            host_key=self.host_key_policy,
            known_hosts=self.known_hosts,
            username=self.username,
            ask_pass=self.ask_pass,
            password_command=self.password_command,
            timeout=self.timeout,
        )
        with logged(sys.stderr, self.verbose, known.redactor):
            yield known


@dataclass(frozen=True, slots=True)
class Logins(StrictLogins):
    """The same, where keys of unknown hosts may be written down."""

    host_key: _HostKeyOption = HostKey.STRICT

    @property
    def host_key_policy(self) -> HostKey:
        """What becomes of keys that nobody knows."""
        return self.host_key


def connections(
    hosts: Iterable[Host],
    *,
    host_key: HostKey = HostKey.STRICT,
    known_hosts: str | None = None,
    username: str | None = None,
    ask_pass: bool = False,
    password_command: str | None = None,
    timeout: float | None = None,
) -> Connections:
    """Return how the hosts are logged in to; each user name is asked for its password once.

    Raises:
        UsageError: there is no user name, or the password command failed.
        LoginError: there is nothing to log in with.
    """
    import os
    from pathlib import Path

    from translator.push.connections import Connections
    from translator.push.credentials import credentials
    from translator.push.host_keys import HostKeys, default_known_hosts
    from translator.push.session import Deadlines

    logins = {
        name: credentials(
            username=name or username, ask=ask_pass, password_command=password_command
        )
        for name in dict.fromkeys(host.username for host in hosts)
    }
    named = known_hosts or os.environ.get("NET_KNOWN_HOSTS")
    file = Path(named).expanduser() if named else default_known_hosts()
    keys = HostKeys(file, accept_new=host_key is HostKey.ACCEPT_NEW)
    deadlines = Deadlines() if timeout is None else Deadlines.within(timeout)
    return Connections(logins, keys, deadlines)
