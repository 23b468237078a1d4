"""What is wrong with a device, as one value: faults at a line, refusals, noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .events import Event, Kind

if TYPE_CHECKING:
    from .device import Device

__all__ = ["AUTHORIZATION_FAILED", "Faults", "Hook", "Noise"]

AUTHORIZATION_FAILED = "Command authorization failed."


@dataclass(frozen=True, slots=True)
class Hook:
    """Something done to the device when an event of a kind happens for the nth time."""

    kind: Kind
    act: Callable[[Device], None]
    nth: int = 1
    text: str = ""  # count only events that hold this text

    def matches(self, event: Event) -> bool:
        """Return whether an event counts."""
        return event.kind == self.kind and self.text in event.text


@dataclass(frozen=True, slots=True)
class Noise:
    """What a terminal line adds to, or takes from, what a device says."""

    newline: Literal["\r\n", "\n", "\r\n\r", "\r\r\n"] = "\r\n"
    ansi: bool = False  # colour before and after each prompt and echo
    syslog: bool = False  # a log line in the middle of each echo and each output
    syslog_at: str = ""  # not in outputs, and only in echoes that hold this text
    columns: int = 0  # output is broken after so many characters, 0: never
    echo_delay_s: float = 0.0  # before each line is echoed, in seconds of the test
    echo: bool = True


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong. Every fault that strikes is an event of the kind `fault`.

    A line number k counts every line, from 1, that reached the device in a configuration mode, over
    all its sessions: also comments and `end`. `lines_received` of a healthy run tells how many.
    With `in_any_mode` it counts all that is typed, also empty lines and answers to questions.
    """

    in_any_mode: bool = False
    reset_before: int | None = None  # connection reset when line k arrives; it is not executed
    reset_after: int | None = None  # line k is executed, then the connection is reset
    hang_at: int | None = None  # nothing is answered from line k on; the connection stays open
    refuse: Mapping[int, str] = field(default_factory=dict)  # line k -> what is answered instead
    unauthorized_at: int | None = None  # line k is answered `Command authorization failed.`
    unauthorized: str = ""  # the same for each line that starts so, in any mode

    silent_at: str = ""  # a line that starts so is never answered, in any mode
    lost_at: str = ""  # the same, and the connection is reset

    login_refused: bool = False
    logins_accepted: int | None = None  # later logins are refused
    login_refused_after: Kind | None = None  # once such an event has happened
    login_delay_s: float = 0.0  # in seconds of the test
    enable_refused: bool = False
    session_limit: int | None = None  # further connections are closed at once

    lock_owner: str = ""  # a user who holds the configuration lock for ever
    stale_lock: bool = False  # the lock is held by a session that is gone, of our own user
    flash_free_bytes: int = 128_000_000
    archive_missing: bool = False
    scp_off: bool = False
    rollback_refused: str = ""  # what rollback and replace answer instead of acting
    save_refused: str = ""
    prompt: str = ""  # the prompt shows this name, not the hostname
    shown_bytes: int | None = None  # `show running-config` ends after so many characters
    paging_stays: bool = False  # `terminal length 0` and its like have no effect
    hooks: tuple[Hook, ...] = ()
    noise: Noise = Noise()

    def __post_init__(self) -> None:
        for at in (self.reset_before, self.reset_after, self.hang_at, self.unauthorized_at):
            if at is not None and at < 1:
                raise ValueError("configuration lines are counted from 1")
