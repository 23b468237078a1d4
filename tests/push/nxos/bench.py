"""A Nexus switch with some of the Lync plan on it, and a change that adds two ports."""

from __future__ import annotations

from functools import cache

from devices import Device, Faults, NxosDevice
from lab.agreement import intents_for
from push.faults import Bench

from translator.drivers.registry import driver
from translator.intents.lower import lower

__all__ = ["HAD", "NEXUS", "configured"]

HAD = ("Ethernet1/1=client", "Ethernet1/2=uplink:1G")


@cache
def configured() -> str:
    """Return a configuration with two interfaces of the plan on it."""
    chosen = driver("cisco_nxos")
    return chosen.render(lower(intents_for(*HAD), chosen.capabilities)).config


def _build(faults: Faults) -> Device:
    return NxosDevice("R1", configured(), faults=faults)


NEXUS = Bench("cisco_nxos", _build, (*HAD, "Ethernet1/3=client", "Ethernet1/4=uplink:1G"))
