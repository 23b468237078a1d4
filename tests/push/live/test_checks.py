"""What is checked in a session, on a device that is a dictionary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from push.fake import LINUX, OLD, Device, FakeProcedures, FakeSession

from translator.drivers.change import (
    Command,
    Holder,
    Identity,
    Obstacle,
    Procedure,
    Request,
    Upload,
    Work,
)
from translator.drivers.registry import driver
from translator.drivers.replies import Reply
from translator.errors import (
    ConnectionLostError,
    LoginError,
    PrivilegeError,
    RefusedError,
    TranslatorError,
    UnreachableError,
)
from translator.inventory.model import Host
from translator.push.change import procedures_of
from translator.push.live.checks import CHECKS, Check, Examined, Verdict
from translator.push.live.doctor import check_device
from translator.push.live.looking import LookingSession, work_of_look
from translator.push.session import run_procedure

HOST = Host("r1", "linux", "linux", serial="S1")
OF_SESSIONS = [item for item in Check if item not in (Check.NAME, Check.REACH, Check.HOST_KEY)]


@dataclass
class Router(Device):
    """The dictionary with a clock."""

    ahead: timedelta = timedelta()
    asked: list[str] = field(default_factory=list)

    def command(self, text: str) -> Reply:
        self.asked.append(text)
        if text.endswith("date -u"):
            return Reply(f"{datetime.now(UTC) + self.ahead:%a %b %e %H:%M:%S UTC %Y}\n", 0)
        return super().command(text)


class Procedures(FakeProcedures):
    """The dictionary's, which also tell who holds the lock."""

    def holder(self, work: Work) -> Procedure[Holder | None]:
        held = (yield Command("show lock")).text
        return Holder(held, "alice from 10.1.1.7") if held else None


def examined(router: Router, *, login: TranslatorError | None = None) -> Examined:
    def connect() -> FakeSession:
        if login is not None:
            raise login
        router.sessions += 1
        return FakeSession(router)

    return Examined.of(HOST, check_device(HOST, LINUX, Procedures(router), connect))


def wrong(found: Examined) -> dict[Check, str]:
    return {item.check: item.found for item in found.failures}


def test_a_device_that_is_well_passes_every_check_and_is_only_looked_at():
    router = Router()
    found = examined(router)
    assert [item.check for item in found.checks if item.verdict is Verdict.OK] == OF_SESSIONS
    assert (found.exit_code, router.sessions) == (0, 0)
    assert router.asked == [
        "identify",
        "show running",
        "show lock",
        "show timer",
        "LC_ALL=C date -u",
    ]
    assert (router.running, router.entered) == (OLD, [])


@pytest.mark.parametrize(
    ("identity", "check", "says"),
    [
        (Identity("r1", "S1", "VxWorks 5", right_platform=False), Check.PLATFORM, "VxWorks 5"),
        (Identity("core9", "S1", "fake", right_platform=True), Check.HOSTNAME, "core9"),
        (Identity("r1", "S2", "fake", right_platform=True), Check.SERIAL, "'S2', not 'S1'"),
    ],
)
def test_another_device_than_was_meant_is_refused(identity: Identity, check: Check, says: str):
    found = examined(Router(identity=identity))
    assert list(wrong(found)) == [check]
    assert says in wrong(found)[check]
    assert found.exit_code == 5


def test_to_a_device_of_another_platform_nothing_more_is_sent():
    router = Router(identity=Identity("r1", "S1", "VxWorks", right_platform=False))
    examined(router)
    assert router.asked == ["identify"]


def test_domains_and_upper_case_of_a_name_do_not_count():
    for name in ("R1", "r1.example.net"):
        found = examined(Router(identity=Identity(name, "S1", "fake", right_platform=True)))
        assert found.failures == ()


def test_each_obstacle_is_a_failure_with_its_own_fix():
    obstacles = (Obstacle("flash is full", "delete files"), Obstacle("no archive", "make one"))
    found = examined(Router(obstacles=obstacles))
    assert [(item.check, item.found, item.fix) for item in found.failures] == [
        (Check.PREFLIGHT, "flash is full", ("delete files",)),
        (Check.PREFLIGHT, "no archive", ("make one",)),
    ]


@pytest.mark.parametrize(
    ("router", "check", "says"),
    [
        (Router(running="half of i"), Check.WHOLE, "no end mark"),
        (Router(lock="20260101-1-ab"), Check.LOCK, "run 20260101-1-ab of alice from 10.1.1.7"),
    ],
)
def test_what_is_wrong_on_the_device_is_told(router: Router, check: Check, says: str):
    found = examined(router)
    assert wrong(found) == {check: f"held by {says}" if check is Check.LOCK else says}
    assert found.failures[0].fix == (CHECKS[check].fix,)


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_wrong_clock_is_a_warning(hours: int):
    found = examined(Router(ahead=timedelta(hours=hours)))
    (clock,) = [item for item in found.checks if item.check is Check.CLOCK]
    assert (clock.verdict, found.exit_code) == (Verdict.WARNING, 0)
    assert clock.found.endswith(f" s {'ahead of' if hours > 0 else 'behind'} ours")
    assert "NTP" in clock.fix[0]


@pytest.mark.parametrize(
    ("error", "check"),
    [
        (UnreachableError("gone", hint="h"), Check.LOGIN),
        (LoginError("wrong password", hint="h"), Check.LOGIN),
        (PrivilegeError("no enable", hint="h"), Check.PRIVILEGE),
    ],
)
def test_a_login_that_fails_ends_it(error: TranslatorError, check: Check):
    found = examined(Router(), login=error)
    assert [(item.check, item.fix) for item in found.failures] == [(check, ("h",))]
    assert found.exit_code == 4
    assert found.checks[-1].verdict is Verdict.SKIPPED


def breaking_at(text: str) -> Callable[[str], None]:
    def breaks(command: str) -> None:
        if command == text:
            raise ConnectionLostError("the line went dead", hint="look at it")

    return breaks


@pytest.mark.parametrize(
    ("command", "check"),
    [
        ("identify", Check.PLATFORM),
        ("show running", Check.WHOLE),
        ("show lock", Check.LOCK),
        ("show timer", Check.PREFLIGHT),
    ],
)
def test_a_session_that_breaks_fails_the_check_that_it_broke_in(command: str, check: Check):
    router = Router(breaks=breaking_at(command))
    found = examined(router)
    assert wrong(found) == {check: "the line went dead"}
    assert router.asked[-1] == command
    assert found.checks[-1].verdict is Verdict.SKIPPED


def test_what_might_change_the_device_is_never_sent():
    router = Router()
    session = LookingSession("r1", FakeSession(router))
    for request in (Command("reload", changes=True), Upload("/etc/passwd", b"")):
        with pytest.raises(RefusedError, match="was not sent"):
            session.perform(request)
    assert router.asked == []


class Answering:
    """A router without anything on it, that says yes to everything."""

    def perform(self, request: Request) -> Reply:
        assert isinstance(request, Command)
        if "df -Pk" in request.text:
            return Reply("Filesystem 1024-blocks Used Available\nroot 9 9 99999\n", 0)
        return Reply("0\n" if request.text == "id -u" else "", 0)

    def close(self) -> None:
        """There is nothing to close."""


@pytest.mark.parametrize("name", ["linux", "tomato"])
def test_a_preflight_of_a_look_writes_no_file(name: str):
    procedures = procedures_of(driver(name))
    session = LookingSession("r1", Answering())
    work = work_of_look(Host("r1", name, name))
    assert work.only_looks
    assert run_procedure(procedures.preflight(work), session) == ()
