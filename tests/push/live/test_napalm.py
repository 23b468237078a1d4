"""The commands over NAPALM: hosts of both libraries side by side, from inventory to output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import Faults, IosDevice, JunosDevice
from push.live.simulated import Fleet, clock, fleet_of, log_in_as_admin, touched

QOS_IOS = {"interfaces": {"GigabitEthernet0/1": {"role": "client"}}}
QOS_JUNOS = {"interfaces": {"ge-0/0/0.0": {"role": "client"}}}
ON_IOS = "interface GigabitEthernet0/1\n description x\nline vty 0 4\n login local\n"
ON_JUNOS = "interfaces { ge-0/0/0 { unit 0 { family inet { address 10.0.0.1/24; } } } }\n"


def told(transport: str, **qos: object) -> dict[str, object]:
    return {"data": {"qos": {**qos, "transport": transport}}}


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    log_in_as_admin(monkeypatch)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    ios = IosDevice("R1", ON_IOS, clock=clock())
    junos = JunosDevice("J1", ON_JUNOS, model="mx204", clock=clock())
    with fleet_of(tmp_path, ios, junos) as fleet:
        fleet.write(R1=told("napalm", **QOS_IOS), J1=told("napalm", **QOS_JUNOS))
        yield fleet
    assert touched(ios) == []


def test_collect_writes_what_netmiko_reads(lab: Fleet, tmp_path: Path):
    assert lab.run("collect", "-o", str(tmp_path / "over")) == 0
    assert lab.run("collect", "-o", str(tmp_path / "typed"), "--transport", "netmiko") == 0
    over, typed = ((tmp_path / each / "J1.conf").read_text() for each in ("over", "typed"))
    assert over == typed
    ours = (tmp_path / "over" / "R1.conf").read_text()
    assert ours.splitlines()[-1] == "end"
    body = (tmp_path / "typed" / "R1.conf").read_text().partition("\nversion ")[2]
    assert ours.partition("\nversion ")[2].strip() == body.strip()


def test_doctor_says_what_can_be_read_and_what_not_changed(lab: Fleet, capsys):
    assert lab.run("doctor", "--format", "json", "--limit", "J1") == 0
    capsys.readouterr()
    assert lab.run("doctor", "--format", "json", "--limit", "R1") == 5
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    by_check = {item["check"]: item["result"] for item in host["checks"]}
    failed = {check for check, verdict in by_check.items() if verdict == "failed"}
    assert failed == {"preflight"}
    assert {by_check[each] for each in ("login", "hostname", "serial", "platform", "whole")} == {
        "ok"
    }
    assert "nothing is changed over NAPALM" in str(host)


def test_audit_reads_devices_over_napalm(lab: Fleet, capsys):
    assert lab.run("audit --live", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)["devices"]
    assert {item["device"] for item in found} == {"R1", "J1"}


def test_a_dry_run_plans_for_both_and_a_push_changes_junos_alone(lab: Fleet, capsys):
    assert lab.run("push", "--format", "json") == 1
    hosts = {item["host"]: item for item in json.loads(capsys.readouterr().out)["hosts"]}
    assert {item["state"] for item in hosts.values()} == {"would change"}
    assert all(item["lines"] for item in hosts.values())
    ios, junos = lab.devices
    before = ios.running
    code = lab.run("push", "--commit", "--yes", "--format", "json", "--max-failures", "5")
    assert code == 5
    members = {item["host"]: item for item in json.loads(capsys.readouterr().out)["hosts"]}
    assert members["J1"]["state"] == "done"
    assert members["R1"]["state"] == "refused"
    assert "reports success on most lines" in members["R1"]["problem"]
    assert "--transport netmiko" in members["R1"]["hint"]
    assert (ios.running, ios.lines_received) == (before, 0)
    assert junos.running == junos.startup
    assert "dscp" in junos.running


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"optional_args": {"ssh_strict": False}}, "'ssh_strict' is not honoured for ios"),
        ({"optional_args": {"transport": "telnet"}}, "transport 'telnet' is not honoured"),
        ({"optional_args": {"port": 70000}}, "'port' cannot be 70000"),
        ({"optional_args": {"fast_cli": 1}}, "'fast_cli' cannot be 1"),
        ({"optional_args": {"proxy": {"a": 1}}}, "'proxy' is not honoured"),
        ({"timeout": 5}, "'timeout' is not honoured"),
    ],
)
def test_an_option_that_is_not_honoured_is_an_error_with_its_line(
    lab: Fleet, capsys, options: dict[str, object], says: str
):
    of_napalm = {"connection_options": {"napalm": {"extras": options}}}
    lab.write(R1={**told("napalm"), **of_napalm}, J1=told("netmiko"))
    assert lab.run("collect", "-o", str(lab.folder / "texts")) == 3
    err = capsys.readouterr().err
    assert f"{lab.inventory}/hosts.yaml:1: NAPALM's option" in err or "NAPALM's transport" in err
    assert says in err
    lab.write(R1={**told("netmiko"), **of_napalm}, J1=told("netmiko"))
    assert lab.run("collect", "-o", str(lab.folder / "texts")) == 0, "nobody needs them now"


def test_a_port_for_napalm_goes_before_that_of_the_host(lab: Fleet):
    ports = {
        device.initial_hostname: a.port
        for device, a in zip(lab.devices, lab.addresses, strict=True)
    }
    args = {"optional_args": {"port": ports["R1"], "transport": "ssh", "secret": "no"}}
    lab.write(
        R1={**told("napalm"), "port": 9, "connection_options": {"napalm": {"extras": args}}},
        J1={**told("napalm"), "port": 9, "connection_options": {"napalm": {"port": ports["J1"]}}},
    )
    assert lab.run("collect", "-o", str(lab.folder / "texts")) == 0


def test_a_platform_without_napalm_is_told(lab: Fleet, capsys):
    lab.write(R1={"platform": "linux"}, J1={})
    words = ("collect", "-o", str(lab.folder / "texts"), "--transport", "napalm", "--limit", "R1")
    assert lab.run(*words) != 0
    assert "linux devices cannot be reached over NAPALM" in capsys.readouterr().err


MARK = "C4n4ry"
SECRETS_IOS = f"""\
enable secret 9 $9${MARK}Nine$abcdefghij
snmp-server community {MARK}Community RO
line vty 0 4
 login local
