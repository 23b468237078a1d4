"""Time of parsing and proving one device after start-up, with nothing cached from another."""

from __future__ import annotations

import statistics
import time

from benchmarks.fleet import PLATFORMS

__all__ = ["proof_times"]


def proof_times(repeats: int = 9) -> dict[str, float]:
    """Return the median seconds per platform for reading a rendered text back and proving it."""
    from translator.drivers.registry import driver
    from translator.intents.compile import InterfaceSpec, compile_intents
    from translator.intents.lower import lower
    from translator.intents.match import prefix_of
    from translator.plan import load_plan
    from translator.verify import prove

    plan = load_plan("lync-2013")
    bindings = {"clients": (prefix_of("10.1.0.0/16"),), "phones": (prefix_of("10.2.0.0/16"),)}
    medians: dict[str, float] = {}
    for name, (pattern, roles) in PLATFORMS.items():
        found = driver(name)
        specs = [
            InterfaceSpec.of(f"{pattern.format(n=n)}={role}") for n, role in enumerate(roles, 1)
        ]
        wanted = lower(compile_intents(plan, "r1", specs, bindings), found.capabilities)
        config = found.render(wanted).config
        times = []
        for _ in range(repeats):
            started = time.perf_counter()
            proof = prove(wanted, found.parse(config), found.capabilities)
            times.append(time.perf_counter() - started)
            assert proof.ok
        medians[name] = statistics.median(times)
    return medians
