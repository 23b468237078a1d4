"""Netmiko and NAPALM, unpatched, connected to a served device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .server import Address

__all__ = ["napalm_session", "netmiko_session"]


@contextmanager
def _known_hosts(address: Address) -> Iterator[dict[str, Any]]:
    """The options that make a client check the host key."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "known_hosts"
        file.write_text(address.known_hosts_line, encoding="ascii")
        yield {"ssh_strict": True, "alt_host_keys": True, "alt_key_file": str(file)}


@contextmanager
def netmiko_session(kind: str, address: Address, **options: Any) -> Iterator[Any]:
    """Connect with Netmiko, checking the host key; disconnect at the end."""
    from netmiko import ConnectHandler

    with _known_hosts(address) as strict:
        login = {"username": "admin", "password": "pw", **strict, **options}
        connection = ConnectHandler(device_type=kind, host=address.host, port=address.port, **login)
        try:
            yield connection
        finally:
            connection.disconnect()


@contextmanager
def napalm_session(kind: str, address: Address, **options: Any) -> Iterator[Any]:
    """Connect with NAPALM, checking the host key; close at the end."""
    from napalm import get_network_driver

    with _known_hosts(address) as strict:
        optional = {"port": address.port, **strict, **options}
        driver = get_network_driver(kind)("127.0.0.1", "admin", "pw", optional_args=optional)
        driver.open()
        try:
            yield driver
        finally:
            driver.close()
