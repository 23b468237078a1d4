"""Simulated network devices on loopback, for tests: real SSH, real state machines, faults at will.

device = IosDevice("R1", faults=Faults(reset_before=3))
with serving(device) as address:
    ...  # connect to address.host, address.port as admin / pw
assert device.sessions_open == 0

What happened is in `device.log`; time is `device.clock`, and `device.clock.advance(minutes=5)` lets
timers fire at once. `device.faults` may be replaced while a device runs. `devices.typist.Typist`
types into a shell without any network; `devices.clients` connects Netmiko and NAPALM as they are.
"""

from __future__ import annotations

from .clock import Clock
from .device import Device
from .eos import EosDevice, serving_eapi
from .events import Event, EventLog
from .faults import AUTHORIZATION_FAILED, Faults, Hook, Noise
from .ios import IosDevice
from .junos import JunosDevice
from .nxos import NxosDevice
from .server import Address, serving, serving_all

__all__ = [
    "AUTHORIZATION_FAILED",
    "Address",
    "Clock",
    "Device",
    "EosDevice",
    "Event",
    "EventLog",
    "Faults",
    "Hook",
    "IosDevice",
    "JunosDevice",
    "Noise",
    "NxosDevice",
    "serving",
    "serving_all",
    "serving_eapi",
]
