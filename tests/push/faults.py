"""Faults of a push: what happens, how the device ends, and which error the user sees.

A platform states its faults in `push/PLATFORM/cases.py`, as values of `Fault`; its tests run each
of them, and `docs/push-faults.md` is made of the same values: of `CASES`, which are pairs of a
platform and a fault.

No test waits: a device that hangs is given a moment, and what would have been waited for is
counted; a device that cannot be reached is waited for on its own clock.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from signal import Signals
from tempfile import TemporaryDirectory

import pytest
from devices import Address, Device, Faults, serving
from lab.agreement import intents_for

from translator.drivers.change import Channel, Command, Request, Wait
from translator.drivers.registry import driver
from translator.drivers.replies import Reply
from translator.errors import ChangeError, DeadlineError
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push.change import Change
from translator.push.credentials import Credentials
from translator.push.device import Options, change_device, plan_change
from translator.push.hands import Patience
from translator.push.host_keys import HostKeys
from translator.push.journal import Journal
from translator.push.netmiko_session import Endpoint, NetmikoSession
from translator.push.outcome import Expected, Outcome
from translator.push.proofs import Proofs
from translator.push.secret import Secret
from translator.push.session import Deadlines
from translator.push.session import Session as PushSession

__all__ = [
    "MEMORY",
    "Bench",
    "Ends",
    "Fault",
    "Scene",
    "all_cases",
    "base_of",
    "lines_of",
    "meet",
    "proofs",
    "raising",
    "scene_of",
    "table",
    "wanted_of",
]

_MOMENT_S = 0.2
_NONE = Faults()
# The journal syncs each of its rows; where files lie in memory that takes no time.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
_FOLDER = Path(__file__).parent


class Ends(StrEnum):
    """How a device ends; each of them is what its configuration is compared with."""

    NEW = "new, proven, saved"
    OLD = "old"
    OLD_LATER = "old, when its timer has run out"
    THEIRS = "as somebody else left it"
    BESIDE = "old, but for what somebody else did"
    EITHER = "old, or new, proven, saved, once the next push has looked"
    BETWEEN = "not known"  # its own way back is broken; the commands to type are told
    UNSAVED = "new, proven, not saved"
    UNTIDY = "new, proven, saved, with the copy of the old one on it"
    CONFIRMED = "old, or, once it has taken the confirmation, new, proven, saved"


@dataclass(frozen=True, slots=True)
class Bench:
    """A simulated device of a platform, and the change that is pushed to it.

    Attributes:
        build: makes the device with its faults.
        wanted: the interfaces of the Lync plan, as `NAME=ROLE[:RATE]`.
        hostname, serial: those that the inventory expects.
        healthy: makes the device for which the change is planned, where that is another one.
    """

    driver: str
    build: Callable[[Faults], Device]
    wanted: tuple[str, ...]
    hostname: str = "R1"
    serial: str = "SIM00000001"
    healthy: Callable[[Faults], Device] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table.

    Attributes:
        name: what happens, in an operator's words.
        ends: what the device is to hold.
        error: what the user sees; None: the push succeeds.
        cause: what failed, where the error is a `RevertedError` or a `StateUnknownError`.
        faults: of the device.
        at_line: the same for the k-th line that reaches its configuration mode; each is tried.
        prepare: what is done to the device before the push.
        secret: an enable secret that is used.
        signal: what ends our own process; nobody is left to tell an error.
        theirs: what somebody else does meanwhile, where that is to stay.
        by_itself: the device holds lines then that it writes by itself.
        causes: what failed, where that depends on the line.
        tried: at how many lines.
    """

    name: str
    ends: Ends
    error: type[ChangeError] | None = None
    cause: type[ChangeError] | None = None
    faults: Faults = _NONE
    at_line: Callable[[int], Faults] | None = None
    prepare: Callable[[Scene], None] = lambda scene: None
    secret: str = ""
    signal: Signals | None = None
    theirs: Callable[[Device], None] = lambda device: None
    by_itself: bool = False
    causes: tuple[type[ChangeError], ...] = ()
    tried: int = 1


