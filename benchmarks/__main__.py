"""All measurements in one run, as ratios and absolute figures: `python -m benchmarks [COUNT]`.

COUNT is the number of devices of both fleets, those that are rendered and those that are audited.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from typing import Final

from benchmarks import audit, capture, mutants, push, reading
from benchmarks.proof import proof_times

COMMAND: Final = [sys.executable, "-m", "translator.cli.main"]
AD_HOC: Final = [
    *COMMAND,
    "render",
    "--platform",
    "cisco_ios",
    "--interface",
    "GigabitEthernet0/0=client",
    "--interface",
    "GigabitEthernet0/1=wan:10M",
]
DEMO: Final = ["make", "-s", "demo"]


def main() -> None:
    """Print every figure with its target."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    model = platform.processor() or platform.machine()
    print(f"{os.cpu_count()} CPUs ({model}), Python {platform.python_version()}")
    for name, seconds in sorted(proof_times().items()):
        print(f"proof of one device, {name:18} {seconds * 1e3:8.1f} ms    target 10")
    _wall("--help", [*COMMAND, "--help"], target_ms=150)
    _wall("ad hoc render", AD_HOC, target_ms=500)
    _wall("make demo", DEMO, target_ms=10_000)
    _fleet(count)
    reading.main()
    capture.main()
    audit.report(count)
    mutants.main()
    push.report()


def _wall(what: str, command: list[str], *, target_ms: int) -> None:
    times = []
    for _ in range(9):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append((time.perf_counter() - started) * 1e3)
    print(
        f"{what:39} {statistics.median(times):8.1f} ms    target {target_ms} "
        f"(fastest {min(times):.1f})"
    )


def _fleet(count: int) -> None:
    plain = _run(count, "render")
    proven = _run(count, "prove")
    ratio = proven["translate_s"] / plain["translate_s"]
    print(f"{count} devices, load inventory            {plain['load_s']:8.2f} s")
    print(f"{count} devices, render                    {plain['translate_s']:8.2f} s")
    print(f"{count} devices, render and prove          {proven['translate_s']:8.2f} s")
    print(f"ratio of the two                           {ratio:8.2f}      target 1.5")
    print(f"peak memory with proof                     {proven['peak_mib']:8.1f} MiB  target 300")


def _run(count: int, what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.fleet", str(count), what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
