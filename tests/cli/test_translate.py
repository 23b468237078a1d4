"""`translate` from the command line: nothing is printed unless it is proven."""

from __future__ import annotations

import json

import pytest

from translator.cli.main import main

TEXT = """\
ip access-list extended AUDIO
 permit udp any range 20000 20039 any
!
class-map match-any AUDIO
 match access-group name AUDIO
class-map match-any VOICE
 match dscp ef
!
policy-map MARK
 class AUDIO
  set dscp ef
!
policy-map WAN
 class VOICE
  priority percent 20
 class class-default
  fair-queue
!
interface GigabitEthernet0/0
 service-policy output WAN
interface GigabitEthernet0/1
 service-policy input MARK
!
end
"""
TO_JUNOS = [
    *("translate", "--from", "cisco_ios", "--to", "juniper_junos", "a.conf"),
    *("--map", "Gi0/1=ge-0/0/1.0", "--map", "Gi0/0=ge-0/0/0.0"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "a.conf").write_text(TEXT, encoding="utf-8")
    policed = TEXT.replace("  set dscp ef\n", "  set dscp ef\n  police 1000000\n")
    (tmp_path / "policed.conf").write_text(policed, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_text_goes_to_stdout_and_the_proof_to_stderr(capsys):
    assert main(TO_JUNOS) == 0
    told = capsys.readouterr()
    assert "source-port 20000-20039;" in told.out
    assert "proved: " in told.err
    assert "proved" not in told.out


def test_the_text_may_show_its_platform_itself(capsys):
    arguments = [item.replace("cisco_ios", "auto") for item in TO_JUNOS]
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "a.conf: platform cisco_ios (" in told.err
    assert "source-port 20000-20039;" in told.out


def test_what_cannot_be_carried_over_is_2_and_nothing_is_printed(capsys):
    arguments = [item.replace("a.conf", "policed.conf") for item in TO_JUNOS]
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    first, item, hint = told.err.splitlines()[-3:]
    assert first.startswith("error: not everything of this cisco_ios text can be carried over")
    assert item.startswith("    lines ")
    assert "packets are policed" in item
    assert hint.startswith("  hint: --partial")


def test_partial_lists_what_it_leaves_out(capsys):
    arguments = [item.replace("a.conf", "policed.conf") for item in TO_JUNOS]
    assert main([*arguments, "--partial"]) == 0
    told = capsys.readouterr()
    assert "source-port 20000-20039;" in told.out
    assert "left out: lines " in told.err
    assert "differs for it: GigabitEthernet0/1 = ge-0/0/1.0 > " in told.err
    assert "all packets that were carried over" in told.err


def test_json_holds_text_proof_and_names(capsys):
    assert main([*TO_JUNOS, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["platform"] == "juniper_junos"
    assert {"source": "GigabitEthernet0/1", "target": "ge-0/0/1.0"} in report["interfaces"]
    assert report["left_out"] == report["differs"] == []
    assert report["ways"]
    assert "source-port 20000-20039;" in report["config"]


def test_files_are_written_into_a_folder(folder, capsys):
    assert main([*TO_JUNOS, "-o", "out"]) == 0
    assert capsys.readouterr().out == ""
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"translated.conf", "translated.removal", "translated.by-hand.txt"} <= names


def test_removal_undoes_it(capsys):
    assert main([*TO_JUNOS, "--removal"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("delete ") for line in lines)


def test_a_rate_for_a_platform_that_needs_one(capsys):
    to_linux = [
        *("translate", "--from", "cisco_ios", "--to", "linux", "a.conf"),
        *("--map", "Gi0/1=eth1", "--map", "Gi0/0=eth0"),
    ]
    assert main([*to_linux, "--rate", "Gi0/0=50M"]) == 0
    assert "ceil 50000kbit" in capsys.readouterr().out
    assert main([*to_linux, "--rate", "Gi0/7=50M"]) == 2
    assert "no QoS for interface Gi0/7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--from", "cisco_ios", "--to", "nobody"], "no driver for platform"),
        (["--from", "cisco_ios", "--to", "linux"], "is no name of a Linux interface"),
        (["--from", "cisco_ios", "--to", "linux", "--map", "x"], "is no pair of names"),
    ],
)
def test_wrong_usage_is_2(capsys, arguments, problem):
    assert main(["translate", "a.conf", *arguments]) == 2
    assert problem in capsys.readouterr().err
