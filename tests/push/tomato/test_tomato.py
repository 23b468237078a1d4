"""A Tomato router whose shell is busybox and whose settings are files: changed, kept, undone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from drivers.tomato.intents import intents
from drivers.tomato.routers import FACTORY, NAMES, RATES
from push.faults import raising
from push.tomato.cases import CHANGED, LOCKED, OWNERS_RULES, UNPROVEN

from translator.drivers.change import Command, Download, Request, Upload, Wait
from translator.drivers.replies import Reply
from translator.drivers.tomato import Tomato
from translator.drivers.tomato.dialect import FRESH
from translator.errors import ConnectionLostError
from translator.intents.lower import lower
from translator.inventory.model import Host
from translator.push import (
    Change,
    Ending,
    Journal,
    Options,
    Outcome,
    Patience,
    Session,
    change_device,
    plan_change,
    resume_all,
    rollback,
)

NVRAM = """#!/bin/sh
case $1 in
get) [ -e "$NVRAM_FOLDER/$2" ] && cat "$NVRAM_FOLDER/$2" && echo ;;
set) printf '%s' "${2#*=}" >"$NVRAM_FOLDER/${2%%=*}" ;;
unset) rm -f "$NVRAM_FOLDER/$2" ;;
show)
	for file in "$NVRAM_FOLDER"/*; do printf '%s=' "${file##*/}"; cat "$file"; echo; done
	echo ---; echo '31 entries, 1234 bytes used, 64302 bytes free.' ;;
commit) rm -rf "$NVRAM_FOLDER.flash"; cp -r "$NVRAM_FOLDER" "$NVRAM_FOLDER.flash" ;;
*) exit 2 ;;
esac
"""
_TOOLS = "sh awk wc cat rm ln readlink sleep mkdir setsid df sed id chmod mv sync cp ls echo"
TOOLS = tuple(_TOOLS.split())
OWNERS_SCRIPT = "# doorbell\niptables -A INPUT -p udp --dport 7 -j ACCEPT"
HOST = Host("home", "tomato", "tomato")
WANTED = lower(intents("br0=client", "vlan2=internet:10M"), Tomato().capabilities)


@dataclass
class Busybox:
    """The router's shell and settings; a session is the shell itself."""

    root: Path
    disturb: Callable[[str], None] = lambda text: None

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Wait):
            return Reply()
        if isinstance(request, Command):
            self.disturb(request.text)
            return self._run(request.text)
        if isinstance(request, Upload):
            Path(request.path).write_bytes(request.data)
            return Reply(status=0)
        assert not isinstance(request, Download)
        return Reply(status=1)

    def close(self) -> None:
        """There is nothing to close."""

    def _run(self, text: str) -> Reply:
        done = subprocess.run(
            [self.root / "bin" / "sh", "-c", text],
            env={
                "PATH": str(self.root / "bin"),
                "NVRAM_FOLDER": str(self.root / "nvram"),
                "SSH_CLIENT": "192.168.1.7 5 22",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=30,
        )
        return Reply(done.stdout.decode(), done.returncode)

    def settings(self, name: str = "nvram") -> dict[str, str]:
        """Return the settings; to the firmware an empty one is as good as none."""
        found = {item.name: item.read_text() for item in (self.root / name).iterdir()}
        return {key: value for key, value in found.items() if value}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Busybox]:
    busybox = shutil.which("busybox")
    assert busybox is not None, "busybox is one of the packages that the tests need"
    for folder in ("bin", "nvram"):
        (tmp_path / folder).mkdir()
    for name, text in (
        ("nvram", NVRAM),
        ("service", '#!/bin/sh\necho "$*" >>"$NVRAM_FOLDER.log"\n'),
    ):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(busybox)
    made = Busybox(tmp_path)
    settings = {
        "lan_ifname": "br0", "wan_iface": "vlan2", "qos_enable": "0", "qos_icmp": "1",
        "qos_default": "8", "qos_classnames": NAMES, "qos_orates": RATES,
        "qos_orules": "", "script_fire": OWNERS_SCRIPT, "wan_qos_ibw": "16000",
        "router_name": "home", "os_version": "2024.1 K26ARM", "http_passwd": "S3cretPw",
    }  # fmt: skip
    for key, value in settings.items():
        (tmp_path / "nvram" / key).write_text(value)
    yield made
    # A timer that was not decided ends within a second of its folder.
    shutil.rmtree(tmp_path / "state", ignore_errors=True)


def options(router: Busybox, revert_s: int = 30) -> Options:
    settings = {"folder": str(router.root / "state")}
    return Options(revert_s, patience=Patience(2.0, 0.1), settings=settings)


def push(router: Busybox, planned: Change | None = None, revert_s: int = 30) -> Outcome:
    def connect() -> Session:
        router.disturb("open")
        return router

    with Journal(router.root / "journal.sqlite") as journal:
        return change_device(
            HOST, WANTED, connect, journal, options(router, revert_s), planned=planned
        )


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


def test_what_others_change_meanwhile_stays_and_ours_goes(router: Busybox):
    before = router.settings()
    texts: list[str] = []

    def meanwhile(text: str) -> None:
        texts.append(text)
        if texts.count("nvram show 2>&1") == 3:  # to plan, before the change, and behind it
            (router.root / "nvram" / "script_init").write_text("insmod ledtrig")
            router.disturb = lambda _: None

    router.disturb = meanwhile
    with raising(CHANGED) as failed:
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
