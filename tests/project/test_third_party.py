"""A driver from another distribution: found by its entry point, and put through the same kit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
from translator.drivers.base import SessionFacts
from translator.drivers.linux import Linux


class Toy(Linux):
    platform = "toy_linux"
    title = "A toy of another distribution"
    session = SessionFacts(netmiko="toy_netmiko")
"""
ENTRY_POINTS = "[translator.drivers]\ntoy_linux = toy_driver:Toy\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """The environment of a process that has the other distribution installed."""
    return installed(tmp_path_factory.mktemp("site"), DRIVER)


def installed(site: Path, source: str) -> dict[str, str]:
    (site / "toy_driver.py").write_text(source, encoding="utf-8")
    info = site / "toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: toy\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}", "NO_COLOR": "1"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_listed_and_renders_proven_text(environment):
    done = run(environment, "translator", "platforms", "--format", "json")
    rows = {row["platform"]: row for row in json.loads(done.stdout)}
    assert rows["toy_linux"]["title"] == "A toy of another distribution"
    adhoc = ("--interface", "eth1=client", "--interface", "eth0=wan:10M")
    done = run(environment, "translator", "render", "--platform", "toy_netmiko", *adhoc)
    assert done.returncode == 0, done.stderr
    assert "platform toy_netmiko: read and written as toy_linux" in done.stderr
    assert "proved" in done.stderr


def test_the_conformance_kit_finds_it_by_its_registration(environment):
    done = run(
        environment,
        *("pytest", "-q", "-p", "no:cacheprovider", "tests/conformance/test_drivers.py"),
        *("-k", "toy_linux and not reviewed and not hostile and not real"),
    )
    assert done.returncode == 0, done.stdout
    passed = int(done.stdout.split(" passed")[0].split()[-1])
    assert passed > 20
    done = run(
        environment,
        *("pytest", "-q", "-p", "no:cacheprovider", "tests/conformance/test_drivers.py"),
        *("-k", "toy_linux and reviewed and branch"),
    )
    assert done.returncode == 1, "text that nobody reviewed must fail"


def test_one_that_cannot_be_loaded_is_one_error(tmp_path):
    broken = installed(tmp_path, "import no_such_library\n")
    for command in (
        ["platforms"],
        ["render", "--platform", "toy_linux", "--interface", "eth1=client"],
    ):
        done = run(broken, "translator", *command)
        assert done.returncode == 2
        assert done.stderr.startswith("error: ")
        assert "toy_linux" in done.stderr
        assert done.stdout == ""
    done = run(broken, "translator", "render", "--platform", "linux", "--interface", "eth1=client")
    assert done.returncode == 0, "the others are not harmed"
