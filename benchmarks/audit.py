"""The audit of a fleet: cold, and again with what the cache has kept; time and memory.

Run as a program: `python -m benchmarks.audit [COUNT]`. Configurations are generated into the
system's temporary folder (about 64 KiB each) and removed afterwards.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import write_fleet

__all__ = ["measure", "report"]

_FLEET = 10_000  # the size for which the targets are stated


def report(count: int) -> None:
    """Print what the audit of so many devices takes; targets are for 10,000 of them."""
    part = count / _FLEET
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_fleet(folder / "fleet", count)
        read = _read_s(folder / "fleet")
        cold = _run(folder)
        warm = _run(folder)
    what = f"{count} configurations of 2,000 lines"
    print(f"{what}, {int(cold['jobs'])} processes")
    print(f"  reading the files alone                  {read:8.2f} s")
    print(
        f"  audit                                    {cold['wall_s']:8.2f} s  target {25 * part:g}"
    )
    print(f"    processor time for one                 {cold['cpu_s'] / count * 1e3:8.2f} ms")
    print(
        f"  again, with the cache                    {warm['wall_s']:8.2f} s  target {4 * part:g}"
    )
    print(f"  peak memory of all processes, at most    {cold['peak_mib']:8.0f} MiB target 500")
    assert cold["findings"] == warm["findings"] > 0


def measure(folder: Path) -> dict[str, float]:
    """Audit all configurations of a folder and return the time, the memory and what was found."""
    from translator.audit.fleet.batches import default_jobs
    from translator.audit.fleet.run import FleetRun, audit_files
    from translator.audit.fleet.work import AuditWork
    from translator.plan import load_plan

    work = AuditWork(load_plan("lync-2013"), platform="cisco_ios")
    started = time.perf_counter()
    fleet = audit_files(work, [str(folder / "fleet")], FleetRun(cache=str(folder / "cache")))
    wall_s = time.perf_counter() - started
    own, workers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    jobs = default_jobs()
    return {
        "wall_s": wall_s,
        "cpu_s": sum(item.ru_utime + item.ru_stime for item in (own, workers)),
        # Of the workers only the largest is known; what they share counts for each of them.
        "peak_mib": (own.ru_maxrss + jobs * workers.ru_maxrss) / 1024,
        "jobs": jobs,
        "findings": sum(len(device.findings) for device in fleet),
    }


def _read_s(folder: Path) -> float:
    started = time.perf_counter()
    for path in sorted(folder.iterdir()):
        path.read_bytes()
    return time.perf_counter() - started


def _run(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.audit", "--measure", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        print(f"{os.cpu_count()} CPUs, Python {sys.version.split()[0]}")
        report(int(sys.argv[1]) if len(sys.argv) > 1 else _FLEET)
