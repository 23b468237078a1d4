"""Simulated routers in a process of their own: `python -m benchmarks.push_devices COUNT`.

It prints one line of JSON, (name, address, port, host key) of each, and serves until stdin ends.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

__all__ = ["LOGIN"]

LOGIN = ("admin", "pw")
TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    """Serve as many routers as asked for."""
    sys.path.insert(0, str(TESTS))
    devices = import_module("devices")
    names = [f"r{number}" for number in range(1, int(sys.argv[1]) + 1)]
    with devices.serving_all([devices.IosDevice(name) for name in names]) as addresses:
        found = [
            (name, at.host, at.port, at.known_hosts_line)
            for name, at in zip(names, addresses, strict=True)
        ]
        print(json.dumps(found), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
