"""The counters of one device at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from translator.drivers.base import CountsTraffic, Driver
from translator.errors import ParseError, UsageError
from translator.intents.counters import ClassCounters, Shown
from translator.intents.device import Unread

__all__ = ["Snapshot", "counting", "snapshot_of"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a device had counted.

    Attributes:
        taken_at: by the device's clock, None where nothing tells.
        replies: the commands with what the device answered, as they were read.
        interfaces: those that the replies speak of, with counters or without.
        unread: lines that belong to no class and were not understood, with their file.
        unqueued: interfaces with the platform's default queues alone.
    """

    device: str
    platform: str
    taken_at: datetime | None = None
    replies: tuple[Shown, ...] = ()
    classes: tuple[ClassCounters, ...] = ()
    interfaces: tuple[str, ...] = ()
    unread: tuple[tuple[str, Unread], ...] = ()
    unqueued: tuple[str, ...] = ()


def counting(driver: Driver) -> CountsTraffic:
    """Return the driver as one that reads counters.

    Raises:
        UsageError: it does not.
    """
    if isinstance(driver, CountsTraffic):
        return driver
    raise UsageError(
        f"the counters of {driver.platform} cannot be read",
        hint="its driver lacks the members of translator.drivers.base.CountsTraffic",
    )


def snapshot_of(
    driver: Driver,
    replies: Iterable[Shown],
    device: str = "device",
    taken_at: datetime | None = None,
) -> Snapshot:
    """Return what the replies of one device say; of two about the same class the later counts.

    Raises:
        ParseError: a reply answers another command, or there is none at all.
        UsageError: the driver reads no counters, or TextFSM is not installed.
    """
    reader = counting(driver)
    given = tuple(replies)
    if not given:
        raise ParseError("there is no reply to read", hint="save the output of a command first")
    classes: dict[tuple[str, ...], ClassCounters] = {}
    interfaces: dict[str, None] = {}
    unread: list[tuple[str, Unread]] = []
    unqueued: dict[str, None] = {}
    for reply in given:
        found = reader.read_counters(reply)
        classes.update((item.key, item) for item in found.classes)
        interfaces.update(dict.fromkeys(found.interfaces))
        unread += [(reply.file, item) for item in found.unread]
        unqueued.update(dict.fromkeys(found.unqueued))
    return Snapshot(
        device,
        driver.platform,
        taken_at,
        given,
        tuple(classes.values()),
        tuple(interfaces),
        tuple(unread),
        tuple(unqueued),
    )
