"""Simulated routers that are served over SSH, with an inventory of them and a login."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from devices import Clock, Faults, IosDevice, serving_all

__all__ = ["LINES", "PASSWORD", "PLAN", "Served", "serve"]

PASSWORD = "pw-of-the-tests"  # noqa: S105  # of simulated devices
PLAN = """\
name: small
rows:
  - {id: V1, media: audio, code_point: ef, protocols: udp, source_ports: 30000-30019}
"""
LINES = 22
"""How many lines a router needs for it."""


@dataclass(frozen=True)
class Served:
    """The devices by name, and where everything that a command needs lies."""

    devices: dict[str, IosDevice]
    folder: Path

    @property
    def inventory(self) -> str:
        """The inventory."""
        return str(self.folder / "hosts")

    @property
    def journal(self) -> str:
        """The journal."""
        return str(self.folder / "journal.sqlite")

    def options(self) -> list[str]:
        """What each command needs beside what it is to do."""
        return ["--known-hosts", str(self.folder / "known_hosts"), "--journal", self.journal]

    def push(self, *more: str) -> list[str]:
        """The words of a push from the inventory."""
        plan = str(self.folder / "plan.yaml")
        return ["push", "-i", self.inventory, "--plan", plan, *self.options(), *more]

    def set_faults(self, name: str, faults: Faults) -> None:
        """Let a device be faulty from now on."""
        self.devices[name].faults = faults


@contextmanager
def serve(
    names: Sequence[str],
    folder: Path,
    patch: pytest.MonkeyPatch,
    *,
    make: Callable[[str], IosDevice] | None = None,
) -> Iterator[Served]:
    """Serve routers of these names; NET_USERNAME and NET_PASSWORD log in on them."""

    def usual(name: str) -> IosDevice:
        return IosDevice(name, users={"admin": PASSWORD}, clock=Clock())

    devices = {name: (make or usual)(name) for name in names}
    for variable in ("NET_SECRET", "NET_SSH_KEY", "SSH_AUTH_SOCK", "NET_KNOWN_HOSTS"):
        patch.delenv(variable, raising=False)
    patch.setenv("NET_USERNAME", "admin")
    patch.setenv("NET_PASSWORD", PASSWORD)
    with serving_all(list(devices.values())) as addresses:
        entries = [
            f"{name}:\n  hostname: {at.host}\n  port: {at.port}\n  platform: cisco_ios\n"
            "  data:\n    qos:\n      interfaces: {GigabitEthernet0/1: {role: client}}\n"
            for name, at in zip(names, addresses, strict=True)
        ]
        (folder / "hosts").mkdir()
        (folder / "hosts" / "hosts.yaml").write_text("---\n" + "".join(entries), encoding="ascii")
        (folder / "plan.yaml").write_text(PLAN, encoding="ascii")
        lines = "".join(at.known_hosts_line for at in addresses)
        (folder / "known_hosts").write_text(lines, encoding="ascii")
        yield Served(devices, folder)
