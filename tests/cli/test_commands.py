"""The commands as a user meets them: results on stdout, the rest on stderr, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import ROOT
from support.command import qos_translator as run

EXAMPLE = ROOT / "inventories" / "example"
COMMAND = [sys.executable, "-m", "translator"]
ADHOC = [
    *("--platform", "cisco_ios"),
    *("--interface", "GigabitEthernet0/1=client"),
    *("--interface", "GigabitEthernet0/0=wan:10M"),
]
PACKET = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def router(tmp_path_factory) -> Path:
    """A rendered configuration."""
    done = run("render", *ADHOC)
    assert done.returncode == 0, done.stderr
    path = tmp_path_factory.mktemp("rendered") / "router.conf"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def test_render_prints_the_text_on_stdout_and_the_proof_on_stderr(router):
    done = run("render", *ADHOC)
    assert "proved: " in done.stderr
    assert "proved" not in done.stdout
    assert "rows B04, D01 are left out: no single code point is right" in done.stderr
    assert "20000 20039" in done.stdout
    assert done.stdout == router.read_text(encoding="utf-8")


def test_render_removal_takes_away_what_render_wrote():
    done = run("render", *ADHOC, "--removal")
    assert done.returncode == 0
    assert any(line.lstrip().startswith("no ") for line in done.stdout.splitlines())


def test_render_inventory_prints_a_section_for_each_host():
    done = run("render", "-i", str(EXAMPLE), "--limit", "branch-router,branch-switch")
    assert done.returncode == 0, done.stderr
    headings = [line for line in done.stdout.splitlines() if line.startswith("# =====")]
    assert headings == [
        "# ===== branch-router (cisco_ios) =====",
        "# ===== branch-switch (cisco_catalyst) =====",
    ]
    assert "platform cisco_ios: read and written as cisco_catalyst" in done.stderr


def test_render_writes_every_host_of_the_example(tmp_path):
    done = run("render", "-i", str(EXAMPLE), "-o", str(tmp_path / "new" / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    names = {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert {f"{name}.conf" for name in ("hq-core", "branch-router", "home-anna")} <= names
    assert not [name for name in names if name.startswith(".")]


def test_render_as_json_holds_text_and_proof(router):
    done = run("render", *ADHOC, "--format", "json")
    (device,) = json.loads(done.stdout)
    assert device["config"] == router.read_text(encoding="utf-8")
    assert device["removal"].strip()
    assert device["proof"]["ok"] is True
    assert any("B04" in sentence for sentence in device["left_out"])


def test_what_the_plan_contradicts_is_told_at_rendering(tmp_path):
    plan = tmp_path / "plan.yaml"
    row = "{{id: {}, media: {}, code_point: {}, protocols: [udp], source_ports: [{}]}}"
    audio = row.format("A", "audio", 46, "20000-20040")
    video = row.format("B", "video", 34, "20040-20079")
    plan.write_text(f"name: p\nrows:\n  - {audio}\n  - {video}\n", encoding="utf-8")
    for command in ("render", "intents"):
        done = run(command, *ADHOC, "--plan", str(plan))
        assert done.returncode == 0, done.stderr
        assert "plan.yaml:4: error: rows A (DSCP 46) and B (DSCP 34)" in done.stderr
        assert "udp from ports 20040" in done.stderr


def test_prove_accepts_its_own_text_and_names_the_packet_of_a_wrong_one(router, tmp_path):
    done = run("prove", str(router), *ADHOC)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "proved")
    wrong = tmp_path / "wrong.conf"
    wrong.write_text(router.read_text(encoding="utf-8").replace("20039", "20038"), "utf-8")
    done = run("prove", str(wrong), *ADHOC)
    assert done.returncode == 1
    assert done.stdout.startswith("different")
    assert "20039" in done.stdout
    report = json.loads(run("prove", str(wrong), *ADHOC, "--format", "json").stdout)
    assert report["ok"] is False
    assert all(":20039 > " in item["packet"] for item in report["differences"])
    assert all("A12" in item["plan_rows"] for item in report["differences"])


def test_prove_and_explain_take_short_names_of_interfaces(router):
    short = ("--interface", "Gi0/1=client", "--interface", "gi0/0=wan:10M")
    done = run("prove", str(router), "--platform", "cisco_ios", *short)
    assert done.returncode == 0, done.stdout
    way = ("--in", "Gi0/1", "--out", "Gi0/0")
    done = run("explain", "--platform", "cisco_ios", str(router), *way, "--packet", PACKET)
    assert "dscp_out  46 (ef)" in done.stdout


def test_explain_says_what_it_took_for_granted(router):
    way = ("--in", "Gi0/9", "--packet", "udp 10.1.1.10 > 10.2.2.2")
    done = run("explain", "--platform", "cisco_ios", str(router), *way)
    assert "no QoS for interface Gi0/9 (it has for GigabitEthernet0/0," in done.stdout
    assert "given without ports" in done.stdout


def test_inspect_counts_lines_and_names_the_unread_ones(router, tmp_path):
    report = json.loads(
        run("inspect", "--platform", "cisco_ios", str(router), "--format", "json").stdout
    )
    assert report["qos_lines"] == report["understood"] > 20
    assert report["unread"] == []
    text = "policy-map P\n class class-default\n  frobnicate 7\n"
    odd = tmp_path / "odd.conf"
    odd.write_text(text, encoding="utf-8")
    report = json.loads(
        run("inspect", "--platform", "cisco_ios", str(odd), "--format", "json").stdout
    )
    assert (report["qos_lines"], report["understood"]) == (3, 2)
    assert [(item["line"], item["text"].strip()) for item in report["unread"]] == [
        (3, "frobnicate 7")
    ]
    assert "frobnicate 7" in run("inspect", "--platform", "cisco_ios", str(odd)).stdout


def test_explain_says_what_happens_to_one_packet(router):
    arguments = ["explain", "--platform", "cisco_ios", str(router), "--packet", PACKET]
    ways = ["--in", "GigabitEthernet0/1", "--out", "GigabitEthernet0/0"]
    report = json.loads(run(*arguments, *ways, "--format", "json").stdout)
    assert (report["verdict"], report["dscp_in"], report["dscp_out"]) == ("known", 0, 46)
    assert (report["service"], report["dropped"]) == ("priority", False)
    assert report["class"]
    lines = router.read_text(encoding="utf-8").splitlines()
    assert any("20000 20039" in lines[number - 1] for number in report["lines"])
    assert "dscp_out  46" in run(*arguments, *ways).stdout


@pytest.mark.parametrize(
    ("rate", "told"),
    [("8000", "above 8,000 bit/s"), ("cir percent 5", "above a rate that the text does not state")],
)
def test_explain_names_the_rate_of_a_policer(tmp_path, rate, told):
    police = f"  police {rate} conform-action transmit exceed-action drop\n"
    text = tmp_path / "policed.conf"
    text.write_text(f"policy-map P\n class class-default\n{police}", encoding="utf-8")
    asked = ("explain", "--platform", "cisco_ios", str(text), "--packet", PACKET)
    assert f"policed   {told}\n" in run(*asked).stdout


def test_explain_and_inspect_read_stdin(router):
    done = run(
        *("explain", "--platform", "cisco_ios", "-", "--in", "GigabitEthernet0/1"),
        *("--packet", PACKET),
        stdin=router.read_bytes(),
    )
    assert done.returncode == 0
    assert "dscp_out  46" in done.stdout


def test_intents_speak_no_vendors_language():
    done = run("intents", *ADHOC)
    assert done.returncode == 0
    assert (
        "GigabitEthernet0/0 (wan): queues of leaving packets, shaped to 10,000,000" in done.stdout
    )
    (report,) = json.loads(run("intents", *ADHOC, "--format", "json").stdout)
    assert [item["role"] for item in report["interfaces"]] == ["client", "wan"]
    assert report["interfaces"][1]["queuing"]["shaping_bps"] == 10_000_000


def test_addresses_on_the_command_line_bind_groups():
    done = run(
        "intents",
        *ADHOC[:2],
        "--interface",
        "Gi0/1=server",
        "--address",
        "conference_servers=10.1.1.0/28,10.2.2.2",
    )
    assert done.returncode == 0, done.stderr
    assert "10.1.1.0/28, 10.2.2.2/32" in done.stdout
    assert "row A01 is left out" not in done.stderr


def test_addresses_on_the_command_line_go_before_those_of_the_inventory():
    arguments = ["intents", "-i", str(EXAMPLE), "--limit", "branch-router"]
    plan = ["--plan", str(EXAMPLE / "plan.yaml")]
    assert "10.2.32.0/20" in run(*arguments, *plan).stdout
    done = run(*arguments, *plan, "--address", "clients=10.99.0.0/16")
    assert done.returncode == 0, done.stderr
    assert "10.99.0.0/16" in done.stdout
    assert "10.2.32.0/20" not in done.stdout


def test_hosts_without_interfaces_are_left_alone_and_named(tmp_path):
    (tmp_path / "hosts.yaml").write_text(
        "r1: {platform: cisco_ios, data: {qos: {interfaces: {Gi0/1: {role: client}}}}}\n"
        "printer: {platform: linux}\n",
        encoding="utf-8",
    )
    done = run("render", "-i", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "left alone, no interfaces under data.qos: printer" in done.stderr
    assert "printer" not in done.stdout


def test_plan_commands(tmp_path):
    assert "A10" in run("plan", "show").stdout
    plan = json.loads(run("plan", "show", "--format", "json").stdout)
    assert plan["name"] == "lync-2013"
    done = run("plan", "check")
    assert done.returncode == 1
    assert "conference_servers" in done.stdout
    saved = tmp_path / "plan.yaml"
    saved.write_text(run("plan", "show", "--format", "yaml").stdout, encoding="utf-8")
    again = run("plan", "show", "--plan", str(saved), "--format", "yaml")
    assert again.stdout == saved.read_text(encoding="utf-8")


def test_plan_import_repairs_a_damaged_table(tmp_path):
    table = tmp_path / "table.md"
    table.write_text(
        "| Component | Media | Executable | DSCP | Protocol | Source | Destination | Source ports "
        "| Destination ports |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        "| Lync 2013 | Audio | lync.exe | 46 | Both | Any | Any | 20000 \u2013 20039 | Any |\n",
        encoding="utf-8",
    )
    done = run("plan", "import", str(table))
    assert done.returncode == 0, done.stderr
    assert "20000-20039" in done.stdout
    assert "repaired: " in done.stderr


def test_the_standard_plan_is_the_readers():
    from translator.cli.options import STANDARD
    from translator.plan.load import STANDARD_PRESET

    assert STANDARD == STANDARD_PRESET


def test_platforms_are_those_of_the_registry():
    from translator.drivers.registry import driver_names

    rows = json.loads(run("platforms", "--format", "json").stdout)
    assert [row["platform"] for row in rows] == list(driver_names())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_completes_platforms(shell):
    environment = {
        **ENVIRONMENT,
        "_QOS_TRANSLATOR_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "qos-translator inspect --platform cisco_",
        "COMP_CWORD": "3",
        "_TYPER_COMPLETE_ARGS": "qos-translator inspect --platform cisco_",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(
        COMMAND, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "cisco_ios" in done.stdout
    assert "linux" not in done.stdout


def test_no_color_is_obeyed():
    both = {"FORCE_COLOR": "1", "NO_COLOR": "1"}
    for colours, expected in ((both, False), ({"FORCE_COLOR": "1"}, True)):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **colours}
        done = subprocess.run(
            [*COMMAND, "platforms"], env=environment, capture_output=True, text=True, check=True
        )
        assert ("\x1b" in done.stdout) is expected


def test_a_closed_pipe_is_no_traceback():
    process = subprocess.Popen(
        [*COMMAND, "plan", "show", "--format", "json"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 141
    process.stderr.close()


def test_a_full_disk_is_one_error():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "plan", "show"],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: the result cannot be written: No space left on device")
    assert "Exception" not in done.stderr


def test_a_closed_stdin_is_one_error():
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m translator inspect --platform cisco_ios - <&-"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: stdin is closed")


def test_a_terminal_without_unicode_gets_the_whole_output():
    done = subprocess.run(
        [*COMMAND, "plan", "show", "--format", "json"],
        cwd=ROOT,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["name"] == "lync-2013"


def test_an_interrupt_exits_130():
    with subprocess.Popen(
        [*COMMAND, "inspect", "--platform", "cisco_ios", "-"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdin.write(b"!\n" * 100_000)  # more than a pipe holds: it is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in errors
