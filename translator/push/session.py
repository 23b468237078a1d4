"""A session with a device: carries out requests, and runs procedures that are made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol, TypeVar

from translator.drivers.calls import Call
from translator.drivers.change import Command, Download, Procedure, Request, Upload
from translator.drivers.replies import Reply
from translator.errors import ChangeError

__all__ = ["Deadlines", "Opener", "Session", "run_procedure"]

_T = TypeVar("_T")
_Asked = TypeVar("_Asked", bound=Command | Call | Download | Upload)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each phase may take, in seconds.

    Attributes:
        connect: TCP, from the first packet to the last of the handshake.
        login: banner, keys, host key and authentication together.
        silence: a connection whose other end does not even acknowledge is lost after this time.
        answer: any one request, even where its driver would wait longer.
        settle: a prompt counts as the end of a reply when nothing follows it for this long.
    """

    connect_s: float = 10.0
    login_s: float = 15.0
    silence_s: float = 10.0
    answer_s: float = inf
    settle_s: float = 0.03

    @classmethod
    def within(cls, seconds: float) -> Deadlines:
        """Return deadlines of which none is longer."""
        usual = cls()
        return cls(
            min(usual.connect_s, seconds),
            min(usual.login_s, seconds),
            min(usual.silence_s, seconds),
            seconds,
        )

    def limited(self, request: _Asked) -> _Asked:
        """Return a request that waits no longer for its answer than allowed."""
        if request.timeout_s <= self.answer_s:
            return request
        return replace(request, timeout_s=self.answer_s)


class Session(Protocol):
    """One login on one device."""

    def perform(self, request: Request) -> Reply:
        """Carry out one request.

        Raises:
            ConnectionLostError: the session broke; whether the request arrived is not known.
            DeadlineError: no complete reply came in time; whether it took effect is not known.
        """

    def close(self) -> None:
        """End the session; never raises."""


Opener = Callable[[], Session]
"""Opens a new session with the device, with a login of its own.

Raises:
    UnreachableError, HostKeyError, LoginError, PrivilegeError: there is no session.
"""


def run_procedure(
    procedure: Procedure[_T],
    session: Session,
    before: Callable[[Request], None] | None = None,
) -> _T:
    """Run a procedure in a session and return its value.

    Args:
        before: told each request before it is carried out.

    Raises:
        ChangeError: of the session, unless the procedure expects it and deals with it.
    """
    try:
        request = next(procedure)
        while True:
            try:
                if before is not None:
                    before(request)
                reply = session.perform(request)
            except ChangeError as error:
                request = procedure.throw(error)
            else:
                request = procedure.send(reply)
    except StopIteration as stop:
        value: _T = stop.value
        return value
