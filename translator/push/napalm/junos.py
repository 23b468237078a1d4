"""NAPALM's driver for Junos: NETCONF, with host keys that are checked and a lock that is ours.

What is done otherwise than NAPALM does by itself:

* It believes every host key, and has no argument about that. PyEZ, which it is built on, has one.
* It reads `~/.ssh/config`, and tries all keys of the user; here neither is done.
* It locks when it loads and gives the lock up when it commits, so that others can come between; its
  `confirm_commit` takes no lock at all and commits whatever stands in the shared candidate, and its
  `rollback` goes one step back whoever made it. `lock_disable` leaves locks to us.
* It takes warnings for errors; what a warning means for a change shows when it is read back.

Sources: NAPALM 5, docs, "Optional Arguments"; `napalm.junos.junos`. PyEZ, `jnpr.junos.Device`,
`jnpr.junos.utils.config.Config`. ncclient, `ncclient.transport.ssh`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address
from math import ceil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from translator.drivers.calls import Call, Method
from translator.errors import LoginError, PreflightError
from translator.push.credentials import Credentials
from translator.push.host_keys import HostKeys
from translator.push.napalm.driver import configuration, facts
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.napalm.options import arguments_of
from translator.push.shown_key import pinned
from translator.push.ssh import keepalive_s, private_key, watch_silence
from translator.push.translate_errors import refused_statement

__all__ = ["JunosDriver"]

_MINUTE_S: Final = 60
_GOOD_BYE_S: Final = 5
_NO_PAGES: Final = " | no-more"


class JunosDriver:
    """See `translator.push.napalm.driver.OpenDriver`."""

    def __init__(self, endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> None:
        self._device = endpoint.device
        self._napalm = _opened(endpoint, login, host_keys)
        self._locked = False
        watch_silence(self._transport.sock, endpoint.deadlines)

    def cli(self, text: str, timeout_s: float) -> str:
        """Have a command of the operational mode carried out; NETCONF has no pages."""
        self._wait_at_most(timeout_s)
        plain = text.removesuffix(_NO_PAGES)
        return str(self._napalm.cli([plain])[plain])

    def call(self, call: Call) -> str:
        """Make a call."""
        napalm, device = self._napalm, self._napalm.device
        self._wait_at_most(call.timeout_s)
        calls: dict[Method, Callable[[], object]] = {
            Method.FACTS: lambda: facts(napalm),
            Method.CONFIG: lambda: configuration(napalm),
            Method.LOCK: self._lock,
            Method.UNLOCK: self._unlock,
            Method.LOAD: lambda: self._load(call),
            Method.COMPARE: napalm.compare_config,
            Method.CHECK: self._check,
            Method.COMMIT: lambda: napalm.commit_config(
                message=call.text, revert_in=call.number * _MINUTE_S or None
            ),
            Method.ROLL_BACK: lambda: device.cu.rollback(rb_id=call.number),
        }
        said = calls[call.method]()
        return said if isinstance(said, str) else ""

    def close(self, *, broken: bool) -> None:
        """End the session; with it the device gives up lock and candidate."""
        with suppress(Exception):
            if broken:
                self._transport.close()
        with suppress(Exception):
            self._wait_at_most(_GOOD_BYE_S)
            self._napalm.close()
        with suppress(Exception):
            self._transport.close()

    def _wait_at_most(self, seconds: float) -> None:
        self._napalm.device.timeout = max(1, ceil(seconds))  # PyEZ drops fractions, all of 0.5

    def _lock(self) -> None:
        from jnpr.junos.exception import LockError, RpcTimeoutError

        if self._locked:
            return
        try:
            self._napalm.device.cu.lock()
        except LockError as error:
            if isinstance(error.__context__, RpcTimeoutError):  # PyEZ takes silence for a refusal
                raise error.__context__ from None
            raise
        self._locked = True

    def _unlock(self) -> None:
        if self._locked:
            self._napalm.device.cu.unlock()
            self._locked = False

    def _check(self) -> None:
        """PyEZ returns some errors of a check instead of raising them."""
        found = self._napalm.device.cu.commit_check()
        if found is not True:
            raise PreflightError(
                f"{self._device}: its check of the candidate failed: {found}"[:300],
                hint="look at what `commit check` says on the device",
            )

    def _load(self, call: Call) -> None:
        from napalm.base.exceptions import MergeConfigException

        try:
            self._napalm.load_merge_candidate(config=call.text)
        except MergeConfigException as error:
            line = call.text if call.line else "the statements of the change, together"
            raise refused_statement(error, self._device, call.line, line) from error

    @property
    def _transport(self) -> Any:
        """Paramiko's; the way to it is the one that NAPALM's own `is_alive` takes."""
        return self._napalm.device._conn._session.transport


def _opened(endpoint: NapalmEndpoint, login: Credentials, host_keys: HostKeys) -> Any:
    from jnpr.junos import Device
    from napalm import get_network_driver

    _refuse_literal(endpoint)
    deadlines = endpoint.deadlines
    chosen = arguments_of("junos", endpoint.options)
    password = None if login.password is None else login.password.reveal()
    key = _key_file(login)
    with (
        pinned(host_keys, endpoint.address, endpoint.port, deadlines) as known,
        _ssh_config(known) as ssh_config,
    ):
        driver = get_network_driver("junos")(
            endpoint.address,
            login.username,
            password,
            optional_args={
                **chosen,
                "port": endpoint.port,
                "ssh_config_file": ssh_config,
                "keepalive": int(keepalive_s(deadlines)),
                "ignore_warning": True,
                "lock_disable": True,
            },
        )
        driver.device = Device(
            endpoint.address,
            user=login.username,
            password=password,
            port=endpoint.port,
            ssh_private_key_file=key,
            ssh_config=ssh_config,
            hostkey_verify=True,
            look_for_keys=False,
            allow_agent=login.agent and login.key is None,
            conn_open_timeout=deadlines.login_s,
            gather_facts=False,
            **chosen,
        )
        driver.open()
    return driver


def _refuse_literal(endpoint: NapalmEndpoint) -> None:
    with suppress(ValueError):
        IPv6Address(endpoint.address)
        raise PreflightError(
            f"{endpoint.device} cannot be reached over NAPALM by its IPv6 address: PyEZ takes none",
            hint="give its name in the inventory, or use --transport netmiko",
        )


def _key_file(login: Credentials) -> str | None:
    """Return the file of the private key.

    Raises:
        LoginError: it cannot be read, or a passphrase opens it, which ncclient would offer to the
            device as a password.
    """
    from paramiko import PKey

    if login.key is None:
        return None
    private_key(login)
    try:
        PKey.from_path(login.key)
    except Exception:
        raise LoginError(
            f"the key {login.key} is encrypted, and NAPALM's library for NETCONF would offer its "
            "passphrase to the device as a password",
            hint="use an SSH agent, or --transport netmiko",
        ) from None
    return str(login.key)


@contextmanager
def _ssh_config(known_hosts: Path) -> Iterator[str]:
    """Give the only way to tell ncclient which host keys are known."""
    with NamedTemporaryFile("w", encoding="utf-8", prefix="ssh_config.") as file:
        file.write(f"Host *\n  UserKnownHostsFile {known_hosts}\n")
        file.flush()
        yield file.name