@dataclass
class Scene:
    """A device that is served, and a push to it.

    Attributes:
        waited: the deadlines that passed, in seconds, as the driver had set them.
        slept_s: how long a device that was out of reach was waited for, on its own clock.
    """

    bench: Bench
    device: Device
    address: Address
    journal: Journal
    known_hosts: Path
    change: Change | None
    secret: str = ""
    waited: list[float] = field(default_factory=list)
    slept_s: float = 0.0

    def connect(self) -> PushSession:
        """Log in with Netmiko as it is."""
        endpoint = Endpoint(
            "r1",
            self.address.host,
            driver(self.bench.driver).session.netmiko,
            Channel.CLI,
            self.address.port,
            Deadlines(answer_s=4.0, settle_s=0.001),
        )
        secret = Secret(self.secret) if self.secret else None
        login = Credentials("admin", Secret("pw"), secret=secret)
        return _Watched(NetmikoSession(endpoint, login, HostKeys(self.known_hosts)), self)

    def push(self) -> Outcome:
        """Carry out the change that was planned."""
        patience = Patience(30.0, 1.0, self.device.clock.elapsed_s, self._sleep)
        expected = Expected(self.bench.hostname, self.bench.serial)
        return change_device(
            Host("r1", self.bench.driver, self.bench.driver),
            wanted_of(self.bench),
            self.connect,
            self.journal,
            Options(patience=patience, expected=expected),
            planned=self.change,
            proofs=proofs(),
        )

    def everybody_left(self) -> bool:
        """Whether every session that was opened has ended."""
        logins = self.device.log.count("login")
        return self.device.log.wait_for("logout", count=logins) and not self.device.sessions_open

    def _sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.device.clock.advance(seconds=seconds)


@dataclass
class _Watched:
    """A session that gives a hanging device a moment, and counts what it would have waited."""

    inner: NetmikoSession
    scene: Scene

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Wait):
            self.scene._sleep(request.seconds)
            return Reply()
        asked = request.timeout_s
        if isinstance(request, Command) and self._will_hang(request):
            request = replace(request, timeout_s=_MOMENT_S)
        try:
            return self.inner.perform(request)
        except DeadlineError:
            self.scene.waited.append(asked)
            raise

    def _will_hang(self, command: Command) -> bool:
        device = self.scene.device
        configures = command.line > 0 or command.text == "end"
        return configures and device.faults.hang_at == device.lines_received + 1

    def close(self) -> None:
        self.inner.close()


@cache
def proofs() -> Proofs:
    return Proofs()


@cache
def wanted_of(bench: Bench) -> DeviceIntents:
    """Return what a bench's device is to do."""
    return lower(intents_for(*bench.wanted), driver(bench.driver).capabilities)


@contextmanager
def _served(bench: Bench, faults: Faults, folder: Path) -> Iterator[tuple[Device, Address, Path]]:
    device = bench.build(faults)
    with serving(device) as address:
        known = folder / "known_hosts"
        known.write_text(address.known_hosts_line, encoding="ascii")
        yield device, address, known


@cache
def base_of(bench: Bench) -> tuple[Change, str, str, int]:
    """Return the change, the old and new configuration, and how many lines configure the device.

    It is planned from what a device without faults shows, and pushed to one.
    """
    with (
        TemporaryDirectory(dir=MEMORY) as name,
        Journal(Path(name) / "journal.sqlite") as journal,
        _served(bench, _NONE, Path(name)) as (device, address, known),
    ):
        old = device.running
        host = Host("r1", bench.driver, bench.driver)
        scene = Scene(bench, device, address, journal, known, None)  # type: ignore[arg-type]
        scene.change = plan_change(host, wanted_of(bench), scene.connect, proofs=proofs()).change
        scene.push()
        assert scene.everybody_left()
        return scene.change, old, device.running, device.lines_received


def lines_of(bench: Bench) -> range:
    """Return the numbers of the lines that a push sends to the configuration mode."""
    return range(1, base_of(bench)[3] + 1)


@contextmanager
def scene_of(bench: Bench, faults: Faults, folder: Path, secret: str = "") -> Iterator[Scene]:
    """Serve a device with faults, and have a push ready that was planned without them."""
    change = base_of(replace(bench, build=bench.healthy or bench.build))[0]
    with (
        TemporaryDirectory(dir=MEMORY) as name,
        Journal(Path(name) / "journal.sqlite") as journal,
        _served(bench, faults, folder) as (device, address, known),
    ):
        yield Scene(bench, device, address, journal, known, change, secret)


def meet(scene: Scene, fault: Fault, error: type[ChangeError] | None) -> ChangeError | None:
    """Push, and hold the end of it against a fault's row; return the error."""
    new = base_of(scene.bench)[2]
    device = scene.device
    lines = driver(scene.bench.driver).procedures.paths if fault.by_itself else str
    old, old_startup = device.running, device.startup
    raised: ChangeError | None = None
    try:
        scene.push()
    except ChangeError as problem:
        raised = problem
    assert type(raised) is (error or type(None)), raised
    assert scene.everybody_left()
    if fault.ends is Ends.OLD_LATER:
        device.clock.advance(minutes=121)
    if fault.ends in (Ends.OLD, Ends.OLD_LATER):
        assert device.running == old
    elif fault.ends in (Ends.NEW, Ends.UNSAVED):
        assert lines(device.running) == lines(new)
    elif fault.ends is Ends.BESIDE:
        twin = scene.bench.build(_NONE)
        fault.theirs(twin)
        assert device.running == twin.running != old
    elif fault.ends is Ends.THEIRS:
        assert device.lines_received == 0
    assert lines(device.startup) == lines(new if fault.ends is Ends.NEW else old_startup)
    assert bool(device.log.of("saved")) == (fault.ends is Ends.NEW)
    return raised


