"""What would stop a change of a Nexus switch, or its way back, looked for before it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from translator.drivers.base import ReadsReplies
from translator.drivers.change import Command, Obstacle, Procedure, Work
from translator.drivers.cisco_nxos import facts
from translator.drivers.looks import looked
from translator.drivers.prompted import NEXT_PAGE

__all__ = ["obstacles"]

_READ_S: Final = 60.0
_ON: Final = re.compile(r"^scheduler +\d+ +enabled", re.MULTILINE)
# Source: configuration guide, Configuring the Scheduler, Remote User Authentication.
_REMOTE: Final = re.compile(r"REMOTE authentication")
_LONGEST_NAME: Final = 32  # of a checkpoint: NX-OS of Nexus 5000 says so, others take more


def obstacles(reader: ReadsReplies, work: Work) -> Procedure[tuple[Obstacle, ...]]:
    """Return what is in the way."""

    def seen(text: str) -> Procedure[str]:
        command = Command(text, _READ_S, (NEXT_PAGE,))
        return (yield from looked(reader, work, command, optional=True)).text

    found: list[Obstacle] = []
    if len(facts.timer_name(work)) > _LONGEST_NAME:
        found.append(Obstacle("the run's name is too long for a checkpoint", "use a shorter one"))
    if _ON.search((yield from seen("show feature | include scheduler"))) is None:
        found.append(
            Obstacle(
                "the scheduler is off, and without it the device cannot go back by itself",
                "configure: feature scheduler",
            )
        )
    accounts = yield from seen("show user-account")
    settings = yield from seen("show running-config | include aaa-authentication")
    if _REMOTE.search(accounts) and "scheduler aaa-authentication" not in settings:
        found.append(
            Obstacle(
                "a user of an authentication server is logged in, whose scheduled jobs do not run "
                "without a password in the scheduler's configuration",
                "configure: scheduler aaa-authentication username NAME password PASSWORD",
            )
        )
    regions = facts.regions_in((yield from seen("show hardware access-list tcam region")))
    found += _carved(regions, work)
    free = facts.free_bytes_in((yield from seen("dir bootflash:")))
    if free is not None and free < facts.ROOM_BYTES:
        found.append(
            Obstacle(
                f"{free} bytes are free on the bootflash, {facts.ROOM_BYTES} are needed for the "
                "checkpoints",
                "delete what is not needed there",
            )
        )
    return tuple(found)


def _carved(regions: Mapping[str, int], work: Work) -> Iterator[Obstacle]:
    """Yield the IP versions for which no hardware entries are set aside.

    A policy would be refused line by line where it is bound, behind its definitions.
    """
    if work.only_looks:
        versions = [4]
    else:
        versions = [4] if any("service-policy type qos" in line for line in work.lines) else []
        versions += [6] if any(line.startswith("ipv6 access-list") for line in work.lines) else []
    names = {4: "qos", 6: "ipv6-qos"}
    for version in facts.without_region(regions, versions):
        yield Obstacle(
            f"no hardware entries are set aside for QoS of IPv{version}",
            f"configure: hardware access-list tcam region {names[version]} 256, taken from another "
            "region; it takes a reload",
        )
