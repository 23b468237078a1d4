"""The terminal's view: worst first, one reading of the devices, no line too wide, no escape."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from audit.reports.samples import (
    ASSUMED,
    FLEET,
    HOSTILE_DEVICE,
    SURROGATE,
    compliant_device,
    different_device,
)

from tests.support.values import replace
from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    FleetAudit,
    Judgement,
    Placement,
    RepairText,
)
from translator.audit.reports import Heading
from translator.audit.reports.words import spelled
from translator.cli.audit_view import audit_lines, show_audit
from translator.cli.audit_view_lines import Page

HEADING = Heading("lync-2013")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text_of(devices, *, width=80, everything=False):
    page = Page(width, everything)
    return "".join(f"{line.text}\n" for line in audit_lines(HEADING, devices, page))


class Terminal(io.StringIO):
    """Standard output that somebody watches."""

    def isatty(self):
        return True


def test_worst_devices_come_first():
    text = text_of(FLEET.devices)
    heads = re.findall(r"^(\S+): (\w+)  \(", text, re.MULTILINE)
    assert heads == [
        ("branch-2", "different"),
        ("edge.example.net", "missing"),
        ("cut", "unknown"),
        ("lost", "unknown"),
        ("idle", "unknown"),
        ("branch-1", "compliant"),
        ("branch-1", "compliant"),
    ]


def test_the_fleet_is_told_before_its_devices():
    start, _, _ = text_of(FLEET.devices).partition("branch-2: different")
    assert start.splitlines()[0] == "7 configurations against lync-2013"
    assert "  failed         1  lost" in start
    assert "  unknown        2  cut, idle" in start
    assert "      2         2  traffic-extra" in start
    assert "  not audited: lost: is binary\n" in start


def test_errors_of_many_are_told_together():
    failed = [
        DeviceAudit(f"r{i}", f"{i}.cfg", error=f"{i}.cfg: {'empty' if i % 2 else f'odd {i}'}")
        for i in range(40)
    ]
    text = text_of([*failed, *[different_device()] * 10])
    assert "  not audited: r1, r3, r5, r7 and 16 more: empty\n" in text
    assert "  and 16 more reasons\n" in text


def test_what_a_class_lacks_is_told_once_for_classes_alike():
    row = ClassAudit("video", Judgement.DIFFERENT, "video: service: wanted x, found y")
    other = ClassAudit("audio", Judgement.DIFFERENT, "audio: service: wanted x, found y")
    placement = Placement(("Gi0/1",), "wan", Direction.OUT, (row, other))
    text = text_of([DeviceAudit("r", "f", placements=(placement,))])
    assert "    different  video, audio: service: wanted x, found y\n" in text


def test_a_device_is_told_in_order():
    wanted = """\
  38 of 40 QoS lines understood; not these:
      50: set qos-group 9  (no such command)
  role wan (as given): Gi0/0
  no role (shutdown): Gi0/9
  Gi0/1, Gi0/2 in as client, policy LYNC-IN:
    different  audio: wanted set dscp ef; found keep
    compliant  video, sharing, other
  error: treatment-different: Gi0/1, Gi0/2 in, class audio
    packets  udp from any:20000-20039 to any, dscp 0
    such as  udp 10.0.0.1:20000 > 10.0.0.2:1024 dscp 0
    wanted   set dscp ef
    found    set dscp af41
    plan     client audio
    >    12:  match access-group name VIDEO
    hint     Change the lines that are named.
  warning: queue-different
  repair, in this order, taken back by 1 line:
    class-map X
