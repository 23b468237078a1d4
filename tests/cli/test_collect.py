"""`collect` on simulated devices: whole files for their owner alone, or the file that was there."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from devices import Faults, IosDevice, Noise
from push.live.simulated import Fleet, clock, fleet_of, log_in_as_admin, touched

pytestmark = pytest.mark.usefixtures("login")
CANARIES = ("canary-user", "canary-snmp")
LINES = "username bob secret 0 canary-user\nsnmp-server community canary-snmp RO\n"


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_as_admin(monkeypatch, "canary-login", "canary-enable")


def ios(name: str = "R1", **settings: Any) -> IosDevice:
    return IosDevice(
        name,
        **{
            "users": {"admin": "canary-login"},
            "enable": "canary-enable",
            "clock": clock(),
            **settings,
        },
    )


def collected(fleet: Fleet, capsys, *words: str) -> tuple[int, dict[str, Any]]:
    code = fleet.run("collect", "-o", str(fleet.folder / "out"), "--format", "json", *words)
    found = json.loads(capsys.readouterr().out)
    return code, {item["host"]: item for item in found["hosts"]}


def test_each_configuration_is_a_file_that_only_its_owner_reads(tmp_path: Path, capsys):
    devices = [ios("R1"), ios("R2", initial=LINES)]
    with fleet_of(tmp_path, *devices) as fleet:
        code, found = collected(fleet, capsys)
        again = collected(fleet, capsys)[1]
    assert code == 0
    for device in devices:
        file = tmp_path / "out" / f"{device.hostname}.conf"
        assert device.running in file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600
        assert found[device.hostname]["file"] == str(file)
        assert touched(device) == []
    assert [item["state"] for item in (*found.values(), *again.values())] == [
        "new",
        "new",
        "unchanged",
        "unchanged",
    ]


BROKEN = {
    "cut": (Faults(shown_bytes=IosDevice("R1").shown().index("\nline con 0") + 1), 3),
    "forbidden": (Faults(unauthorized="show running-config"), 5),
    "reset": (Faults(lost_at="show running-config"), 4),
    "no login": (Faults(login_refused=True), 4),
    "no enable": (Faults(enable_refused=True), 4),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_whole_never_replaces_what_was(name: str, tmp_path: Path, capsys):
    broken, expected = BROKEN[name]
    out = tmp_path / "out"
    out.mkdir()
    (out / "R1.conf").write_text("the good one\n")
    with fleet_of(tmp_path, ios("R1", faults=broken), ios("R2")) as fleet:
        code, found = collected(fleet, capsys)
    assert code == expected
    assert (found["R1"]["state"], found["R2"]["state"]) == ("failed", "new")
    assert found["R1"]["error"]
    assert found["R1"]["hint"]
    assert (out / "R1.conf").read_text() == "the good one\n"
    assert sorted(item.name for item in out.iterdir()) == ["R1.conf", "R2.conf"]


@pytest.mark.parametrize(
    "noise", [Faults(paging_stays=True), Faults(noise=Noise(ansi=True))], ids=["pages", "colours"]
)
def test_what_a_terminal_adds_is_not_in_the_file(noise: Faults, tmp_path: Path, capsys):
    device = ios(faults=noise)
    with fleet_of(tmp_path, device) as fleet:
        assert collected(fleet, capsys)[0] == 0
    assert device.running in (tmp_path / "out" / "R1.conf").read_text()


def test_a_text_that_is_cut_anywhere_is_not_written(tmp_path: Path, capsys):
    whole = ios().shown()
    for size in range(len(whole) - 40, len(whole) - 4, 7):
        with fleet_of(tmp_path, ios(faults=Faults(shown_bytes=size))) as fleet:
            code, found = collected(fleet, capsys, "--timeout", "0.7")
        assert code in (3, 4)
        assert found["R1"]["state"] == "failed"
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_written_where_no_device_answers(tmp_path: Path, capsys):
    with fleet_of(tmp_path, ios()) as fleet:
        fleet.know()
        code = fleet.run("collect", "-o", str(tmp_path / "out"))
    shown = capsys.readouterr()
    assert code == 4
    assert "the host key of R1 is not known" in shown.err
    assert "--host-key accept-new" in shown.err
    assert "0 of 1 configurations" in shown.out
    assert list((tmp_path / "out").iterdir()) == []


def test_a_new_host_key_is_taken_when_it_is_asked_for(tmp_path: Path, capsys):
    with fleet_of(tmp_path, ios()) as fleet:
        fleet.know()
        code, _ = collected(fleet, capsys, "--host-key", "accept-new")
        (address,) = fleet.addresses
        assert fleet.known_hosts.read_text().strip() == address.known_hosts_line.strip()
    assert code == 0


def test_masked_files_hold_no_secret_and_whole_ones_all(tmp_path: Path, capsys):
    with fleet_of(tmp_path, ios(initial=LINES)) as fleet:
        collected(fleet, capsys)
        whole = (tmp_path / "out" / "R1.conf").read_text()
        collected(fleet, capsys, "--redact")
        masked = (tmp_path / "out" / "R1.conf").read_text()
    assert all(canary in whole for canary in CANARIES)
    assert not any(canary in masked for canary in CANARIES)
    assert len(masked.splitlines()) == len(whole.splitlines())


@pytest.mark.parametrize(
    "command", ["collect -o out", "doctor --all", "doctor --format json", "audit --live"]
)
def test_no_secret_is_in_any_output_or_log(
    command: str, tmp_path: Path, capsys, caplog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    devices = [ios("R1", initial=LINES), ios("R2", faults=Faults(enable_refused=True))]
    devices.append(ios("R3", initial=LINES, users={"admin": "other"}))
    with fleet_of(tmp_path, *devices) as fleet:
        fleet.run(command)
    shown = capsys.readouterr()
    everything = shown.out + shown.err + caplog.text
    assert "netmiko" in caplog.text  # that the libraries do tell what passes
    assert not [item for item in (*CANARIES, "canary-login", "canary-enable") if item in everything]
