"""A terminal line to a simulated device, without a network and without waiting.

What is at our end is the product's own reading of prompts and echoes; at the other end is the
terminal of the device, as it is served over SSH elsewhere. In between nothing is encrypted and
nothing takes time: whoever waits moves the device's clock, so that 20 seconds pass at once.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import coroutine
from typing import Any

import pytest
from devices import Clock, Device, EosDevice, Faults, IosDevice, JunosDevice, NxosDevice
from devices.session import Fate
from devices.session import Session as Shell
from devices.shell import run_shell
from devices.terminal import Terminal
from push.faults import MEMORY, Bench, Scene, proofs, wanted_of

from translator.drivers.change import Command, Request, Wait
from translator.drivers.replies import Reply
from translator.errors import ConnectionLostError, DeadlineError, LoginError, UnreachableError
from translator.inventory.model import Host
from translator.push.change import Change
from translator.push.cli_channel import CliChannel
from translator.push.device import plan_change
from translator.push.journal import Journal
from translator.push.session import Session
from translator.push.translate_errors import of_session

__all__ = ["Healthy", "Wired", "healthy", "wired"]

_PREPARED = {
    "cisco": ("terminal width 511", "terminal length 0"),
    "juniper": ("set cli screen-width 511", "set cli screen-length 0"),
    "arista": ("terminal width 511", "terminal length 0"),
}
"""What netmiko types before a session is one; a driver does not count on it being said again."""


@coroutine
def _after(seconds: float | None) -> Generator[float | None, None, None]:
    """Go on after so many seconds of the device, or when something was typed."""
    yield seconds


@dataclass(slots=True)
class _Time:
    """Stands in for the module `time`: when we wait, time passes for the device too.

    What a test does to the clock of the device takes no time of ours.
    """

    clock: Clock
    ours: Clock = field(default_factory=Clock)

    def monotonic(self) -> float:
        return self.ours.elapsed_s()

    def sleep(self, seconds: float) -> None:
        self.ours.advance(seconds=seconds)
        self.clock.advance(seconds=seconds)


class _Terminal(Terminal):
    async def pause(self, seconds: float) -> None:
        await _after(seconds)


class _Line:
    """Both ends of a line: that of the device, and for `CliChannel` that of a paramiko channel."""

    def __init__(self, device: Device, shell: Shell, time: _Time) -> None:
        self._device = device
        self._time = time
        self._typed = b""
        self._shown = b""
        self._hung_up = False
        self._goes_on_s: float | None = None
        self._timeout_s = 0.0
        self._fate: Fate | None = None
        shell.kick = lambda: setattr(self, "_fate", Fate.RESETS)
        terminal = _Terminal(self, self, device.faults.noise, device.clock)
        self._served: Coroutine[Any, None, Fate] = run_shell(device, shell, terminal)
        self._shell = shell
        self._pump()

    # The device's end.

    async def read(self, n: int) -> bytes:
        del n
        while not self._typed and not self._hung_up:
            await _after(None)
        taken, self._typed = self._typed, b""
        return taken

    def write(self, data: bytes) -> None:
        self._shown += data

    async def drain(self) -> None:
        """Nothing is kept back."""

    # Our end.

    def sendall(self, data: bytes) -> None:
        if self._fate is not None:
            raise OSError("Socket is closed")
        self._typed += data
        self._pump()

    def recv_ready(self) -> bool:
        self._pump()
        return bool(self._shown)

    def settimeout(self, seconds: float) -> None:
        self._timeout_s = seconds

    def recv(self, _: int) -> bytes:
        self._pump()
        if not self._shown and self._fate is None:
            self._let_pass(self._timeout_s)
        if not self._shown and self._fate is None:
            raise TimeoutError
        taken, self._shown = self._shown, b""
        return taken

    def hang_up(self) -> None:
        self._hung_up = True
        self._pump()
        self._served.close()
        self._device.drop(self._shell)

    def _let_pass(self, seconds: float) -> None:
        """Let the time go by until something is shown, but no longer than that."""
        ends = self._time.monotonic() + seconds
        while not self._shown and self._goes_on_s is not None:
            rest = max(0.0, self._goes_on_s - self._device.clock.elapsed_s())
            if self._time.monotonic() + rest > ends:
                break
            self._time.sleep(rest)
            self._pump()
        if not self._shown and self._fate is None:
            self._time.sleep(max(0.0, ends - self._time.monotonic()))

    def _pump(self) -> None:
        """Let the device do what it can do by now."""
        while self._fate is None:
            due = self._goes_on_s
            if due is not None and due > self._device.clock.elapsed_s() and not self._hung_up:
                return
            try:
                pause = self._served.send(None)
            except StopIteration as ended:
                self._fate = ended.value
                self._device.drop(self._shell)
                return
            self._goes_on_s = pause and self._device.clock.elapsed_s() + pause
            if pause is None and not self._typed and not self._hung_up:
                return


@dataclass
class _Session:
    """One login; what breaks it is told as `NetmikoSession` tells it."""

    device: Device
    line: _Line
    channel: CliChannel
    waited: list[float]
    lost: bool = False

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Wait):
            self.device.clock.advance(seconds=request.seconds)
            return Reply()
        assert isinstance(request, Command)
        if self.lost:
            raise ConnectionLostError("the session was given up before")
        try:
            with of_session("r1"):
                return self.channel.command(request)
        except (ConnectionLostError, DeadlineError) as error:
            self.lost = True
            self.waited += [request.timeout_s] * isinstance(error, DeadlineError)
            raise

    def close(self) -> None:
        self.line.hang_up()


@dataclass
class Wired(Scene):
    """A device at the end of a line, and a push to it."""

    time: _Time = field(init=False)

    def __post_init__(self) -> None:
        self.time = _Time(self.device.clock)

    def connect(self) -> Session:
        device = self.device
        if device.full():
            raise UnreachableError("r1 closes the connection")
        if not device.accepts("admin", "pw"):
            raise LoginError("r1 refuses the login")
        shell = device.attach("admin")
        for text in _PREPARED[self.bench.driver.partition("_")[0]]:
            shell.execute(text)
        name = shell.prompt().strip().rpartition("\n")[2].rstrip("#>$% ")
        line = _Line(device, shell, self.time)
        channel: Any = line
        return _Session(device, line, CliChannel(channel, name, "r1"), self.waited)

    def everybody_left(self) -> bool:
        return not self.device.sessions_open

    def left(self) -> list[str]:
        """Return what is on the device beside its configuration, and what of it waits."""
        device = self.device
        found = [name for name in device.files if "qos-" in name]
        if isinstance(device, EosDevice):
            states = {name: each.state for name, each in device.config_sessions.items()}
            found += [name for name, state in states.items() if state == "pending"]
            return found + ["timer"] * ("pendingCommitTimer" in states.values())
        if isinstance(device, NxosDevice):
            return [*found, *device.checkpoints, *(f"timer {name}" for name in device.schedules)]
        assert isinstance(device, IosDevice | JunosDevice)
        waits = device.archive.pending if isinstance(device, IosDevice) else device.pending
        found += ["lock"] if device.exclusive else []
        found += ["candidate"] if isinstance(device, JunosDevice) and device.dirty() else []
        return found + (["timer"] if waits else [])


@dataclass(frozen=True, slots=True)
class Healthy:
    """A push without faults.

    Attributes:
        old, new: the configuration before and after.
        typed: every line that a push types, over both of its sessions.
    """

    change: Change
    old: str
    new: str
    typed: tuple[str, ...]


@cache
def healthy(bench: Bench) -> Healthy:
    """Plan a push, and carry it out."""
    with wired(bench, Faults(in_any_mode=True), None) as scene:
        host = Host("r1", bench.driver, bench.driver)
        planned = plan_change(host, wanted_of(bench), scene.connect, proofs=proofs())
        scene.change, old = planned.change, scene.device.running
        behind = len(scene.device.log.of("line"))
        scene.push()
        typed = scene.device.log.of("line")[behind:]
        assert scene.left() == []
        return Healthy(scene.change, old, scene.device.running, tuple(e.text for e in typed))


@contextmanager
def wired(bench: Bench, faults: Faults, change: Change | None) -> Iterator[Wired]:
    """Have a device at the end of a line, and a push to it that was planned without faults."""
    device = bench.build(faults)
    with (
        TemporaryDirectory(dir=MEMORY) as name,
        Journal(Path(name) / "journal.sqlite") as journal,
        pytest.MonkeyPatch.context() as patch,
    ):
        nowhere: Any = None
        scene = Wired(bench, device, nowhere, journal, nowhere, change)
        patch.setattr("translator.push.cli_channel.time", scene.time)
        yield scene
