"""A real router over a real SSH server, looked at: doctor, collect, audit and counters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab.agreement import BINDINGS
from push.lab.router import Router, intents
from push.lab.sshd import ADDRESS, PORT

from translator.cli.main import main

pytestmark = pytest.mark.netns
BOUND = [
    word
    for group, prefixes in BINDINGS.items()
    for prefix in prefixes
    for word in ("--address", f"{group}={prefix}")
]
KEPT = Path("/var/lib/qos-translator")


class Commands:
    """Commands on an inventory that holds the router alone, under the name that it gives itself."""

    def __init__(self, router: Router, folder: Path) -> None:
        self.router = router
        self.folder = folder
        self.name = router.lab.run("cat", "/proc/sys/kernel/hostname").strip()
        roles = {"lan": {"role": "client"}, "wan": {"role": "wan", "rate": "1G"}}
        host = {
            "hostname": ADDRESS,
            "port": PORT,
            "platform": "linux",
            "data": {"qos": {"interfaces": roles}},
        }
        (folder / "inventory").mkdir()
        (folder / "inventory" / "hosts.yaml").write_text(json.dumps({self.name: host}))

    def run(self, command: str, *words: str) -> int:
        known = str(self.router.sshd.folder / "known")
        inventory = str(self.folder / "inventory")
        # Threads are born into the namespace of the one that starts them.
        with self.router.lab.inside("client"):
            return main([*command.split(), "-i", inventory, "--known-hosts", known, *words])


@pytest.fixture
def commands(router: Router, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setenv("NET_USERNAME", "root")
    monkeypatch.setenv("NET_SSH_KEY", str(router.sshd.folder / "client"))
    for name in ("NET_PASSWORD", "NET_SECRET", "SSH_AUTH_SOCK", "NET_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    return Commands(router, tmp_path)


def test_the_router_is_examined_without_leaving_anything_on_it(commands: Commands, capsys):
    state, there = commands.router.state(), KEPT.exists()
    commands.run("doctor --format json")
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    checks: dict[str, Any] = {item["check"]: item for item in host["checks"]}
    looked = [name for name, item in checks.items() if item["result"] == "ok"]
    # Whether it could start with what is kept depends on the machine that the lab is on.
    assert set(looked) | {"preflight"} == set(checks)
    assert checks["whole"]["found"].endswith("lines, whole")
    assert (commands.router.state(), KEPT.exists()) == (state, there)


def test_a_login_that_is_not_known_here_is_told(commands: Commands, capsys, monkeypatch):
    monkeypatch.delenv("NET_SSH_KEY")
    monkeypatch.setenv("NET_PASSWORD", "wrong-horse")
    assert commands.run("doctor") == 4
    shown = capsys.readouterr()
    assert "refuses the login" in shown.out
    assert "wrong-horse" not in shown.out + shown.err


def test_what_is_collected_or_audited_is_what_was_pushed(commands: Commands):
    commands.router.push(intents())
    out = commands.folder / "out"
    assert commands.run("collect", "-o", str(out)) == 0
    assert commands.run("audit --live", *BOUND) == 0
    offline = ["audit", str(out), "-i", str(commands.folder / "inventory"), "--no-cache"]
    assert main([*offline, *BOUND]) == 0


def test_counters_tell_the_classes_of_the_plan(commands: Commands, capsys):
    commands.router.push(intents())
    assert commands.run("counters --live --interval 0.3 --format json") in (0, 1)
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    assert {"audio", "video"} <= {item["plan"] for item in host["classes"]}
    assert host["seconds"] >= 0.3
