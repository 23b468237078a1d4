"""Host keys, keys, passwords: what a login needs, and what each failure is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lab.netns import Lab
from push.lab.router import Router, intents
from push.lab.sshd import Dropbear

from translator.drivers.change import Command, Download, Upload
from translator.errors import DeadlineError, HostKeyError, LoginError, UnreachableError
from translator.push import Credentials, Ending, Secret

pytestmark = pytest.mark.netns


def test_a_key_and_a_password_log_in(router: Router):
    for login in (router.sshd.by_key, router.sshd.by_password):
        session = router.sshd.open(login)
        assert session.perform(Command("id -u")).text == "0\n"
        session.close()


def test_a_wrong_host_key_is_called_by_its_name(router: Router):
    for accept_new in (False, True):
        with pytest.raises(HostKeyError, match="another than the known one"):
            router.sshd.open(known="wrong", accept_new=accept_new)


def test_an_unknown_host_key_is_taken_only_when_asked(router: Router):
    file = router.sshd.folder / "fresh"
    with pytest.raises(HostKeyError, match="SHA256:"):
        router.sshd.open(known="fresh")
    assert not file.exists()
    router.sshd.open(known="fresh", accept_new=True).close()
    assert file.stat().st_mode & 0o777 == 0o600
    router.sshd.open(known="fresh").close()
    file.unlink()


def test_a_wrong_password_is_tried_once(router: Router):
    log = router.sshd.folder / "sshd.log"
    before = log.read_text().count("Failed password")
    with pytest.raises(LoginError) as failed:
        router.sshd.open(Credentials("root", password=Secret("wrong-horse")))
    assert "wrong-horse" not in str(failed.value)
    assert log.read_text().count("Failed password") == before + 1


def test_nobody_at_the_port_is_unreachable(router: Router):
    with pytest.raises(UnreachableError, match="refused"):
        router.sshd.open(port=2223)


def test_files_arrive_byte_for_byte_and_names_do_not_reach_the_shell(router: Router):
    session = router.sshd.open()
    data = bytes(range(256)) * 4000
    path = str(router.disk / "a $(touch gotcha) 'b'; name")
    assert session.perform(Upload(path, data)).status == 0
    assert session.perform(Download(path)).data == data
    assert session.perform(Download(path + "?")).status == 1
    session.close()
    assert sorted(item.name for item in router.disk.iterdir()) == [
        "a $(touch gotcha) 'b'; name",
        "units",
    ]


def test_output_is_exact_and_a_command_that_hangs_ends_at_its_deadline(router: Router):
    session = router.sshd.open()
    reply = session.perform(Command("printf 'a\\n\\nb'; printf c >&2; exit 3"))
    assert (reply.text, reply.status) == ("a\n\nbc", 3)
    with pytest.raises(DeadlineError):
        session.perform(Command("sleep 60", timeout_s=0.3))
    assert session.perform(Command("echo still here")).text == "still here\n"
    session.close()


def test_a_small_routers_server_without_sftp_will_do(router: Router, tmp_path: Path):
    with Lab() as lab, Dropbear.running(lab, tmp_path) as server:
        small = replace(router, lab=lab, sshd=server)
        assert small.push(intents()).ending is Ending.NEW
        assert small.push(intents()).ending is Ending.UNCHANGED
        assert small.leftovers() == []
