"""The demo shows what it promises, and root's lab says what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> subprocess.CompletedProcess[str]:
    command = tmp_path_factory.mktemp("bin") / "qos-translator"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m translator "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return subprocess.run(
        ["sh", str(ROOT / "inventories" / "example" / "demo.sh")],
        env={**os.environ, "QOS_TRANSLATOR": str(command), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_demo_proves_every_host_and_shows_a_mistake(demo):
    assert demo.returncode == 0, demo.stderr
    for name in ("hq-core", "hq-servers", "branch-router", "branch-switch", "branch-firewall"):
        assert f"{name}.conf" in demo.stdout
    assert demo.stderr.count("proved: ") == 9
    assert "dscp_out  46" in demo.stdout
    assert "20039" in demo.stdout.split("with one port changed")[1]
    assert "Traceback" not in demo.stderr


def test_every_target_can_be_made():
    for target in ("demo", "test", "peers", "lint", "check", "bench", "readme", "wheel"):
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its rights")
def test_lab_without_root_says_what_to_do():
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "make", "-o", ".venv/.dev", "lab"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "needs root" in done.stdout
    assert "sudo make lab" in done.stdout
