"""The push: a whole fleet, a long list to one device, what the protocol costs over bare Netmiko.

Run as a program: `python -m benchmarks.push [DEVICES] [LINES]`. The devices are simulated, over SSH
on loopback, in a process of their own, whose share of the two processors is printed: what is left
is ours. A router with Linux is measured by root alone, in a network namespace.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.push_devices import LOGIN, OTHERS, PAIRS
from benchmarks.push_overhead import (
    Taken,
    kept_by_commit,
    kept_by_save,
    on_linux,
    overhead,
    typical,
)
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
_INTERFACES = {
    "cisco_ios": "{" + ", ".join(f"GigabitEthernet0/{n}: {{role: client}}" for n in range(5)) + "}",
    "juniper_junos": "{ge-0/0/0.0: {role: client}}",
    "arista_eos": "{Ethernet1: {role: client}, Ethernet2: {role: uplink, rate: 1G}}",
    "cisco_nxos": "{Ethernet1/1: {role: client}, Ethernet1/2: {role: uplink, rate: 1G}}",
}


@dataclass(frozen=True, slots=True)
class Routers:
    """Served routers, with an inventory of them."""

    folder: Path
    hosts: dict[str, Host]
    intents: dict[str, DeviceIntents]
    connections: Connections
    spent_s: Callable[[], float]

    @property
    def inventory(self) -> str:
        """The inventory's folder."""
        return str(self.folder / "hosts")

    @property
    def known_hosts(self) -> Path:
        """The keys of all of them."""
        return self.connections.host_keys.file


def report(devices: int = _FLEET, lines: int = _LIST) -> None:
    """Print what pushes take; targets are for 500 devices and for 1,000 lines."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} CPUs ({platform.machine()}), load before {load}")
    with routers(devices + 2 * PAIRS) as served:
        fleet = _fleet(served, devices)
        part = devices / _FLEET
        print(f"push of {fleet.lines / devices:.0f} lines to {devices} devices")
        print(
            f"  all of it                        {fleet.wall_s:8.2f} s  target {_FLEET_S * part:g}"
        )
        print(f"  processor time of the push       {fleet.ours_s:8.2f} s")
        print(f"  processor time of the devices    {fleet.theirs_s:8.2f} s")
        _print_overhead("cisco_ios", _pairs(served, "r", devices + 1, kept_by_save))
        for letter, name in OTHERS.items():
            kept = kept_by_commit if name == "juniper_junos" else kept_by_save
            _print_overhead(name, _pairs(served, letter, 1, kept))
        took = _list(served, served.hosts["r1"], lines)
        print(f"  {lines} lines of a list to one device {took:7.2f} s  target "
              f"{_LIST_S * lines / _LIST:g}")  # fmt: skip
    _print_overhead("linux", on_linux())


def _print_overhead(name: str, taken: Taken | str) -> None:
    if isinstance(taken, str):
        print(f"  {name}: not measured: {taken}")
        return
    print(
        f"  {name:14} netmiko {taken.bare_s:.2f} s, plan {taken.planned_s:.2f} s, "
        f"push {taken.pushed_s:.2f} s, ratio of push to netmiko {taken.ratio:.2f}"
    )


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
        asked, told = served.stdin, served.stdout
        assert asked is not None
        assert told is not None

        def spent_s() -> float:
            asked.write("\n")
            asked.flush()
            return float(told.readline())

        found = json.loads(told.readline())
        try:
            yield _routers(Path(name), found, spent_s)
        finally:
            asked.close()


def _routers(
    folder: Path, found: Sequence[tuple[str, str, str, int, str]], spent_s: Callable[[], float]
) -> Routers:
    (folder / "hosts").mkdir()
    (folder / "hosts" / "hosts.yaml").write_text(
        "---\n"
        + "".join(
            f"{name}: {{hostname: {host}, port: {port}, platform: {kind}, "
            f"data: {{qos: {{interfaces: {_INTERFACES[kind]}}}}}}}\n"
            for name, kind, host, port, _ in found
        ),
        encoding="ascii",
    )
    known_hosts = folder / "known_hosts"
    known_hosts.write_text("".join(line for *_, line in found), encoding="ascii")
    user, password = LOGIN
    login = Credentials(user, Secret(password))
    scope = Asked(str(folder / "hosts"), "lync-2013").scope()
    connections = Connections({None: login}, HostKeys(known_hosts))
    hosts = {host.name: host for host in scope.hosts}
    return Routers(folder, hosts, dict(scope.intents), connections, spent_s)


@dataclass(frozen=True, slots=True)
class Fleet:
    """What a push to a fleet took; processor seconds of it and of the devices' process."""

    lines: int
    wall_s: float
    ours_s: float
    theirs_s: float


def _fleet(served: Routers, count: int) -> Fleet:
    """Push to the routers from the first on, each with all its proofs."""
    user, password = LOGIN
    others = ",".join(
        f"!r{count + n}," + ",".join(f"!{letter}{n}" for letter in OTHERS)
        for n in range(1, 2 * PAIRS + 1)
    )
    words = (
        f"push -i {served.inventory} --limit {others} --commit --yes "
        f"--batch 100% --max-failures {count} --known-hosts {served.known_hosts} "
        f"--journal {served.folder / 'journal'} --format json"
    ).split()
    environment = {**os.environ, "NET_USERNAME": user, "NET_PASSWORD": password}
    before, spent = _children_s(), served.spent_s()
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "translator", *words],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    wall = time.perf_counter() - started
    result = json.loads(done.stdout)
    assert result["totals"]["done"] == count
    lines = sum(host["lines_sent"] for host in result["hosts"])
    return Fleet(lines, wall, _children_s() - before, served.spent_s() - spent)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _pairs(
    served: Routers, letter: str, first: int, kept: Callable[[Host, Path], Callable[[Work], None]]
) -> Taken:
    """Compare on pairs of devices, counted from `first`; return what is typical of them."""
    found = []
    for number in range(first, first + 2 * PAIRS, 2):
        host, twin = (served.hosts[f"{letter}{at}"] for at in (number, number + 1))
        connect, wanted = served.connections.opener(host), served.intents[host.name]
        bare = kept(twin, served.known_hosts)
        found.append(overhead(host, wanted, connect, bare, folder=served.folder))
    return typical(found)


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
