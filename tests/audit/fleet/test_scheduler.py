"""The same runs on a real Dask scheduler with two worker processes, one of them killed half-way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.toy_work import File, ToyWork, write_files

from translator.audit.fleet.batches import run
from translator.audit.fleet.cache import Cache
from translator.audit.fleet.scheduler import Scheduler
from translator.errors import UsageError

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(not find_spec("distributed"), reason="needs the extra `dask`")


@dataclass
class Cluster:
    """A scheduler on a free port of the loopback interface, and its workers."""

    address: str
    log: Path
    processes: list[subprocess.Popen[bytes]]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def wait_until_it_listens(self) -> None:
        host, port = self.address.removeprefix("tcp://").split(":")
        for _ in range(600):
            with suppress(OSError), socket.create_connection((host, int(port))):
                return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start(
            "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
            "--local-directory", str(self.log.parent),
        )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    # The scheduler and its workers begin at the same time as the test: a busy machine is slow.
    monkeypatch.setattr("translator.audit.fleet.scheduler._REACHED_WITHIN_S", 60)
    port = _free_port()
    running = Cluster(f"tcp://127.0.0.1:{port}", tmp_path / "cluster.log", [])
    try:
        running.start(
            "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show"
        )
        yield running
    finally:
        for process in running.processes:
            process.kill()
            process.wait()


def test_a_killed_worker_changes_no_result(cluster: Cluster, tmp_path: Path) -> None:
    one, _ = cluster.start_worker(), cluster.start_worker()
    files = write_files(tmp_path / "in", [b"%d" % at for at in range(600)])
    work = ToyWork(calls=str(tmp_path / "calls"), seconds=0.005)
    (tmp_path / "calls").mkdir()
    expected = list(run(files, ToyWork(), jobs=1))
    with Scheduler(cluster.address) as scheduler:
        scheduler.wait_for(2)
        found: list[bytes] = []
        for result in run(files, work, workers=scheduler):
            found.append(result)
            if len(found) == 200:
                os.kill(one.pid, signal.SIGKILL)
        assert scheduler.count == 1
    assert found == expected
    workers = {path.name.split(".")[2] for path in (tmp_path / "calls").iterdir()}
    assert len(workers) == 2
    assert str(os.getpid()) not in workers


def test_files_are_read_and_results_are_cached_where_the_command_runs(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.start_worker()
    files = write_files(tmp_path / "in", [b"a", b"crash", b"refuse"])
    files.append(File(str(tmp_path / "absent.cfg")))
    expected = list(run(files, ToyWork(), jobs=1))
    calls = tmp_path / "calls"
    calls.mkdir()
    with Scheduler(cluster.address) as scheduler:
        for _ in range(2):
            work = ToyWork(calls=str(calls))
            cached = run(files, work, workers=scheduler, cache=Cache(tmp_path / "cache"))
            assert list(cached) == expected
    names = sorted(path.name[:4] for path in calls.iterdir())
    assert names == ["0000", "0001", "0001", "0002", "0002"]


def test_a_scheduler_without_workers_is_an_error(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.wait_until_it_listens()
    monkeypatch.setattr("translator.audit.fleet.scheduler._REACHED_WITHIN_S", 5)
    with pytest.raises(UsageError, match="has no workers"):
        Scheduler(cluster.address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1"])
def test_a_scheduler_that_is_not_there_is_an_error(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.audit.fleet.scheduler._REACHED_WITHIN_S", 1)
    with pytest.raises(UsageError, match="cannot be reached"):
        Scheduler(address)


@pytest.mark.parametrize("address", ["foo", "127.0.0.1:8786", "ftp://127.0.0.1:99", "tcp://a"])
def test_what_is_no_address_is_not_looked_up(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a scheduler"):
        Scheduler(address)
