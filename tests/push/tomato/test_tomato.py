"""A Tomato router whose shell is busybox and whose settings are files: changed, kept, undone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drivers.tomato.routers import FACTORY
from push.faults import Fault, raising
from push.tomato.busybox import HOST, OWNERS_SCRIPT, WANTED, Busybox, busybox, options, push
from push.tomato.cases import CHANGED, CHANGED_LATE, LOCKED, OWNERS_RULES, UNPROVEN

from translator.drivers.tomato.dialect import FRESH
from translator.errors import ConnectionLostError
from translator.push import Ending, Journal, Outcome, plan_change, resume_all, rollback


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Busybox]:
    with busybox(tmp_path) as made:
        yield made


def test_a_push_is_proven_and_committed_and_a_second_one_sends_nothing(router: Busybox):
    outcome = push(router)
    assert outcome.ending is Ending.NEW
    assert router.settings("nvram.flash") == router.settings()
    assert OWNERS_SCRIPT in router.settings()["script_fire"]
    assert push(router).ending is Ending.UNCHANGED
    assert list((router.root / "state" / "runs").iterdir()) == []
    journal = b"".join(
        item.read_bytes() for item in router.root.glob("journal.sqlite*") if item.is_file()
    )
    assert b"S3cretPw" not in journal


def test_a_run_is_taken_back(router: Busybox):
    before = router.settings()
    run = push(router).run
    with Journal(router.root / "journal.sqlite") as journal:
        rollback(journal, run, lambda: router)
    assert router.settings() == before
    assert router.settings("nvram.flash") == before


def test_what_is_not_proven_is_undone_and_never_committed(router: Busybox):
    before = router.settings()
    change = plan_change(HOST, WANTED, lambda: router, options(router)).change
    files = tuple(
        (name, text.replace("20000:20039", "20000:20038")) for name, text in change.work.files
    )
    assert files != change.work.files
    wrong = replace(change, work=replace(change.work, files=files))
    with raising(UNPROVEN, router.settings):
        push(router, wrong)
    assert router.settings() == before
    assert not (router.root / "nvram.flash").exists()


def test_the_router_goes_back_without_us(router: Busybox):
    before = router.settings()

    def lost(text: str) -> None:
        if text.startswith("ln -s confirmed"):
            raise ConnectionLostError("gone for good")

    router.disturb = lost
    with pytest.raises(ConnectionLostError), pytest.MonkeyPatch.context() as patch:
        patch.setattr("translator.push.protocol.Push._converged", raise_it)
        push(router, revert_s=1)
    ends = time.monotonic() + 15
    while router.settings() != before:
        assert time.monotonic() < ends
        time.sleep(0.1)
    router.disturb = lambda text: None
    with Journal(router.root / "journal.sqlite") as journal:
        assert list(resume_all(journal, "home", lambda: router).values()) == [Ending.OLD]
    assert router.settings() == before


# The listings of settings: to plan, before the change, behind it, and before it is saved.
@pytest.mark.parametrize(("listing", "fault"), [(3, CHANGED), (4, CHANGED_LATE)])
def test_what_others_change_meanwhile_stays_and_ours_goes(
    router: Busybox, listing: int, fault: Fault
):
    before = router.settings()
    texts: list[str] = []

    def meanwhile(text: str) -> None:
        texts.append(text)
        if texts.count("nvram show 2>&1") == listing:
            (router.root / "nvram" / "script_init").write_text("insmod ledtrig")
            router.disturb = lambda _: None

    router.disturb = meanwhile
    with raising(fault) as failed:
        push(router)
    assert "+ script_init insmod ledtrig" in str(failed.value)
    assert router.settings() == {**before, "script_init": "insmod ledtrig"}
    assert not (router.root / "nvram.flash").exists()
    assert list((router.root / "state" / "runs").iterdir()) == []


def raise_it(_: object, error: BaseException, *__: object) -> Outcome:
    raise error


def test_rules_of_the_owner_that_serve_otherwise_stop_a_push(router: Busybox):
    (router.root / "nvram" / "qos_orules").write_text(FACTORY[FRESH])
    before = router.settings()
    with raising(OWNERS_RULES, router.settings) as failed:
        push(router)
    assert "br0 -> vlan2" in str(failed.value)
    assert router.settings() == before


def test_a_lock_names_its_owner(router: Busybox):
    lock = router.root / "state" / "lock"
    lock.parent.mkdir()
    os.symlink("20261101-101010-abcdef root 192.168.1.9", lock)
    with raising(LOCKED, router.settings) as failed:
        push(router)
    assert "root from 192.168.1.9" in str(failed.value)
    assert lock.is_symlink()
