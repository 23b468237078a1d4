"""What an IOS device shows of who is at work on it, and of its room, to somebody who only looks."""

from __future__ import annotations

from typing import Final

from translator.drivers.change import Command, Holder, Obstacle, Procedure, Work
from translator.drivers.cisco import facts
from translator.drivers.prompted import NEXT_PAGE

__all__ = ["COPIES", "holder", "in_the_way"]

_READ_S: Final = 120.0
COPIES: Final = 2.2
"""A copy of the configuration, what the archive keeps, and a tenth more."""


def holder(work: Work) -> Procedure[Holder | None]:
    """Return the run whose copy lies on the flash, else who has locked the configuration."""
    files = yield from _files(work)
    for run in sorted(files.runs - {work.run}):
        return Holder(run, f"whose copy qos-{run}.cfg is on the device")
    keeper = facts.read_keeper((yield Command("show configuration lock")).text)
    if keeper is None:
        return None
    return Holder("", f"{keeper.user} on line {keeper.line}" if keeper.line else keeper.user)


def in_the_way(work: Work) -> Procedure[tuple[Obstacle, ...]]:
    """Return what the lock of a change would meet: a running revert timer, and too little room."""
    found: list[Obstacle] = []
    shown = (yield Command("show archive config rollback timer")).text
    pending = facts.read_pending(shown)
    if pending is not None:
        found.append(
            Obstacle(
                str(pending),
                "confirm it with `configure confirm`, or wait until the device has gone back",
            )
        )
    size = len((yield Command("show running-config", _READ_S, (NEXT_PAGE,))).text.encode())
    free = (yield from _files(work)).free_bytes
    if free is not None and free < size * COPIES:
        found.append(
            Obstacle(
                f"{free} bytes are free on the flash, {int(size * COPIES)} are needed",
                "delete what is not needed there, or give another folder with `flash`",
            )
        )
    return tuple(found)


def _files(work: Work) -> Procedure[facts.Files]:
    folder = facts.snapshot_file(work).removesuffix(f"qos-{work.run}.cfg")
    return facts.read_files((yield Command(f"dir {folder}", 60.0, (NEXT_PAGE,))).text)
