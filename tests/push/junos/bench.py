"""A simulated Junos device that is pushed to over SSH, as a command would do it.

Nothing here waits: whoever waits, on our side or on the device's, moves the device's clock instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from devices import Address, Clock, Faults, JunosDevice, serving
from lab.agreement import intents_for

from translator.drivers.calls import Call, Method
from translator.drivers.change import Channel, Command, Request, Wait
from translator.drivers.registry import driver
from translator.drivers.replies import Reply
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.inventory.transport import Transport
from translator.push import (
    Change,
    Credentials,
    Deadlines,
    Endpoint,
    HostKeys,
    Journal,
    Options,
    Outcome,
    Patience,
    Secret,
    Session,
    change_device,
    opener,
    plan_change,
    resume_all,
)
from translator.push.change import new_run
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.napalm.session import NapalmSession

__all__ = ["INTERFACES", "MODELS", "Bench", "bench", "intents_of"]

MODELS = {
    "juniper_junos": "mx204",
    "juniper_junos_qfx": "qfx5120-48y",
    "juniper_junos_srx": "srx345",
}
PORTS = ("ge-0/0/0.0=client", "ge-0/0/1.0=wan:10M")
INTERFACES = """
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 10.0.0.1/24;
            }
        }
    }
    ge-0/0/1 {
        unit 0 {
            family inet {
                address 10.0.1.1/24;
            }
        }
    }
}
"""
_HANG_S = 0.3


@cache
def intents_of(platform: str) -> DeviceIntents:
    return lower(intents_for(*PORTS), driver(platform).capabilities)


@dataclass
class Hurried:
    """A session that waits on the device's clock, and not long for a line that will hang."""

    inner: Session
    device: JunosDevice

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Wait):
            self.device.clock.advance(seconds=request.seconds)
            return Reply()
        if isinstance(request, Command | Call) and self._hangs(request):
            request = replace(request, timeout_s=_HANG_S)
        return self.inner.perform(request)

    def close(self) -> None:
        self.inner.close()

    def _hangs(self, request: Command | Call) -> bool:
        loads = isinstance(request, Call) and request.method is Method.LOAD
        lines = len(request.text.splitlines()) if loads else 1
        behind = self.device.lines_received
        return behind < (self.device.faults.hang_at or 0) <= behind + lines


@dataclass
class Bench:
    """The device, the way to it, and the journal."""

    device: JunosDevice
    platform: str
    address: Address
    journal: Path
    known_hosts: Path
    transport: Transport = Transport.NETMIKO

    @property
    def host(self) -> Host:
        return Host("r1", self.platform, self.platform, transport=self.transport)

    @property
    def patience(self) -> Patience:
        """Our side waits on the clock of the device."""
        clock = self.device.clock
        return Patience(5.0, 1.0, clock.elapsed_s, lambda s: clock.advance(seconds=s))

    def open(self) -> Session:
        login, keys = Credentials("admin", Secret("pw")), HostKeys(self.known_hosts)
        if self.transport is Transport.NAPALM:
            there = NapalmEndpoint("r1", self.address.host, "junos", self.address.port)
            return Hurried(NapalmSession(there, login, keys), self.device)
        endpoint = Endpoint(
            "r1",
            self.address.host,
            "juniper_junos",
            Channel.CLI,
            self.address.port,
            Deadlines(settle_s=0.002),
        )
        return Hurried(opener(endpoint, login, keys)(), self.device)

    def plan(self) -> Change:
        return plan_change(self.host, intents_of(self.platform), self.open).change

    def push(self, planned: Change | None = None, options: Options | None = None) -> Outcome:
        if planned is not None:  # a change that was planned once serves many tests
            planned = replace(planned, work=replace(planned.work, run=new_run()))
        options = options or Options(patience=self.patience)
        with Journal(self.journal) as journal:
            return change_device(
                self.host,
                intents_of(self.platform),
                self.open,
                journal,
                options,
                planned=planned,
            )

    def resume(self) -> dict[str, str]:
        with Journal(self.journal) as journal:
            return dict(resume_all(journal, "r1", self.open, transport=self.transport))

    def leftovers(self) -> list[str]:
        """What is left, once the timers have had their time."""
        self.device.clock.advance(minutes=20)
        return self.left()

    def left(self) -> list[str]:
        """What is on the device beside its configuration."""
        found = [name for name in self.device.files if "qos-" in name]
        found += ["lock"] if self.device.exclusive else []
        found += ["candidate"] if self.device.dirty() else []
        found += ["timer"] if self.device.pending else []
        return found


@contextmanager
def bench(
    folder: Path,
    platform: str = "juniper_junos",
    initial: str = INTERFACES,
    *,
    faults: Faults | None = None,
    lingers: bool = False,
    transport: Transport = Transport.NETMIKO,
) -> Iterator[Bench]:
    """Serve a device; at the end no session of it is open."""
    device = JunosDevice(
        "R1", initial, model=MODELS[platform], faults=faults, lingers=lingers, clock=Clock()
    )
    with serving(device) as address:
        folder.mkdir(exist_ok=True)
        known = folder / "known_hosts"
        known.write_text(address.known_hosts_line, encoding="ascii")
        journal = folder / "journal.sqlite"
        yield Bench(device, platform, address, journal, known, transport)
    assert device.sessions_open == 0
