"""Simulated devices as an inventory names them, for commands that log in to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from devices import Address, Clock, Device, IosDevice, JunosDevice, serving_all

from translator.cli.main import main

__all__ = ["Fleet", "clock", "fleet_of", "log_in_as_admin", "touched"]

_PLATFORMS = {IosDevice: "cisco_ios", JunosDevice: "juniper_junos"}
_PASSWORD = "pw"  # noqa: S105  # that of every simulated device
_CHANGES = (
    "executed",
    "committed",
    "saved",
    "file-written",
    "timer-armed",
    "locked",
    "rolled-back",
)


def clock(ahead_s: float = 0.0) -> Clock:
    """Return a clock that shows our time."""
    ours = Clock()
    off = datetime.now(UTC).replace(tzinfo=None) - ours.now()
    ours.offset_s = off.total_seconds() + ahead_s
    return ours


def touched(device: Device) -> list[str]:
    """Return all that happened on a device that is more than a look."""
    return [event.text for event in device.log.of(*_CHANGES)] + [
        event.text for event in device.log.of("line") if event.mode.startswith("config")
    ]


def log_in_as_admin(
    monkeypatch: pytest.MonkeyPatch, password: str = _PASSWORD, enable: str = ""
) -> None:
    """Put credentials of simulated devices into the environment, and no others."""
    for name in ("NET_SECRET", "NET_SSH_KEY", "SSH_AUTH_SOCK", "NET_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NET_USERNAME", "admin")
    monkeypatch.setenv("NET_PASSWORD", password)
    if enable:
        monkeypatch.setenv("NET_SECRET", enable)


@dataclass
class Fleet:
    """Served devices, their inventory and the keys that are known of them."""

    folder: Path
    devices: Sequence[Device]
    addresses: Sequence[Address]

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    def write(self, **changes: dict[str, Any]) -> None:
        """Write the inventory; `changes` replace fields of hosts by name."""
        hosts = {
            device.initial_hostname: {
                "hostname": address.host,
                "port": address.port,
                "platform": _PLATFORMS[type(device)],
                **changes.get(device.initial_hostname, {}),
            }
            for device, address in zip(self.devices, self.addresses, strict=True)
        }
        self.inventory.mkdir(exist_ok=True)
        (self.inventory / "hosts.yaml").write_text(json.dumps(hosts), encoding="utf-8")

    def know(self, *addresses: Address) -> None:
        """Write down the keys of some devices only."""
        text = "".join(address.known_hosts_line for address in addresses)
        self.known_hosts.write_text(text, encoding="ascii")

    def run(self, command: str, *words: str) -> int:
        """Run a command on the inventory."""
        return main(
            [
                *command.split(),
                *("-i", str(self.inventory)),
                *("--known-hosts", str(self.known_hosts)),
                *words,
            ]
        )


@contextmanager
def fleet_of(folder: Path, *devices: Device) -> Iterator[Fleet]:
    """Serve devices; their keys are known and their inventory is written."""
    with serving_all(list(devices)) as addresses:
        fleet = Fleet(folder, devices, addresses)
        fleet.write()
        fleet.know(*addresses)
        yield fleet
    assert all(not device.sessions_open for device in devices)
