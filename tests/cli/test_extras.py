"""Without the libraries that speak with devices: one error, and the command that installs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = """\
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"netmiko", "paramiko", "nornir", "napalm", "textfsm", "keyring"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
from translator.cli.main import main
sys.exit(main())
"""
HOSTS = """\
---
r1:
  hostname: 127.0.0.1
  platform: cisco_ios
  data: {qos: {interfaces: {GigabitEthernet0/1: {role: client}}}}
"""


def run_without(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "hosts").mkdir(exist_ok=True)
    (folder / "hosts" / "hosts.yaml").write_text(HOSTS, encoding="ascii")
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, *words],
        cwd=folder,
        env={**os.environ, "NET_USERNAME": "admin", "NET_PASSWORD": "pw"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("push", "-i", "hosts"),
        ("push", "-i", "hosts", "--commit", "--yes"),
        ("doctor", "-i", "hosts"),
        ("collect", "-i", "hosts", "-o", "texts"),
        ("counters", "--live", "-i", "hosts"),
        ("audit", "--live", "-i", "hosts"),
    ],
    ids=" ".join,
)
def test_one_error_says_what_to_install(tmp_path: Path, words: tuple[str, ...]):
    done = run_without(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: to speak with devices netmiko and nornir and paramiko must be installed\n"
        "  hint: pip install 'qos-translator[push]'\n"
    )
    assert not (tmp_path / "texts").exists()


@pytest.mark.parametrize("told", ["option", "inventory"])
def test_napalm_alone_may_be_missing(tmp_path: Path, told: str):
    blocked = BLOCKED.replace(
        '{"netmiko", "paramiko", "nornir", "napalm", "textfsm", "keyring"}', '{"napalm"}'
    )
    hosts = HOSTS if told == "option" else HOSTS.replace("{qos: {", "{qos: {transport: napalm, ")
    (tmp_path / "hosts").mkdir()
    (tmp_path / "hosts" / "hosts.yaml").write_text(hosts, encoding="ascii")
    more = ["--transport", "napalm"] if told == "option" else []
    done = subprocess.run(
        [sys.executable, "-c", blocked, "collect", "-i", "hosts", "-o", "texts", *more],
        cwd=tmp_path,
        env={**os.environ, "NET_USERNAME": "admin", "NET_PASSWORD": "pw"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("to speak with devices over NAPALM napalm must be installed") == 1
    assert done.stderr.count("pip install 'qos-translator[push]'") == 1


def test_a_run_is_not_taken_back_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from push.fleet.served import serve

    from translator.cli.main import main

    (tmp_path / "lab").mkdir()
    with serve(("r1",), tmp_path / "lab", monkeypatch) as lab:
        assert main(lab.push("--commit", "--yes")) == 0
        from translator.push.journal import Journal
        from translator.push.ledger import rollouts

        with Journal(Path(lab.journal)) as journal:
            (known,) = rollouts(journal)
        back = ("rollback", known.name, "--journal", lab.journal)
        assert run_without(tmp_path, *back).returncode == 1, "to look needs no session"
        done = run_without(tmp_path, *back, "--commit", "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("pip install 'qos-translator[push]'") == 1


def test_what_reads_files_works_without(tmp_path: Path):
    done = run_without(tmp_path, "render", "-i", "hosts")
    assert done.returncode == 0, done.stderr
