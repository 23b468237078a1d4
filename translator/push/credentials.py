"""Who we are to a device: from the environment, a command, the keyring or a question.

Never from an argument of the command line, which every process of the machine can read, and never
from a file of ours.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from translator.errors import LoginError, UsageError
from translator.push.secret import Secret

__all__ = ["KEYRING_SERVICE", "Credentials", "credentials"]

KEYRING_SERVICE: Final = "qos-translator"
_COMMAND_S: Final = 30


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one login may use; each of them is tried once.

    Attributes:
        secret: for the privileged mode (`enable`), where the platform has one.
        key: file of a private key; `passphrase` opens it.
        agent: ask the SSH agent for keys.
    """

    username: str
    password: Secret | None = None
    secret: Secret | None = None
    key: Path | None = None
    passphrase: Secret | None = None
    agent: bool = False

    def __post_init__(self) -> None:
        if not self.username or not self.username.isprintable():
            raise UsageError(
                f"{self.username!r} is no user name", hint="set NET_USERNAME, or give --username"
            )
        if not (self.password or self.key or self.agent):
            raise LoginError(
                f"there is nothing to log in with as {self.username}",
                hint="set NET_PASSWORD or NET_SSH_KEY, use --ask-pass, or start an SSH agent",
            )

    @property
    def secrets(self) -> tuple[Secret | None, ...]:
        """All values that nobody may see."""
        return (self.password, self.secret, self.passphrase)


def credentials(
    environment: Mapping[str, str] | None = None,
    *,
    username: str | None = None,
    ask: bool = False,
    password_command: str | None = None,
    prompt: Callable[[str], str] | None = None,
) -> Credentials:
    """Return the credentials: the command, then the environment, the keyring, the question.

    Args:
        environment: NET_USERNAME, NET_PASSWORD, NET_SECRET, NET_SSH_KEY, NET_SSH_PASSPHRASE and
            SSH_AUTH_SOCK count; the process's own without.
        ask: ask for the password at the terminal.
        password_command: prints the password on its first line; run without a shell.
        prompt: asks the question; `getpass.getpass` without.

    Raises:
        UsageError: there is no user name, or the command failed.
        LoginError: there is nothing to log in with.
    """
    known = os.environ if environment is None else environment
    name = username or known.get("NET_USERNAME") or known.get("ANSIBLE_NET_USERNAME") or ""
    key = known.get("NET_SSH_KEY")
    password = (
        _from_command(password_command)
        or _secret(known.get("NET_PASSWORD") or known.get("ANSIBLE_NET_PASSWORD"))
        or _from_keyring(name)
        or (_asked(name, prompt) if ask else None)
    )
    return Credentials(
        name,
        password,
        _secret(known.get("NET_SECRET") or known.get("NET_ENABLE")),
        Path(key).expanduser() if key else None,
        _secret(known.get("NET_SSH_PASSPHRASE")),
        agent=bool(known.get("SSH_AUTH_SOCK")),
    )


def _secret(value: str | None) -> Secret | None:
    return Secret(value) if value else None


def _from_command(command: str | None) -> Secret | None:
    if not command:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, as words, without a shell
            shlex.split(command), stdout=subprocess.PIPE, timeout=_COMMAND_S, check=True, text=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # What the command printed may be half a password, so it is not shown.
        raise UsageError(
            f"the password command failed ({type(error).__name__})",
            hint="try it in a terminal: it has to print the password on its first line",
        ) from None
    return _secret(done.stdout.split("\n", 1)[0].rstrip("\r"))


def _from_keyring(username: str) -> Secret | None:
    """Return what the system's keyring holds for us; None where there is none, or no module."""
    try:
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
    except ImportError:
        return None
    try:
        return _secret(keyring.get_password(KEYRING_SERVICE, username))
    except errors.KeyringError:
        return None


def _asked(username: str, prompt: Callable[[str], str] | None) -> Secret | None:
    if prompt is None:
        from getpass import getpass

        prompt = getpass
    return _secret(prompt(f"password of {username}: "))
