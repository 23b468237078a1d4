"""Why a device could not be changed, found by looking alone.

The checks build upon each other: behind the first failure of the way, the login or the identity
nothing more is sent. Of what is wrong on a device that is the right one, all is told.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from translator.drivers.base import Driver
from translator.drivers.change import (
    Command,
    Identity,
    Procedure,
    Procedures,
    TellsHolder,
    Work,
)
from translator.drivers.registry import driver
from translator.errors import (
    ConnectionLostError,
    DeadlineError,
    HostKeyError,
    PrivilegeError,
    TranslatorError,
)
from translator.inventory.model import Host
from translator.push.change import procedures_of
from translator.push.connections import Connections
from translator.push.live.checks import CHECKS, Check, Checked, Examined, Verdict, failed_by
from translator.push.live.clock import skew_s
from translator.push.live.looking import LookingSession, looking, work_of_look
from translator.push.live.many import FORKS, Advance, Ended, on_each
from translator.push.live.network import Way, check_way
from translator.push.logs import LOG
from translator.push.redact import Redactor
from translator.push.session import Opener, run_procedure

__all__ = ["check_device", "examine_host", "examine_hosts"]

_T = TypeVar("_T")
_SKEW_S: Final = 60.0


def examine_hosts(
    hosts: Sequence[Host],
    connections: Connections,
    *,
    forks: int = FORKS,
    advance: Advance | None = None,
) -> tuple[Examined, ...]:
    """Return all checks of each host, in the order of the hosts."""
    redactor = connections.redactor
    ended = on_each(
        hosts,
        lambda host: examine_host(host, connections),
        redactor,
        forks=forks,
        advance=advance,
    )
    return tuple(_told(item, redactor) for item in ended)


def _told(ended: Ended[Examined], redactor: Redactor) -> Examined:
    """Return the checks without secrets: devices echo what they refuse."""
    found = ended.value
    if found is None:
        checks = [failed_by(Check.LOGIN, ended.error)] if ended.error is not None else []
        return Examined.of(ended.host, checks)
    return Examined(
        found.host,
        tuple(
            replace(
                item,
                found=redactor(item.found),
                fix=tuple(redactor(line) for line in item.fix),
            )
            for item in found.checks
        ),
    )


def examine_host(host: Host, connections: Connections) -> Examined:
    """Return all checks of a host; whatever is wrong is one of them."""
    deadlines = connections.deadlines
    LOG.info("%s: check the way to it", host.name)
    try:
        port = connections.port(host)
    except TranslatorError as error:
        return Examined.of(host, (failed_by(Check.PLATFORM, error),))
    found = list(check_way(Way(host.name, host.address, port, connections.host_keys, deadlines)))
    if any(item.verdict is Verdict.FAILED for item in found):
        return Examined.of(host, found)
    try:
        connect = connections.opener(host)
    except TranslatorError as error:
        return Examined.of(host, (*found, failed_by(Check.PLATFORM, error)))
    spoken = driver(host.driver)
    procedures = procedures_of(spoken, host.transport)
    return Examined.of(host, (*found, *check_device(host, spoken, procedures, connect)))


def check_device(
    host: Host, spoken: Driver, procedures: Procedures, connect: Opener
) -> Iterator[Checked]:
    """Yield what is checked in a session; one that breaks ends it."""
    try:
        with looking(host, connect) as session:
            yield Checked(Check.LOGIN, Verdict.OK, "logged in")
            yield from _Device(host, spoken, procedures, session).checks()
    except PrivilegeError as error:
        yield Checked(Check.LOGIN, Verdict.OK, "logged in")
        yield failed_by(Check.PRIVILEGE, error)
    except HostKeyError as error:
        yield failed_by(Check.HOST_KEY, error)
    except TranslatorError as error:
        yield failed_by(Check.LOGIN, error)


class _BrokenError(Exception):
    """The session is of no more use; what broke it is among the results."""


@dataclass(frozen=True, slots=True)
class _Device:
    """A login on a device that is looked at."""

    host: Host
    driver: Driver
    procedures: Procedures
    session: LookingSession

    def checks(self) -> Iterator[Checked]:
        """Yield the checks, up to where the session breaks."""
        work = work_of_look(self.host)
        found: list[Checked] = []
        try:
            identity = self._run(Check.PLATFORM, self.procedures.identify(work), found)
            if identity is not None:
                found += _identity(self.host, identity)
            if identity is not None and identity.right_platform:
                self._look(work, found)
        except _BrokenError:
            pass
        yield from found

    def _look(self, work: Work, found: list[Checked]) -> None:
        self._whole(work, found)
        self._lock(work, found)
        self._preflight(work, found)
        self._clock(found)

    def _run(self, check: Check, procedure: Procedure[_T], found: list[Checked]) -> _T | None:
        """Return what a procedure gives; None, and a failure, where it does not."""
        LOG.info("%s: check %s", self.host.name, check)
        try:
            return run_procedure(procedure, self.session)
        except PrivilegeError as error:
            if all(item.check is not Check.PRIVILEGE for item in found):
                found.append(failed_by(Check.PRIVILEGE, error))
        except TranslatorError as error:
            found.append(failed_by(check, error))
            if isinstance(error, ConnectionLostError | DeadlineError):
                raise _BrokenError from error
        return None

    def _whole(self, work: Work, found: list[Checked]) -> None:
        running = self._run(Check.WHOLE, self.procedures.running(work), found)
        if running is None:
            return
        if running.doubt:
            found.append(_failure(Check.WHOLE, running.doubt))
            return
        lines = len(running.text.splitlines())
        found.append(Checked(Check.WHOLE, Verdict.OK, f"{lines} lines, whole"))

    def _lock(self, work: Work, found: list[Checked]) -> None:
        if not isinstance(self.procedures, TellsHolder):
            known = "the platform shows no holder without being asked for the lock"
            found.append(Checked(Check.LOCK, Verdict.SKIPPED, known))
            return
        failures = len(found)
        holder = self._run(Check.LOCK, self.procedures.holder(work), found)
        if holder is not None:
            what = f"run {holder.run} of {holder.owner}" if holder.run else holder.owner
            found.append(_failure(Check.LOCK, f"held by {what}"))
        elif len(found) == failures:
            found.append(Checked(Check.LOCK, Verdict.OK, "free"))

    def _preflight(self, work: Work, found: list[Checked]) -> None:
        obstacles = self._run(Check.PREFLIGHT, self.procedures.preflight(work), found)
        if all(item.check is not Check.PRIVILEGE for item in found):
            found.append(Checked(Check.PRIVILEGE, Verdict.OK, "may change the configuration"))
        if obstacles is None:
            return
        code = CHECKS[Check.PREFLIGHT].exit_code
        found += [
            Checked(Check.PREFLIGHT, Verdict.FAILED, item.problem, (item.fix,), code)
            for item in obstacles
        ]
        if not obstacles:
            found.append(Checked(Check.PREFLIGHT, Verdict.OK, "nothing is in the way of a change"))

    def _clock(self, found: list[Checked]) -> None:
        asked = self.driver.session.clock
        if not asked:
            found.append(Checked(Check.CLOCK, Verdict.SKIPPED, "the platform's clock is not read"))
            return
        reply = self._run(Check.CLOCK, _ask(asked), found)
        if reply is not None:
            found.append(_clock(reply))


def _ask(text: str) -> Procedure[str]:
    return (yield Command(text)).text


def _clock(text: str) -> Checked:
    skew = skew_s(text)
    fix = _fix(Check.CLOCK)
    if skew is None:
        return Checked(Check.CLOCK, Verdict.WARNING, "it shows no time that we can read", fix)
    off = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} ours"
    if abs(skew) > _SKEW_S:
        return Checked(Check.CLOCK, Verdict.WARNING, off, fix)
    return Checked(Check.CLOCK, Verdict.OK, off)


def _identity(host: Host, found: Identity) -> Iterator[Checked]:
    if not found.right_platform:
        yield _failure(Check.PLATFORM, f"it is no {host.driver}: {found.version or 'no answer'}")
        return
    yield Checked(Check.PLATFORM, Verdict.OK, found.version)
    if not found.hostname:
        yield Checked(
            Check.HOSTNAME, Verdict.WARNING, "it does not tell its name", _fix(Check.HOSTNAME)
        )
    elif _names_agree(host.name, found.hostname):
        yield Checked(Check.HOSTNAME, Verdict.OK, found.hostname)
    else:
        yield _failure(Check.HOSTNAME, f"it calls itself {found.hostname!r}, not {host.name!r}")
    if host.serial is not None and host.serial != found.serial:
        yield _failure(Check.SERIAL, f"it is {found.serial!r}, not {host.serial!r}")
    else:
        more = "" if host.serial else " (the inventory has none)"
        yield Checked(Check.SERIAL, Verdict.OK, (found.serial or "none") + more)


def _names_agree(ours: str, theirs: str) -> bool:
    """Whether a device may be the one that is meant; an IP address is no name."""
    try:
        ipaddress.ip_address(ours)
    except ValueError:
        first, second = ours.lower(), theirs.lower()
        return first == second or first.partition(".")[0] == second.partition(".")[0]
    return True


def _failure(check: Check, found: str) -> Checked:
    return Checked(check, Verdict.FAILED, found, _fix(check), CHECKS[check].exit_code)


def _fix(check: Check) -> tuple[str, ...]:
    return (CHECKS[check].fix,)
