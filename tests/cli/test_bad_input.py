"""Bad input anywhere: exit code 2, one clear error with a hint, nothing on stdout or on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from translator.cli.main import main
from translator.drivers.text import read_bytes

ROOT = Path(__file__).resolve().parents[2]
RENDER = ["render", "--platform", "cisco_ios"]
GOOD = "Gi0/1=client"
GOLDEN = "tests/drivers/cisco_ios/golden/client.txt"

BAD = {
    "no command": [],
    "unknown command": ["frobnicate"],
    "unknown option": ["render", "--frobnicate"],
    "no device": ["render"],
    "no interface": RENDER,
    "no role": [*RENDER, "--interface", "Gi0/1"],
    "unknown role": [*RENDER, "--interface", "Gi0/1=lan"],
    "bad rate": [*RENDER, "--interface", "Gi0/1=wan:fast"],
    "rate left out after its colon": [*RENDER, "--interface", "Gi0/1=wan:"],
    "rate of zero": [*RENDER, "--interface", "Gi0/1=wan:0"],
    "same interface twice": [*RENDER, "--interface", GOOD, "--interface", GOOD],
    "newline in interface": [*RENDER, "--interface", "Gi0/1\nreload=client"],
    "line separator in interface": [*RENDER, "--interface", "Gi0/1\u2028reload=client"],
    "long interface": [*RENDER, "--interface", f"{'G' * 300}=client"],
    "empty interface": [*RENDER, "--interface", "=client"],
    "unknown platform": ["render", "--platform", "cisco_oss", "--interface", GOOD],
    "bad address": [*RENDER, "--interface", GOOD, "--address", "clients=10.0.0.1/8"],
    "no address": [*RENDER, "--interface", GOOD, "--address", "clients"],
    "unknown group": [*RENDER, "--interface", GOOD, "--address", "cleints=10.0.0.0/8"],
    "unknown plan": [*RENDER, "--interface", GOOD, "--plan", "lync-2031"],
    "plan is a folder": [*RENDER, "--interface", GOOD, "--plan", "/"],
    "both ways": [*RENDER, "--interface", GOOD, "-i", "inventories/example"],
    "limit without inventory": [*RENDER, "--interface", GOOD, "--limit", "all"],
    "no such inventory": ["render", "-i", "no-such-folder"],
    "limit names nothing": ["render", "-i", "inventories/example", "--limit", "no-such-host"],
    "prove with several hosts": ["prove", "Makefile", "-i", "inventories/example"],
    "no such file": ["inspect", "--platform", "cisco_ios", "no-such-file"],
    "file is a folder": ["inspect", "--platform", "cisco_ios", "/"],
    "empty file": ["inspect", "--platform", "cisco_ios", "/dev/null"],
    "nul in a file name": ["inspect", "--platform", "cisco_ios", "a\0b"],
    "binary file": ["inspect", "--platform", "cisco_ios", sys.executable],
    "unknown format": ["inspect", "--platform", "cisco_ios", "Makefile", "--format", "xml"],
    "no packet": ["explain", "--platform", "cisco_ios", "Makefile"],
    "bad packet": ["explain", "--platform", "cisco_ios", "Makefile", "--packet", "hello"],
    "mixed packet": [
        *("explain", "--platform", "cisco_ios", "Makefile"),
        *("--packet", "udp 10.0.0.1:1 > [2001:db8::1]:2"),
    ],
    "port too high": [
        *("explain", "--platform", "cisco_ios", "Makefile"),
        *("--packet", "udp 10.0.0.1:70000 > 10.0.0.2:2"),
    ],
    "code point too high": [
        *("explain", "--platform", "cisco_ios", "Makefile"),
        *("--packet", "udp 10.0.0.1:7 > 10.0.0.2:2 dscp 64"),
    ],
    "long plan": ["plan", "check", "p" * 300],
    "long inventory": ["render", "-i", "p" * 300],
    "terminal codes in a plan's name": ["plan", "check", "p\x1b[31m/x\u2028y"],
    "no name of an interface": [
        *("explain", "--platform", "cisco_ios", GOLDEN, "--in", "Gi0/1;reload"),
        *("--packet", "udp 10.0.0.1:7 > 10.0.0.2:2"),
    ],
    "two plans": ["plan", "check", "lync-2013", "--plan", "other.yaml"],
    "import of no table": ["plan", "import", "Makefile"],
    "output over a file": [*RENDER, "--interface", GOOD, "-o", "Makefile"],
    "output below a file": [*RENDER, "--interface", GOOD, "-o", "Makefile/x"],
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input(case, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    before = {path: path.stat().st_mtime_ns for path in ROOT.iterdir()}
    assert main(BAD[case]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    errors = shown.err.splitlines()
    if case != "no command":
        assert [line.startswith("error: ") for line in errors].count(True) == 1
        assert errors[1].startswith("  hint: ")
        # Only the list of what can be imported is longer than a line.
        assert len(errors) == 2 or errors[1].endswith("these are read:")
        assert shown.err.replace("\n", "").isprintable()
        assert "cannot be written: File name" not in shown.err
    else:
        assert errors[0].startswith("Usage: ")
    assert before == {path: path.stat().st_mtime_ns for path in ROOT.iterdir()}


def hosts_file(folder: Path, text: str) -> str:
    folder.mkdir()
    (folder / "hosts.yaml").write_text(text, encoding="utf-8")
    return str(folder)


ONE_IS_WRONG = """
good: {platform: cisco_ios, data: {qos: {interfaces: {Gi0/1: {role: client}}}}}
wrong: {platform: cisco_catalyst, data: {qos: {interfaces: {Gi0/1: {role: wan, rate: 5M}}}}}
"""
TWO_ARE_WRONG = ONE_IS_WRONG + ONE_IS_WRONG.splitlines()[2].replace("wrong", "worse") + "\n"


def test_one_host_that_cannot_be_rendered_leaves_the_folder_as_it_was(tmp_path, capsys):
    inventory = hosts_file(tmp_path / "inventory", ONE_IS_WRONG)
    out = tmp_path / "out"
    out.mkdir()
    (out / "good.conf").write_text("as it was", encoding="utf-8")
    assert main(["render", "-i", inventory, "-o", str(out)]) == 3
    shown = capsys.readouterr()
    assert shown.err.startswith("error: ")
    assert "host wrong" in shown.err
    assert [path.name for path in out.iterdir()] == ["good.conf"]
    assert (out / "good.conf").read_text(encoding="utf-8") == "as it was"
    assert main(["render", "-i", inventory, "-o", str(tmp_path / "fresh")]) == 3
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("command", ["render", "intents"])
def test_every_host_that_fails_is_told_and_no_result_is_printed(command, tmp_path, capsys):
    inventory = hosts_file(tmp_path / "inventory", TWO_ARE_WRONG)
    assert main([command, "-i", inventory]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "hosts.yaml:3: host wrong: " in shown.err
    assert "hosts.yaml:4: host worse: " in shown.err
    assert "error: 2 of 3 hosts failed" in shown.err
    assert main([command, "-i", inventory, "--limit", "wrong"]) == 2
    assert "hosts failed" not in capsys.readouterr().err


def test_a_host_name_cannot_leave_the_folder(tmp_path, capsys):
    inventory = hosts_file(tmp_path / "inventory", ONE_IS_WRONG.replace("good", '"../good"'))
    assert main(["render", "-i", inventory, "-o", str(tmp_path / "out")]) == 2
    assert "is no host name" in capsys.readouterr().err
    assert not (tmp_path / "good.conf").exists()


def test_a_folder_in_place_of_a_file_is_refused_before_anything_is_written(tmp_path, capsys):
    out = tmp_path / "out"
    (out / "device.conf").mkdir(parents=True)
    assert main([*RENDER, "--interface", GOOD, "-o", str(out)]) == 2
    assert "hint" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["device.conf"]


@pytest.mark.parametrize(
    "data",
    [
        "interface Gi0/1\r\n description B\u00fcro\r\n".encode("latin-1"),
        "\ufeffinterface Gi0/1\n".encode(),
        "interface Gi0/1\n description \u4f1a\u8b70\n".encode(),
        "interface Gi0/1\n".encode("utf-16"),
        b"policy-map\nclass-map\nip access-list\ninterface\nservice-policy\n",
        b"policy-map P\n class C\n  set dscp \n" + b"\xff" * 400 + b"\n",
    ],
    ids=range(6),
)
def test_any_encoding_and_any_text_is_read(data, tmp_path, capsys):
    path = tmp_path / "device.conf"
    path.write_bytes(data)
    assert main(["inspect", "--platform", "cisco_ios", str(path)]) == 0
    assert "QoS lines" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_spelled_out(tmp_path, capsys):
    path = tmp_path / "device.conf"
    path.write_bytes(
        b"policy-map P\n class class-default\n  frob \x1b]0;owned\x07 [bold]x[/bold]\n"
    )
    assert main(["inspect", "--platform", "cisco_ios", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]x[/bold]" in shown


def test_too_large_a_file_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("translator.drivers.text.MAX_BYTES", 1000)
    path = tmp_path / "device.conf"
    path.write_bytes(b"!\n" * 600)
    assert main(["inspect", "--platform", "cisco_ios", str(path)]) == 2
    assert "more than 1000 bytes" in capsys.readouterr().err


def test_a_named_pipe_is_read_to_its_end(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    text = b"! more than a pipe holds at a time\n" * 5_000
    writer = threading.Thread(target=path.write_bytes, args=(text,))
    writer.start()
    assert read_bytes(str(path)) == text
    writer.join()


def test_command_line_is_the_same_as_a_module_and_as_a_script():
    script = Path(sys.executable).with_name("qos-translator")
    if not script.exists():
        pytest.skip("the project is not installed into this environment (make test does that)")
    done = subprocess.run([str(script), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("qos-translator ")


def test_a_text_without_qos_is_doubted(tmp_path, capsys):
    path = tmp_path / "device.conf"
    path.write_text("hello\n", encoding="utf-8")
    assert main(["inspect", "--platform", "cisco_ios", str(path)]) == 0
    assert "no line about QoS was found" in capsys.readouterr().err


def test_what_concerns_several_hosts_is_told_once(tmp_path, capsys):
    one = ONE_IS_WRONG.splitlines()[1]
    other = one.replace("good", "other").replace("cisco_ios", "linux").replace("Gi0/1", "eth0")
    inventory = hosts_file(tmp_path / "inventory", "\n".join((one, other)))
    assert main(["render", "-i", inventory]) == 0
    shown = capsys.readouterr().err.splitlines()
    at = shown.index("all 2 hosts:")
    assert "  rows B04, D01 are left out: no single code point is right" in shown[at:]
    assert sum("B04" in line for line in shown) == 1
    assert shown[-1].startswith("other (linux): proved") or "by hand" in shown[-1]


def test_what_is_wrong_with_the_plan_is_told_once_for_all_hosts(tmp_path, capsys):
    inventory = hosts_file(tmp_path / "inventory", ONE_IS_WRONG.replace("wan, rate: 5M", "client"))
    assert main(["render", "-i", inventory, "--address", "nosuch=10.0.0.0/8"]) == 2
    assert capsys.readouterr().err.count("no address group 'nosuch'") == 1
    queues = tmp_path / "queues.yaml"
    queues.write_text(
        "extends: lync-2013\nname: q\nqueues: [{media: video, percent: 99}]\n", encoding="utf-8"
    )
    uplinks = hosts_file(
        tmp_path / "uplinks",
        ONE_IS_WRONG.replace("wan, rate: 5M", "uplink").replace("client", "uplink"),
    )
    assert main(["render", "-i", uplinks, "--plan", str(queues)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: {queues}:1: the queues ask for")
    assert told.count("error: ") == 1