"""
SECRETS_JUNOS = f"""\
system {{ tacplus-server {{ 10.1.1.1 {{ secret "$9${MARK}Junos"; }} }} }}
snmp {{ community {MARK}Snmp {{ authorization read-only; }} }}
"""


def test_no_secret_is_shown_however_loud_the_libraries_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, caplog: pytest.LogCaptureFixture
):
    password = f"{MARK}Password1"
    log_in_as_admin(monkeypatch, password)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    users = {"admin": password}
    ios = IosDevice("R1", SECRETS_IOS, clock=clock(), users=users)
    junos = JunosDevice("J1", ON_JUNOS + SECRETS_JUNOS, model="mx204", clock=clock(), users=users)
    with fleet_of(tmp_path, ios, junos) as fleet:
        fleet.write(R1=told("napalm", **QOS_IOS), J1=told("napalm", **QOS_JUNOS))
        fleet.run("doctor", "-vvv")
        fleet.run("push", "-vvv")
        fleet.run("push", "--commit", "--yes", "-vvv", "--limit", "J1")
        ios.faults = junos.faults = Faults(login_refused=True)
        fleet.run("audit --live", "-vvv")
        fleet.run("collect", "-o", str(tmp_path / "texts"), "--redact", "-vvv")
    shown = capsys.readouterr()
    assert "ncclient" in shown.err
    leaks = [line for line in (shown.out + shown.err).splitlines() if MARK in line]
    assert [line[max(0, line.index(MARK) - 100) :][:200] for line in leaks] == []
    journal = [file for file in (tmp_path / "state").rglob("*") if file.is_file()]
    assert journal
    assert all(MARK.encode() not in file.read_bytes() for file in journal)
