"""A device that is a dictionary: its procedures, sessions that break where a test says so.

The configuration is a text that the Linux driver reads; the device has a lock, a snapshot, a timer
of which the test holds the clock, and a log of all that reached it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from lab.agreement import intents_for

from translator.drivers.capture import END_MARK
from translator.drivers.change import (
    Channel,
    Command,
    Identity,
    Obstacle,
    Procedure,
    Request,
    Running,
    Timer,
    Work,
)
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.linux import Linux
from translator.drivers.replies import Reply
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.steps import enter_lines
from translator.errors import ConnectionLostError, LockedError, RevertedError
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents
from translator.push.change import Change
from translator.push.goal import fingerprint
from translator.push.hands import Hands, Patience
from translator.push.journal import Journal
from translator.push.outcome import Expected
from translator.push.protocol import Push
from translator.push.session import Session

LINUX = Linux()
OLD = f"table inet old {{\n}}\n{END_MARK}\n"
NEW = f"table inet new {{\n}}\n{END_MARK}\n"
RUN = "20261129-101010-abcdef"
LINES = ("first", "second", "third")


class LostError(Exception):
    """Raised by the device towards nobody: the session turns it into a lost connection."""


@dataclass
class Device:
    """What is on the device. `breaks` is asked before each command and may raise an error."""

    running: str = OLD
    startup: str = OLD
    kept: str = ""
    lock: str = ""
    timer: Timer = Timer.ABSENT
    entered: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    sessions: int = 0
    breaks: Callable[[str], None] = lambda text: None
    identity: Identity = field(default_factory=lambda: Identity("r1", "S1", "fake 1.0", True))
    obstacles: tuple[Obstacle, ...] = ()
    refuses: str = ""
    says: str = "% Invalid input"
    result: str = NEW

    def command(self, text: str) -> Reply:
        self.breaks(text)
        self.log.append(text)
        verb, _, rest = text.partition(" ")
        answer = getattr(self, f"do_{verb}", self.enter)(rest or text)
        return Reply(answer if isinstance(answer, str) else "", 0)

    def enter(self, line: str) -> str:
        if line == self.refuses:
            return self.says
        self.entered.append(line)
        self.running = self.result if len(self.entered) == len(LINES) else self.running + line
        return ""

    def do_identify(self, _: str) -> str:
        return ""

    def do_show(self, what: str) -> str:
        return {"running": self.running, "lock": self.lock, "timer": self.timer}[what]

    def do_lock(self, run: str) -> str:
        self.lock = self.lock or run
        return self.lock

    def do_unlock(self, run: str) -> None:
        self.lock = "" if self.lock == run else self.lock

    def do_snapshot(self, _: str) -> None:
        self.kept = self.running

    def do_arm(self, _: str) -> None:
        self.timer = Timer.ARMED

    def do_confirm(self, _: str) -> None:
        if self.timer is Timer.ARMED:
            self.timer = Timer.CONFIRMED

    def do_save(self, _: str) -> None:
        self.startup = self.running

    def do_revert(self, _: str) -> None:
        self.running = self.kept or self.running
        self.timer = Timer.FIRED

    def do_cleanup(self, _: str) -> None:
        self.kept = ""

    def fire(self) -> None:
        """Let the device's own timer run out."""
        if self.timer is Timer.ARMED:
            self.do_revert("")


@dataclass
class FakeSession:
    """A login; once broken, it stays so."""

    device: Device
    broken: bool = False

    def perform(self, request: Request) -> Reply:
        if self.broken:
            raise ConnectionLostError("the session is gone")
        if not isinstance(request, Command):
            return Reply()
        try:
            return self.device.command(request.text)
        except LostError as failed:
            self.broken = True
            raise ConnectionLostError(f"lost at {request.text}") from failed

    def close(self) -> None:
        self.device.sessions -= 0 if self.broken else 1
        self.broken = True


class FakeProcedures(StatesReplies):
    """Each step is a command of the same name."""

    replies = CISCO_REPLIES
    channel = Channel.CLI
    installs_script = False
    saves_running = True
    shortest_revert_s = 1

    def __init__(self, device: Device) -> None:
        self.device = device  # only for what a real driver finds in a reply

    def lasting(self, text: str) -> str:
        return text

    def identify(self, work: Work) -> Procedure[Identity]:
        yield Command("identify")
        return self.device.identity

    def lock(self, work: Work) -> Procedure[None]:
        held = yield Command(f"lock {work.run}", changes=True)
        if held.text != work.run:
            raise LockedError(f"locked by {held.text}", run=held.text)

    def unlock(self, work: Work) -> Procedure[None]:
        yield Command(f"unlock {work.run}")

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        yield Command("show timer")
        return self.device.obstacles

    def running(self, work: Work) -> Procedure[Running]:
        reply = yield Command("show running")
        return Running(reply.text, "" if reply.text.endswith(f"{END_MARK}\n") else "no end mark")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        yield Command("snapshot now", changes=True)

    def arm(self, work: Work) -> Procedure[None]:
        yield Command("arm timer", changes=True)

    def apply(self, work: Work) -> Procedure[None]:
        yield from enter_lines(self, work, work.lines)

    def timer(self, work: Work) -> Procedure[Timer]:
        return Timer((yield Command("show timer")).text)

    def confirm(self, work: Work) -> Procedure[None]:
        yield Command("confirm now", changes=True)
        if Timer((yield Command("show timer")).text) is not Timer.CONFIRMED:
            raise RevertedError("too late")

    def save(self, work: Work) -> Procedure[None]:
        yield Command("save now", changes=True)

    def revert(self, work: Work) -> Procedure[None]:
        yield Command("revert now", changes=True)

    def cleanup(self, work: Work) -> Procedure[None]:
        yield Command("cleanup now", changes=True)

    def manual(self, work: Work) -> tuple[str, ...]:
        return ("rollback 1", "commit")


@dataclass(frozen=True)
class IsNew:
    """The goal: the text is the new one."""

    def check(self, before: Running, after: Running) -> tuple[str, ...]:
        from translator.errors import ProofError

        if after.text != NEW:
            raise ProofError("another text")
        return ("it is the new text",)

    def same(self, one: Running, other: Running) -> bool:
        return one.text == other.text


@cache
def some_intents() -> DeviceIntents:
    return lower(intents_for("lan=client", "wan=wan:1G"), LINUX.capabilities)


def opener_of(device: Device) -> Callable[[], Session]:
    def connect() -> Session:
        device.breaks("open")
        device.sessions += 1
        return FakeSession(device)

    return connect


def hands_of(device: Device, journal: Journal, run: str = RUN) -> Hands:
    work = Work(run, "r1", 1, lines=LINES, rollback=("undo",))
    return Hands(FakeProcedures(device), work, opener_of(device), journal, Patience(0.2, 0.01))


def push_of(device: Device, journal: Journal, expected: Expected | None = None) -> Push:
    hands = hands_of(device, journal)
    base = fingerprint(hands.procedures, OLD)
    change = Change("r1", "linux", base, hands.work, some_intents(), needed=True)
    return Push(hands, change, IsNew(), expected or Expected())
