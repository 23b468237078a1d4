"""What the router or its login lacks, once each: the right error, and nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from push.faults import raising
from push.lab.cases import FULL, NO_SECOND_LOGIN, NO_WAY_BACK, NOT_ROOT
from push.lab.direct import Direct
from push.lab.router import Router, intents

from translator.drivers.change import Command, Request
from translator.drivers.replies import Reply
from translator.errors import LoginError
from translator.push import Journal, Session

pytestmark = pytest.mark.netns


@dataclass
class Answered:
    """A session in which some commands are answered otherwise, or something happens before."""

    inner: Session
    meet: Callable[[str], Reply | None]

    def perform(self, request: Request) -> Reply:
        said = self.meet(request.text) if isinstance(request, Command) else None
        return self.inner.perform(request) if said is None else said

    def close(self) -> None:
        self.inner.close()


def answering(router: Router, start: str, says: str) -> Callable[[], Session]:
    """Return what opens sessions in which a command that starts so says something else."""
    return lambda: Answered(
        Direct(router.lab), lambda text: Reply(says, 0) if text.startswith(start) else None
    )


def test_a_login_that_is_not_root_changes_nothing(router: Router):
    change = router.plan(intents())
    with raising(NOT_ROOT, router.state):
        router.push(intents(), answering(router, "id -u", "1000\n"), planned=change)
    assert router.leftovers() == []
    assert not (router.disk / "state").exists()


def test_a_disk_without_room_is_found_before_anything_is_changed(router: Router):
    full = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 9 9 0 100% /\n"
    change = router.plan(intents())
    with raising(FULL, router.state) as failed:
        router.push(intents(), answering(router, "df ", full), planned=change)
    assert "free" in str(failed.value)
    assert router.leftovers() == []


def test_a_second_login_that_is_refused_confirms_nothing(router: Router):
    change = router.plan(intents())
    logins: list[Session] = []

    def connect() -> Session:
        logins.append(Direct(router.lab))
        if len(logins) == 2:
            raise LoginError("lab refuses the login")
        return logins[-1]

    with raising(NO_SECOND_LOGIN, router.state):
        router.push(intents(), connect, planned=change, revert_s=3)
    assert router.leftovers() == []


def test_a_way_back_that_fails_is_told_with_what_to_type(router: Router):
    change = router.plan(intents())
    broken = replace(change, work=replace(change.work, script=f"{change.work.script}exit 3\n"))

    def spoil(text: str) -> Reply | None:
        if "candidate.sh" in text and text.startswith("sh /"):
            for file in (router.disk / "state" / "runs").glob("*/tables.nft"):
                file.write_text("nonsense\n")
        return None

    with raising(NO_WAY_BACK) as failed:
        router.push(intents(), lambda: Answered(Direct(router.lab), spoil), planned=broken)
    assert failed.value.commands[0].endswith("restore.sh")  # type: ignore[attr-defined]
    with Journal(router.journal) as journal:
        assert len(journal.unfinished()) == 1
