"""Devices of all platforms that are spoken to at a prompt, each with a change for it."""

from __future__ import annotations

from functools import cache

from devices import Device, Faults, JunosDevice
from lab.agreement import intents_for
from push.faults import Bench
from push.ios.cases import CATALYST, ROUTER
from push.junos.bench import INTERFACES, MODELS
from push.nxos.bench import NEXUS

from translator.drivers.registry import driver
from translator.intents.lower import lower

__all__ = ["BENCHES", "IOS", "JUNOS", "OWN_TIMER"]

WANTED = ("ge-0/0/0.0=client", "ge-0/0/1.0=wan:20M", "ge-0/0/2.0=client")


@cache
def _configured(platform: str) -> str:
    """Return a configuration with two interfaces of the Lync plan on it."""
    chosen = driver(platform)
    had = ("ge-0/0/0.0=client", "ge-0/0/1.0=wan:10M")
    wanted = lower(intents_for(*had), chosen.capabilities)
    return INTERFACES + chosen.render(wanted).config


def _junos(platform: str) -> Bench:
    def build(faults: Faults) -> Device:
        return JunosDevice("R1", _configured(platform), model=MODELS[platform], faults=faults)

    return Bench(platform, build, WANTED)


IOS = (ROUTER, CATALYST)
JUNOS = tuple(map(_junos, MODELS))
OWN_TIMER = (*IOS, NEXUS)
"""Those whose timer runs by itself, and is not that of a commit."""
BENCHES = (*IOS, *JUNOS, NEXUS)