"""
    text = text_of([different_device()])
    places = [text.index(f"\n{line}") for line in wanted.splitlines()]
    assert places == sorted(places)
    assert different_device().findings[0].identity("branch-2") in text


def test_compliant_placements_take_a_line():
    text = text_of([compliant_device()])
    assert "  Gi0/1, Gi0/2 in as client, policy LYNC-IN: 4 classes, all compliant\n" in text
    assert "  role client (inferred: switchport mode access): Gi0/1, Gi0/2\n" in text
    assert "  platform inferred: line 1: version 15.7\n" in text
    assert len(text.splitlines()) < 12


def test_what_holds_for_many_is_told_once():
    text = text_of(FLEET.devices)
    assert text.count(ASSUMED) == 1
    assert f"assumed: {ASSUMED}  (branch-1, branch-2, branch-1)\n" in text
    assert f"assumed: {ASSUMED}\n" in text_of([compliant_device(), compliant_device("b")])


def test_of_a_large_fleet_the_worst_and_a_count():
    devices = [compliant_device(f"good-{number}") for number in range(300)]
    devices.insert(200, different_device("bad"))
    text = text_of(iter(devices))
    assert "\n  different      1  bad\n" in text
    assert "\n  compliant    300  good-0, good-1, good-2, good-3 and 296 more\n" in text
    assert "\nbad: different" in text
    assert "\n291 more devices: --all shows them\n" in text
    assert len(text.splitlines()) < 200
    everything = text_of(iter(devices), everything=True)
    assert "--all" not in everything
    assert len(re.findall(r"^\S+: (?:compliant|different)  \(", everything, re.MULTILINE)) == 301
    assert everything.index("\nbad: different") < everything.index("\ngood-0: compliant")


def test_many_findings_lines_and_names_are_cut_unless_all_is_asked_for():
    finding = different_device().findings[0]
    excerpt = tuple((number, f"line {number}") for number in range(1, 41))
    findings = tuple(
        replace(finding, message=f"fault {number}", lines=(39, 40), excerpt=excerpt)
        for number in range(50)
    )
    device = replace(different_device(), findings=findings)
    text = text_of([device])
    assert "fault 39" in text
    assert "fault 40" not in text
    assert "10 more findings: --all shows them" in text
    assert text.count("    >    40: line 40\n") == 40
    assert "and 30 more lines" in text
    everything = text_of([device], everything=True)
    assert "fault 49" in everything
    assert everything.count("         38: line 38\n") == 50


@pytest.mark.parametrize("width", [40, 80, 139])
@pytest.mark.parametrize("everything", [False, True])
def test_no_line_but_a_command_is_wider_than_the_page(width, everything):
    devices = (*FLEET.devices, HOSTILE_DEVICE)
    commands = {command for item in devices if item.repair for command in item.repair.commands}
    lines = text_of(devices, width=width, everything=everything).splitlines()
    shown = {f"    {spelled(command.rstrip())}" for command in commands}
    assert max(len(line) for line in lines if line not in shown) <= width


def test_hostile_text_is_spelled():
    text = text_of([HOSTILE_DEVICE, DeviceAudit(SURROGATE, SURROGATE, error="\x1b[2J")])
    assert all(char.isprintable() or char == "\n" for char in text)
    assert text.encode("utf-8")
    assert "<script>alert(1)</script>" in text.replace("\n", "").replace(" ", "")
    assert len(text) < 60_000


def test_in_a_pipe_there_is_no_escape_and_no_rich(capsys):
    show_audit(HEADING, FLEET.devices, everything=False)
    out = capsys.readouterr().out
    assert out == text_of(FLEET.devices)
    code = (
        "import sys, translator.cli.audit_view; print({'rich', 'typer', 'jinja2'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colours_say_nothing_that_words_do_not(monkeypatch, no_color):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", no_color)
    show_audit(HEADING, FLEET.devices, everything=False)
    text = sys.stdout.getvalue()
    assert bool(ANSI.search(text)) == (not no_color)
    assert ANSI.sub("", text) == text_of(FLEET.devices, width=100)


def test_nothing_to_tell():
    assert text_of(FleetAudit("p", ()).devices) == "0 configurations against lync-2013\n"


def test_commands_to_paste_are_whole_on_any_terminal():
    command = "set class-of-service classifiers dscp QOS-DSCP " + "code-points af41 " * 8
    repair = RepairText(commands=(command,), rollback=("delete class-of-service",))
    lines = text_of([replace(different_device(), repair=repair)], width=60).splitlines()
    assert f"    {command.rstrip()}" in lines
