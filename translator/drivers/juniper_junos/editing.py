"""How a candidate is worked on; in which order that is done is the procedures' part.

Two ways do it: what is typed at the command line (`Typed`), and NETCONF as NAPALM speaks it
(`translator.drivers.juniper_junos.netconf`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from translator.drivers.change import (
    Channel,
    Command,
    Identity,
    Procedure,
    Work,
)
from translator.drivers.juniper_junos.identity import identified
from translator.drivers.juniper_junos.lock import forget, give_back, take
from translator.drivers.juniper_junos.typed import LONG_S, READER, configuring, need, said
from translator.drivers.juniper_junos.whole import why_incomplete
from translator.drivers.looks import looked
from translator.drivers.steps import carried_out, enter_lines

__all__ = ["Editing", "Typed"]


class Editing(Protocol):
    """One way to work on the candidate of a device.

    Raises:
        Each may raise any `ChangeError`; what the device does not take is a `PreflightError`, of
        `enter` a `LineRefusedError`.
    """

    @property
    def channel(self) -> Channel:
        """How the device is reached."""

    def identify(self, work: Work, models: re.Pattern[str]) -> Procedure[Identity]:
        """Tell which device this is; its model begins as those of the product line."""

    def listing(self, work: Work) -> Procedure[tuple[str, str]]:
        """Read the active configuration; return it, and why nothing shows that it ended."""

    def take(self, work: Work) -> Procedure[None]:
        """Lock the configuration for this session, unless it has it; foreign locks stay."""

    def give_back(self, work: Work) -> Procedure[None]:
        """Unlock it; what was not committed is discarded."""

    def has_lock(self) -> Procedure[bool]:
        """Tell whether this session may still change the candidate."""

    def enter(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        """Bring `set` and `delete` lines into the candidate."""

    def compare(self, work: Work) -> Procedure[str]:
        """Return in what the candidate differs from the active configuration."""

    def check(self, work: Work) -> Procedure[None]:
        """Have the device check the candidate."""

    def commit(
        self, work: Work, comment: str, *, minutes: int = 0, leaves: bool = True
    ) -> Procedure[None]:
        """Commit the candidate.

        Args:
            minutes: until the device goes back unless it is confirmed; 0: it stays.
            leaves: the lock is to be given up with it; then `after_commit` follows.
        """

    def after_commit(self, work: Work) -> Procedure[None]:
        """Do what is left to be done about the lock."""

    def load_old(self, work: Work, depth: int) -> Procedure[None]:
        """Make an entry of the history the candidate."""


class Typed:
    """The command line."""

    channel = Channel.CLI

    def identify(self, work: Work, models: re.Pattern[str]) -> Procedure[Identity]:
        """By `show version` and `show chassis hardware`."""
        return (yield from identified(work, models))

    def listing(self, work: Work) -> Procedure[tuple[str, str]]:
        """By `show configuration`; the prompt behind it shows that it ended."""
        reply = yield from need(work, "show configuration | no-more", LONG_S)
        text = said(reply)
        return text, why_incomplete(f"{text}{reply.prompt}")

    def take(self, work: Work) -> Procedure[None]:
        """Enter `configure exclusive`; the session stays in configuration mode."""
        yield from take(work)

    def give_back(self, work: Work) -> Procedure[None]:
        """Leave configuration mode, in this session or in one of the run that broke."""
        yield from give_back(work)

    def has_lock(self) -> Procedure[bool]:
        """Whether the session is in configuration mode."""
        return (yield from configuring())

    def enter(self, work: Work, lines: Sequence[str]) -> Procedure[None]:
        """Type them, one by one."""
        yield from enter_lines(READER, work, lines)

    def compare(self, work: Work) -> Procedure[str]:
        """By `show | compare`."""
        shown = Command("show | compare | no-more", LONG_S)
        return said((yield from looked(READER, work, shown)))

    def check(self, work: Work) -> Procedure[None]:
        """By `commit check`."""
        yield from carried_out(READER, work, Command("commit check", LONG_S))

    def commit(
        self, work: Work, comment: str, *, minutes: int = 0, leaves: bool = True
    ) -> Procedure[None]:
        """By `commit`, or `commit confirmed`; `and-quit` ends configuration mode."""
        confirmed = f" confirmed {minutes}" if minutes else ""
        end = " and-quit" if leaves else ""
        text = f'commit{confirmed} comment "{comment}"{end}'
        yield from carried_out(READER, work, Command(text, LONG_S, changes=True))

    def after_commit(self, work: Work) -> Procedure[None]:
        """Take away the file that says who had the lock."""
        yield from forget(work)

    def load_old(self, work: Work, depth: int) -> Procedure[None]:
        """By `rollback N`."""
        yield from carried_out(READER, work, Command(f"rollback {depth}", LONG_S, changes=True))