@contextmanager
def raising(
    fault: Fault, state: Callable[[], object] | None = None
) -> Iterator[pytest.ExceptionInfo[ChangeError]]:
    """Expect the error of a fault, for its cause; what is to end old is then in its old state."""
    assert fault.error is not None
    before = state() if state is not None else None
    with pytest.raises(fault.error) as failed:
        yield failed
    assert type(failed.value) is fault.error
    assert fault.cause is None or isinstance(failed.value.__cause__, fault.cause)
    assert failed.value.exit_code == fault.error.exit_code
    if state is not None and fault.ends is Ends.OLD:
        assert state() == before


def all_cases() -> Sequence[tuple[str, Fault]]:
    """Return the faults of all platforms, with the names of their drivers."""
    found: list[tuple[str, Fault]] = []
    for file in sorted(_FOLDER.glob("*/cases.py")):
        found += importlib.import_module(f"push.{file.parent.name}.cases").CASES
    return found


def _code(fault: Fault) -> int:
    """Return what a shell shows of our process."""
    if fault.signal is not None:
        return 128 + fault.signal
    return fault.error.exit_code if fault.error else 0


def table() -> str:
    """Return the text of `docs/push-faults.md`."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for platform, fault in all_cases():
        name = fault.error.__name__ if fault.error else "-"
        causes = fault.causes or ((fault.cause,) if fault.cause not in (None, fault.error) else ())
        if causes:
            name += f", by {' or '.join(each.__name__ for each in causes if each)}"
        code = str(_code(fault))
        times = f" ({fault.tried})" if fault.tried > 1 else ""
        row = rows.setdefault((fault.name, fault.ends.value, name, code), [])
        row.append(f"{platform}{times}")
    lines = [
        f"| {fault} | {', '.join(sorted(platforms))} | {ends} | {error} | {code} |"
        for (fault, ends, error, code), platforms in rows.items()
    ]
    return _HEAD + "\n".join([*lines, ""])


_HEAD = """\
# What becomes of a push when something goes wrong

Each row is a test. The number behind a platform is at how many lines or commands the row is
tried, one push for each; where there is none, at one. *old* is byte for byte the configuration
of before, *new* is proven on what was read back. The configuration that a device boots with is
written in the rows that say *saved*, and in no other; with Junos a confirmed commit does it. At
the end nobody is logged in any more, and the journal holds how the run ended.

- A *line* is what a push types in configuration mode, a *command* all that it types or writes,
  from the first question to the last line that tidies up; both are counted over both sessions.
- Rows of a line are tried over SSH. Rows of a command are tried at every command on the same
  simulated devices, with the product's reading of echoes and prompts, but without SSH and
  without waiting: the clock of the device is moved instead. With linux and tomato, where each
  command has a channel of its own, the fault is put right below the command.
- Where nothing of the change has been sent, the error is the cause itself, with its own exit
  code. Where a device ends *old, or new*, the error is that of the old one, and there is none
  once the change is confirmed. A refusal ends *new* also where a push does without the answer.
  A shell shows 137 for a killed process.
- What is said of linux is done to a router in a network namespace (`make lab`), what is said of
  tomato to the shell of busybox. juniper_junos_qfx and juniper_junos_srx have the procedures of
  juniper_junos; what is said of them is done without SSH.
- tomato64 and tomato_old are changed by the procedures of tomato: what differs is what they write.
- With `transport: napalm` Junos is changed over NETCONF. Resets before each request, and resets,
  silence and refusals around the commit and its confirmation, end as the rows of
  juniper_junos say, but for a device that still takes the session of a dead process for alive:
  its lock is waited for (exit code 6 until then). `tests/push/junos/test_napalm.py` has them all.
- An archive and an enable secret are those of IOS alone, a timer apart from the change is of IOS
  and NX-OS. Pages, colours and messages of the log within an echo are met at a prompt, so not with
  linux and tomato.

The order of the steps itself is held against a device in memory that breaks at each of them
(`tests/push/test_protocol.py`), whole rollouts in `tests/push/fleet`. `make readme` writes this
table anew.

| fault | platforms | the device is | error | exit code |
|---|---|---|---|---|
"""
