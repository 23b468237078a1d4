"""A session that only looks: what might change the device is refused on our side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from translator.drivers.calls import Call
from translator.drivers.change import Command, Reply, Request, Upload, Work
from translator.drivers.registry import driver
from translator.errors import ConnectionLostError, DeadlineError, RefusedError
from translator.inventory.model import Host
from translator.push.change import new_run, procedures_of
from translator.push.session import Opener, Session

__all__ = ["LookingSession", "looking", "work_of_look"]


@dataclass(frozen=True, slots=True)
class LookingSession:
    """Lets pass what reads."""

    device: str
    session: Session

    def perform(self, request: Request) -> Reply:
        """Carry out a request that changes nothing.

        Raises:
            RefusedError: it might change something; it was not sent.
            ConnectionLostError, DeadlineError: as every session.
        """
        if isinstance(request, Upload) or (isinstance(request, Command | Call) and request.changes):
            what = _name_of(request)
            raise RefusedError(
                f"{self.device}: {what[:60]!r} was not sent, for it might change the device",
                hint="the driver asks for it where nothing is to be changed; please report it",
            )
        try:
            return self.session.perform(request)
        except (ConnectionLostError, DeadlineError) as error:
            error.hint = "nothing was changed; look again, with more --timeout if it is slow"
            raise

    def close(self) -> None:
        """End the session; never raises."""
        self.session.close()


def _name_of(request: Upload | Command | Call) -> str:
    if isinstance(request, Upload):
        return request.path
    return request.text if isinstance(request, Command) else str(request)


@contextmanager
def looking(host: Host, connect: Opener) -> Iterator[LookingSession]:
    """Log in to look, and log out at the end.

    Raises:
        ChangeError: there was no session.
    """
    session = LookingSession(host.name, connect())
    try:
        yield session
    finally:
        session.close()


def work_of_look(host: Host) -> Work:
    """Return the work of a look: no line, no script."""
    return Work(
        new_run(), host.name, procedures_of(driver(host.driver), host.transport).shortest_revert_s
    )
