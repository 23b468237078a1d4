"""What is looked at before anybody is changed, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from translator.errors import TranslatorError
from translator.inventory.model import Host
from translator.push.live.many import exit_code_of

__all__ = ["CHECKS", "Check", "Checked", "Examined", "Meaning", "Verdict", "failed_by"]


class Check(StrEnum):
    """The checks, in the order in which they build upon each other."""

    NAME = "name"
    REACH = "reach"
    HOST_KEY = "host-key"
    LOGIN = "login"
    PRIVILEGE = "privilege"
    PLATFORM = "platform"
    HOSTNAME = "hostname"
    SERIAL = "serial"
    WHOLE = "whole"
    LOCK = "lock"
    PREFLIGHT = "preflight"
    CLOCK = "clock"


class Verdict(StrEnum):
    """What came of a check; only a failure counts for the exit code."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a check looks at, and what is done about its failure, in general."""

    meaning: str
    fix: str
    exit_code: int


CHECKS: Final[dict[Check, Meaning]] = {
    Check.NAME: Meaning(
        "The address in the inventory is an IP address, or a name that resolves.",
        "Correct `hostname` (Ansible: `ansible_host`) in the inventory, or the name service.",
        4,
    ),
    Check.REACH: Meaning(
        "Something answers at the TCP port of SSH.",
        "Refused: no SSH server listens there; turn it on, or correct `port`. No answer: the device"
        " is down, or a filter drops what comes from here.",
        4,
    ),
    Check.HOST_KEY: Meaning(
        "The device shows the host key that is known of it. A key is never accepted here.",
        "Unknown: compare the fingerprint with the one that the device shows at its console, then "
        "add the line that is printed. Changed: somebody may stand between; find out why before "
        "the old line is removed.",
        4,
    ),
    Check.LOGIN: Meaning(
        "The device lets us in. Each credential is tried once, so that no account is locked.",
        "Check NET_USERNAME and NET_PASSWORD or NET_SSH_KEY, and who may log in over SSH.",
        4,
    ),
    Check.PRIVILEGE: Meaning(
        "The login may see and change the whole configuration: enable mode, or root.",
        "Set NET_SECRET to the enable password, or give the user privilege level 15; on Linux log "
        "in as root.",
        4,
    ),
    Check.PLATFORM: Meaning(
        "The device is one of the driver's platform, and the driver can speak with it. If not, "
        "nothing more is sent to it.",
        "Correct `platform`, or `data.qos.driver`, in the inventory.",
        5,
    ),
    Check.HOSTNAME: Meaning(
        "The device calls itself as the inventory does; domains and upper case do not count, and "
        "a host that is named by its IP address may be called anything.",
        "Correct the address, or rename the host in the inventory: it may be another device.",
        5,
    ),
    Check.SERIAL: Meaning(
        "The serial number is the one of the inventory, where that has one.",
        "Correct the serial number if the device was replaced, or else the address.",
        5,
    ),
    Check.WHOLE: Meaning(
        "The running configuration can be read to its end; a change is never made on a part.",
        "Look at what the device prints at the end of its configuration; a filter, a proxy or a "
        "short timeout may cut it.",
        5,
    ),
    Check.LOCK: Meaning(
        "Nobody holds the configuration.",
        "Wait for who holds it; a run of ours that died is finished by the next push.",
        5,
    ),
    Check.PREFLIGHT: Meaning(
        "Nothing else stands in the way of a change, or of the way back from it: room on the disk, "
        "the archive, running revert timers, programs; each obstacle is a line of its own.",
        "As printed with the obstacle.",
        5,
    ),
    Check.CLOCK: Meaning(
        "The device's clock is within a minute of ours. A warning: nothing is refused for it, but "
        "logs cannot be compared, and archives sort wrongly.",
        "Configure NTP on the device, and check the clock of this machine.",
        0,
    ),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one check.

    Attributes:
        found: what was seen.
        fix: what to do, a sentence or a line to copy each; none where nothing is wrong.
        exit_code: of a failure.
    """

    check: Check
    verdict: Verdict
    found: str
    fix: tuple[str, ...] = ()
    exit_code: int = 0


def failed_by(check: Check, error: TranslatorError) -> Checked:
    """Return the failure of a check by an error."""
    fix = (error.hint,) if error.hint else (CHECKS[check].fix,)
    return Checked(check, Verdict.FAILED, error.problem, fix, error.exit_code)


@dataclass(frozen=True, slots=True)
class Examined:
    """All checks of one host, in their order."""

    host: Host
    checks: tuple[Checked, ...]

    @property
    def failures(self) -> tuple[Checked, ...]:
        """What is wrong."""
        return tuple(item for item in self.checks if item.verdict is Verdict.FAILED)

    @property
    def exit_code(self) -> int:
        """0 where nothing failed; else that of the first failure: the rest may come from it."""
        return exit_code_of(item.exit_code for item in self.failures[:1])

    @classmethod
    def of(cls, host: Host, found: Iterable[Checked]) -> Examined:
        """Return the checks in their order; those that were not come to are skipped."""
        seen = list(found)
        done = {item.check for item in seen}
        seen += [
            Checked(check, Verdict.SKIPPED, "not looked at, for an earlier check failed")
            for check in Check
            if check not in done
        ]
        order = list(Check)
        return cls(host, tuple(sorted(seen, key=lambda item: order.index(item.check))))
