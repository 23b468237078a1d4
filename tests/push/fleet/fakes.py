"""A fleet of devices in memory: the Linux driver reads them, each may have faults of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from push.fake import Device, FakeProcedures, FakeSession, some_intents

from translator.drivers.change import Command, Identity, Procedure, Running, Work
from translator.drivers.linux import Linux
from translator.drivers.steps import enter_lines
from translator.errors import DeadlineError, LoginError
from translator.intents.compile import InterfaceSpec
from translator.inventory.model import Host
from translator.push.asked import Asked
from translator.push.brake import Brake
from translator.push.campaign import Campaign
from translator.push.hands import Patience
from translator.push.host_work import HostWork
from translator.push.journal import Journal
from translator.push.member import Member
from translator.push.pace import Batch, Pace
from translator.push.session import Opener, Session

__all__ = ["LINES", "Fleet"]

LINES = ("first", "second", "third")
SPECS = (InterfaceSpec.of("lan=client"), InterfaceSpec.of("wan=wan:1G"))


class FleetProcedures(FakeProcedures):
    """Procedures that know which of the devices a work is about."""

    installs_script = True
    saves_running = False

    def __init__(self, devices: dict[str, Device]) -> None:
        self.devices = devices

    def identify(self, work: Work) -> Procedure[Identity]:
        yield Command("identify")
        return self.devices[work.device].identity

    def preflight(self, work: Work) -> Procedure[tuple]:
        yield Command("show timer")
        return self.devices[work.device].obstacles

    def running(self, work: Work) -> Procedure[Running]:
        return Running((yield Command("show running")).text)

    def apply(self, work: Work) -> Procedure[None]:
        yield from enter_lines(self, work, LINES)


@dataclass
class Fleet:
    """Devices r1, r2 ... with what a rollout of them needs."""

    devices: dict[str, Device]
    journal: Journal
    brake: Brake = field(default_factory=Brake)
    told: list[Member] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    order: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, count: int, journal: Path, patch) -> Fleet:
        wanted = Linux().render(some_intents()).config
        devices = {
            f"r{n}": Device(identity=Identity(f"r{n}", "S1", "fake 1.0", True), result=wanted)
            for n in range(1, count + 1)
        }
        procedures = FleetProcedures(devices)
        patch.setattr(Linux, "procedures", property(lambda _: procedures))
        return cls(devices, Journal(journal))

    @property
    def hosts(self) -> dict[str, Host]:
        return {name: Host(name, "linux", "linux", interfaces=SPECS) for name in self.devices}

    def connect(self, host: Host) -> Opener:
        device = self.devices[host.name]

        def opened() -> Session:
            device.breaks("open")
            device.sessions += 1
            return Watched(device, self, host.name)

        return opened

    def campaign(self, journal: Journal | None = None, **pace: object) -> Campaign:
        settings = {"canary": 1, "batch": Batch(10, percent=True), "max_failures": 1, "forks": 8}
        work = HostWork(
            self.connect,
            {name: some_intents() for name in self.devices},
            self.journal,
            self.brake,
            revert_s=1,
            patience=Patience(0.05, 0.01),
        )
        asked = Asked("nowhere", "lync-2013", pace=Pace(**{**settings, **pace}))
        return Campaign(asked, self.hosts, work, self.told.append)

    def looked(self, campaign: Campaign):
        return campaign.look(
            tuple(self.devices), lambda planned, space: None, lambda done, total: None
        )

    def push(self, **pace: object):
        campaign = self.campaign(**pace)
        found = self.looked(campaign)
        changes = {name: item.change for name, item in found.made.items()}
        return campaign.push(self.journal, changes, found.failed)


@dataclass
class Watched(FakeSession):
    """A session that counts how many devices are in flight at one time."""

    fleet: Fleet = None  # type: ignore[assignment]
    name: str = ""

    def __init__(self, device: Device, fleet: Fleet, name: str) -> None:
        super().__init__(device)
        self.fleet = fleet
        self.name = name

    def perform(self, request):
        text = getattr(request, "text", "")
        fleet = self.fleet
        if text == LINES[0]:
            with fleet.lock:
                fleet.order.append(self.name)
                fleet.in_flight += 1
                fleet.most_in_flight = max(fleet.most_in_flight, fleet.in_flight)
        try:
            return super().perform(request)
        finally:
            if text == LINES[-1]:
                with fleet.lock:
                    fleet.in_flight -= 1


def refuses(device: Device) -> None:
    """Let a device refuse the second line."""
    device.refuses = LINES[1]


def loses(device: Device) -> None:
    """Let the session of a device break at the second line, once."""
    _once(device, LINES[1], _lose)


def hangs(device: Device) -> None:
    """Let a device never answer the second line, once."""

    def late() -> None:
        raise DeadlineError("it did not answer in time")

    _once(device, LINES[1], late)


def rejects(device: Device) -> None:
    """Let a device refuse every login."""

    def breaks(text: str) -> None:
        if text == "open":
            raise LoginError("it refuses the login")

    device.breaks = breaks


def another(device: Device) -> None:
    """Let a device be another one."""
    device.identity = Identity("somebody-else", "S1", "fake 1.0", True)


def _lose() -> None:
    from push.fake import LostError

    raise LostError


def _once(device: Device, at: str, happen: Callable[[], None]) -> None:
    left = [at]

    def breaks(text: str) -> None:
        if text in left:
            left.remove(text)
            happen()

    device.breaks = breaks
