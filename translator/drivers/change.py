"""How a platform's configuration is changed, as procedures that do no I/O themselves.

A procedure is a generator: it yields requests, gets the reply to each, and returns a value. Who
runs it (`translator.push`) owns the session, the clock and the journal; a test runs it against
a dictionary of replies.

    def identify(self, work):
        reply = yield Command("show version")
        return Identity(...)

A driver that can be changed offers `ChangesDevices`; `Procedures` says what each step means, and
how the steps map to what five kinds of platforms have. `steps` holds what several platforms share.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, TypeVar, runtime_checkable

from translator.drivers.calls import Call
from translator.drivers.deviations import Part, Path
from translator.drivers.replies import Reply
from translator.errors import DriverError

__all__ = [
    "ChangesDevices",
    "Channel",
    "Command",
    "Download",
    "Holder",
    "Identity",
    "KeepsOthers",
    "Obstacle",
    "Procedure",
    "Procedures",
    "Reply",
    "Request",
    "Running",
    "TellsHolder",
    "Timer",
    "TypedAnswer",
    "Upload",
    "Wait",
    "Work",
]

_T = TypeVar("_T")
_RUN_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_RUN_LENGTH: Final = 40
# Devices that ask a server about each line may echo it after 20 seconds.
_SHORT_S: Final = 30.0


class Channel(StrEnum):
    """How a command reaches the device.

    CLI: a line is typed at a prompt; what stands between its echo and the next prompt is the reply.
    EXEC: a channel of its own for each command, with exact output and an exit status (POSIX).
    NAPALM: calls of NAPALM; commands only read, and nobody answers what they ask back.
    """

    CLI = "cli"
    EXEC = "exec"
    NAPALM = "napalm"


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What to type when a command asks back: `TypedAnswer(r"\\[confirm\\]", "")`.

    Attributes:
        question: a regular expression, searched in the last line that was printed.
        reply: what is typed; "" only confirms.
        line_end: whether a line end follows it; pagers and single keys want none.
    """

    question: str
    reply: str
    line_end: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """One line for the device.

    Attributes:
        text: without its line end; a line break in it is refused.
        timeout_s: longest time until the reply is complete.
        answers: questions that the command may ask back; any other question is a timeout.
        changes: it may change the device: the journal holds it before it is sent.
        line: its number in the change, from 1; 0: it is none of the change's lines.
        once: a setting of the session, which need not be given again in the same one.
    """

    text: str
    timeout_s: float = _SHORT_S
    answers: tuple[TypedAnswer, ...] = ()
    changes: bool = False
    line: int = 0
    once: bool = False

    def __post_init__(self) -> None:
        if not self.text.replace("\t", "").isprintable():
            raise DriverError(
                f"command {self.text!r} holds a line break or another control character",
                hint="each command is one line; upload what has more of them",
            )


@dataclass(frozen=True, slots=True)
class Upload:
    """Write a file on the device, whole or not at all (a name beside it, then renamed).

    Attributes:
        mode: permissions, where the device has any.
    """

    path: str
    data: bytes
    mode: int = 0o600
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Download:
    """Read a file of the device; the reply holds its `data`, status 1 where there is none."""

    path: str
    most_bytes: int = 16 << 20
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass on our side."""

    seconds: float


Request: TypeAlias = Command | Call | Upload | Download | Wait


Procedure: TypeAlias = Generator[Request, Reply, _T]


@dataclass(frozen=True, slots=True)
class Work:
    """One change of one device, in the form in which a driver carries it out.

    Attributes:
        run: the run's name; small letters, digits and "-", so that it fits into session, file
            and checkpoint names of every platform.
        device: our name of the device, for messages.
        revert_s: after this time without `confirm` the device is to go back by itself.
        lines: configuration lines in the order in which they are entered, headers included.
        rollback: lines that take `lines` back.
        script: the whole text, where a platform installs one instead of entering lines.
        removal: the script that takes `script` away.
        files: further files, as (name, text).
        interfaces: interfaces that the change is about.
        options: settings of the platform, such as a folder on the device.
    """

    run: str
    device: str
    revert_s: int
    lines: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()
    script: str = ""
    removal: str = ""
    files: tuple[tuple[str, str], ...] = ()
    interfaces: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (0 < len(self.run) <= _RUN_LENGTH and set(self.run) <= _RUN_LETTERS):
            raise DriverError(
                f"{self.run!r} is no name of a run",
                hint=f"at most {_RUN_LENGTH} small letters, digits and dashes",
            )

    @property
    def only_looks(self) -> bool:
        """Whether nothing is to be changed; then not even a folder may be made on the device."""
        return not (self.lines or self.script or self.removal)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which device this is.

    Attributes:
        serial: of the chassis, or what comes nearest to it; "" where it has none.
        version: one line on platform and software.
        right_platform: it is one of the driver's platform; else not one byte is written to it.
    """

    hostname: str
    serial: str
    version: str
    right_platform: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that would break the change or its way back, and what to do about it."""

    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class Running:
    """The whole running configuration, in a form that the driver's `parse` reads.

    Attributes:
        doubt: why nothing shows that the text is whole; "" where something does.
    """

    text: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the device's configuration.

    Attributes:
        run: the run of ours that holds it; "" for a stranger.
        owner: user, terminal and address as far as the device tells, for people.
    """

    run: str
    owner: str


