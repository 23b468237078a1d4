"""`audit --live` and `counters --live`: devices are judged as their texts are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conformance.shapes import Accepted, outcome
from counters.outputs import IOS_15, JUNOS
from devices import Faults, Hook, IosDevice, JunosDevice
from push.live.simulated import Fleet, clock, fleet_of, log_in_as_admin, touched

from translator.cli.main import main

pytestmark = pytest.mark.usefixtures("login")
ROLES = {
    "GigabitEthernet0/1": {"role": "client"},
    "GigabitEthernet0/0": {"role": "wan", "rate": "10M"},
}
INVENTORY = {"data": {"qos": {"interfaces": ROLES}}}
ASK = "show policy-map interface {}"
LATER = IOS_15.replace("2000 packets, 128000", "2300 packets, 147200")


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_as_admin(monkeypatch)


def planned() -> str:
    case = outcome("cisco_ios", "everything")
    assert isinstance(case, Accepted)
    return case.rendered.config


def audited(fleet: Fleet, capsys, *words: str) -> tuple[int, list[dict[str, Any]]]:
    code = fleet.run("audit --live", "--format", "json", *words)
    return code, json.loads(capsys.readouterr().out)["devices"]


def test_a_device_is_audited_as_its_file_is(tmp_path: Path, capsys):
    device = IosDevice("R1", planned(), clock=clock())
    with fleet_of(tmp_path, device) as fleet:
        fleet.write(R1=INVENTORY)
        code, (live,) = audited(fleet, capsys)
        assert fleet.run("collect", "-o", str(tmp_path / "out")) == 0
        (address,) = fleet.addresses
    capsys.readouterr()
    offline = ["audit", str(tmp_path / "out"), "-i", str(fleet.inventory), "--no-cache"]
    assert main([*offline, "--format", "json"]) == code
    (file,) = json.loads(capsys.readouterr().out)["devices"]
    assert live.pop("file") == f"ssh://127.0.0.1:{address.port}"
    assert file.pop("file") == str(tmp_path / "out" / "R1.conf")
    assert live == file
    assert live["placements"]
    assert touched(device) == []


def test_without_roles_in_the_inventory_they_are_inferred(tmp_path: Path, capsys):
    with fleet_of(tmp_path, IosDevice("R1", planned(), clock=clock())) as fleet:
        _, (found,) = audited(fleet, capsys)
    assert found["roles"]


def test_a_device_that_cannot_be_read_whole_is_never_judged(tmp_path: Path, capsys):
    cut = Faults(shown_bytes=IosDevice("R2", planned()).shown().index("\nline con 0") + 1)
    devices = [
        IosDevice("R1", planned(), clock=clock()),
        IosDevice("R2", planned(), clock=clock(), faults=cut),
        IosDevice("R3", planned(), clock=clock(), users={"admin": "other"}),
    ]
    with fleet_of(tmp_path, *devices) as fleet:
        fleet.write(R1=INVENTORY, R2=INVENTORY, R3=INVENTORY)
        code, found = audited(fleet, capsys)
    assert code == 3
    assert [bool(item.get("error")) for item in found] == [False, True, True]
    assert "cannot be read whole" in found[1]["error"]
    assert "refuses the login" in found[2]["error"]


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "--live", "file.conf", "-i", "x"],
        ["audit", "--live"],
        ["audit", "--live", "-i", "x", "--platform", "cisco_ios"],
        ["counters", "--live", "-i", "x", "before.txt"],
        ["counters", "--live"],
        ["counters", "-i", "x", "--platform", "cisco_ios", "before.txt"],
        ["counters"],
        ["counters", "--live", "-i", "inventory", "--interval", "soon"],
    ],
)
def test_what_does_not_go_together_is_an_error_of_usage(
    words: list[str], tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "inventory"
    folder.mkdir()
    (folder / "hosts.yaml").write_text('{"R1": {"platform": "cisco_ios"}}')
    assert main(words) == 2
    assert "hint:" in capsys.readouterr().err


def counting(name: str = "R1", **settings: Any) -> IosDevice:
    """A device that shows other counters from its second login on."""

    def count(device: Any) -> None:
        device.replies[ASK.format("GigabitEthernet0/0")] = LATER

    faults = Faults(hooks=(Hook("login", count, nth=2),))
    return IosDevice(
        name,
        **{
            "clock": clock(),
            "faults": faults,
            "replies": {ASK.format("GigabitEthernet0/0"): IOS_15},
            **settings,
        },
    )


def counted(fleet: Fleet, capsys, *words: str) -> tuple[int, dict[str, Any]]:
    code = fleet.run("counters --live", "--format", "json", *words)
    found = json.loads(capsys.readouterr().out)
    return code, {item["host"]: item for item in found["hosts"]}


def test_counters_of_devices_are_judged_as_saved_ones_are(tmp_path: Path, capsys):
    device = counting()
    with fleet_of(tmp_path, device) as fleet:
        fleet.write(R1=INVENTORY)
        code, found = counted(fleet, capsys, "--interval", "0.2s")
        assert fleet.run("collect", "-o", str(tmp_path)) == 0
    capsys.readouterr()
    for name, text in (("before.txt", IOS_15), ("after.txt", LATER)):
        (tmp_path / name).write_text(f"R1#{ASK.format('GigabitEthernet0/0')}\n{text}")
    offline = ["counters", "--platform", "cisco_ios", "--config", str(tmp_path / "R1.conf")]
    offline += ["--interface", "GigabitEthernet0/1=client"]
    offline += ["--interface", "GigabitEthernet0/0=wan:10M", "--seconds", "1"]
    names = [str(tmp_path / "before.txt"), str(tmp_path / "after.txt")]
    assert main([*offline, *names, "--format", "json"]) == code
    saved = json.loads(capsys.readouterr().out)
    assert [item["kind"] for item in found["R1"]["findings"]] == [
        item["kind"] for item in saved["findings"]
    ]
    assert found["R1"]["findings"]
    assert found["R1"]["seconds"] > 0.2
    (audio,) = [item for item in found["R1"]["classes"] if item["counted"]["name"] == "AUDIO"]
    assert audio["counted"]["packets"] == 300
    assert touched(device) == []
    assert device.log.count("login") == 3


def test_without_an_interval_all_since_the_counters_began_counts(tmp_path: Path, capsys):
    device = counting()
    with fleet_of(tmp_path, device) as fleet:
        fleet.write(R1=INVENTORY)
        _, found = counted(fleet, capsys, "--interval", "0")
        assert fleet.run("counters --live", "--interval", "0") in (0, 1)
    assert found["R1"]["before"] is None
    assert "counted since the counters began" in capsys.readouterr().out


def test_a_device_without_counters_or_login_is_told_beside_the_others(tmp_path: Path, capsys):
    devices = [
        counting("R1"),
        IosDevice("R2", clock=clock()),
        counting("R3", users={"admin": "other"}),
        counting("R4", faults=Faults(lost_at="show policy-map interface")),
    ]
    with fleet_of(tmp_path, *devices) as fleet:
        fleet.write(**{device.initial_hostname: INVENTORY for device in devices})
        code, found = counted(fleet, capsys, "--interval", "0.1")
        assert fleet.run("counters --live", "--interval", "0", "--limit", "R3") == 4
    assert code == 3
    assert found["R1"]["classes"]
    assert "shows no counters" in found["R2"]["error"]
    assert "refuses the login" in found["R3"]["error"]
    assert "R4" in found["R4"]["error"]
    assert "refuses the login" in capsys.readouterr().err


def test_queues_of_junos_are_counted(tmp_path: Path, capsys):
    ask = "show interfaces queue ge-0/0/1"
    device = JunosDevice("R1", model="mx204", clock=clock(), replies={ask: JUNOS})
    roles = {"ge-0/0/1": {"role": "wan", "rate": "10M"}}
    with fleet_of(tmp_path, device) as fleet:
        fleet.write(R1={"data": {"qos": {"interfaces": roles}}})
        _, found = counted(fleet, capsys, "--interval", "0")
        assert fleet.run("collect", "-o", str(tmp_path)) == 0
        capsys.readouterr()
        assert audited(fleet, capsys)[0] == 1
    assert {item["counted"]["name"] for item in found["R1"]["classes"]} >= {"QOS-AUDIO"}
    assert device.running in (tmp_path / "R1.conf").read_text()
    assert touched(device) == []
