"""Devices of all platforms that are spoken to at a prompt, each with a change for it."""

from __future__ import annotations

from functools import cache

from devices import Device, EosDevice, Faults, JunosDevice
from lab.agreement import intents_for
from push.faults import Bench
from push.ios.cases import CATALYST, ROUTER
from push.junos.bench import INTERFACES, MODELS
from push.nxos.bench import NEXUS

from translator.drivers.registry import driver
from translator.intents.lower import lower

__all__ = ["BENCHES", "EOS", "IOS", "JUNOS", "OWN_TIMER"]

WANTED = ("ge-0/0/0.0=client", "ge-0/0/1.0=wan:20M", "ge-0/0/2.0=client")


@cache
def _configured(platform: str, *had: str) -> str:
    """Return a configuration with interfaces of the Lync plan on it."""
    chosen = driver(platform)
    return chosen.render(lower(intents_for(*had), chosen.capabilities)).config


def _junos(platform: str) -> Bench:
    def build(faults: Faults) -> Device:
        text = INTERFACES + _configured(platform, "ge-0/0/0.0=client", "ge-0/0/1.0=wan:10M")
        return JunosDevice("R1", text, model=MODELS[platform], faults=faults)

    return Bench(platform, build, WANTED)


def _eos(faults: Faults) -> Device:
    text = _configured("arista_eos", "Ethernet1=client", "Ethernet2=wan:10M")
    return EosDevice("R1", text, faults=faults)


IOS = (ROUTER, CATALYST)
JUNOS = tuple(map(_junos, MODELS))
EOS = Bench(
    "arista_eos", _eos, ("Ethernet1=client", "Ethernet2=wan:20M", "Ethernet3=client"),
)  # fmt: skip
OWN_TIMER = (*IOS, NEXUS)
"""Those whose timer runs by itself, and is not that of a commit."""
BENCHES = (*IOS, *JUNOS, NEXUS, EOS)
