"""Twelve secrets and more: no command, log, journal, plan or error of a fleet ever shows one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from devices import Clock, Faults, IosDevice
from push.fleet.served import Served, serve

from translator.cli.main import main
from translator.errors import ParseError
from translator.push.journal import Journal
from translator.push.ledger import rollouts

PASSWORD, ENABLE, PASSPHRASE = "C4n4ryPassword1", "C4n4ryEnable22", "C4n4ryPassphrase333"
ON_IOS = (
    "enable secret 9 $9$C4n4ryNine$abcdefghij",
    "username bob privilege 15 secret 8 $8$C4n4ryEight$abcdefghij",
    "username eve password 7 C4n4rySeven",
    "username sue secret 5 $1$C4n4ryFive$abcdefghij",
    "snmp-server community C4n4ryCommunity RO",
    "tacacs-server host 10.1.1.1 key 7 C4n4ryTacacs",
    "crypto isakmp key C4n4ryPsk address 10.1.1.1",
)
ELSEWHERE = (
    'set system tacplus-server 10.1.1.1 secret "$9$C4n4ryJunos";',
    "http_passwd=C4n4ryNvram",
    "wl0_wpa_psk=C4n4ryWpa",
)
MARK = b"C4n4ry"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    folder = tmp_path / "key"
    folder.mkdir()
    key.write_private_key(str(folder / "id"), "openssh", passphrase=PASSPHRASE, rounds=50)
    public = key.export_public_key().decode().strip()

    def make(name: str) -> IosDevice:
        return IosDevice(
            name,
            "\n".join(ON_IOS),
            users={"admin": PASSWORD},
            keys=(public,),
            enable=ENABLE,
            clock=Clock(),
        )

    served_in = tmp_path / "served"
    served_in.mkdir()
    with serve(("r1", "r2"), served_in, monkeypatch, make=make) as served:
        monkeypatch.setenv("NET_PASSWORD", PASSWORD)
        monkeypatch.setenv("NET_SECRET", ENABLE)
        monkeypatch.setenv("NET_SSH_KEY", str(folder / "id"))
        monkeypatch.setenv("NET_SSH_PASSPHRASE", PASSPHRASE)
        yield served


@pytest.fixture
def library_log(tmp_path: Path) -> Iterator[Path]:
    """What netmiko and paramiko write when somebody switches their debug logs on."""
    file = tmp_path / "served-library.log"
    handler = logging.FileHandler(file)
    loggers = [logging.getLogger(name) for name in ("netmiko", "paramiko", "nornir")]
    before = [item.level for item in loggers]
    for item in loggers:
        item.addHandler(handler)
        item.setLevel(logging.DEBUG)
    yield file
    for item, level in zip(loggers, before, strict=True):
        item.removeHandler(handler)
        item.setLevel(level)
    handler.close()


def test_no_command_shows_a_secret(
    lab: Served,
    library_log: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    plan = str(lab.folder / "saved.json")
    debug = ["-vvv"]
    assert all("C4n4ryCommunity" in device.running for device in lab.devices.values())
    assert main(lab.push(*debug, "--save-plan", plan)) == 1
    assert main(lab.push(*debug, "--format", "json")) == 1
    assert main(["push", plan, *lab.options(), *debug]) == 1
    says = "\n".join(("% Invalid input", *ON_IOS, *ELSEWHERE, PASSWORD, ENABLE, PASSPHRASE))
    lab.set_faults("r2", Faults(refuse={6: says + "\n"}, shown_bytes=None))
    assert main(["push", plan, *lab.options(), *debug, "--commit", "--yes"]) == 7
    with Journal(Path(lab.journal)) as journal:
        (known,) = rollouts(journal)
    assert [str(member.state) for member in known.members] == ["done", "reverted"], known.members[
        0
    ].problem
    for member in known.members:
        assert main(["runs", member.run, "--journal", lab.journal]) == 0
    for form in ("text", "json"):
        assert main(["runs", known.name, "--journal", lab.journal, "--format", form]) == 0
        rollback = ["rollback", known.name, *lab.options(), "--format", form, *debug]
        assert main(rollback) == 1
    assert main([*rollback, "--commit", "--yes"]) == 0
    assert main(["push", "--resume", known.name, *lab.options(), *debug, "--yes"]) == 7
    hosts = ["-i", lab.inventory, *lab.options()[:2], *debug]
    assert main(["doctor", *hosts]) == 0
    assert main(["collect", *hosts, "-o", str(lab.folder / "collected"), "--redact"]) == 0
    assert main(["counters", "--live", *hosts, "--interval", "0"]) == 3
    assert main(["audit", "--live", *hosts, "--format", "json"]) == 1
    lab.set_faults("r2", Faults(login_refused=True))
    assert main(lab.push(*debug, "--limit", "r2")) == 4
    assert main(["doctor", *hosts]) == 4
    out, err = capsys.readouterr()
    assert "DEBUG" in err
    assert "netmiko" in err
    assert MARK.decode() not in out
    assert MARK.decode() not in err
    assert MARK.decode() not in caplog.text
    assert library_log.stat().st_size > 1000
    assert MARK not in library_log.read_bytes()
    for file in lab.folder.rglob("*"):
        assert not file.is_file() or MARK not in file.read_bytes(), file


def test_an_error_of_the_program_shows_none_either(
    lab: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from translator.drivers.cisco_ios import CiscoIos

    texts = "\n".join((*ON_IOS, *ELSEWHERE, PASSWORD, ENABLE, PASSPHRASE))
    for error in (ZeroDivisionError(texts), ParseError(texts, hint=texts)):

        def parse(*_: object, error: Exception = error, **__: object) -> None:
            raise error from KeyError(texts)

        monkeypatch.setattr(CiscoIos, "parse", parse)
        for form in ("text", "json"):
            assert main(lab.push("--format", form, "-vvv")) == 3
            assert main(lab.push("--format", form, "-vvv", "--commit", "--yes")) == 3
    out, err = capsys.readouterr()
    assert "error of the program, ZeroDivisionError" in out
    assert MARK.decode() not in out + err
    for file in lab.folder.rglob("*"):
        assert not file.is_file() or MARK not in file.read_bytes(), file
