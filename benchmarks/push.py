"""The push: a whole fleet, what the protocol costs over bare Netmiko, a long list to one device.

Run as a program: `python -m benchmarks.push [DEVICES] [LINES]`. The devices are simulated, over SSH
on loopback, in a process of their own; they take part of the two processors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.push_devices import LOGIN
from translator.drivers.change import Work
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push import (
    Change,
    Connections,
    Credentials,
    HostKeys,
    Journal,
    Secret,
    change_device,
    plan_change,
)
from translator.push.asked import Asked
from translator.push.change import new_run

__all__ = ["report"]

_FLEET = 500  # the size for which the target is stated
_FLEET_S = 60.0
_LIST = 1_000
_LIST_S = 5.0
_INTERFACES = "{GigabitEthernet0/1: {role: client}}"


@dataclass(frozen=True, slots=True)
class Routers:
    """Served routers, with an inventory of them."""

    folder: Path
    hosts: tuple[Host, ...]
    intents: dict[str, DeviceIntents]
    connections: Connections

    @property
    def inventory(self) -> str:
        """The inventory's folder."""
        return str(self.folder / "hosts")


def report(devices: int = _FLEET, lines: int = _LIST) -> None:
    """Print what pushes take; targets are for 500 devices and for 1,000 lines."""
    with routers(devices + 2) as served:
        sent, seconds = _fleet(served, devices)
        each = sent / devices
        part = devices / _FLEET
        print(f"push of {each:.0f} lines to {devices} devices")
        print(f"  all of it                        {seconds:8.2f} s  target {_FLEET_S * part:g}")
        bare, first, ours = _one(served, served.hosts[devices])
        print(f"  one device, bare netmiko         {bare:8.2f} s")
        print(f"  one device, planned and pushed   {first + ours:8.2f} s")
        print(f"  ratio of the push to netmiko     {ours / bare:8.2f}")
        took = _list(served, served.hosts[0], lines)
        print(f"  {lines} lines of a list to one device {took:7.2f} s  target "
              f"{_LIST_S * lines / _LIST:g}")  # fmt: skip


@contextmanager
def routers(count: int) -> Iterator[Routers]:
    """Serve routers in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.push_devices", str(count)]
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as served,
    ):
        assert served.stdin is not None
        assert served.stdout is not None
        found = json.loads(served.stdout.readline())
        try:
            yield _routers(Path(name), found)
        finally:
            served.stdin.close()


def _routers(folder: Path, found: Sequence[tuple[str, str, int, str]]) -> Routers:
    (folder / "hosts").mkdir()
    (folder / "hosts" / "hosts.yaml").write_text(
        "---\n"
        + "".join(
            f"{name}: {{hostname: {host}, port: {port}, platform: cisco_ios, "
            f"data: {{qos: {{interfaces: {_INTERFACES}}}}}}}\n"
            for name, host, port, _ in found
        ),
        encoding="ascii",
    )
    known_hosts = folder / "known_hosts"
    known_hosts.write_text("".join(line for *_, line in found), encoding="ascii")
    user, password = LOGIN
    login = Credentials(user, Secret(password))
    scope = Asked(str(folder / "hosts"), "lync-2013").scope()
    connections = Connections({None: login}, HostKeys(known_hosts))
    return Routers(folder, scope.hosts, dict(scope.intents), connections)


def _fleet(served: Routers, count: int) -> tuple[int, float]:
    """Push to all but the last two; return the lines sent and the seconds."""
    user, password = LOGIN
    words = (
        f"push -i {served.inventory} --limit !r{count + 1},!r{count + 2} --commit --yes "
        f"--batch 100% --max-failures {count} --known-hosts {served.connections.host_keys.file} "
        f"--journal {served.folder / 'journal'} --format json"
    ).split()
    environment = {**os.environ, "NET_USERNAME": user, "NET_PASSWORD": password}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "translator", *words],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - started
    result = json.loads(done.stdout)
    assert result["totals"]["done"] == count
    return sum(host["lines_sent"] for host in result["hosts"]), seconds


def _one(served: Routers, host: Host) -> tuple[float, float, float]:
    """Return the seconds of netmiko alone, of our planning, and of our push, on like devices."""
    from netmiko import ConnectHandler

    connect, wanted = served.connections.opener(host), served.intents[host.name]
    started = time.perf_counter()
    change = plan_change(host, wanted, connect).change
    planned = time.perf_counter()
    with Journal(served.folder / "journal") as journal:
        change_device(host, wanted, connect, journal, planned=change)
    pushed = time.perf_counter()
    twin = served.hosts[-1]
    user, password = LOGIN
    with ConnectHandler(
        device_type="cisco_ios",
        host=twin.address,
        port=twin.port,
        username=user,
        password=password,
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(served.connections.host_keys.file),
    ) as session:
        session.send_config_set(change.work.lines)
        session.save_config()
    return time.perf_counter() - pushed, planned - started, pushed - planned


def _list(served: Routers, host: Host, count: int) -> float:
    """Push a list that no policy uses to a device that is as wanted; return the seconds."""
    connect, wanted = served.connections.opener(host), served.intents[host.name]
    base = plan_change(host, wanted, connect).change
    head = "ip access-list extended BENCHMARK"
    entries = (f" permit udp any any eq {1 + number}" for number in range(count))
    work: Work = replace(base.work, run=new_run(), lines=(head, *entries), rollback=(f"no {head}",))
    change: Change = replace(base, work=work, needed=True)
    started = time.perf_counter()
    with Journal(served.folder / "journal") as journal:
        change_device(host, wanted, connect, journal, planned=change)
    return time.perf_counter() - started


if __name__ == "__main__":
    report(*map(int, sys.argv[1:]))
