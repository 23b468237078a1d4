"""What the protocol of a push costs over bare Netmiko, on like devices in one run.

Bare Netmiko logs in once, sends the same lines and keeps them; it reads back and proves nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.push_devices import LOGIN, PAIRS, TESTS
from translator.drivers.change import Work
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push import Journal, Options, change_device, plan_change
from translator.push.session import Opener

__all__ = ["Taken", "kept_by_commit", "kept_by_save", "on_linux", "overhead", "typical"]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of bare Netmiko, of planning a change, and of pushing it."""

    bare_s: float
    planned_s: float
    pushed_s: float

    @property
    def ratio(self) -> float:
        """The push, without its planning, over bare Netmiko."""
        return self.pushed_s / self.bare_s


def overhead(
    host: Host,
    wanted: DeviceIntents,
    connect: Opener,
    bare: Callable[[Work], None],
    *,
    folder: Path,
    options: Options | None = None,
) -> Taken:
    """Push to a host; have `bare` send the same to another that is like it."""
    started = time.perf_counter()
    change = plan_change(host, wanted, connect, options).change
    planned = time.perf_counter()
    with Journal(folder / "journal") as journal:
        change_device(host, wanted, connect, journal, options, planned=change)
    pushed = time.perf_counter()
    bare(change.work)
    return Taken(time.perf_counter() - pushed, planned - started, pushed - planned)


def kept_by_save(host: Host, known_hosts: Path) -> Callable[[Work], None]:
    """Return what sends lines to a device that is told to save them."""

    def bare(work: Work) -> None:
        with _session(host, host.driver, known_hosts) as session:
            session.enable()  # EOS begins below it
            session.send_config_set(work.lines)
            session.save_config()

    return bare


def kept_by_commit(host: Host, known_hosts: Path) -> Callable[[Work], None]:
    """Return what sends lines to a Junos device and commits them."""

    def bare(work: Work) -> None:
        with _session(host, host.driver, known_hosts) as session:
            session.send_config_set(work.lines, exit_config_mode=False)
            session.commit(and_quit=True)

    return bare


def _session(host: Host, device_type: str, known_hosts: Path) -> Any:
    from netmiko import ConnectHandler

    user, password = LOGIN
    return ConnectHandler(
        device_type=device_type,
        host=host.address,
        port=host.port or 22,
        username=user,
        password=password,
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(known_hosts),
    )


def on_linux() -> Taken | str:
    """Return what it takes on a router in a network namespace, or why it cannot be told here."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    netns, sshd = import_module("lab.netns"), import_module("push.lab.sshd")
    router = import_module("push.lab.router")
    reason: str = netns.why_not()
    if reason:
        return reason
    with (
        tempfile.TemporaryDirectory() as name,
        netns.Lab() as lab,
        sshd.Sshd.running(lab, _made(Path(name) / "sshd")) as server,
    ):
        at = router.Router(lab, server, _made(Path(name) / "disk"))
        wanted = router.intents()

        def bare(work: Work) -> None:
            at.forget()
            with lab.inside("client"):
                _run_script(server, work.script)

        found = []
        for _ in range(PAIRS):
            at.forget()
            found.append(
                overhead(
                    *(router.HOST, wanted, server.open, bare),
                    folder=Path(name),
                    options=at.options(),
                )
            )
        return typical(found)


def typical(found: Sequence[Taken]) -> Taken:
    """Return the one with the median ratio."""
    return sorted(found, key=lambda taken: taken.ratio)[len(found) // 2]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _run_script(server: Any, script: str) -> None:
    from netmiko import ConnectHandler

    with ConnectHandler(
        device_type="linux",
        host=server.endpoint.address,
        port=server.endpoint.port,
        username="root",
        use_keys=True,
        key_file=str(server.folder / "client"),
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(server.folder / "known"),
    ) as session:
        file = f"{server.folder}/bare.sh"
        client = session.remote_conn_pre
        assert client is not None
        stream, done, _ = client.exec_command(f"cat > {file}")  # a path of ours
        stream.write(script)
        stream.channel.shutdown_write()
        done.channel.recv_exit_status()
        session.send_command(f"sh {file}", read_timeout=60)
