"""`semdiff` from the command line: what is said, in which form, with which exit code."""

from __future__ import annotations

import json

import pytest

from translator.cli.main import main

BEFORE = """\
version 15.2
hostname r1
!
ip access-list extended AUDIO
 permit udp any range 20000 20039 any
!
class-map match-any AUDIO
 match access-group name AUDIO
class-map match-any MARKED
 match dscp ef
!
policy-map MARK
 class AUDIO
  set dscp ef
 class MARKED
  set dscp default
!
interface GigabitEthernet0/1
 service-policy input MARK
!
end
"""
AFTER = BEFORE.replace("20000 20039", "20000 20030")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name, text in (("a", BEFORE), ("b", AFTER), ("same", BEFORE.replace("AUDIO", "VOICE"))):
        (tmp_path / f"{name}.conf").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_equal_is_0(capsys):
    assert main(["semdiff", "a.conf", "same.conf", "--platform", "cisco_ios"]) == 0
    assert capsys.readouterr().out.startswith("equal: ")


def test_different_is_1_with_boxes_packet_and_lines_of_both(capsys):
    assert main(["semdiff", "a.conf", "b.conf", "--platform", "cisco_ios"]) == 1
    text = capsys.readouterr().out
    assert text.startswith("different: ")
    assert "entering GigabitEthernet0/1: IPv4 udp from any port 20031-20039 to any" in text
    assert "A: set dscp ef, best-effort (class AUDIO)" in text
    assert "permit udp any range 20000 20039 any" in text
    assert "such as udp 0.0.0.0:20031 > 0.0.0.0:0" in text


def test_json_holds_the_same(capsys):
    arguments = ["semdiff", "a.conf", "b.conf", "--platform", "cisco_ios", "--format", "json"]
    assert main(arguments) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "different"
    packets = {item["packet"].split(" >")[0] for item in report["changes"]}
    assert packets == {"udp 0.0.0.0:20031"}
    assert all(item["a"]["class"] == "AUDIO" for item in report["changes"])
    assert {"in", "out"} == set(report["ways"][0])


def test_two_platforms_are_compared_with_a_map(folder, capsys):
    arguments = ["translate", "--from", "cisco_ios", "--to", "juniper_junos", "a.conf"]
    assert main([*arguments, "--map", "Gi0/1=ge-0/0/1.0"]) == 0
    (folder / "junos.conf").write_text(capsys.readouterr().out, encoding="utf-8")
    platforms = ["--platform-a", "cisco_ios", "--platform-b", "juniper_junos"]
    both = [*platforms, "--map", "Gi0/1=ge-0/0/1.0", "--snippet"]
    assert main(["semdiff", "a.conf", "junos.conf", *both]) == 0
    assert "fragments are left out" in capsys.readouterr().out
    assert main(["semdiff", "b.conf", "junos.conf", *both]) == 1
    assert "20031-20039" in capsys.readouterr().out
    assert main(["semdiff", "a.conf", "junos.conf", *platforms]) == 2
    assert "--map GigabitEthernet0/1=" in capsys.readouterr().err


def test_a_text_that_may_be_cut_off_is_6_unless_it_is_meant_as_a_piece(folder, capsys):
    (folder / "cut.conf").write_text(BEFORE.removesuffix("end\n"), encoding="utf-8")
    given = ["semdiff", "a.conf", "cut.conf", "--platform", "cisco_ios"]
    assert main(given) == 6
    told = capsys.readouterr().out
    assert told.startswith("unknown: ")
    assert "unknown because: B may be cut off" in told
    assert main([*given, "--snippet"]) == 0
    assert "note: B may be cut off" in capsys.readouterr().out
    assert main(["semdiff", "b.conf", "cut.conf", "--platform", "cisco_ios"]) == 1


def test_unknown_is_1_and_says_why(folder, capsys):
    odd = BEFORE.replace("  set dscp ef", "  set dscp ef\n  frobnicate 7")
    (folder / "odd.conf").write_text(odd, encoding="utf-8")
    assert main(["semdiff", "a.conf", "odd.conf", "--platform", "cisco_ios"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("unknown: ")
    assert "frobnicate 7" in told.out
    assert "odd.conf: 1 line is not understood" in told.err


def test_an_interface_that_neither_text_mentions_is_told(capsys):
    given = ["semdiff", "a.conf", "b.conf", "--platform", "cisco_ios"]
    assert main([*given, "--in", "Gi0/9"]) == 0
    assert "neither text has QoS for interface Gi0/9" in capsys.readouterr().err
    assert main([*given, "--in", "Gi0/1"]) == 1
    assert "neither text" not in capsys.readouterr().err


def test_a_pair_of_names_that_neither_text_has_is_told(capsys):
    words = ["semdiff", "--platform", "cisco_ios", "a.conf", "same.conf"]
    assert main([*words, "--map", "Gi0/7=Gi0/8"]) == 0
    assert "--map Gi0/7=Gi0/8: neither text has QoS for its interface" in capsys.readouterr().err
    main([*words, "--map", "Gi0/1=Gi0/8"])
    assert "neither text" not in capsys.readouterr().err


def test_one_direction_and_one_policy(capsys):
    arguments = ["semdiff", "a.conf", "b.conf", "--platform", "cisco_ios"]
    assert main([*arguments, "--in", "Gi0/2"]) == 0
    assert main([*arguments, "--in", "Gi0/1"]) == 1
    assert main([*arguments, "--policy", "MARK=MARK"]) == 1
    assert "policy MARK: IPv4 udp" in capsys.readouterr().out
    assert main([*arguments, "--policy", "NONE=MARK"]) == 2
    assert "A has no policy 'NONE'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "the platform of a.conf is not given"),
        (["--platform", "cisco_ios", "--map", "Gi0/1"], "is no pair of names"),
        (["--platform", "cisco_ios", "--map", "x=y", "--map", "z=y"], "given twice"),
        (["--platform", "nobody"], "no driver for platform"),
    ],
)
def test_wrong_usage_is_2(capsys, arguments, problem):
    assert main(["semdiff", "a.conf", "b.conf", *arguments]) == 2
    assert problem in capsys.readouterr().err
