"""What every command that logs in to devices is given: who we are, whom we believe.

A password is no option: every process of the machine can read the command line. It comes from
NET_PASSWORD, --password-command, the keyring or --ask-pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from translator.inventory.model import Host
    from translator.push.connections import Connections

__all__ = [
    "AskPass",
    "Forks",
    "HostKey",
    "HostKeyOption",
    "KnownHosts",
    "Live",
    "Logins",
    "PasswordCommand",
    "Timeout",
    "Username",
    "connections",
]


class HostKey(StrEnum):
    """What becomes of a host key that is in no file; a changed one is refused always."""

    STRICT = "strict"
    ACCEPT_NEW = "accept-new"


HostKeyOption = Annotated[
    HostKey,
    typer.Option(
        "--host-key",
        help="Keys of unknown hosts: refuse them, or write them down. Changed keys are refused.",
    ),
]
KnownHosts = Annotated[
    str | None,
    typer.Option(
        "--known-hosts",
        metavar="FILE",
        help="File of known host keys [default: NET_KNOWN_HOSTS, or our own].",
        show_default=False,
    ),
]
Username = Annotated[
    str | None,
    typer.Option(
        "--username",
        metavar="NAME",
        help="Who logs in where the inventory does not say [default: NET_USERNAME].",
        show_default=False,
    ),
]
AskPass = Annotated[
    bool, typer.Option("--ask-pass", help="Ask for the password, if NET_PASSWORD is not set.")
]
PasswordCommand = Annotated[
    str | None,
    typer.Option(
        "--password-command",
        metavar="COMMAND",
        help="A command that prints the password; run without a shell.",
        show_default=False,
    ),
]
Forks = Annotated[int, typer.Option("--forks", "-f", min=1, max=256, help="Hosts at one time.")]
Timeout = Annotated[
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


@dataclass(frozen=True, slots=True)
class Logins:
    """The same options as they were given, to be used once the hosts are known."""

    host_key: HostKey = HostKey.STRICT
    known_hosts: str | None = None
    username: str | None = None
    ask_pass: bool = False
    password_command: str | None = None
    timeout: float | None = None

    def connections(self, hosts: Iterable[Host]) -> Connections:
        """Return how the hosts are logged in to.

        Raises:
            UsageError, LoginError: as `connections`.
        """
        return connections(hosts, **asdict(self))


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
