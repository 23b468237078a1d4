"""The shares in the platform table are what the drivers read of real configurations today.

`QOS_UPDATE_README=1` writes the file anew; review the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.corpus import corpus_files

from translator.cli.textfile import read_device_text
from translator.drivers.registry import driver, driver_names
from translator.intents.device import FOREIGN

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "translator" / "inventory" / "corpus_share.json"
UPDATE = bool(os.environ.get("QOS_UPDATE_README"))


def measured() -> dict[str, dict[str, int]]:
    """QoS lines and understood lines of each platform that has a corpus of its own."""
    found = {}
    for name in driver_names():
        reader = driver(name)
        files = corpus_files(name)
        devices = [
            reader.parse(read_device_text(str(file), reader), file=file.name) for file in files
        ]
        foreign = sum(item.reason == FOREIGN for device in devices for item in device.unread)
        if devices:
            found[name] = {
                "files": len(files),
                "qos_lines": sum(len(device.qos_lines) for device in devices) - foreign,
                "understood": sum(len(device.understood) for device in devices),
                "foreign": foreign,
            }
    return found


def test_committed_shares_are_those_measured():
    shares = measured()
    if not shares:
        pytest.skip("no corpus of real configurations on this machine (set QOS_SHARED)")
    if UPDATE:
        FILE.write_text(json.dumps(shares, indent=2) + "\n", encoding="utf-8")
    assert json.loads(FILE.read_text(encoding="utf-8")) == shares


def test_committed_shares_are_of_registered_platforms():
    shares = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(shares) <= set(driver_names())
    assert all(item["understood"] <= item["qos_lines"] for item in shares.values())
