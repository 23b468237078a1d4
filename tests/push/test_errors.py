"""What libraries raise becomes what happened."""

from __future__ import annotations

import socket

import pytest
from netmiko.exceptions import (
    NetmikoAuthenticationException,
    NetmikoTimeoutException,
    ReadException,
    ReadTimeout,
)
from paramiko import ECDSAKey
from paramiko.ssh_exception import BadHostKeyException, SSHException

from translator.errors import (
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    HostKeyError,
    LoginError,
    UnreachableError,
)
from translator.push.translate_errors import UnknownHostKeyError, of_login, of_session


def raised_in(outer: Exception, inner: Exception) -> Exception:
    """Return the outer error as netmiko raises it: while handling the inner one, without `from`."""
    try:
        try:
            raise inner
        except type(inner):
            raise outer  # noqa: B904
    except type(outer) as error:
        return error


KEY = ECDSAKey.generate()
LOGIN = [
    (
        raised_in(NetmikoTimeoutException("x"), UnknownHostKeyError("ed25519 SHA256:x")),
        HostKeyError,
    ),
    (raised_in(NetmikoTimeoutException("x"), BadHostKeyException("h", KEY, KEY)), HostKeyError),
    (NetmikoAuthenticationException("Authentication failed."), LoginError),
    (raised_in(NetmikoTimeoutException("x"), socket.gaierror(-2, "unknown")), UnreachableError),
    (raised_in(NetmikoTimeoutException("x"), TimeoutError("timed out")), UnreachableError),
    (ConnectionRefusedError(111, "refused"), UnreachableError),
    (SSHException("Error reading SSH protocol banner"), UnreachableError),
    (EOFError(), UnreachableError),
]
SESSION = [
    (ReadTimeout("pattern not detected"), DeadlineError),
    (TimeoutError("timed out"), DeadlineError),
    (ReadException("Channel stream closed"), ConnectionLostError),
    (OSError("Socket is closed"), ConnectionLostError),
    (EOFError(), ConnectionLostError),
    (SSHException("SSH session not active"), ConnectionLostError),
]


@pytest.mark.parametrize(("error", "kind"), LOGIN)
def test_errors_of_a_login(error: Exception, kind: type[ChangeError]):
    with pytest.raises(ChangeError, match="r1") as told, of_login("r1"):
        raise error
    assert type(told.value) is kind
    assert told.value.__cause__ is error
    assert told.value.exit_code == 4


@pytest.mark.parametrize(("error", "kind"), SESSION)
def test_errors_of_a_session(error: Exception, kind: type[ChangeError]):
    with pytest.raises(ChangeError, match="r1") as told, of_session("r1"):
        raise error
    assert type(told.value) is kind


def test_what_was_being_dealt_with_is_not_what_happened():
    with pytest.raises(ChangeError) as told:
        try:
            raise ConnectionLostError("before") from EOFError()
        except ConnectionLostError:
            with of_login("r1"):
                raise TimeoutError("timed out")  # noqa: B904
    assert type(told.value) is UnreachableError


def test_errors_of_napalm_are_known_by_name():
    from napalm.base import exceptions

    for name, kind in (
        ("ConnectAuthError", LoginError),
        ("ConnectionClosedException", ConnectionLostError),
    ):
        with pytest.raises(ChangeError) as told, of_login("r1"):
            raise getattr(exceptions, name)("x")
        assert type(told.value) is kind


def test_our_own_errors_pass_unchanged():
    error = LoginError("said already")
    with pytest.raises(LoginError) as told, of_login("r1"):
        raise error
    assert told.value is error
