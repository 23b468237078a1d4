"""A fleet over SSH in which each fault is met by a twentieth of the devices, two at least.

QOS_FLEET=500 python -m pytest tests/push/fleet/test_served_fleet.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from devices import Faults, IosDevice
from push.fleet.served import PASSWORD, serve

from translator.cli.main import main

FAULTS = {
    "refusal": (Faults(refuse={12: "% Invalid input detected at '^' marker.\n"}), "reverted"),
    "reset": (Faults(reset_before=12), "reverted"),
    "hang": (Faults(hang_at=12), "reverted"),
    "login": (Faults(login_refused=True), "unreachable"),
    "name": (Faults(), "refused"),
}
DEVICES = int(os.environ.get("QOS_FLEET", "40"))
FAULTY = max(2, DEVICES // 20)  # of each kind
HEALTHY = DEVICES - FAULTY * len(FAULTS)


@pytest.mark.slow
def test_healthy_devices_are_done_and_faulty_ones_are_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    faulty = [f"{kind}-{n}" for kind in FAULTS for n in range(FAULTY)]
    names = [f"r{n}" for n in range(HEALTHY)] + faulty

    def make(name: str) -> IosDevice:
        kind = name.partition("-")[0]
        faults = FAULTS[kind][0] if kind in FAULTS else Faults()
        return IosDevice(
            "another" if kind == "name" else name, users={"admin": PASSWORD}, faults=faults
        )

    with serve(names, tmp_path, monkeypatch, make=make) as lab:
        before = {name: lab.devices[name].running for name in faulty}
        pace = ["--batch", "100%", "--max-failures", "500", "--forks", "16", "--timeout", "8"]
        assert main(lab.push("--commit", "--yes", "--format", "json", *pace)) == 7
        report = json.loads(capsys.readouterr().out)
        states = {host["host"]: host["state"] for host in report["hosts"]}
        assert states == {
            name: FAULTS[name.partition("-")[0]][1] if name in faulty else "done" for name in names
        }
        assert sum(report["totals"].values()) == len(names)
        assert report["totals"]["done"] == HEALTHY
        for name, device in lab.devices.items():
            assert device.running == device.startup
            if name in faulty:
                assert device.running == before[name]
            assert not [file for file in device.files if "qos-" in file]
