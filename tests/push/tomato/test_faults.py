"""What else goes wrong with a Tomato router, once each: the right error, and nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from push.broken import Breaks, How
from push.faults import raising
from push.tomato.busybox import HOST, WANTED, Busybox, busybox, options, push
from push.tomato.cases import (
    ANOTHER,
    COMMANDS,
    DIED_BEFORE,
    DRIFT,
    FULL,
    NO_SECOND_LOGIN,
    NO_WAY_BACK,
)

from translator.errors import LoginError
from translator.push import Change, Ending, Journal, Session, plan_change


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Busybox]:
    with busybox(tmp_path) as made:
        yield made


def planned(router: Busybox, revert_s: int = 30) -> Change:
    return plan_change(HOST, WANTED, lambda: router, options(router, revert_s)).change


def left(router: Busybox) -> list[str]:
    state = router.root / "state"
    runs = [item.name for item in (state / "runs").glob("*")]
    return runs + ["lock"] * (state / "lock").is_symlink()


def with_tool(router: Busybox, name: str, text: str) -> None:
    """Have a program of the router do something else."""
    tool = router.root / "bin" / name
    tool.unlink()
    tool.write_text(f"#!/bin/sh\n{text}\n")
    tool.chmod(0o755)


def test_another_router_than_was_meant_gets_nothing(router: Busybox):
    with raising(ANOTHER, router.settings):
        push(router, hostname="cottage")
    assert not (router.root / "state").exists()


def test_a_router_that_changed_since_the_plan_is_left_alone(router: Busybox):
    change = planned(router)
    (router.root / "nvram" / "qos_default").write_text("7")
    with raising(DRIFT, router.settings):
        push(router, change)
    assert left(router) == []


def test_a_router_without_room_is_left_alone(router: Busybox):
    with_tool(router, "df", "echo H; echo tmpfs 100 99 1 99% /tmp")
    with raising(FULL, router.settings) as failed:
        push(router)
    assert "free" in str(failed.value)
    assert left(router) == []


def test_a_second_login_that_is_refused_confirms_nothing(router: Busybox):
    logins: list[Session] = []

    def connect() -> Session:
        logins.append(router)
        if len(logins) == 2:
            raise LoginError("home refuses the login")
        return router

    with raising(NO_SECOND_LOGIN, router.settings):
        push(router, planned(router), connect=connect)
    assert not (router.root / "nvram.flash").exists()
    assert left(router) == []


def test_a_way_back_that_fails_is_told_with_what_to_type(router: Busybox):
    """The script stops half way, and the settings of before cannot be put in again."""
    change = planned(router)
    files = tuple((name, f"{text}\nexit 3\n") for name, text in change.work.files)
    broken = replace(change, work=replace(change.work, files=files))

    def spoil(text: str) -> None:
        if "candidate.sh" in text and text.startswith("sh /"):
            for file in (router.root / "state" / "runs").glob("*/settings.sh"):
                file.write_text("exit 1\n")

    router.disturb = spoil
    with raising(NO_WAY_BACK) as failed:
        push(router, broken)
    assert failed.value.commands  # type: ignore[attr-defined]
    assert not (router.root / "nvram.flash").exists()
    with Journal(router.root / "journal.sqlite") as journal:
        assert len(journal.unfinished()) == 1


def test_a_push_first_finishes_what_a_dead_one_left(router: Busybox):
    before = router.settings()
    change = planned(router)

    def die(*_: object) -> None:
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("translator.push.protocol.Push._converged", die)
        with pytest.raises(SystemExit):
            push(router, change, connect=Breaks(lambda: router, How.RESET_BEHIND, COMMANDS - 8))
    assert router.settings() != before
    assert len(left(router)) == 2
    assert DIED_BEFORE.ends.value.startswith("new")
    assert push(router).ending is Ending.NEW
    with Journal(router.root / "journal.sqlite") as journal:
        assert [run.ending for run in journal.runs()] == ["old", "new"]
    assert left(router) == []
