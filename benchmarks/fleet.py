"""Render a fleet with and without proof, in one process each, and report time and memory.

Run as a program: `python -m benchmarks.fleet COUNT render|prove` prints one JSON line.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

__all__ = ["PLATFORMS", "measure", "write_inventory"]

_SEED: Final = 2013
PLATFORMS: Final = {
    "cisco_ios": ("GigabitEthernet0/{n}", ("client", "wan:10M")),
    "cisco_catalyst": ("GigabitEthernet1/0/{n}", ("client", "phone", "uplink:1G")),
    "juniper_junos": ("ge-0/0/{n}.0", ("client", "wan:50M")),
    "linux": ("eth{n}", ("client", "wan:20M")),
    "tomato": ("vlan{n}", ("internet:10M",)),
}
_REGIONS: Final = 20


def write_inventory(folder: Path, count: int) -> None:
    """Write a Nornir inventory of `count` hosts: five platforms, 20 regions with own subnets."""
    choose = random.Random(_SEED)
    groups = [
        f"region{n}:\n  data:\n    qos:\n      groups:\n"
        f"        clients: [10.{n}.0.0/16]\n        phones: [10.{100 + n}.0.0/16]\n"
        for n in range(_REGIONS)
    ]
    hosts = []
    names = sorted(PLATFORMS)
    for index in range(count):
        platform = names[index % len(names)]
        pattern, roles = PLATFORMS[platform]
        first = choose.randrange(20)
        interfaces = "".join(
            f"        {pattern.format(n=first + offset)}: {{role: {role.partition(':')[0]}"
            + (f", rate: {role.partition(':')[2]}}}\n" if ":" in role else "}\n")
            for offset, role in enumerate(roles)
        )
        hosts.append(
            f"r{index:05d}:\n  platform: {platform}\n"
            f"  groups: [region{choose.randrange(_REGIONS)}]\n"
            f"  data:\n    qos:\n      driver: {platform}\n      interfaces:\n{interfaces}"
        )
    (folder / "groups.yaml").write_text("".join(groups), encoding="utf-8")
    (folder / "hosts.yaml").write_text("".join(hosts), encoding="utf-8")
    (folder / "defaults.yaml").write_text("{}\n", encoding="utf-8")


def measure(count: int, *, with_proof: bool) -> dict[str, float]:
    """Return seconds and peak MiB for `count` devices; import and inventory are not in it."""
    from translator.drivers.registry import driver
    from translator.intents.compile import Compiler
    from translator.intents.lower import lower
    from translator.inventory import load_inventory
    from translator.plan import load_plan
    from translator.verify import Prover

    with tempfile.TemporaryDirectory() as folder:
        write_inventory(Path(folder), count)
        started = time.perf_counter()
        inventory = load_inventory(folder)
        loaded = time.perf_counter()
    compiler = Compiler(load_plan("lync-2013"))
    prover = Prover()
    for host in inventory.hosts:
        found = driver(host.driver)
        intents = compiler.compile(host.name, host.interfaces, host.bindings)
        wanted = lower(intents, found.capabilities)
        if with_proof:
            prover.render(found, wanted)
        else:
            found.render(wanted)
    ended = time.perf_counter()
    return {
        "load_s": loaded - started,
        "translate_s": ended - loaded,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), with_proof=sys.argv[2] == "prove")))
