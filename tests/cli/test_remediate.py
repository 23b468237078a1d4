"""`remediate` as a user meets it: commands on stdout, what was proven on stderr, exit codes."""

from __future__ import annotations

import json

import pytest
from support.command import qos_translator as run

ADHOC = [
    *("--platform", "cisco_ios"),
    *("--interface", "GigabitEthernet0/1=client"),
    *("--interface", "GigabitEthernet0/0=wan:10M"),
]


@pytest.fixture(scope="module")
def right() -> str:
    done = run("render", *ADHOC)
    assert done.returncode == 0, done.stderr
    return "version 15.7\nhostname r1\n!\n" + done.stdout + "end\n"


@pytest.fixture
def device(tmp_path, right):
    def write(old: str = "", new: str = "") -> str:
        assert old in right
        path = tmp_path / "running.conf"
        path.write_text(right.replace(old, new, 1), encoding="utf-8")
        return str(path)

    return write


def test_commands_on_stdout_and_what_was_proven_on_stderr(device):
    done = run("remediate", device("  set dscp ef", "  set dscp cs5"), *ADHOC)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "policy-map QOS-IN-CLIENT\n class QOS-CLIENT-AUDIO\n  set dscp ef\n"
    assert "proved: after the commands the text does what is wanted" in done.stderr
    assert "proved: ciscoconfparse predicts a text that does the same" in done.stderr
    assert "assumed: a policy that is bound is changed by one command at a time" in done.stderr


def test_the_right_text_gives_no_command(device):
    done = run("remediate", device(), *ADHOC)
    assert (done.returncode, done.stdout) == (0, "")
    assert "as wanted already" in done.stderr


def test_the_way_back(device):
    done = run("remediate", device("  set dscp ef", "  set dscp cs5"), *ADHOC, "--rollback")
    assert done.stdout == "policy-map QOS-IN-CLIENT\n class QOS-CLIENT-AUDIO\n  set dscp cs5\n"


def test_both_as_files(device, tmp_path):
    out = tmp_path / "patch"
    done = run("remediate", device("set dscp ef", "set dscp cs5"), *ADHOC, "-o", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["device.commands", "device.rollback"]
    assert "set dscp ef" in (out / "device.commands").read_text()
    assert "set dscp cs5" in (out / "device.rollback").read_text()


def test_the_way_back_of_an_earlier_repair_is_kept(device, tmp_path):
    out = tmp_path / "patch"
    wrong = device("set dscp ef", "set dscp cs5")
    for _ in range(2):  # the same once more takes nothing away
        assert run("remediate", wrong, *ADHOC, "-o", str(out)).returncode == 0
    repaired = device()
    done = run("remediate", repaired, *ADHOC, "-o", str(out))
    assert done.returncode == 2
    assert "there is device.commands, device.rollback already" in done.stderr
    assert "--force" in done.stderr
    assert "set dscp cs5" in (out / "device.rollback").read_text()
    assert run("remediate", repaired, *ADHOC, "-o", str(out), "--force").returncode == 0
    assert (out / "device.rollback").read_text() == ""


def test_json(device):
    done = run("remediate", device("set dscp ef", "set dscp cs5"), *ADHOC, "--format", "json")
    found = json.loads(done.stdout)
    assert found["commands"][-1] == "  set dscp ef"
    assert found["rollback"][-1] == "  set dscp cs5"
    assert found["gaps"] == []
    assert not found["atomic"]


def test_what_is_not_hitless_is_refused_with_its_own_code(device):
    text = device("  priority percent 10\n", "  bandwidth percent 10\n")
    done = run("remediate", text, *ADHOC)
    assert (done.returncode, done.stdout) == (5, "")
    assert "no order of commands is hitless: from line" in done.stderr
    done = run("remediate", text, *ADHOC, "--allow-gap")
    assert done.returncode == 0
    assert "gap: from line" in done.stderr
    assert done.stdout


def test_a_text_that_may_be_cut_off_is_not_patched(device):
    text = device("end\n", "")
    done = run("remediate", text, *ADHOC)
    assert (done.returncode, done.stdout) == (6, "")
    assert run("remediate", text, *ADHOC, "--snippet").returncode == 0


def test_a_line_that_is_not_known_is_not_patched(device):
    done = run("remediate", device("  set dscp ef", "  set dscp wonder"), *ADHOC)
    assert (done.returncode, done.stdout) == (6, "")
    assert "set dscp wonder" in done.stderr


def test_the_text_may_show_its_platform_itself(device):
    file = device("  set dscp ef", "  set dscp cs5")
    given = [item if item != "cisco_ios" else "auto" for item in ADHOC]
    done = run("remediate", file, *given)
    assert done.returncode == 0, done.stderr
    assert f"{file}: platform cisco_ios (" in done.stderr
    assert done.stdout == run("remediate", file, *ADHOC).stdout
