"""The whole running configuration of a host, or an error: a part is never taken for the whole."""

from __future__ import annotations

from dataclasses import dataclass

from translator.drivers.change import Identity, Procedures, Running, Work
from translator.drivers.registry import driver
from translator.errors import IdentityError, ParseError
from translator.inventory.model import Host
from translator.push.change import procedures_of
from translator.push.live.looking import LookingSession, looking, work_of_look
from translator.push.logs import LOG
from translator.push.session import Opener, run_procedure

__all__ = ["Read", "origin_of", "read_in", "read_whole", "whole"]


@dataclass(frozen=True, slots=True)
class Read:
    """What a device said of itself."""

    host: Host
    identity: Identity
    text: str


def read_whole(host: Host, connect: Opener) -> Read:
    """Return who a device is and its whole running configuration; changes nothing.

    Raises:
        ChangeError: there was no session, it broke, or the device is another than was meant.
        ParseError: nothing shows that the text is whole.
    """
    with looking(host, connect) as session:
        return read_in(session, host, procedures_of(driver(host.driver), host.transport))


def read_in(session: LookingSession, host: Host, procedures: Procedures) -> Read:
    """Do the same in a session that stands.

    Raises:
        ChangeError, ParseError: as `read_whole`.
    """
    work = work_of_look(host)
    LOG.info("%s: read its configuration", host.name)
    identity = run_procedure(procedures.identify(work), session)
    _check(host, identity)
    return Read(host, identity, whole(host, _running(session, procedures, work)))


def whole(host: Host, running: Running) -> str:
    """Return the text if the driver is sure that it is whole.

    Raises:
        ParseError: it is not.
    """
    if running.doubt:
        raise ParseError(
            f"{host.name}: its configuration cannot be read whole: {running.doubt}",
            hint="try again; if it stays so, look at what the device prints at the end of it",
        )
    return running.text


def origin_of(host: Host) -> str:
    """Return where a text came from, in place of the name of a file."""
    address = f"[{host.address}]" if ":" in host.address else host.address
    return f"ssh://{address}" + (f":{host.port}" if host.port else "")


def _running(session: LookingSession, procedures: Procedures, work: Work) -> Running:
    return run_procedure(procedures.running(work), session)


def _check(host: Host, found: Identity) -> None:
    wrong = ""
    if not found.right_platform:
        wrong = f"it says that it is {found.version!r}, not {host.driver}"
    elif host.serial is not None and found.serial != host.serial:
        wrong = f"its serial number is {found.serial!r}, not {host.serial!r}"
    if wrong:
        raise IdentityError(
            f"{host.name} is another device than was meant: {wrong}",
            hint="check address, platform and serial number in the inventory",
        )
