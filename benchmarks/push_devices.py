"""Simulated devices in a process of their own: `python -m benchmarks.push_devices COUNT`.

It prints one line of JSON, (name, platform, address, port, host key) of COUNT routers with IOS and
some devices of each other kind. For each line of its input it prints the processor seconds that it
has used; it serves until that ends.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Final

__all__ = ["LOGIN", "OTHERS", "PAIRS", "TESTS"]

LOGIN: Final = ("admin", "pw")
TESTS: Final = Path(__file__).resolve().parents[1] / "tests"
PAIRS: Final = 3
"""How often a push is compared with bare Netmiko, each time on two devices of its own."""
OTHERS: Final = {"a": "arista_eos", "j": "juniper_junos", "n": "cisco_nxos"}
"""The first letter of their names, and the platforms of the others than IOS."""
_PORT: Final = "interfaces { ge-0/0/0 { unit 0 { family inet { address 10.0.0.1/24; } } } }\n"


def main() -> None:
    """Serve as many routers as asked for."""
    sys.path.insert(0, str(TESTS))
    devices = import_module("devices")
    ios = [devices.IosDevice(f"r{number}") for number in range(1, int(sys.argv[1]) + 1)]
    made = {
        "arista_eos": devices.EosDevice,
        "juniper_junos": lambda name: devices.JunosDevice(name, _PORT, model="mx204"),
        "cisco_nxos": devices.NxosDevice,
    }
    served = [(each, "cisco_ios") for each in ios]
    for letter, platform in OTHERS.items():
        for number in range(1, 2 * PAIRS + 1):
            served.append((made[platform](f"{letter}{number}"), platform))
    with devices.serving_all([device for device, _ in served]) as addresses:
        found = [
            (device.hostname, platform, at.host, at.port, at.known_hosts_line)
            for (device, platform), at in zip(served, addresses, strict=True)
        ]
        print(json.dumps(found), flush=True)
        for _ in sys.stdin:
            print(time.process_time(), flush=True)


if __name__ == "__main__":
    main()