class Timer(StrEnum):
    """What became of the revert timer of a run."""

    ARMED = "armed"
    FIRED = "fired"  # the device went back by itself
    CONFIRMED = "confirmed"
    ABSENT = "absent"  # none was ever armed, or the device does not remember


class Procedures(Protocol):
    """One platform's way to change a device. Stateless: each step gets the whole `Work`.

    The steps run in the order in which they stand here, `confirm` in a session of its own. Each is
    written so that a later process may run it again after any of them died half way.

    | step | Linux | IOS, IOS-XE | Junos | EOS | NX-OS |
    |---|---|---|---|---|---|
    | lock | a link whose target names the owner | `configure terminal lock`, `show configuration lock` | `configure exclusive` | `configure session qos-RUN`, others refused | `checkpoint qos-RUN`, others' refused |
    | snapshot | rulesets and a restore script in the run's folder | `archive config` or a copy on flash | rescue of `show configuration` for the proof | nothing: the commit keeps it | the same checkpoint |
    | arm | a detached script that sleeps | `configure terminal revert timer N` | nothing: `commit confirmed` | nothing: `commit timer` | a scheduler job that rolls back |
    | apply | runs the script | lines, then `end` | lines, `commit check`, `commit confirmed N` | lines, `commit timer N` | lines |
    | confirm | marks the run confirmed, ends the timer | `configure confirm` | `commit` | `configure session qos-RUN commit` | removes job and schedule |
    | save | the script that the boot runs | `write memory` | nothing | `write memory` | `copy running-config startup-config` |
    | revert | runs the restore script | `configure revert now`, or the rollback lines | `rollback 1`, `commit` | `abort` | `rollback running-config checkpoint` |

    Raises:
        Each may raise any `ChangeError`; `PrivilegeError` and `AuthorizationError` where the
        device says that the user may not.
    """  # noqa: E501

    @property
    def channel(self) -> Channel:
        """How commands reach the device."""

    @property
    def shortest_revert_s(self) -> int:
        """The shortest time that the device's timer can be given; longer ones are rounded up."""

    @property
    def saves_running(self) -> bool:
        """Whether `save` keeps all that is running for the next start, whoever changed it."""

    @property
    def installs_script(self) -> bool:
        """Whether a change is one whole script to be run, rather than lines to be entered."""

    def lasting(self, text: str) -> str:
        """Return a running text without what changes by itself: counters, times, clock lines.

        Two texts that are equal after this are byte for byte the same configuration.
        """

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell which device this is; sends nothing that could change any other device."""

    def lock(self, work: Work) -> Procedure[None]:
        """Take the configuration for this run; a lock that this very run holds is taken over.

        Raises:
            LockedError: another holds it; `holder` says who. A foreign lock is never broken.
        """

    def unlock(self, work: Work) -> Procedure[None]:
        """Give it back; does nothing where this run does not hold it."""

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look for all that would stop the change or its way back; changes nothing.

        Privileges, room on the disk, the archive, a timer of somebody else that is running,
        a candidate that the device's own checker refuses. Of a work that `only_looks`, whatever
        can be told without a candidate, and without a file.
        """

    def running(self, work: Work) -> Procedure[Running]:
        """Read the whole running configuration, with the proof that it is whole."""

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Keep on the device all that `revert` and the timer need.

        Raises:
            PreflightError: a way back cannot be prepared.
        """

    def arm(self, work: Work) -> Procedure[None]:
        """Start the timer ON THE DEVICE that outlives our session and our process.

        Where the platform binds its timer to a commit, `apply` does it and this only checks.
        """

    def apply(self, work: Work) -> Procedure[None]:
        """Make the change, line by line, and stop at the first line that is refused.

        Raises:
            LineRefusedError: nothing was sent behind that line.
        """

    def timer(self, work: Work) -> Procedure[Timer]:
        """Tell what became of this run's timer; changes nothing."""

    def confirm(self, work: Work) -> Procedure[None]:
        """Stop the timer for good. Runs in a SECOND session, which proves that one can log in.

        Raises:
            RevertedError: it is too late, the device has gone back.
        """

    def save(self, work: Work) -> Procedure[None]:
        """Make the running configuration the one that the device boots with."""

    def revert(self, work: Work) -> Procedure[None]:
        """Go back to the snapshot now, and end the timer; harmless when that was done already."""

    def cleanup(self, work: Work) -> Procedure[None]:
        """Take away what the run left on the device, but for what `save` needs."""

    def manual(self, work: Work) -> tuple[str, ...]:
        """Return the exact commands by which a human brings back the old configuration."""


@runtime_checkable
class TellsHolder(Protocol):
    """Procedures of a platform that shows who holds its configuration, without asking for it."""

    def holder(self, work: Work) -> Procedure[Holder | None]:
        """Return who holds it; None where it is free, or the device does not know such a lock."""


@runtime_checkable
class KeepsOthers(Protocol):
    """Procedures that tell a run's lines from those of others, and take back the run's alone."""

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the lines of a running text, each behind its headers; those that last."""

    def part(self, work: Work) -> Part:
        """Return the part of a configuration that a change is about."""

    def withdraw(self, work: Work) -> Procedure[None]:
        """Take back what `apply` did and leave what anybody else did; the timer still runs."""

    def release(self, work: Work) -> Procedure[None]:
        """End the timer: what the device holds now is proven, and stays."""


@runtime_checkable
class ChangesDevices(Protocol):
    """A driver that can change a device."""

    @property
    def procedures(self) -> Procedures:
        """The platform's way to change a device."""
