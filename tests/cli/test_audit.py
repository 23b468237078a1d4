"""`audit` as a user meets it: what is printed, which files appear, exit codes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from threading import Thread

import pytest
from support.command import ROOT, Done, qos_translator

SPECS = ("--interface", "Gi0/1=client", "--interface", "Gi0/0=wan:10M")
GIVEN = ("--platform", "cisco_ios", *SPECS)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A folder for the cache, so that no test meets the answers of another run."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(home):
    def call(*arguments: object, stdin: str = "") -> Done:
        cache = {"XDG_CACHE_HOME": str(home)}
        return qos_translator(*arguments, stdin=stdin.encode(), environment=cache)

    return call


@pytest.fixture(scope="module")
def rendered() -> str:
    done = qos_translator("render", *GIVEN)
    assert done.returncode == 0, done.stderr
    return f"hostname r1\n{done.stdout}end\n"


@pytest.fixture
def fleet(tmp_path, rendered) -> Path:
    """Three routers: one right, one with a port too few, one without its binding."""
    folder = tmp_path / "fleet" / "branches"
    folder.mkdir(parents=True)
    (folder / "right.conf").write_text(rendered)
    (folder / "ports.conf").write_text(rendered.replace("20000 20039", "20000 20038"))
    unbound = rendered.replace(" service-policy input QOS-IN-CLIENT\n", "")
    (folder / "unbound.conf").write_text(unbound)
    return folder.parent


def test_a_right_device_is_compliant_and_the_exit_code_is_zero(run, fleet):
    done = run("audit", fleet / "branches" / "right.conf", *GIVEN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "compliant" in done.stdout


def test_a_pipe_in_a_folder_is_waited_for_aloud(run, tmp_path, rendered):
    pipe = tmp_path / "r1.conf"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=(rendered,), daemon=True)
    writer.start()
    done = run("audit", pipe, *GIVEN)
    writer.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{pipe} is a pipe: waiting for what is written into it" in done.stderr


def test_a_fleet_has_the_worst_first_and_exit_code_one(run, fleet):
    done = run("audit", fleet, *GIVEN, "--no-cache")
    assert done.returncode == 1
    assert done.stdout.index("branches/ports") < done.stdout.index("branches/right")
    assert "port 20039" in done.stdout
    assert "policy-unbound" in done.stdout


def test_a_process_of_its_own_and_those_that_it_starts_say_the_same(run, fleet, home):
    words = ["audit", str(fleet), *GIVEN, "--no-cache", "--jobs", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "translator", *words],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "XDG_CACHE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    alone = run(*words)
    assert (done.returncode, done.stdout) == (alone.returncode, alone.stdout)


def test_roles_come_from_the_text_and_are_told(run, tmp_path, rendered):
    text = rendered.replace(
        "interface GigabitEthernet0/1\n", "interface GigabitEthernet0/1\n switchport mode access\n"
    )
    (tmp_path / "r1.conf").write_text(text)
    done = run("audit", tmp_path / "r1.conf", "--no-cache")
    assert "role client (inferred: access port): GigabitEthernet0/1" in done.stdout
    assert "platform inferred" in done.stdout


def test_a_piece_is_compliant_only_as_a_snippet(run, tmp_path, rendered):
    (tmp_path / "piece.conf").write_text(rendered.removesuffix("end\n"))
    done = run("audit", tmp_path / "piece.conf", *GIVEN, "--no-cache")
    assert done.returncode == 1
    assert "text-incomplete" in done.stdout
    assert run("audit", tmp_path / "piece.conf", *GIVEN, "--snippet").returncode == 0


def test_the_text_may_come_through_a_pipe(run, rendered):
    done = run("audit", "-", *GIVEN, stdin=rendered)
    assert done.returncode == 0, done.stderr


def test_reports_are_written_beside_the_view(run, fleet, tmp_path):
    asked = [
        item
        for name in ("json", "junit", "sarif", "csv", "html")
        for item in ("--report", f"{name}={tmp_path / name}")
    ]
    done = run("audit", fleet, *GIVEN, *asked)
    assert done.returncode == 1
    audit = json.loads((tmp_path / "json").read_text())
    assert len(audit["devices"]) == 3
    root = ET.parse(tmp_path / "junit").getroot()  # noqa: S314 - our own file
    assert len(root.findall(".//failure")) > 1
    sarif = json.loads((tmp_path / "sarif").read_text())
    assert {item["ruleId"] for item in sarif["runs"][0]["results"]} >= {"policy-unbound"}
    with (tmp_path / "csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["device"] for row in rows} == {
        f"branches/{name}" for name in ("ports", "right", "unbound")
    }
    page = (tmp_path / "html").read_text()
    assert "branches/ports" in page


def test_a_second_run_gives_the_same_answer_from_the_cache(run, fleet, tmp_path):
    cache = tmp_path / "answers"
    first = run("audit", fleet, *GIVEN, "--format", "json", "--cache", cache)
    assert any(cache.rglob("*"))
    again = run("audit", fleet, *GIVEN, "--format", "json", "--cache", cache)
    assert first.stdout == again.stdout
    (fleet / "branches" / "right.conf").write_text("hostname r1\nend\n")
    changed = run("audit", fleet, *GIVEN, "--format", "json", "--cache", cache)
    assert changed.stdout != first.stdout


def test_one_file_that_cannot_be_audited_does_not_keep_the_others_from_it(run, fleet):
    (fleet / "notes.bin").write_bytes(b"\x00\x01\x02")
    done = run("audit", fleet, *GIVEN, "--no-cache")
    assert done.returncode == 3
    assert "is binary" in done.stdout
    assert "branches/ports" in done.stdout


def test_an_inventory_says_which_file_is_whose(run, tmp_path, rendered):
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    (inventory / "hosts.yaml").write_text(
        "r1:\n  platform: cisco_ios\n  data:\n    qos:\n      interfaces:\n"
        "        GigabitEthernet0/1: {role: client}\n"
        "        GigabitEthernet0/0: {role: wan, rate: 10M}\n"
    )
    configs = tmp_path / "configs"
    configs.mkdir()
    (configs / "r1.conf").write_text(rendered)
    assert run("audit", configs, "-i", inventory).returncode == 0
    (configs / "stranger.conf").write_text(rendered)
    done = run("audit", configs, "-i", inventory)
    assert done.returncode == 3
    assert "the inventory has no host 'stranger'" in done.stdout


def test_a_limit_leaves_out_the_files_of_other_hosts(run, tmp_path, rendered):
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    qos = "data: {qos: {interfaces: {GigabitEthernet0/1: {role: client}}}}"
    (inventory / "hosts.yaml").write_text(
        f"r1: {{platform: cisco_ios, {qos}}}\nr2: {{platform: cisco_ios, {qos}}}\n"
    )
    site = tmp_path / "configs" / "site"
    site.mkdir(parents=True)
    for name in ("r1.conf", "r2.conf"):
        (site / name).write_text(rendered)
    given = ("audit", tmp_path / "configs", "-i", inventory)
    assert run(*given).stdout.startswith("2 configurations")
    assert run(*given, "--limit", "r1").stdout.startswith("1 configuration ")
    done = run("audit", site / "r2.conf", "-i", inventory, "--limit", "r1")
    assert done.returncode == 2
    assert "no file is of a host that --limit takes" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("nowhere.conf",), "no such file"),
        (("README.md", "--report", "pdf=a.pdf"), "is no report"),
        (("README.md", "--report", "json=/nowhere/a.json"), "cannot be written"),
        (("README.md", "--report", "json=-"), "hint: --format json prints that report"),
        (("README.md", "--report", "json=README.md"), "would be replaced by what is made from it"),
        (("README.md", "--report", "json=a", "--report", "csv=./a"), "is asked for twice"),
        (("README.md", "--platform", "cisco_os"), "cisco_os"),
        (("README.md", "--limit", "r1"), "--limit"),
        (("README.md", "--interface", "Gi0/1"), "no interface with a role"),
        (("README.md", "--plan", "lync-1999"), "lync-1999"),
        (("README.md", "--cache", "answers", "--no-cache"), "exclude each other"),
        (("-", "README.md"), "audited alone"),
    ],
)
def test_wrong_usage_is_one_error_with_a_hint(run, arguments, problem):
    done = run("audit", *arguments)
    assert done.returncode == 2, done.stdout
    assert problem in done.stderr
    assert "hint: " in done.stderr


def test_files_whose_names_are_no_text_keep_answers_of_their_own(run, tmp_path, rendered):
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"\xfe.conf", b"\xff.conf"):
        (folder / os.fsdecode(name)).write_text(rendered, encoding="utf-8")
    for _ in range(2):
        found = json.loads(run("audit", folder, *GIVEN, "--format", "json", "--jobs", "1").stdout)
        assert len({device["file"] for device in found["devices"]}) == 2


def test_nothing_but_what_is_asked_for_is_written(run, fleet):
    before = {path: path.read_bytes() for path in fleet.rglob("*.conf")}
    run("audit", fleet, *GIVEN, "--no-cache")
    assert {path: path.read_bytes() for path in fleet.rglob("*") if path.is_file()} == before
