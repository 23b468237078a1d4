"""Short names of interfaces mean what the text spells out, and only where that is certain."""

from __future__ import annotations

import pytest

from translator.drivers.registry import driver
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.lower import lower
from translator.plan import load_plan
from translator.verify.names import spelled_out
from translator.verify.prove import render_proven


def device(*names: str) -> DeviceQos:
    return DeviceQos("test", tuple(InterfaceQos(name) for name in names))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Gi0/1", "GigabitEthernet0/1"),
        ("g0/1", "GigabitEthernet0/1"),
        ("GIGABITETHERNET 0/1", "GigabitEthernet0/1"),
        ("FastEthernet0/0", "f0/0"),
        ("Gi0/2", "Gi0/2"),
        ("0/1", "0/1"),
        ("T0/3", "T0/3"),
    ],
)
def test_short_names(given: str, meant: str) -> None:
    known = device("GigabitEthernet0/1", "f0/0", "Tunnel0/3", "TenGigabitEthernet0/3")
    assert spelled_out(known, given) == meant


def test_an_interface_may_be_listed_as_a_pattern() -> None:
    known = device("ge-*.*", "ge-0/0/1.0")
    assert known.interface("ge-0/0/1.0").name == "ge-0/0/1.0"
    assert known.interface("ge-0/0/2.0").name == "ge-*.*"
    assert known.interface("xe-0/0/2.0").name == "*"


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
def test_what_is_typed_short_is_written_as_the_device_prints_it(platform: str) -> None:
    cisco = driver(platform)
    specs = [InterfaceSpec.of("Gi0/1=client"), InterfaceSpec.of("te0/2=uplink:10G")]
    wanted = lower(compile_intents(load_plan("lync-2013"), "r1", specs, {}), cisco.capabilities)
    rendered, proof = render_proven(cisco, wanted)
    assert "interface GigabitEthernet0/1" in rendered.config
    assert "interface TenGigabitEthernet0/2" in rendered.config
    assert ("GigabitEthernet0/1", "TenGigabitEthernet0/2") in proof.pairs
