"""`explain --path`: several devices in a row, from the command line."""

from __future__ import annotations

import json

import pytest

from translator.cli.main import main

PACKET = ("--packet", "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
WAY = ("--path", "sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1")
SWITCH = """\
ip access-list extended AUDIO
 permit udp any range 20000 20039 any
!
class-map match-all AUDIO
 match access-group name AUDIO
!
policy-map MARK
 class AUDIO
  set dscp ef
!
interface GigabitEthernet1/0/1
 service-policy input MARK
!
end
"""
ROUTER = """\
class-map match-any VOICE
 match dscp ef
!
policy-map WAN
 class VOICE
  priority percent 20
!
interface GigabitEthernet0/1
 service-policy output WAN
!
end
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "sw1.conf").write_text(SWITCH, encoding="utf-8")
    (tmp_path / "edge.txt").write_text(ROUTER, encoding="utf-8")
    return str(tmp_path / "sw1.conf"), f"rtr={tmp_path / 'edge.txt'}"


def test_a_path_is_told_hop_by_hop(files, capsys):
    assert main(["explain", *files, "--platform", "cisco_ios", *WAY, *PACKET]) == 0
    text = capsys.readouterr().out
    switch, _, router = text.partition("rtr:Gi0/0>Gi0/1")
    assert "sw1:Gi1/0/1>Gi1/1/1: dscp 0 (df) -> 46 (ef)" in switch
    assert "permit udp any range 20000 20039 any" in switch
    assert "priority percent 20" in router
    assert text.endswith("end: dscp 46 (ef), priority\n")


def test_a_path_names_the_rate_of_a_policer(tmp_path, capsys):
    police = "  police 8000 conform-action transmit exceed-action drop\n"
    text = SWITCH.replace("  set dscp ef\n", police)
    (tmp_path / "sw1.conf").write_text(text, encoding="utf-8")
    way = ("--path", "sw1:Gi1/0/1>Gi1/1/1")
    assert (
        main(["explain", str(tmp_path / "sw1.conf"), "--platform", "cisco_ios", *way, *PACKET]) == 0
    )
    assert "best-effort, policed above 8,000 bit/s, class AUDIO" in capsys.readouterr().out


def test_a_path_as_json(files, capsys):
    arguments = ["explain", *files, "--platform", "cisco_ios", *WAY, *PACKET]
    assert main([*arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["dscp_out"], report["dropped_at"]) == ("known", 46, None)
    assert [(hop["device"], hop["dscp_in"], hop["dscp_out"]) for hop in report["hops"]] == [
        ("sw1", [0], [46]),
        ("rtr", [46], [46]),
    ]
    assert report["hops"][1]["answers"][0]["class"] == "VOICE"


def test_each_device_may_have_its_own_platform(files, tmp_path, capsys):
    (tmp_path / "sw1.conf").write_text("mls qos\n" + SWITCH, encoding="utf-8")
    platforms = ["--platform", "sw1=cisco_catalyst", "--platform", "cisco_ios"]
    assert main(["explain", *files, *platforms, *WAY, *PACKET]) == 0
    switch, _, router = capsys.readouterr().out.partition("rtr:")
    assert "class queue-1" in switch  # a queue of the switch; the router's are classes
    assert "class VOICE" in router


def test_the_platform_may_be_found_in_the_text(files, tmp_path, capsys):
    (tmp_path / "sw1.conf").write_text("mls qos\n" + SWITCH, encoding="utf-8")
    platforms = ["--platform", "auto", "--platform", "rtr=cisco_ios"]
    assert main(["explain", *files, *platforms, *WAY, *PACKET]) == 0
    told = capsys.readouterr()
    assert "sw1.conf: platform cisco_catalyst (line 1: mls qos)" in told.err
    assert told.out.endswith("end: dscp 46 (ef), priority\n")


def test_a_dropped_packet_is_the_end(tmp_path, capsys):
    drop = SWITCH.replace("  set dscp ef", "  drop")
    (tmp_path / "sw1.conf").write_text(drop, encoding="utf-8")
    (tmp_path / "rtr.conf").write_text(ROUTER, encoding="utf-8")
    names = [str(tmp_path / "sw1.conf"), str(tmp_path / "rtr.conf")]
    assert main(["explain", *names, "--platform", "cisco_ios", *WAY, *PACKET]) == 0
    text = capsys.readouterr().out
    assert text.endswith("end: dropped at sw1\n")
    assert "rtr:" not in text


def test_an_unread_line_leaves_the_rest_unknown(tmp_path, capsys):
    odd = SWITCH.replace("  set dscp ef", "  frobnicate 7")
    (tmp_path / "sw1.conf").write_text(odd, encoding="utf-8")
    (tmp_path / "rtr.conf").write_text(ROUTER, encoding="utf-8")
    names = [str(tmp_path / "sw1.conf"), str(tmp_path / "rtr.conf")]
    assert main(["explain", *names, "--platform", "cisco_ios", *WAY, *PACKET]) == 0
    text = capsys.readouterr().out
    assert "end: not known" in text
    assert "unknown because: " in text


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        (["--platform", "cisco_ios", "--in", "Gi0/1"], "--path says itself"),
        ([], "the platform of device sw1 is not given"),
        (["--platform", "cisco_ios", "--platform", "linux"], "two platforms for all devices"),
        (["--platform", "cisco_ios", "--platform", "r9=linux"], "which is not on the path"),
    ],
)
def test_what_contradicts_itself_is_refused(files, capsys, extra, problem):
    assert main(["explain", *files, *extra, *WAY, *PACKET]) == 2
    assert problem in capsys.readouterr().err


def test_every_device_of_the_path_needs_a_text(files, capsys):
    assert main(["explain", files[0], "--platform", "cisco_ios", *WAY, *PACKET]) == 2
    assert "no file is given for device rtr" in capsys.readouterr().err
    assert main(["explain", files[0], files[0], "--platform", "cisco_ios", *WAY, *PACKET]) == 2
    assert "device sw1 has two files" in capsys.readouterr().err


def test_one_text_without_a_path_is_still_one_text(files, capsys):
    assert main(["explain", *files, "--platform", "cisco_ios", *PACKET]) == 2
    assert "one text of one platform" in capsys.readouterr().err
    assert main(["explain", files[0], *PACKET]) == 2
    assert "is not given" in capsys.readouterr().err
