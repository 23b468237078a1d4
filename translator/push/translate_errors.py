"""The one place where errors of libraries and sockets become ours.

What a library calls an error is seldom what happened: netmiko reports a wrong host key as a
timeout. So the whole chain of causes is searched, and the most telling one decides.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from translator.errors import (
    AuthorizationError,
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    HostKeyError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    TranslatorError,
    UnreachableError,
)

__all__ = [
    "UnknownHostKeyError",
    "of_login",
    "of_session",
    "our_error",
    "refused_statement",
]

_CHECK_LOGIN: Final = (
    "each credential was tried once; check NET_USERNAME, NET_PASSWORD, NET_SSH_KEY"
)
# NAPALM is not imported for its exceptions (half a second); they are known by name.
# Source: napalm.base.exceptions. Its `ConnectionException` says nothing: what is behind it does.
_NAPALM: Final[dict[str, type[ChangeError]]] = {
    "ConnectAuthError": LoginError,
    "ConnectTimeoutError": UnreachableError,
    "ConnectionClosedException": ConnectionLostError,
    "CommandTimeoutException": DeadlineError,
    "LockError": LockedError,
}
# Neither are those of PyEZ; each holds what the device said in `message`.
# Source: jnpr.junos.exception.
_PYEZ: Final[dict[str, type[ChangeError]]] = {
    "ConnectAuthError": LoginError,
    "ConnectTimeoutError": UnreachableError,
    "ConnectUnknownHostError": UnreachableError,
    "ConnectClosedError": ConnectionLostError,
    "RpcTimeoutError": DeadlineError,
    "LockError": LockedError,
    "PermissionError": AuthorizationError,
    "RpcError": PreflightError,
}
_PYEZ_HINTS: Final[dict[type[ChangeError], str]] = {
    LoginError: _CHECK_LOGIN,
    UnreachableError: "check the name, the port and what filters the way there",
    ConnectionLostError: "check the way to the device; its timer brings back what is not confirmed",
    DeadlineError: "what it did meanwhile is read back before anything else",
    LockedError: "wait until it is given back; a session of somebody else is never ended",
    AuthorizationError: "let the user's login class do what this change consists of",
    PreflightError: "look at what the device says of it by hand",
}
_LONGEST: Final = 200


class UnknownHostKeyError(Exception):
    """The device shows a host key that is in no file of known hosts; the text says which."""


def our_error(error: BaseException, device: str, *, login: bool) -> ChangeError:
    """Return our error for one that a library, a socket or the system raised.

    Args:
        login: it came before the session stood; then nothing can have been changed.
    """
    chain = list(_chain(error))
    for each in chain:
        found = _telling(each, device)
        if found is not None:
            return found
    last = chain[-1]
    if login and any(_named(each, "ReadTimeout") for each in chain):
        return UnreachableError(
            f"{device} lets us in, but does not answer as its platform does: {_words(error)}",
            hint="check `platform` in the inventory",
        )
    if login:
        return UnreachableError(
            f"{device} cannot be reached: {_words(last)}",
            hint="check the name, the port and what filters the way there",
        )
    if any(isinstance(each, TimeoutError) or _named(each, "ReadTimeout") for each in chain):
        return DeadlineError(
            f"{device} did not answer in time: {_words(last)}",
            hint="what it did meanwhile is read back before anything else",
        )
    return ConnectionLostError(
        f"the connection with {device} was lost: {_words(last)}",
        hint="check the way to the device; its timer brings back what was not confirmed",
    )


@contextmanager
def of_login(device: str) -> Iterator[None]:
    """Raise what goes wrong inside, while a session is made, as an error of ours."""
    try:
        yield
    except TranslatorError:
        raise
    except Exception as error:
        raise our_error(error, device, login=True) from error


@contextmanager
def of_session(device: str) -> Iterator[None]:
    """Raise what goes wrong inside, in a session that stands, as an error of ours."""
    try:
        yield
    except TranslatorError:
        raise
    except Exception as error:
        raise our_error(error, device, login=False) from error


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it came from; netmiko raises without naming the cause.

    An error of ours behind another one was there before: what is told here happened while it
    was being dealt with.
    """
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__
        if isinstance(at, TranslatorError):
            return


def _telling(error: BaseException, device: str) -> ChangeError | None:
    """Return our error for one that says by itself what happened."""
    if isinstance(error, UnknownHostKeyError):
        return HostKeyError(
            f"the host key of {device} is not known: {error}",
            hint="compare it with the device's own, then run once with --host-key accept-new",
        )
    # Of ncclient, which is only ever given the keys that are known of the device.
    if _named(error, "BadHostKeyException") or _named(error, "SSHUnknownHostError"):
        return HostKeyError(
            f"the host key of {device} is another than the known one: {_words(error)}",
            hint="somebody may stand between; if the device has a new key, remove the old line",
        )
    if _named(error, "AuthenticationException"):
        return LoginError(
            f"{device} refuses the login: {_words(error)}",
            hint=_CHECK_LOGIN,
        )
    if isinstance(error, socket.gaierror):
        return UnreachableError(
            f"the name of {device} has no address: {_words(error)}",
            hint="check the host's `hostname` in the inventory",
        )
    for kind in type(error).__mro__:
        if kind.__module__.startswith("napalm") and kind.__name__ in _NAPALM:
            return _NAPALM[kind.__name__](f"{device}: {_words(error)}")
        if kind.__module__.startswith("jnpr.") and kind.__name__ in _PYEZ:
            found = _PYEZ[kind.__name__]
            return found(f"{device}: {_said_to_pyez(error)}", hint=_PYEZ_HINTS[found])
    return None


def refused_statement(error: BaseException, device: str, line: int, text: str) -> LineRefusedError:
    """Return our error for statements that a device did not load.

    Args:
        error: NAPALM's; the one of PyEZ behind it holds what the device said.
        line: number of the statement in the change; 0: it is one of several.
    """
    of_pyez = [each for each in _chain(error) if _named(each, "RpcError")]
    said = _said_to_pyez(of_pyez[0]) if of_pyez else _words(error)
    return LineRefusedError(device, line, text, said)


def _said_to_pyez(error: BaseException) -> str:
    """Return what a device said, on one line; PyEZ's own words are the name of a class."""
    said = " ".join(str(getattr(error, "message", "") or "").split())
    return (said or f"{type(error).__name__}: {_words(error)}")[:_LONGEST]


def _named(error: BaseException, name: str) -> bool:
    return any(kind.__name__ == name for kind in type(error).__mro__)


def _words(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines and isinstance(error, EOFError):  # paramiko's for an end without a farewell
        return "the other side closed the connection"
    return (lines[0] if lines else type(error).__name__)[:_LONGEST]
