"""Many devices in one process, and nothing left when they are gone."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncssh
import paramiko
import pytest

from devices import Address, IosDevice, serving, serving_all
from devices.clients import netmiko_session


def _rename(address: Address) -> str:
    with netmiko_session("cisco_ios", address) as session:
        session.send_config_set([f"hostname R{address.port}"])
        return str(session.send_command("show running-config"))


def test_fifty_devices_are_changed_at_once() -> None:
    devices = [IosDevice("R1") for _ in range(50)]
    with serving_all(list(devices)) as addresses:
        with ThreadPoolExecutor(8) as pool:
            texts = list(pool.map(_rename, addresses))
        assert [device.hostname for device in devices] == [f"R{a.port}" for a in addresses]
        assert all(
            f"hostname R{a.port}\n" in text for a, text in zip(addresses, texts, strict=True)
        )
        assert len({address.host_key for address in addresses}) == 50


def test_five_hundred_devices_fit_into_one_process() -> None:
    with serving_all([IosDevice(f"R{n}") for n in range(500)]) as addresses:
        assert len({address.port for address in addresses}) == 500
        assert threading.active_count() < 10


def test_no_thread_and_no_socket_is_left() -> None:
    device = IosDevice("R1")
    with serving(device) as address:
        assert any(thread.name == "devices" for thread in threading.enumerate())
        client = socket.create_connection((address.host, address.port))
    client.close()
    assert not any(thread.name == "devices" for thread in threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.host, address.port))


def test_state_outlives_connections_and_serving() -> None:
    device = IosDevice("R1")
    for name in ("A", "B"):
        with serving(device) as address, netmiko_session("cisco_ios", address) as session:
            session.send_config_set([f"hostname {name}"])
    assert device.hostname == "B"
    assert len(device.log.of("login")) == 2


def test_a_key_logs_in_once(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path / "key"
    file.write_bytes(key.export_private_key())
    device = IosDevice("R1", keys=(key.export_public_key().decode(),))
    login = {"password": None, "use_keys": True, "key_file": str(file)}
    with serving(device) as address, netmiko_session("cisco_ios", address, **login) as session:
        assert session.find_prompt() == "R1#"
    assert len(device.log.of("login")) == 1


def test_a_restart_breaks_connections() -> None:
    device = IosDevice("R1")
    with serving(device) as address:
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(_Known(address))
        client.connect(
            address.host, address.port, "admin", "pw", look_for_keys=False, allow_agent=False
        )
        channel = client.invoke_shell()
        channel.settimeout(5)
        assert channel.recv(100)
        device.restart()
        while channel.recv(100):
            pass
        client.close()
    assert device.log.count("restarted") == 1


class _Known(paramiko.MissingHostKeyPolicy):
    """Knows one key."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def missing_host_key(
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        assert key.get_base64() == self._address.host_key.split()[1]
